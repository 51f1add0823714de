// Checked readers, so that a dialect reads like a table of its fields.

import { didYouMean } from '../util/given-options.ts';
import { invalid, isJsonObject, type JsonObject, type Path } from '../util/json/untrusted-json.ts';
import { shown } from '../util/text/shown.ts';
import { visibleText } from '../util/text/visible-text.ts';

const CONTROL = /\p{Cc}/u;
const CONTROL_BUT_BREAKS = /[^\P{Cc}\n\r\t]/u;

export interface TextRule {
  /** Most UTF-16 units. */
  max: number;
  /** Line breaks and tabs may occur. @default false */
  lines?: boolean;
}

export interface FieldsStyle {
  /** The camelCase form of each known key is taken for it, as some SDKs do. @default false */
  camelCase?: boolean;
  /** `null` counts as absent, as for the optional fields of Rust's serde. @default false */
  nullIsAbsent?: boolean;
}

/** One object of a manifest with the keys that it may have. Every method throws MANIFEST_INVALID with the path. */
export class Fields {
  readonly #values: JsonObject;
  readonly #nullIsAbsent: boolean;
  readonly #path: Path;

  /** @param known every key that may occur; for `style.camelCase` in snake_case */
  constructor(value: unknown, path: Path, known: readonly string[], style: FieldsStyle = {}) {
    if (!isJsonObject(value)) throw invalid(path, `should be an object, not ${shown(value)}`);
    this.#path = path;
    this.#values = style.camelCase ? inSnakeCase(value, path, known) : value;
    this.#nullIsAbsent = style.nullIsAbsent ?? false;
    for (const key of Object.keys(this.#values)) {
      if (!known.includes(key)) throw unknownKey([...path, key], known);
    }
  }

  has(key: string): boolean {
    return Object.hasOwn(this.#values, key) && !(this.#nullIsAbsent && this.#values[key] === null);
  }

  keys(): string[] {
    return Object.keys(this.#values);
  }

  /** The value as it stands: copied, bounded, and not checked further. */
  raw(key: string): unknown {
    return this.has(key) ? this.#values[key] : undefined;
  }

  path(key: string): Path {
    return [...this.#path, key];
  }

  text(key: string, rule: TextRule): string | undefined {
    if (!this.has(key)) return undefined;
    return checkedText(this.raw(key), this.path(key), rule);
  }

  required<T>(key: string, value: T | undefined): T {
    if (value === undefined) throw invalid(this.path(key), 'is missing');
    return value;
  }

  choice<const T extends string>(key: string, choices: readonly T[]): T | undefined {
    if (!this.has(key)) return undefined;
    const choice = choices.find((known) => known === this.raw(key));
    if (choice !== undefined) return choice;
    throw this.wrong(key, `one of ${choices.map((known) => `"${known}"`).join(', ')}`);
  }

  wholeNumber(key: string, min: number): number | undefined {
    const value = this.raw(key);
    if (value === undefined) return undefined;
    if (typeof value === 'number' && Number.isSafeInteger(value) && value >= min) return value;
    throw this.wrong(key, `a whole number from ${min} up`);
  }

  boolean(key: string): boolean | undefined {
    const value = this.raw(key);
    if (value === undefined || typeof value === 'boolean') return value;
    throw this.wrong(key, 'true or false');
  }

  list(key: string, max: number): readonly unknown[] | undefined {
    const value = this.raw(key);
    if (value === undefined) return undefined;
    if (!Array.isArray(value)) throw this.wrong(key, 'an array');
    if (value.length > max) throw invalid(this.path(key), `has ${value.length} items, more than ${max}`);
    return value;
  }

  texts(key: string, maxItems: number, rule: TextRule): string[] | undefined {
    return this.list(key, maxItems)?.map((item, index) => checkedText(item, [...this.path(key), index], rule));
  }

  /** An object whose keys are free and whose values are text. */
  textMap(key: string, maxItems: number, rule: TextRule): Map<string, string> | undefined {
    const entries = this.entries(key, maxItems);
    return entries && new Map(entries.map(([name, value, path]) => [name, checkedText(value, path, rule)]));
  }

  /** The entries of an object whose keys are free, each with its path. */
  entries(key: string, maxItems: number): (readonly [string, unknown, Path])[] | undefined {
    const value = this.raw(key);
    if (value === undefined) return undefined;
    if (!isJsonObject(value)) throw this.wrong(key, 'an object');
    const entries = Object.entries(value);
    if (entries.length > maxItems) throw invalid(this.path(key), `has more than ${maxItems} entries`);
    return entries.map(([name, item]) => [name, item, [...this.path(key), name]]);
  }

  wrong(key: string, expected: string): Error {
    return invalid(this.path(key), `should be ${expected}, not ${shown(this.raw(key))}`);
  }
}

/** MANIFEST_INVALID for a key that an object of the manifest does not have. */
export function unknownKey(path: Path, known: readonly string[]): Error {
  const key = visibleText(`${path.at(-1)}`, 64);
  return invalid(path, `is unknown; known are ${known.join(', ')}.${didYouMean(key, known)}`);
}

/** @throws {ClocheError} MANIFEST_INVALID for what is not a string, too long, or has control characters */
export function checkedText(value: unknown, path: Path, rule: TextRule): string {
  if (typeof value !== 'string') throw invalid(path, `should be text, not ${shown(value)}`);
  if (value.length > rule.max) throw invalid(path, `is longer than ${rule.max} characters`);
  if ((rule.lines ? CONTROL_BUT_BREAKS : CONTROL).test(value)) {
    throw invalid(path, 'has control characters');
  }
  return value;
}

export function camelCase(key: string): string {
  return key.replace(/_([a-z])/g, (_, letter: string) => letter.toUpperCase());
}

function inSnakeCase(value: JsonObject, path: Path, known: readonly string[]): JsonObject {
  const names = new Map(known.map((key) => [camelCase(key), key]));
  const renamed = Object.create(null) as JsonObject;
  for (const [key, item] of Object.entries(value)) {
    const name = names.get(key) ?? key;
    if (Object.hasOwn(renamed, name)) throw invalid([...path, key], `is given twice, the other as \`${name}\``);
    renamed[name] = item;
  }
  return renamed;
}
