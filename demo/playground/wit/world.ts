// The world of a component, as the host tells it: each function with its type as text.

import type { ExportFact, ImportFact } from '../../../src/runtime/wire/protocol.ts';
import { visibleText } from '../../../src/util/text/visible-text.ts';

export interface WorldFunction {
  readonly name: string;
  readonly type: string;
}

/** Functions of one interface; those of the world itself have an empty name. */
export interface WorldInterface {
  readonly name: string;
  readonly functions: readonly WorldFunction[];
}

export interface World {
  readonly imports: readonly WorldInterface[];
  readonly exports: readonly WorldInterface[];
}

interface Facts {
  readonly imports: readonly ImportFact[];
  readonly exports: readonly ExportFact[];
}

/** How the type of a component's function begins; that of a core module's is `(i32) -> i32`. */
const FUNCTION = 'func(';
/** A world of all WASI has some 150. */
const MOST_FUNCTIONS = 500;

export const isOfComponent = ({ type }: { readonly type: string }): boolean => type.startsWith(FUNCTION);

/** @returns undefined where the facts are not of a component */
export function worldOf({ imports, exports }: Facts): World | undefined {
  const all = [...imports, ...exports];
  if (all.length === 0 || !all.every(isOfComponent)) return undefined;
  return {
    imports: grouped(imports.map(({ module, name, type }) => ({ place: module, name, type }))),
    exports: grouped(
      exports.map(({ name, type }) => {
        const at = name.lastIndexOf('#');
        return { place: at < 0 ? '' : name.slice(0, at), name: name.slice(at + 1), type };
      }),
    ),
  };
}

/** As WIT writes it, but for the names of types, which a component does not keep: each stands where it is used. */
export function worldText({ imports, exports }: World): string {
  const lines = [...linesOf('import', imports), ...linesOf('export', exports)];
  return ['world plugin {', ...lines.map((line) => `  ${line}`), '}'].join('\n');
}

function grouped(all: readonly (WorldFunction & { readonly place: string })[]): WorldInterface[] {
  const places = new Map<string, WorldFunction[]>();
  for (const { place, name, type } of all.slice(0, MOST_FUNCTIONS)) {
    const functions = places.get(place) ?? [];
    functions.push({ name: visibleText(name), type: visibleText(type) });
    places.set(place, functions);
  }
  const found = [...places].map(([name, functions]) => ({ name: visibleText(name), functions }));
  const left = all.length - MOST_FUNCTIONS;
  return left > 0 ? [...found, { name: `and ${left} more functions`, functions: [] }] : found;
}

function linesOf(way: 'import' | 'export', interfaces: readonly WorldInterface[]): string[] {
  return interfaces.flatMap(({ name, functions }) => {
    const lines = functions.map((fn) => `${fn.name}: ${fn.type};`);
    if (name === '') return lines.map((line) => `${way} ${line}`);
    if (lines.length === 0) return [`// ${name}`];
    return [`${way} ${name}: interface {`, ...lines.map((line) => `  ${line}`), '}'];
  });
}
