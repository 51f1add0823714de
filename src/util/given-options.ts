// Options as an app gives them: none is overlooked, and each is read once. A misspelt `grant: 'none'` that counted as
// absent would grant what the app wanted to forbid.

import { ClocheError, messageOf } from '../errors.ts';
import { visibleText } from './text/visible-text.ts';

/** All keys that options of a type may have. A new key in the type is an error of the compiler until it is here too. */
export type KeysOf<T> = { readonly [K in keyof T]-?: unknown };

/**
 * A copy of options that later changes, getters and proxies have no part in. `undefined` counts as absent.
 * @param place what takes them, for messages
 * @throws {ClocheError} OPTION_INVALID for what is not an object, for an unknown key, and where reading throws
 */
export function givenOptions<T extends object>(place: string, given: unknown, keys: KeysOf<T>): Partial<T> {
  return read(`The options of ${place}`, () => {
    if (given === undefined) return Object.create(null) as Partial<T>;
    if (typeof given !== 'object' || given === null || Array.isArray(given)) {
      throw invalid(`Expected the options of ${place} to be an object, got ${kindOf(given)}`);
    }
    const values = given as Readonly<Record<string, unknown>>;
    // What is inherited counts as well: an object made from defaults by `Object.create` means all of them.
    for (const key in values) {
      if (!Object.hasOwn(keys, key) && isGiven(values, key) && values[key] !== undefined) {
        throw unknownKey(place, key, Object.keys(keys));
      }
    }
    const options: Record<string, unknown> = Object.create(null);
    for (const key of Object.keys(keys)) {
      const value = isGiven(values, key) ? values[key] : undefined;
      if (value !== undefined) options[key] = value;
    }
    return options as Partial<T>;
  });
}

/** What somebody has put on the prototype of all objects is nobody's option. */
function isGiven(values: object, key: string): boolean {
  return !(key in Object.prototype) || Object.hasOwn(values, key);
}

/**
 * The entries of an object whose keys are free, each read once.
 * @throws {ClocheError} OPTION_INVALID for what is not a plain object, and where reading throws
 */
export function entriesOf(name: string, given: unknown): [string, unknown][] {
  return read(`\`${name}\``, () => {
    if (isPlainObject(given)) return Object.entries(given);
    const hint = given instanceof Map ? '; write `Object.fromEntries(map)`' : '';
    throw invalid(`Expected \`${name}\` to be a plain object, got ${kindOf(given)}${hint}`);
  });
}

/** @throws {ClocheError} OPTION_INVALID unless it is of this type or absent */
export function checkType(name: string, value: unknown, type: 'boolean' | 'string' | 'function'): void {
  if (value !== undefined && typeof value !== type) {
    throw invalid(`Expected \`${name}\` to be a ${type}, got ${kindOf(value)}`);
  }
}

/** @throws {ClocheError} OPTION_INVALID unless `value` is a whole number from `min` to `max`. */
export function wholeNumber(name: string, value: unknown, min: number, max: number): number {
  if (typeof value === 'number' && Number.isSafeInteger(value) && value >= min && value <= max) return value;
  throw invalid(
    `Expected \`${name}\` to be a whole number from ${min} to ${max}, got \`${String(value)}\` (${typeof value})`,
  );
}

/** @throws {ClocheError} OPTION_INVALID unless `value` is one of the words. */
export function oneOf<T extends string>(name: string, value: unknown, words: readonly T[]): T {
  const found = words.find((word) => word === value);
  if (found !== undefined) return found;
  const given = typeof value === 'string' ? JSON.stringify(value.slice(0, 60)) : typeof value;
  const meant = typeof value === 'string' ? didYouMean(value.slice(0, 60), words) : '';
  throw invalid(`Expected \`${name}\` to be one of ${words.join(', ')}, got ${given}${meant && `.${meant}`}`);
}

/** @throws {ClocheError} OPTION_INVALID for anything but an AbortSignal; the controller itself is a common slip */
export function checkSignal(value: unknown): void {
  if (value === undefined || (value as AbortSignal | null)?.aborted !== undefined) return;
  throw invalid(`Expected \`signal\` to be an AbortSignal, got ${kindOf(value)}`);
}

/** Whether it has no prototype, or that of `{}`, also of another window. */
export function isPlainObject(value: unknown): value is Record<string, unknown> {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return false;
  const prototype: unknown = Object.getPrototypeOf(value);
  return prototype === null || Object.getPrototypeOf(prototype) === null;
}

/**
 * Runs what reads from an app's object: a getter or a proxy of it may throw anything.
 * @throws {ClocheError} OPTION_INVALID
 */
export function read<T>(what: string, work: () => T): T {
  try {
    return work();
  } catch (cause) {
    if (cause instanceof ClocheError) throw cause;
    throw new ClocheError('OPTION_INVALID', `${what} cannot be read: ${messageOf(cause)}`, { cause });
  }
}

/** OPTION_INVALID: what was given, what may have been meant, and what there is. */
export function unknownKey(place: string, key: string, known: readonly string[]): ClocheError {
  const shown = visibleText(key, 64);
  return invalid(`Unknown option \`${shown}\` of ${place}.${didYouMean(shown, known)} Known are ${known.join(', ')}`);
}

/** A question, with a space before it, where a known name is close enough; else nothing. */
export function didYouMean(name: string, known: readonly string[]): string {
  const given = name.toLowerCase();
  const meant = known.find((word) => isNear(given, word.toLowerCase()));
  return meant === undefined ? '' : ` Did you mean \`${meant}\`?`;
}

/** One is the beginning of the other, or they begin and end alike: a letter too many, too few, another, or two swapped. */
function isNear(a: string, b: string): boolean {
  const [shorter, longer] = a.length < b.length ? [a, b] : [b, a];
  let same = 0;
  while (same < shorter.length && a[same] === b[same]) same++;
  if (same === shorter.length && same > 1) return true;
  let atEnd = 0;
  while (atEnd < shorter.length - same && a.at(-1 - atEnd) === b.at(-1 - atEnd)) atEnd++;
  return same + atEnd >= Math.floor(longer.length * 0.6);
}

function kindOf(value: unknown): string {
  if (value === null) return 'null';
  return Array.isArray(value) ? 'an array' : typeof value;
}

function invalid(message: string): ClocheError {
  return new ClocheError('OPTION_INVALID', message);
}
