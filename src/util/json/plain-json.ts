// JSON of what is JSON, and of nothing else: `JSON.stringify` makes `{}` of a Map or a promise, and null of NaN.

import { isPlainObject } from '../given-options.ts';
import { visibleText } from '../text/visible-text.ts';

const ENTRIES = 'write `Object.fromEntries(it)`';
const ALONE = 'pass it by itself';

/** What to write instead, by type. */
const INSTEAD: Readonly<Record<string, string>> = {
  Map: ENTRIES,
  FormData: ENTRIES,
  Headers: ENTRIES,
  URLSearchParams: ENTRIES,
  Set: 'write `[...it]`',
  Promise: '`await` it',
  Blob: ALONE,
  File: ALONE,
  Response: ALONE,
  ReadableStream: 'pass `new Response(it)` by itself',
  bigint: 'write `String(it)`',
};

/**
 * Text of JSON. Objects of a class are written by their `toJSON`; `undefined` in an object is left out.
 * @throws {TypeError} for what JSON has no form for, with what to write instead; also for circles
 */
export function jsonOf(value: unknown): string {
  const text: string | undefined = JSON.stringify(value, checked);
  if (text !== undefined) return text;
  throw new TypeError('undefined is not JSON');
}

function checked(key: string, value: unknown): unknown {
  const type = foreignType(value);
  if (type === undefined) return value;
  const place = key === '' ? '' : ` at \`${visibleText(key, 60)}\``;
  const instead = Object.hasOwn(INSTEAD, type) ? INSTEAD[type] : 'write plain objects, arrays and strings';
  throw new TypeError(`${visibleText(type, 60)}${place} is not JSON; ${instead}`);
}

/** The name of a type that JSON does not have; undefined for one that it has. */
function foreignType(value: unknown): string | undefined {
  if (typeof value === 'number') return Number.isFinite(value) ? undefined : String(value);
  if (typeof value !== 'object') return ['bigint', 'function', 'symbol'].find((type) => type === typeof value);
  if (value === null || Array.isArray(value) || isPlainObject(value)) return undefined;
  const tag = Object.prototype.toString.call(value).slice('[object '.length, -1);
  return tag === 'Object' ? String(value.constructor?.name) : tag;
}
