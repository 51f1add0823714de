// The types of values and functions, as a component writes them.

import type { WasmReader } from '../../wasm/reader.ts';
import { type CompoundNode, depthOf, type FunctionNode, type Resource, type ValueNode } from './type-nodes.ts';
import { PRIMITIVES } from './wit-types.ts';

/** What a type of a component may be. */
export type TypeEntry<Externs> =
  | { readonly is: 'value'; readonly type: ValueNode }
  | { readonly is: 'func'; readonly type: FunctionNode }
  | { readonly is: 'resource'; readonly type: Resource }
  | { readonly is: 'instance'; readonly make: () => Externs };

type Types = readonly TypeEntry<unknown>[];

/** Of fields, cases, parameters. Flags beyond 32 no tool writes. */
const MOST_PARTS = 1_000;
const MOST_FLAGS = 32;
/** Whatever goes through a type goes down by one call a level. */
const MOST_DEPTH = 64;

export function readFunctionType(reader: WasmReader, types: Types): FunctionNode {
  const params = readFields(reader, types, 'parameters');
  const form = reader.u8('Result of a function');
  if (form === 0x00) return { params, result: readValueType(reader, types) };
  if (form !== 0x01 || reader.u8('Results of a function') !== 0x00) {
    throw reader.fail('A function of several results, which components have no more');
  }
  return { params, result: null };
}

/** One that is given a number, primitives included. */
export function readDefinedValueType(reader: WasmReader, types: Types): ValueNode {
  const code = reader.u8('Type');
  const primitive = PRIMITIVES[0x7f - code];
  return primitive ?? withDepth(readCompound(code, reader, types), reader);
}

function readValueType(reader: WasmReader, types: Types): ValueNode {
  const code = reader.s33('Type of a value');
  if (code < 0) {
    const primitive = PRIMITIVES[-1 - code];
    if (primitive) return primitive;
    throw reader.fail('A type of a value that is not known here');
  }
  const found = types[code];
  if (found?.is === 'value') return found.type;
  throw reader.fail(`Type ${code} is not one of values`);
}

type Shallow<T> = T extends CompoundNode ? Omit<T, 'depth'> : never;

function readCompound(code: number, reader: WasmReader, types: Types): Shallow<CompoundNode> {
  switch (code) {
    case 0x72:
      return { kind: 'record', fields: readFields(reader, types, 'fields') };
    case 0x71:
      return { kind: 'variant', cases: readList(reader, 'cases', MOST_PARTS, () => readCase(reader, types)) };
    case 0x70:
      return { kind: 'list', of: readValueType(reader, types) };
    case 0x6f:
      return { kind: 'tuple', of: readList(reader, 'items', MOST_PARTS, () => readValueType(reader, types)) };
    case 0x6e:
      return { kind: 'flags', names: readList(reader, 'flags', MOST_FLAGS, () => reader.name('name of a flag')) };
    case 0x6d:
      return { kind: 'enum', names: readList(reader, 'cases', MOST_PARTS, () => reader.name('name of a case')) };
    case 0x6b:
      return { kind: 'option', of: readValueType(reader, types) };
    case 0x6a:
      return { kind: 'result', ok: readPerhaps(reader, types), err: readPerhaps(reader, types) };
    case 0x69:
    case 0x68: {
      const found = types[reader.u32('Resource')];
      if (found?.is !== 'resource') throw reader.fail('A handle of what is not a resource');
      return { kind: code === 0x69 ? 'own' : 'borrow', resource: found.type };
    }
    default:
      throw reader.fail(`A type that is not one of WASI 0.2 (0x${code.toString(16)})`);
  }
}

function readFields(reader: WasmReader, types: Types, what: string): (readonly [string, ValueNode])[] {
  return readList(
    reader,
    what,
    MOST_PARTS,
    () => [reader.name(`name among ${what}`), readValueType(reader, types)] as const,
  );
}

function readCase(reader: WasmReader, types: Types): readonly [string, ValueNode | null] {
  const name = reader.name('name of a case');
  const type = readPerhaps(reader, types);
  if (reader.u8('End of a case') !== 0x00)
    throw reader.fail('A case that refines another, which components have no more');
  return [name, type];
}

function readPerhaps(reader: WasmReader, types: Types): ValueNode | null {
  return reader.u8('Type of a value') === 0x00 ? null : readValueType(reader, types);
}

function readList<T>(reader: WasmReader, what: string, most: number, read: () => T): T[] {
  const count = reader.count(what, most);
  return Array.from({ length: count }, read);
}

function withDepth(type: Shallow<CompoundNode>, reader: WasmReader): CompoundNode {
  const depth = 1 + Math.max(0, ...partsOf(type).map(depthOf));
  if (depth > MOST_DEPTH) throw reader.fail(`Expected types to be nested at most ${MOST_DEPTH} deep`);
  return { ...type, depth } as CompoundNode;
}

function partsOf(type: Shallow<CompoundNode>): readonly (ValueNode | null)[] {
  switch (type.kind) {
    case 'record':
      return type.fields.map(([, of]) => of);
    case 'variant':
      return type.cases.map(([, of]) => of);
    case 'list':
    case 'option':
      return [type.of];
    case 'tuple':
      return type.of;
    case 'result':
      return [type.ok, type.err];
    default:
      return [];
  }
}
