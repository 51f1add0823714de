// JSON as Go's `encoding/json` reads and writes it (WS1), for contracts that were defined by Go structs. Values are
// copies. The rules: https://pkg.go.dev/encoding/json#Unmarshal and #Marshal

import { fromBase64, toBase64 } from '../../../util/base64.ts';
import { type JsonValue, parseJsonValue, unreadable } from '../../../util/json/json-value.ts';
import { type Steps, withPauses } from '../../../util/pauses.ts';

export { JsonError } from '../../../util/json/json-value.ts';

/** A Go type: what it is called in errors, what it is when absent or `null`, and how it reads a value. */
export interface GoType<T> {
  readonly name: string;
  zero(): T;
  /** @param field name of the struct and dotted path to the field; empty at the top. @throws {JsonError} */
  read(value: JsonValue, field: string): T;
}

export type ValueOf<T> = T extends GoType<infer V> ? V : never;

export const goString: GoType<string> = {
  name: 'string',
  zero: () => '',
  read: (value, field) => (value.kind === 'string' ? value.text : mismatch(value, goString, field)),
};

export const goBool: GoType<boolean> = {
  name: 'bool',
  zero: () => false,
  read: (value, field) => (value.kind === 'bool' ? value.is : mismatch(value, goBool, field)),
};

/** Narrower than in Go: beyond 2^53 a number of JavaScript would be another one, so it is refused. */
export const goInt: GoType<number> = {
  name: 'int',
  zero: () => 0,
  read(value, field) {
    if (value.kind !== 'number') return mismatch(value, goInt, field);
    const number = /^-?\d+$/.test(value.text) ? Number(value.text) : Number.NaN;
    return Number.isSafeInteger(number) ? number : mismatch(value, goInt, field, ` ${value.text}`);
  },
};

/** `[]byte`: standard base64 with padding; line breaks in it do not count. */
export const goBytes: GoType<Uint8Array<ArrayBuffer>> = {
  name: '[]uint8',
  zero: () => new Uint8Array(),
  read(value, field) {
    if (value.kind !== 'string') return mismatch(value, goBytes, field);
    const bytes = fromBase64(value.text.replace(/[\r\n]/g, ''));
    if (!bytes) throw unreadable('illegal base64 data');
    return bytes;
  },
};

export function goList<T>(of: GoType<T>): GoType<T[]> {
  const type: GoType<T[]> = {
    name: `[]${of.name}`,
    zero: () => [],
    read: (value, field) =>
      value.kind === 'array' ? value.items.map((item) => readOr(of, item, field)) : mismatch(value, type, field),
  };
  return type;
}

/** `map[string]T`; of two equal keys the later wins. */
export function goMap<T>(of: GoType<T>): GoType<Map<string, T>> {
  const type: GoType<Map<string, T>> = {
    name: `map[string]${of.name}`,
    zero: () => new Map(),
    read: (value, field) =>
      value.kind === 'object'
        ? new Map(value.members.map(([key, member]) => [key, readOr(of, member, field)]))
        : mismatch(value, type, field),
  };
  return type;
}

/**
 * A struct: keys match in any case, of two spellings the later wins, unknown ones are ignored, `null` changes nothing.
 * @param name with its package, as in `plugins.Route`
 * @param fields by their names in JSON, in the struct's order
 */
export function goStruct<F extends Readonly<Record<string, GoType<unknown>>>>(
  name: string,
  fields: F,
): GoType<{ [K in keyof F]: ValueOf<F[K]> }> {
  const known = new Map(Object.keys(fields).map((key) => [folded(key), key]));
  const type: GoType<{ [K in keyof F]: ValueOf<F[K]> }> = {
    name,
    zero: () =>
      Object.fromEntries(Object.entries(fields).map(([key, of]) => [key, of.zero()])) as ReturnType<typeof type.zero>,
    read(value, field) {
      if (value.kind !== 'object') return mismatch(value, type, field);
      const read: Record<string, unknown> = type.zero();
      // Go names the innermost struct, and the whole path to the field.
      const place = field.replace(/^[^.]*/, name.replace(/^.*\./, ''));
      for (const [spelling, member] of value.members) {
        const key = known.get(folded(spelling));
        const of = key === undefined ? undefined : fields[key];
        if (key === undefined || !of || member.kind === 'null') continue;
        read[key] = of.read(member, `${place}.${key}`);
      }
      return read as ReturnType<typeof type.zero>;
    },
  };
  return type;
}

/** @throws {JsonError} with the message that Go has for it; what is too large or too deep to be read counts as well. */
export async function readGoJson<T>(type: GoType<T>, json: Uint8Array): Promise<T> {
  return readOr(type, await parseJsonValue(json), '');
}

/** The same of JSON that was parsed already, and bounded, by stricter rules than Go's. @throws {JsonError} */
export function readGoData<T>(type: GoType<T>, data: unknown): T {
  return readOr(type, goValue(data), '');
}

/** As a text would give it: what is not Unicode becomes U+FFFD. */
function goValue(data: unknown): JsonValue {
  if (typeof data === 'string') return { kind: 'string', text: data.toWellFormed() };
  if (typeof data === 'number') return { kind: 'number', text: JSON.stringify(data) };
  if (typeof data === 'boolean') return { kind: 'bool', is: data };
  if (Array.isArray(data)) return { kind: 'array', items: data.map(goValue) };
  if (typeof data !== 'object' || data === null) return { kind: 'null' };
  return { kind: 'object', members: Object.entries(data).map(([key, value]) => [key.toWellFormed(), goValue(value)]) };
}

/**
 * Writes what `json.Marshal` would: no space, `<`, `>`, `&` and the line separators escaped, maps sorted by key, bytes
 * as base64. Keys of objects stay in their order; `undefined` is absent, as with `omitempty`. With pauses: a text may have
 * many MiB, and six times as many when it is written.
 */
export async function writeGoJson(value: unknown): Promise<string> {
  return (await withPauses(goJsonPieces(value))).join('');
}

/** The same in steps, as the pieces of the whole. */
export function* goJsonPieces(value: unknown): Steps<string[]> {
  const pieces: string[] = [];
  yield* write(value, pieces);
  return pieces;
}

/** Not by `JSON.stringify` as a whole: in an object of JavaScript `9` comes before `10`, whatever was put in first. */
function* write(value: unknown, pieces: string[]): Steps<void> {
  yield;
  if (value instanceof Map) {
    yield* writeMembers(
      [...value].sort(([a], [b]) => compareBytes(a, b)),
      pieces,
    );
  } else if (value instanceof Uint8Array) {
    yield* writeBytes(value, pieces);
  } else if (Array.isArray(value)) {
    pieces.push('[');
    for (const [index, item] of value.entries()) {
      if (index > 0) pieces.push(',');
      yield* write(item, pieces);
    }
    pieces.push(']');
  } else if (typeof value === 'object' && value !== null) {
    yield* writeMembers(Object.entries(value), pieces);
  } else if (typeof value === 'string') {
    yield* writeText(value, pieces);
  } else {
    pieces.push(JSON.stringify(value) ?? 'null');
  }
}

function* writeMembers(members: readonly (readonly [key: string, value: unknown])[], pieces: string[]): Steps<void> {
  pieces.push('{');
  let isFirst = true;
  for (const [key, value] of members) {
    if (value === undefined) continue;
    if (!isFirst) pieces.push(',');
    isFirst = false;
    yield* writeText(key, pieces);
    pieces.push(':');
    yield* write(value, pieces);
  }
  pieces.push('}');
}

/** Bytes that are written in one step: a multiple of 3, so that the pieces join. */
const STEP_BYTES = 3 << 18;

function* writeBytes(bytes: Uint8Array, pieces: string[]): Steps<void> {
  pieces.push('"');
  for (let at = 0; at < bytes.length; at += STEP_BYTES) {
    pieces.push(toBase64(bytes.subarray(at, at + STEP_BYTES)));
    yield;
  }
  pieces.push('"');
}

/** Characters that are written in one step. */
const STEP_LENGTH = 1 << 15;
const ESCAPED = [...'<>&\u2028\u2029'].map(
  (character) => [character, `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`] as const,
);

function* writeText(given: string, pieces: string[]): Steps<void> {
  const text = given.toWellFormed();
  pieces.push('"');
  for (let at = 0, end = 0; at < text.length; at = end) {
    end = at + STEP_LENGTH;
    // A pair of surrogates stays together: halves would be escaped.
    if (isLead(text.charCodeAt(end - 1))) end++;
    let json = JSON.stringify(text.slice(at, end)).slice(1, -1);
    // Each by itself, and not all by one pattern, which takes ten times as long where there are many.
    for (const [from, to] of ESCAPED) if (json.includes(from)) json = json.split(from).join(to);
    pieces.push(json);
    yield;
  }
  pieces.push('"');
}

function isLead(unit: number): boolean {
  return unit >= 0xd800 && unit < 0xdc00;
}

/** In the order of their UTF-8, where surrogate pairs come after all single units. */
function compareBytes(a: string, b: string): number {
  for (let i = 0; i < a.length && i < b.length; i++) {
    const difference = rank(a.charCodeAt(i)) - rank(b.charCodeAt(i));
    if (difference !== 0) return difference;
  }
  return a.length - b.length;
}

function rank(unit: number): number {
  if (unit < 0xd800) return unit;
  return unit < 0xe000 ? unit + 0x2000 : unit - 0x800;
}

function readOr<T>(type: GoType<T>, value: JsonValue, field: string): T {
  return value.kind === 'null' ? type.zero() : type.read(value, field);
}

/**
 * Unicode has two more letters that fold to ASCII: the long s, and the Kelvin sign, which is lower-cased to k. As in
 * https://github.com/golang/go/blob/master/src/encoding/json/fold.go
 */
function folded(key: string): string {
  return key.toLowerCase().replaceAll('\u017f', 's');
}

function mismatch({ kind }: JsonValue, { name }: GoType<unknown>, field: string, literal = ''): never {
  const target = field === '' ? `Go value of type ${name}` : `Go struct field ${field} of type ${name}`;
  throw unreadable(`json: cannot unmarshal ${kind}${literal} into ${target}`);
}
