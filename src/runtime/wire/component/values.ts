// Values of a component on their way between page and worker: JSON first, then lists of bytes as they are. What JSON has no form
// for is an object of one key there: `{ n: '…' }` a 64-bit integer, `{ f: '…' }` a number that is not finite, `{ b: 1 }` the bytes
// at that place, `{ o: [[key, value]] }` an object. Null is nothing.

import type { WireValue } from '../protocol.ts';

/** A message takes 64, and the first is the JSON. */
const MOST_BYTE_LISTS = 60;
/** Types of components nest less deep; whatever goes through a value goes down by one call a level. */
const MOST_DEPTH = 200;

/** What an app may give, and gets: numbers, bigints, texts, booleans, undefined, bytes, and lists and plain objects of these. */
export type ComponentValue =
  | number
  | bigint
  | string
  | boolean
  | null
  | undefined
  | Uint8Array
  | readonly ComponentValue[]
  | { readonly [key: string]: ComponentValue };

/** @throws {TypeError} for what is none of these */
export function encodeValues(values: readonly unknown[]): WireValue[] {
  const byteLists: Uint8Array[] = [];
  const json = JSON.stringify(values.map((value) => encoded(value, byteLists, 0)));
  return [new TextEncoder().encode(json), ...byteLists];
}

/** @throws {TypeError} for what `encodeValues` did not make */
export function decodeValues([json, ...byteLists]: readonly WireValue[]): unknown[] {
  if (!(json instanceof Uint8Array)) throw broken();
  const values: unknown = JSON.parse(new TextDecoder().decode(json));
  if (!Array.isArray(values)) throw broken();
  return values.map((value) => decoded(value, byteLists, 0));
}

function encoded(value: unknown, byteLists: Uint8Array[], depth: number): unknown {
  if (depth > MOST_DEPTH) throw new TypeError(`a value is nested more than ${MOST_DEPTH} deep`);
  switch (typeof value) {
    case 'string':
    case 'boolean':
      return value;
    case 'undefined':
      return null;
    case 'number':
      return Number.isFinite(value) && !Object.is(value, -0)
        ? value
        : { f: Object.is(value, -0) ? '-0' : String(value) };
    case 'bigint':
      return { n: String(BigInt.asIntN(64, value) === value || value < 0n ? value : BigInt.asUintN(64, value)) };
    case 'object': {
      if (value === null) return null;
      if (value instanceof Uint8Array) return encodedBytes(value, byteLists);
      if (Array.isArray(value)) return Array.from(value as unknown[], (item) => encoded(item, byteLists, depth + 1));
      const prototype: unknown = Object.getPrototypeOf(value);
      if (prototype !== null && prototype !== Object.prototype) break;
      return { o: Object.entries(value).map(([key, item]) => [key, encoded(item, byteLists, depth + 1)]) };
    }
  }
  throw new TypeError(`a value of a component is a ${typeof value}, which no type of a component has`);
}

function encodedBytes(bytes: Uint8Array, byteLists: Uint8Array[]): unknown {
  if (byteLists.length === MOST_BYTE_LISTS) return Array.from(bytes);
  return { b: byteLists.push(bytes.slice()) - 1 };
}

function decoded(value: unknown, byteLists: readonly WireValue[], depth: number): unknown {
  if (depth > MOST_DEPTH) throw broken();
  if (value === null) return undefined;
  if (Array.isArray(value)) return value.map((item: unknown) => decoded(item, byteLists, depth + 1));
  if (typeof value !== 'object') return value;
  const { n, f, b, o } = value as Record<'n' | 'f' | 'b' | 'o', unknown>;
  if (typeof n === 'string' && /^-?\d{1,20}$/.test(n)) return BigInt(n);
  if (typeof f === 'string') return Number(f);
  const bytes = typeof b === 'number' ? byteLists[b] : undefined;
  if (bytes instanceof Uint8Array) return bytes;
  if (!Array.isArray(o)) throw broken();
  const entries = o.map((entry): [string, unknown] => {
    const [key, item] = Array.isArray(entry) ? (entry as unknown[]) : [];
    if (typeof key !== 'string') throw broken();
    return [key, decoded(item, byteLists, depth + 1)];
  });
  // `fromEntries` defines: a key `__proto__` is one like any other.
  return Object.fromEntries(entries);
}

function broken(): TypeError {
  return new TypeError('values of a component in no known form');
}
