// Reads JSON into values that still know how they were written. What is wrong is said in the words of Go's `encoding/json`, which
// contracts quote.

import { type Steps, withPauses } from '../pauses.ts';
import { textSteps } from '../text/decode-text.ts';

/** A value as it stands in the text: numbers by their digits, objects with every key that occurs, in order. */
export type JsonValue =
  | { readonly kind: 'null' }
  | { readonly kind: 'bool'; readonly is: boolean }
  | { readonly kind: 'number'; readonly text: string }
  | { readonly kind: 'string'; readonly text: string }
  | { readonly kind: 'array'; readonly items: readonly JsonValue[] }
  | { readonly kind: 'object'; readonly members: readonly (readonly [key: string, value: JsonValue])[] };

export class JsonError extends Error {}

const ESCAPABLE: ReadonlySet<string> = new Set('"\\/bfnrtu');

/** Go allows 10,000 levels, which a stack of JavaScript may not hold. */
const MOST_LEVELS = 500;
/** Each is an object here: what a plugin sends must not fill the page's memory. */
const MOST_VALUES = 100_000;
/** Each is looked at by itself. */
const MOST_ESCAPES = 1_000_000;

/** What is read in one step. */
const STEP_VALUES = 64;
const STEP_ESCAPES = 4_096;

/**
 * With pauses, since it may have many MiB.
 * @throws {JsonError}
 */
export function parseJsonValue(json: Uint8Array): Promise<JsonValue> {
  return withPauses(jsonValueSteps(json));
}

/** The same in steps. */
export function* jsonValueSteps(json: Uint8Array): Steps<JsonValue> {
  // A byte order mark is not JSON in Go.
  const text = yield* textSteps(json, new TextDecoder('utf-8', { ignoreBOM: true }));
  return yield* new Parser(text).document();
}

/** A member of an object, the last of its name; undefined where there is none, or no object. */
export function memberOf(value: JsonValue, key: string): JsonValue | undefined {
  return value.kind === 'object' ? value.members.findLast(([name]) => name === key)?.[1] : undefined;
}

/** All texts in a value, however deep, the digits of its numbers and the keys of its objects. */
export function* textsIn(value: JsonValue): Generator<string> {
  if (value.kind === 'string' || value.kind === 'number') yield value.text;
  else if (value.kind === 'array') for (const item of value.items) yield* textsIn(item);
  else if (value.kind === 'object') {
    for (const [key, member] of value.members) {
      yield key;
      yield* textsIn(member);
    }
  }
}

export function unreadable(message: string): JsonError {
  return new JsonError(message);
}

// Ends of runs, looked for by the engine: texts may have many MiB.
/** Quotes, backslashes and controls. */
const NOT_PLAIN = /[^ !#-[\]-\uffff]/g;
const NOT_SPACE = /[^ \t\n\r]/g;
const NOT_DIGIT = /\D/g;

class Parser {
  readonly #text: string;
  #at = 0;
  #values = 0;
  #escapes = 0;

  constructor(text: string) {
    this.#text = text;
  }

  *document(): Steps<JsonValue> {
    const value = yield* this.#value(0);
    if (this.#next() !== '') throw this.#unexpected('after top-level value');
    return value;
  }

  *#value(level: number): Steps<JsonValue> {
    // Not at each: a step goes through all levels that are open.
    if (this.#values % STEP_VALUES === 0) yield;
    if (level > MOST_LEVELS) throw unreadable('exceeded max depth');
    if (++this.#values > MOST_VALUES) throw unreadable(`more than ${MOST_VALUES} values`);
    switch (this.#next()) {
      case '{':
        return { kind: 'object', members: yield* this.#object(level) };
      case '[':
        return { kind: 'array', items: yield* this.#array(level) };
      case '"':
        return { kind: 'string', text: yield* this.#string() };
      case 't':
        return this.#literal('true', { kind: 'bool', is: true });
      case 'f':
        return this.#literal('false', { kind: 'bool', is: false });
      case 'n':
        return this.#literal('null', { kind: 'null' });
    }
    if (!/[-\d]/.test(this.#here)) throw this.#unexpected('looking for beginning of value');
    return { kind: 'number', text: this.#number() };
  }

  *#object(level: number): Steps<[string, JsonValue][]> {
    const members: [string, JsonValue][] = [];
    this.#at++;
    if (this.#next() === '}') this.#at++;
    else {
      do {
        if (this.#next() !== '"') throw this.#unexpected('looking for beginning of object key string');
        const key = yield* this.#string();
        if (this.#next() !== ':') throw this.#unexpected('after object key');
        this.#at++;
        members.push([key, yield* this.#value(level + 1)]);
      } while (this.#goesOn('}', 'after object key:value pair'));
    }
    return members;
  }

  *#array(level: number): Steps<JsonValue[]> {
    const items: JsonValue[] = [];
    this.#at++;
    if (this.#next() === ']') this.#at++;
    else {
      do items.push(yield* this.#value(level + 1));
      while (this.#goesOn(']', 'after array element'));
    }
    return items;
  }

  #goesOn(end: string, context: string): boolean {
    const character = this.#next();
    if (character !== ',' && character !== end) throw this.#unexpected(context);
    this.#at++;
    return character === ',';
  }

  *#string(): Steps<string> {
    const from = this.#at++;
    while (this.#seek(NOT_PLAIN) !== '"') {
      if (this.#here !== '\\') throw this.#unexpected('in string literal');
      this.#escape();
      if (this.#escapes % STEP_ESCAPES === 0) yield;
    }
    yield;
    // Halves of surrogate pairs are not text in Go.
    return (JSON.parse(this.#text.slice(from, ++this.#at)) as string).toWellFormed();
  }

  #escape(): void {
    if (++this.#escapes > MOST_ESCAPES) throw unreadable(`more than ${MOST_ESCAPES} escapes`);
    this.#at++;
    if (!ESCAPABLE.has(this.#here)) throw this.#broken('in string escape code');
    if (this.#text[this.#at++] !== 'u') return;
    for (const end = this.#at + 4; this.#at < end; this.#at++) {
      if (!/[\da-f]/i.test(this.#here)) throw this.#broken('in \\u hexadecimal character escape');
    }
  }

  #number(): string {
    const from = this.#at;
    if (this.#here === '-') this.#at++;
    if (this.#here === '0') this.#at++;
    else this.#digits('in numeric literal');
    if (this.#here === '.') {
      this.#at++;
      this.#digits('after decimal point in numeric literal');
    }
    if (/e/i.test(this.#here)) {
      this.#at++;
      if (/[-+]/.test(this.#here)) this.#at++;
      this.#digits('in exponent of numeric literal');
    }
    return this.#text.slice(from, this.#at);
  }

  #digits(context: string): void {
    const from = this.#at;
    this.#seek(NOT_DIGIT);
    if (this.#at === from) throw this.#broken(context);
  }

  #literal(word: string, value: JsonValue): JsonValue {
    for (const character of word) {
      if (this.#here !== character) throw this.#broken(`in literal ${word} (expecting '${character}')`);
      this.#at++;
    }
    return value;
  }

  /** Goes to the end of a run, which may be the end of the text. */
  #seek(end: RegExp): string {
    end.lastIndex = this.#at;
    this.#at = end.exec(this.#text)?.index ?? this.#text.length;
    return this.#here;
  }

  /** The character at hand, or '' at the end. */
  get #here(): string {
    return this.#text[this.#at] ?? '';
  }

  /** The same, behind white space. */
  #next(): string {
    return this.#seek(NOT_SPACE);
  }

  #unexpected(context: string): JsonError {
    return unreadable(this.#here === '' ? 'unexpected end of JSON input' : this.#broken(context).message);
  }

  /** The same within a number, a word or an escape, where Go takes the end of the text for a space. */
  #broken(context: string): JsonError {
    return unreadable(`invalid character ${quoted(this.#text.codePointAt(this.#at) ?? 0x20)} ${context}`);
  }
}

/** Go looks at bytes, so of what is not ASCII it names the first byte of the UTF-8. */
function quoted(code: number): string {
  if (code === 0x27) return "'\\''";
  if (code === 0x22) return "'\"'";
  if (code < 0x80) return goQuoted(code);
  const lead = code < 0x800 ? 0xc0 | (code >> 6) : code < 0x10000 ? 0xe0 | (code >> 12) : 0xf0 | (code >> 18);
  return `'${String.fromCharCode(lead)}'`;
}

const ESCAPES = new Map([...'abfnrtv\\'].map((letter, i) => ['\x07\b\f\n\r\t\v\\'.charCodeAt(i), `'\\${letter}'`]));

function goQuoted(code: number): string {
  const isVisible = code >= 0x20 && code < 0x7f;
  const hex = code.toString(16).padStart(2, '0');
  return ESCAPES.get(code) ?? (isVisible ? `'${String.fromCharCode(code)}'` : `'\\x${hex}'`);
}
