// JSON of what is JSON, and of nothing else: `JSON.stringify` makes `{}` of a Map or a promise, and null of NaN.

import { isPlainObject } from './given-options.ts';
import { visibleText } from './visible-text.ts';

/** What to write instead, by type. */
const INSTEAD: ReadonlyMap<string, string> = new Map([
  ['Map', 'write `Object.fromEntries(map)`'],
  ['Set', 'write `[...set]`'],
  ['Promise', '`await` it'],
  ['FormData', 'write `Object.fromEntries(form)`, and pass each of its files by itself'],
  ['URLSearchParams', 'write `String(params)`'],
  ['Headers', 'write `Object.fromEntries(headers)`'],
  ['ReadableStream', 'pass `new Response(stream)` by itself'],
  ['Request', 'write `await request.text()`'],
  ['bigint', 'write `String(value)`'],
  ['number', 'write null or a string'],
  ['function', 'leave it out, or call it'],
  ['symbol', 'leave it out'],
  ...['Blob', 'File', 'Response'].map((type) => [type, 'pass it by itself, or write `await it.text()`'] as const),
]);

/**
 * Text of JSON. Objects of a class are written by their `toJSON`; `undefined` in an object is left out.
 * @throws {TypeError} for what JSON has no form for, with what to write instead; also for circles
 */
export function jsonOf(value: unknown): string {
  const text: string | undefined = JSON.stringify(value, checked);
  if (text !== undefined) return text;
  throw new TypeError('it is undefined');
}

function checked(key: string, value: unknown): unknown {
  const type = foreignType(value);
  if (type === undefined) return value;
  const place = key === '' ? 'it' : `\`${visibleText(key, 60)}\` in it`;
  const instead = INSTEAD.get(type) ?? 'write its data as plain objects, arrays and strings';
  throw new TypeError(`${place} is ${type === 'number' ? String(value) : `of type ${type}`}; ${instead}`);
}

/** The name of a type that JSON does not have; undefined for one that it has. */
function foreignType(value: unknown): string | undefined {
  if (typeof value === 'number') return Number.isFinite(value) ? undefined : 'number';
  if (typeof value !== 'object') return ['bigint', 'function', 'symbol'].find((type) => type === typeof value);
  if (value === null || Array.isArray(value) || isPlainObject(value)) return undefined;
  const tag = Object.prototype.toString.call(value).slice('[object '.length, -1);
  return visibleText(tag === 'Object' ? (value.constructor?.name ?? tag) : tag, 60);
}
