// Keeps secrets out of what leaves a plugin's calls: texts, bytes, errors and plain data, with the handle in the place of each.
// It knows the secrets that this page has entered or read; those of a plugin are read before anything of it runs.

import { joined } from '../util/capped-body.ts';
import { isPlainObject } from '../util/given-options.ts';
import { handleOf } from './handle.ts';

/** The last values of each plugin, more than a schema may have: one that was replaced may still come back. */
const MOST_VALUES = 256;
/** Of causes and of data within each other: deeper ones could end the stack. */
const MOST_DEPTH = 64;
/** In the place of what lies deeper: nobody has looked there for secrets. */
const UNSEARCHED = '[left out: too deep to be searched for secrets]';

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

/** @param copies of what lies around it and beside it, so that data which holds itself comes to an end */
function redacted(value: unknown, values: Values, depth: number, copies = new Map<object, unknown>()): unknown {
  if (typeof value === 'string') return redactedText(value, values);
  if (value instanceof Uint8Array) return redactedBytes(value, values);
  const isError = value instanceof Error;
  if (!isError && !Array.isArray(value) && !isPlainObject(value)) return value;
  if (copies.has(value)) return copies.get(value);
  if (depth === MOST_DEPTH) return UNSEARCHED;
  const within = (inner: unknown): unknown => redacted(inner, values, depth + 1, copies);
  if (isError) {
    copies.set(value, value);
    return redactError(value, within);
  }
  if (Array.isArray(value)) {
    const copy: unknown[] = [];
    copies.set(value, copy);
    for (const inner of value) copy.push(within(inner));
    return copy;
  }
  const copy: Record<string, unknown> = {};
  copies.set(value, copy);
  for (const [key, inner] of Object.entries(value)) setOwn(copy, String(within(key)), within(inner));
  return copy;
}

/** `__proto__` is a name like any other. */
function setOwn(target: object, key: string, value: unknown): void {
  Object.defineProperty(target, key, { value, writable: true, enumerable: true, configurable: true });
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
