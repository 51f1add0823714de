// Where the values of an ABI's types lie: as core values, and in memory. Canonical, but for flags of options and results, which are
// as wide as what follows them, and for anchors: docs/nev.md.

import type { AbiFunction, AbiType } from '../../src/runtime/wire/abi/types.ts';

export type CoreType = 'i32' | 'i64' | 'f32' | 'f64';

interface Layout {
  readonly size: number;
  readonly align: number;
}

const WORDS: Readonly<Record<string, Layout>> = {
  bool: { size: 1, align: 1 },
  u8: { size: 1, align: 1 },
  u16: { size: 2, align: 2 },
  s64: { size: 8, align: 8 },
  u64: { size: 8, align: 8 },
  f64: { size: 8, align: 8 },
  string: { size: 8, align: 4 },
  bytes: { size: 8, align: 4 },
  anchors: { size: 28, align: 4 },
};
const WORD: Layout = { size: 4, align: 4 };
const CORE: Readonly<Record<string, readonly CoreType[]>> = {
  s64: ['i64'],
  u64: ['i64'],
  f32: ['f32'],
  f64: ['f64'],
  string: ['i32', 'i32'],
  bytes: ['i32', 'i32'],
};
const POINTER: readonly CoreType[] = ['i32'];

export function layoutOf(type: AbiType): Layout {
  if (typeof type === 'string') return WORDS[type] ?? WORD;
  if ('list' in type) return { size: 8, align: 4 };
  if ('option' in type) return behindFlag(layoutOf(type.option));
  if ('ok' in type) return behindFlag(layoutOf(type.ok));
  const fields = fieldsOf(type);
  return fields ? structOf(fields) : WORD;
}

/** Of a tuple or a record; undefined for anything else. */
export function fieldsOf(type: AbiType): readonly AbiType[] | undefined {
  if (typeof type === 'string') return undefined;
  if ('tuple' in type) return type.tuple;
  return 'record' in type ? Object.values(type.record) : undefined;
}

/** Where each field begins. */
export function offsetsOf(fields: readonly AbiType[]): readonly number[] {
  let end = 0;
  return fields.map((field) => {
    const { size, align } = layoutOf(field);
    const at = aligned(end, align);
    end = at + size;
    return at;
  });
}

/** What a parameter is in core values. */
export function flatOf(type: AbiType): readonly CoreType[] {
  if (typeof type === 'string') return CORE[type] ?? POINTER;
  if ('list' in type) return ['i32', 'i32'];
  if ('option' in type) return ['i32', ...flatOf(type.option)];
  return fieldsOf(type)?.flatMap(flatOf) ?? POINTER;
}

/** Whether a result is one core value; else it is written to where the last parameter points. */
export function isFlatResult(type: AbiType): boolean {
  if (typeof type !== 'string') return 'enum' in type || 'flags' in type || 'own' in type || 'borrow' in type;
  return type !== 'string' && type !== 'bytes' && type !== 'anchors';
}

/** As facts of modules write it. */
export function coreTypeOf({ params, result }: AbiFunction): string {
  const flat = params.flatMap(flatOf);
  if (result === undefined) return `(${flat.join(', ')}) -> ()`;
  return isFlatResult(result)
    ? `(${flat.join(', ')}) -> ${flatOf(result).join()}`
    : `(${[...flat, 'i32'].join(', ')}) -> ()`;
}

function behindFlag({ size, align }: Layout): Layout {
  return { size: aligned(align + Math.max(size, 1), align), align };
}

function structOf(fields: readonly AbiType[]): Layout {
  const align = Math.max(1, ...fields.map((field) => layoutOf(field).align));
  const last = fields.at(-1);
  const end = last === undefined ? 0 : (offsetsOf(fields).at(-1) ?? 0) + layoutOf(last).size;
  return { size: aligned(end, align), align };
}

function aligned(at: number, align: number): number {
  return Math.ceil(at / align) * align;
}
