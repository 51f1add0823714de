// The type section: where each function type stands, and how it reads in print.
// https://webassembly.github.io/spec/core/binary/types.html

import { rejected, WasmReader } from './reader.ts';

const MOST_TYPES = 100_000;
/** Also the limit of engines: https://webassembly.github.io/spec/js-api/#limits */
const MOST_VALUES = 1_000;
/** A type of a thousand parameters, exported ten thousand times, must not become 50 MB of text. */
const PRINTED_VALUES = 32;

const VALUE_TYPES: ReadonlyMap<number, string> = new Map([
  [0x7f, 'i32'],
  [0x7e, 'i64'],
  [0x7d, 'f32'],
  [0x7c, 'f64'],
  [0x7b, 'v128'],
]);

/** Abstract heap types, and the short form of a nullable reference to each. */
const HEAP_TYPES: ReadonlyMap<number, readonly [heap: string, reference: string]> = new Map([
  [0x74, ['noexn', 'nullexnref']],
  [0x73, ['nofunc', 'nullfuncref']],
  [0x72, ['noextern', 'nullexternref']],
  [0x71, ['none', 'nullref']],
  [0x70, ['func', 'funcref']],
  [0x6f, ['extern', 'externref']],
  [0x6e, ['any', 'anyref']],
  [0x6d, ['eq', 'eqref']],
  [0x6c, ['i31', 'i31ref']],
  [0x6b, ['struct', 'structref']],
  [0x6a, ['array', 'arrayref']],
  [0x69, ['exn', 'exnref']],
]);

export interface PrintedType {
  /** Such as `(i64, i64) -> i64`. */
  readonly text: string;
  /** How many there are. */
  readonly params: number;
  /** Among the parameters. */
  readonly holdsExceptions: boolean;
  /** No parameters, and nothing or one i32 as result. */
  readonly callable: boolean;
}

/** Function types by index. Keeps their places only: a hostile section has millions of parameters. */
export class TypeTable {
  readonly #places: number[] = [];
  readonly #printed = new Map<number, PrintedType>();

  constructor(readonly bytes: Uint8Array) {}

  /** Reads a type section; of the GC proposal's types only functions pass. */
  read(reader: WasmReader): void {
    const groups = reader.count('types', MOST_TYPES);
    for (let i = 0; i < groups; i += 1) this.#readGroup(reader);
  }

  get size(): number {
    return this.#places.length;
  }

  /** @throws {ClocheError} MODULE_REJECTED unless type `index` is a function type; `at` is who asks. */
  print(index: number, at: number): PrintedType {
    const known = this.#printed.get(index);
    if (known) return known;
    const place = this.#places[index];
    if (place === undefined || place < 0) {
      throw rejected(`Expected type ${index} to be a function type`, at);
    }
    const reader = new WasmReader(this.bytes, place);
    const params = readValues(reader);
    const results = readValues(reader);
    const printed = {
      text: `${list(params)} -> ${results.length === 1 ? results[0] : list(results)}`,
      params: params.length,
      holdsExceptions: params.some(isException),
      callable: params.length === 0 && (results.length === 0 || isOneI32(results)),
    };
    this.#printed.set(index, printed);
    return printed;
  }

  #readGroup(reader: WasmReader): void {
    if (reader.bytes[reader.at] !== 0x4e) {
      this.#readType(reader);
      return;
    }
    reader.u8('Type');
    const members = reader.count('types in a group', MOST_TYPES);
    for (let i = 0; i < members; i += 1) this.#readType(reader);
  }

  #readType(reader: WasmReader): void {
    if (this.#places.length === MOST_TYPES) {
      throw reader.fail(`Expected at most ${MOST_TYPES} types`);
    }
    const start = reader.at;
    let form = reader.u8('Type');
    if (form === 0x50 || form === 0x4f) {
      const supertypes = reader.count('supertypes', 1);
      for (let i = 0; i < supertypes; i += 1) reader.u32('Supertype');
      form = reader.u8('Type');
    }
    this.#places.push(form === 0x60 ? reader.at : -1);
    if (form === 0x60) {
      skipValues(reader);
      skipValues(reader);
    } else if (form === 0x5f || form === 0x5e) {
      // Their objects live in the engine's own heap: 100 bytes of code filled 4 GB of it.
      throw rejected('The module has garbage-collected types, whose memory cannot be capped', start);
    } else {
      throw rejected(`Unknown form of type, 0x${form.toString(16)}`, start);
    }
  }
}

/** Reads a value type and returns it as in the text format. */
export function readValueType(reader: WasmReader): string {
  const at = reader.at;
  const byte = reader.u8('Value type');
  if (byte === 0x63) return `(ref null ${readHeapType(reader)})`;
  if (byte === 0x64) return `(ref ${readHeapType(reader)})`;
  const plain = VALUE_TYPES.get(byte) ?? HEAP_TYPES.get(byte)?.[1];
  if (plain) return plain;
  throw rejected(`Unknown value type, 0x${byte.toString(16)}`, at);
}

/**
 * A type index, or a negative number for an abstract type. LEB128 may say a number in more bytes than it takes, and
 * engines take `e9 7f` for the `69` of `exn`: one of two ways to write a type is enough, so the longer one is refused.
 */
export function readHeapType(reader: WasmReader): string {
  const at = reader.at;
  const value = reader.s33('Heap type');
  if (value >= 0) return String(value);
  if (reader.at > at + 1) throw rejected('Expected an abstract heap type in one byte, got a longer form', at);
  const heap = HEAP_TYPES.get(value & 0x7f)?.[0];
  if (heap) return heap;
  throw rejected(`Unknown heap type, 0x${(value & 0x7f).toString(16)}`, at);
}

function skipValues(reader: WasmReader): void {
  const count = reader.count('parameters or results', MOST_VALUES);
  for (let i = 0; i < count; i += 1) readValueType(reader);
}

function readValues(reader: WasmReader): string[] {
  const count = reader.count('parameters or results', MOST_VALUES);
  return Array.from({ length: count }, () => readValueType(reader));
}

function list(values: readonly string[]): string {
  const shown = values.slice(0, PRINTED_VALUES);
  if (shown.length < values.length) shown.push(`and ${values.length - shown.length} more`);
  return `(${shown.join(', ')})`;
}

/** Whether a value of this type keeps an exception, and with it whatever it carries, in the engine's own heap. */
export function isException(type: string): boolean {
  return type === 'exnref' || /\bexn\b/.test(type);
}

function isOneI32(values: readonly string[]): boolean {
  return values.length === 1 && values[0] === 'i32';
}
