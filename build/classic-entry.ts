import { posix } from 'node:path';
import { Script } from 'node:vm';
import { type Import, init, parse } from 'es-module-lexer';
import type { Plugin } from 'vite';

/** Where the script tag leaves what its parts share with it: modules by their file names. */
const SHARED = 'globalThis[Symbol.for("cloche:modules")]';
/** The same inside of the script: longer than any name that a minifier makes. */
const MODULES = 'clocheModules';
/** Where the script is. */
const PLACE = 'clochePlace';
const LIST = /\{([^}]*)\}/;

interface Chunk {
  readonly fileName: string;
  readonly isEntry: boolean;
  readonly facadeModuleId: string | null;
  /** File names of the chunks that it imports statically. */
  readonly imports: readonly string[];
  code: string;
}

/**
 * Turns the entry, with the chunks that it always loads, into one classic script for a script tag: it runs before
 * whatever stands below it. What it imports later stays modules beside it; what these share with the script they find
 * in it, since importing it would run it a second time.
 * @param global name of the global that holds what the entry exports
 */
export function classicEntry(global: string): Plugin {
  return {
    name: 'cloche:classic-entry',
    apply: 'build',
    async generateBundle(_options, bundle) {
      await init;
      const chunks = new Map<string, Chunk>();
      for (const output of Object.values(bundle)) {
        if (output.type !== 'chunk') continue;
        output.code = importedFirst(output.code);
        chunks.set(output.fileName, output);
      }
      const entry = [...chunks.values()].find(({ isEntry }) => isEntry);
      if (!entry) throw new Error('Expected an entry to make a classic script of');
      const always = inOrder(entry, chunks);
      const names = new Set(always.map(({ fileName }) => fileName));
      const modules = always.map((chunk) => moduleText(chunk, names, entry.fileName));
      for (const chunk of chunks.values()) {
        if (!names.has(chunk.fileName)) chunk.code = linked(chunk, names, SHARED);
        else if (chunk !== entry) delete bundle[chunk.fileName];
      }
      entry.code =
        `var ${global}=(()=>{"use strict";const ${PLACE}=document.currentScript?.src||document.baseURI;` +
        `const ${MODULES}=${SHARED}={};${modules.join('')}` +
        `return ${MODULES}[${JSON.stringify(entry.fileName)}]})();\n`;
      // Whoever loads it would hear of a syntax error in the console alone.
      new Script(entry.code, { filename: entry.fileName });
    },
  };
}

/** The chunks that are always loaded, each after those that it imports. */
function inOrder(entry: Chunk, chunks: ReadonlyMap<string, Chunk>): Chunk[] {
  const found = new Set<Chunk>();
  const visit = (chunk: Chunk): void => {
    for (const name of chunk.imports) {
      const imported = chunks.get(name);
      if (imported && !found.has(imported)) visit(imported);
    }
    found.add(chunk);
  };
  visit(entry);
  return [...found];
}

/**
 * `export{a as b}from"c"` in two statements, so that an import is all that has to be linked. Each gets a name of its own: what
 * a minifier calls an export may be a word such as `in`, which no variable can have.
 */
function importedFirst(code: string): string {
  let count = 0;
  return code.replaceAll(/export\{([^}]*)\}from("[^"]*"|'[^']*')/g, (_, list: string, from: string) => {
    const items = list.split(',').map((item) => {
      const [imported = '', exported = imported] = item.trim().split(/\s+as\s+/);
      return { imported, exported, local: `own${count++}` };
    });
    const imports = items.map(({ imported, local }) => `${imported} as ${local}`);
    const exports = items.map(({ local, exported }) => `${local} as ${exported}`);
    return `import{${imports.join(',')}}from${from};export{${exports.join(',')}}`;
  });
}

/** A module as a function that is called at once; what it exports is left in {@link MODULES}. */
function moduleText(chunk: Chunk, always: ReadonlySet<string>, entry: string): string {
  const code = linked(chunk, always, MODULES, entry);
  const at = code.lastIndexOf('export{');
  const list = LIST.exec(code.slice(at))?.[1];
  if (at < 0 || list === undefined) throw new Error(`Expected one list of exports at the end of ${chunk.fileName}`);
  const pairs = list.split(',').map((item) => item.trim().split(/\s+as\s+/));
  const exported = pairs.map(([local = '', name = local]) => `${name}:${local}`).join(',');
  return `${MODULES}[${JSON.stringify(chunk.fileName)}]=(()=>{${code.slice(0, at)}return{${exported}}})();`;
}

/**
 * The code of a chunk with what it imports from modules of the script taken from there, and other parts imported from
 * where they lie beside it.
 */
function linked({ code, fileName }: Chunk, always: ReadonlySet<string>, modules: string, entry?: string): string {
  let text = code;
  // From the end, so that positions stay true.
  for (const found of parse(code)[0].toReversed()) {
    if (found.type === 'import-meta' || found.specifier === undefined) continue;
    const target = posix.join(posix.dirname(fileName), found.specifier);
    if (found.type === 'static') {
      if (always.has(target)) text = taken(text, found, `${modules}[${JSON.stringify(target)}]`);
    } else if (entry !== undefined) {
      // Absolute: a classic script of another origin has no base that its imports would be relative to.
      const path = JSON.stringify(posix.relative(posix.dirname(entry), target));
      text = `${text.slice(0, found.start)}new URL(${path},${PLACE}).href${text.slice(found.end)}`;
    }
  }
  return text;
}

function taken(text: string, { importStart, importEnd }: Import, from: string): string {
  const list = LIST.exec(text.slice(importStart, importEnd))?.[1] ?? '';
  const names = list.replaceAll(/\s+as\s+/g, ':');
  return `${text.slice(0, importStart)}const{${names}}=${from}${text.slice(importEnd)}`;
}
