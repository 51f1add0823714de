// Reads the outline of a module: what it imports, exports and declares, and at which bytes.
// Function bodies and data are passed over; whether they are valid is for the engine to say.
// https://webassembly.github.io/spec/core/binary/modules.html

import type { ImportFact } from '../../src/runtime/wire/protocol.ts';
import { skipConstExpr } from './const-expr.ts';
import { rejected, type WasmReader } from './reader.ts';
import { readerOf, readSections, type SectionName, type Sections } from './sections.ts';
import { printSize, readSize, type Size } from './size.ts';
import { isException, readValueType, TypeTable } from './types.ts';

/**
 * The most a module may have of each. Real plugins of 10 to 30 MB stay well below: Go and .NET
 * have some 40,000 functions, GHC up to 200,000. Engines allow more, and pay with seconds.
 */
const MOST = {
  imports: 10_000,
  functions: 400_000,
  tables: 16,
  memories: 1,
  tags: 10_000,
  globals: 100_000,
  exports: 50_000,
  'element segments': 100_000,
  'data segments': 100_000,
} as const;

/**
 * Parameters of a tag, and so values in an exception. Those of C++ and longjmp have one. An exception lives in the
 * engine's own heap while eight bytes of stack hold it: with 900 vectors in each, a stack of them took 2 GB. With 16 of
 * the largest a whole stack of exceptions takes some 95 MB.
 */
const MOST_TAG_PARAMETERS = 16;

type Kind = ImportFact['kind'];
const KINDS: readonly Kind[] = ['function', 'table', 'memory', 'global', 'tag'];

/** A name as it was read, and its bytes `[start, end)` in the module, length included. */
export interface Name {
  readonly text: string;
  readonly start: number;
  readonly end: number;
}

export interface ImportEntry {
  readonly module: Name;
  readonly name: string;
  readonly kind: Kind;
  readonly type: string;
}

export interface ExportEntry {
  readonly name: Name;
  readonly kind: Kind;
  readonly type: string;
  readonly callable: boolean;
}

export interface ModuleOutline {
  readonly sections: Sections;
  readonly imports: readonly ImportEntry[];
  readonly exports: readonly ExportEntry[];
  /** Imported ones first, as indices count them. */
  readonly memories: readonly SizedEntry[];
  /** Imported ones first, as indices count them. */
  readonly tables: readonly SizedEntry[];
  /** Imported and defined: the index of one more. */
  readonly counts: { readonly types: number; readonly functions: number; readonly globals: number };
}

export interface SizedEntry extends Size {
  readonly isImported: boolean;
}

/** @throws {ClocheError} MODULE_REJECTED with the reason and the byte. */
export function readModule(bytes: Uint8Array): ModuleOutline {
  return new OutlineReader(bytes).read();
}

class OutlineReader {
  readonly #bytes: Uint8Array;
  readonly #sections: Sections;
  readonly #types: TypeTable;
  readonly #memories: SizedEntry[] = [];
  readonly #tables: SizedEntry[] = [];
  /** Printed types by index. */
  readonly #spaces = { table: [], memory: [], global: [], tag: [] } as Record<Exclude<Kind, 'function'>, string[]>;
  /** Index of the type of each imported function, then of each defined one. */
  readonly #functions: number[] = [];

  constructor(bytes: Uint8Array) {
    this.#bytes = bytes;
    this.#sections = readSections(bytes);
    this.#types = new TypeTable(bytes);
  }

  /** In the order in which one section needs another. */
  read(): ModuleOutline {
    this.#section('type', (reader) => this.#types.read(reader));
    const imports = this.#each('import', 'imports', (reader) => this.#readImport(reader));
    const imported = this.#functions.length;
    this.#each('function', 'functions', (reader) => {
      this.#functions.push(reader.u32('Type of a function'));
    });
    this.#each('table', 'tables', (reader) => this.#readTable(reader, false));
    this.#each('memory', 'memories', (reader) => this.#readMemory(reader, false));
    this.#each('tag', 'tags', (reader) => this.#readTag(reader));
    this.#each('global', 'globals', (reader) => {
      this.#readGlobal(reader);
      skipConstExpr(reader);
    });
    const exports = this.#each('export', 'exports', (reader) => this.#readExport(reader));
    this.#checkSegments('element', 'element segments');
    this.#checkSegments('data', 'data segments');
    this.#checkBodies(this.#functions.length - imported);
    this.#checkTotals();
    return {
      sections: this.#sections,
      imports,
      exports,
      memories: this.#memories,
      tables: this.#tables,
      counts: {
        types: this.#types.size,
        functions: this.#functions.length,
        globals: this.#spaces.global.length,
      },
    };
  }

  #section(name: SectionName, read: (reader: WasmReader) => void): void {
    const section = this.#sections.get(name);
    if (!section) return;
    const reader = readerOf(this.#bytes, section);
    read(reader);
    if (!reader.isAtEnd) throw reader.fail(`The ${name} section is longer than what it lists`);
  }

  #each<T>(name: SectionName, what: keyof typeof MOST, read: (reader: WasmReader) => T): T[] {
    const entries: T[] = [];
    this.#section(name, (reader) => {
      const count = reader.count(what, MOST[what]);
      for (let i = 0; i < count; i += 1) entries.push(read(reader));
    });
    return entries;
  }

  #readImport(reader: WasmReader): ImportEntry {
    const module = readName(reader, 'module of an import');
    const name = reader.name('name of an import');
    const kind = readKind(reader);
    return { module, name, kind, type: this.#readImportType(reader, kind) };
  }

  #readImportType(reader: WasmReader, kind: Kind): string {
    const at = reader.at;
    switch (kind) {
      case 'function': {
        const type = reader.u32('Type of an import');
        this.#functions.push(type);
        return this.#types.print(type, at).text;
      }
      case 'table':
        return this.#readTable(reader, true);
      case 'memory':
        return this.#readMemory(reader, true);
      case 'global':
        return this.#readGlobal(reader);
      case 'tag':
        return this.#readTag(reader);
    }
  }

  /** A table with an initial value starts with 0x40 0x00 where others have their element type. */
  #readTable(reader: WasmReader, isImported: boolean): string {
    const hasValue = !isImported && reader.bytes[reader.at] === 0x40;
    if (hasValue) reader.skip(2, 'Table');
    const element = readValueType(reader);
    refuseException(isException(element), 'a table', reader.at);
    const size = readSize(reader, 'table');
    if (hasValue) skipConstExpr(reader);
    this.#tables.push({ ...size, isImported });
    return last(this.#spaces.table, `${element} ${printSize(size)}`);
  }

  #readMemory(reader: WasmReader, isImported: boolean): string {
    const size = readSize(reader, 'memory');
    this.#memories.push({ ...size, isImported });
    return last(this.#spaces.memory, printSize(size));
  }

  #readGlobal(reader: WasmReader): string {
    const type = readValueType(reader);
    refuseException(isException(type), 'a global', reader.at);
    const mutable = reader.u8('Mutability of a global') === 1;
    return last(this.#spaces.global, mutable ? `mut ${type}` : type);
  }

  #readTag(reader: WasmReader): string {
    const at = reader.at;
    reader.u8('Attribute of a tag');
    const { text, params, holdsExceptions } = this.#types.print(reader.u32('Type of a tag'), at);
    refuseException(holdsExceptions, 'another exception', at);
    if (params > MOST_TAG_PARAMETERS) {
      throw rejected(
        `Expected a tag of at most ${MOST_TAG_PARAMETERS} parameters, got ${params}: no limit covers the memory of exceptions`,
        at,
      );
    }
    return last(this.#spaces.tag, text);
  }

  #readExport(reader: WasmReader): ExportEntry {
    const name = readName(reader, 'name of an export');
    const kind = readKind(reader);
    const at = reader.at;
    const index = reader.u32('Index of an export');
    const space = kind === 'function' ? this.#functions : this.#spaces[kind];
    const found = space[index];
    if (found === undefined) throw rejected(`Export of ${kind} ${index}, which does not exist`, at);
    if (typeof found === 'string') return { name, kind, type: found, callable: false };
    const { text, callable } = this.#types.print(found, at);
    return { name, kind, type: text, callable };
  }

  /** Counts only: what a segment holds is data. */
  #checkSegments(name: 'element' | 'data', what: keyof typeof MOST): void {
    const section = this.#sections.get(name);
    if (section) readerOf(this.#bytes, section).count(what, MOST[what]);
  }

  /** Each function has a body, and the sizes of the bodies fill the code section. */
  #checkBodies(functions: number): void {
    let bodies = 0;
    this.#section('code', (reader) => {
      bodies = reader.count('functions', MOST.functions);
      for (let i = 0; i < bodies; i += 1) reader.skip(reader.u32('Size of a body'), 'A body');
    });
    if (bodies !== functions) {
      throw rejected(`Expected ${functions} function bodies, got ${bodies}`, this.#bytes.length);
    }
  }

  /** Imported and defined together; each section was counted by itself. */
  #checkTotals(): void {
    const totals = [
      ['functions', this.#functions.length],
      ['tables', this.#tables.length],
      ['memories', this.#memories.length],
    ] as const;
    for (const [what, count] of totals) {
      if (count > MOST[what]) {
        throw rejected(`Expected no more ${what} than ${MOST[what]}, got ${count}`, 0);
      }
    }
  }
}

/** On the stack exceptions are as bounded as the stack; kept anywhere else, nothing caps what they hold. */
function refuseException(found: boolean, place: string, at: number): void {
  if (found) throw rejected(`The module keeps exceptions in ${place}, whose memory cannot be capped`, at);
}

function readName(reader: WasmReader, what: string): Name {
  const start = reader.at;
  const text = reader.name(what);
  return { text, start, end: reader.at };
}

function readKind(reader: WasmReader): Kind {
  const at = reader.at;
  const byte = reader.u8('Kind of an import or export');
  const kind = KINDS[byte];
  if (kind === undefined) throw rejected(`Unknown kind of import or export, ${byte}`, at);
  return kind;
}

function last(space: string[], type: string): string {
  space.push(type);
  return type;
}
