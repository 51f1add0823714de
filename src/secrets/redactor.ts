// Keeps secrets out of what leaves a plugin's calls: texts, bytes, errors and plain data, with the handle in the place of each.
// It knows the secrets that this page has entered or read; those of a plugin are read before anything of it runs.

import { joined } from '../util/capped-body.ts';
import { isPlainObject } from '../util/given-options.ts';
import { handleOf } from './handle.ts';

/** The last values of each plugin, more than a schema may have: one that was replaced may still come back. */
const MOST_VALUES = 256;
/** Of causes and of data within each other. */
const MOST_DEPTH = 8;

export class Redactor {
  /** Handles by value, by plugin: the last that was read comes last. */
  readonly #values = new Map<string, Values>();
  /** The same, as they are looked for. */
  readonly #searched = new Map<string, Values>();

  know(plugin: string, name: string, value: string): void {
    const others = [...(this.#values.get(plugin) ?? [])].filter(([other]) => other !== value);
    const values = new Map([...others, [value, handleOf(name)] as const].slice(-MOST_VALUES));
    this.#values.set(plugin, values);
    this.#searched.set(plugin, searched(values));
  }

  /** What it was given, an error too, where there is nothing to hide; of an error the texts are changed in place. */
  redact<T>(plugin: string, value: T): T {
    const values = this.#searched.get(plugin);
    return values ? (redacted(value, values, 0) as T) : value;
  }
}

type Values = ReadonlyMap<string, string>;

/** The longest first: a secret may be part of another. And as JSON writes it, which is how most that comes back is written. */
function searched(values: Values): Values {
  const written = [...values].map(([value, handle]) => [JSON.stringify(value).slice(1, -1), handle] as const);
  return new Map([...written, ...values].sort(([a], [b]) => b.length - a.length));
}

function redacted(value: unknown, values: Values, depth: number): unknown {
  if (typeof value === 'string') return redactedText(value, values);
  if (value instanceof Uint8Array) return redactedBytes(value, values);
  if (depth === MOST_DEPTH) return value;
  const within = (inner: unknown): unknown => redacted(inner, values, depth + 1);
  if (Array.isArray(value)) return value.map(within);
  if (value instanceof Error) return redactError(value, within);
  if (!isPlainObject(value)) return value;
  return Object.fromEntries(Object.entries(value).map(([key, inner]) => [within(key), within(inner)]));
}

function redactedText(text: string, values: Values): string {
  let result = text;
  for (const [value, handle] of values) result = result.replaceAll(value, () => handle);
  return result;
}

/** Engines write the message into the stack as well. */
function redactError(error: Error, within: (inner: unknown) => unknown): Error {
  for (const key of ['message', 'stack', 'detail', 'needs', 'cause']) {
    const text: unknown = Reflect.get(error, key);
    const hidden = text === undefined ? text : within(text);
    if (hidden !== text) Reflect.set(error, key, hidden);
  }
  return error;
}

/** The same bytes where nothing is found, else a copy. */
function redactedBytes(bytes: Uint8Array, values: Values): Uint8Array {
  let result = bytes;
  for (const [value, handle] of values) {
    result = withoutBytes(result, new TextEncoder().encode(value), new TextEncoder().encode(handle));
  }
  return result;
}

function withoutBytes(bytes: Uint8Array, needle: Uint8Array, instead: Uint8Array): Uint8Array {
  const parts: Uint8Array[] = [];
  let from = 0;
  for (let at = find(bytes, needle, 0); at >= 0; at = find(bytes, needle, from)) {
    parts.push(bytes.subarray(from, at), instead);
    from = at + needle.length;
  }
  if (parts.length === 0) return bytes;
  parts.push(bytes.subarray(from));
  return joined(parts);
}

function find(bytes: Uint8Array, needle: Uint8Array, from: number): number {
  const [first = 0] = needle;
  const last = bytes.length - needle.length;
  for (let at = bytes.indexOf(first, from); at >= 0 && at <= last; at = bytes.indexOf(first, at + 1)) {
    if (needle.every((byte, index) => bytes[at + index] === byte)) return at;
  }
  return -1;
}
