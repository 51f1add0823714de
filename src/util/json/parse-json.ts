// Reads the text of JSON that nobody vetted. Comes late: a page that calls one plugin of its own has no text to read.

import type { ClocheError } from '../../errors.ts';
import { atOnce, type Steps, withPauses } from '../pauses.ts';
import { JsonTokens, lineAndColumn, type Token } from './json-tokens.ts';
import { invalid, JsonBuilder, type JsonObject, MAX_LENGTH, MAX_NODES, newObject } from './untrusted-json.ts';

export interface JsonOptions {
  /** Longest text in UTF-16 units. @default 1048576 */
  maxLength?: number;
  /** Most values, objects and arrays among them. @default 100000 */
  maxValues?: number;
  /** Comments and trailing commas, as in JSONC. @default false */
  comments?: boolean;
  /** A key may come twice: the later counts. @default false */
  repeats?: boolean;
}

/**
 * Reads JSON text. Caps on length, depth (64) and values hold while reading, not after.
 * @throws {ClocheError} MANIFEST_INVALID with the path for bad syntax, a key that comes twice,
 * a number that is not finite, and whatever is over a cap.
 */
export function parseJson(text: string, options: JsonOptions = {}): Promise<unknown> {
  return withPauses(jsonSteps(text, options));
}

/** The same in steps, of some milliseconds each at most. */
export function* jsonSteps(text: string, options: JsonOptions = {}): Steps<unknown> {
  const { maxLength = MAX_LENGTH } = options;
  if (text.length > maxLength) throw invalid([], `is longer than ${maxLength} characters`);
  const { short, restored } = yield* withoutModules(text);
  if (short.length > MAX_LENGTH) throw invalid([], `is longer than ${MAX_LENGTH} characters besides the modules in it`);
  return yield* new JsonReader(short, restored, options).document();
}

/** The same at once: for what is short. */
export function parseShortJson(text: string, options: JsonOptions = {}): unknown {
  return atOnce(jsonSteps(text, options));
}

/** Tokens that are read in one step. */
const STEP_TOKENS = 64;

/**
 * What may come next. `first` stands behind an opening bracket, `next` behind a comma, `comma` behind an item of a list and
 * `end` behind the whole value.
 */
type Expected = 'value' | 'first' | 'colon' | 'comma' | 'next' | 'end';

/** Goes from token to token without calling itself: it can stop at any, and leaves nothing behind for each value. */
class JsonReader {
  readonly #text: string;
  readonly #tokens: JsonTokens;
  readonly #builder: JsonBuilder;
  readonly #restored: (value: string) => string;
  readonly #trailingCommas: boolean;
  /** The brackets that are to be closed. */
  readonly #open: ('}' | ']')[] = [];
  #expected: Expected = 'value';

  constructor(text: string, restored: (value: string) => string, options: JsonOptions) {
    const { comments = false, repeats = false, maxValues = MAX_NODES } = options;
    this.#text = text;
    this.#tokens = new JsonTokens(text, comments);
    this.#builder = new JsonBuilder({ maxLength: Number.POSITIVE_INFINITY, maxValues, repeats });
    this.#restored = restored;
    this.#trailingCommas = comments;
  }

  *document(): Steps<unknown> {
    for (let count = 1; ; count++) {
      const token = this.#tokens.next();
      if (token.kind === 'end' && this.#expected === 'end') return this.#builder.result;
      if (token.kind !== 'comment') this.#take(token);
      if (count % STEP_TOKENS === 0) yield;
    }
  }

  #take(token: Token): void {
    if (this.#expected === 'value') this.#value(token);
    else if (this.#expected === 'colon') this.#pass(token, ':', 'value');
    else if (this.#closes(token)) this.#close();
    else if (this.#expected === 'comma') this.#pass(token, ',', 'next');
    else if (this.#open.at(-1) === '}') this.#key(token);
    else if (this.#open.at(-1) === ']') this.#value(token);
    else throw this.#wrong(token);
  }

  /** Whether it closes what is open, as it may not behind a comma. */
  #closes({ kind }: Token): boolean {
    return kind === this.#open.at(-1) && (this.#expected !== 'next' || this.#trailingCommas);
  }

  #close(): void {
    this.#builder.close();
    this.#open.pop();
    this.#passValue();
  }

  #key(token: Token): void {
    if (token.kind !== 'string') throw this.#wrong(token);
    this.#builder.key(this.#restored(token.value));
    this.#expected = 'colon';
  }

  #value(token: Token): void {
    if (token.kind === '{') this.#enter(newObject(), '}');
    else if (token.kind === '[') this.#enter([], ']');
    else {
      this.#builder.add(this.#scalar(token));
      this.#passValue();
    }
  }

  #scalar(token: Token): unknown {
    if (token.kind === 'string') return this.#restored(token.value);
    if (token.kind === 'literal') return token.value;
    throw this.#wrong(token);
  }

  #enter(container: JsonObject | unknown[], end: '}' | ']'): void {
    this.#builder.open(container);
    this.#open.push(end);
    this.#expected = 'first';
  }

  #pass(token: Token, kind: ',' | ':', next: Expected): void {
    if (token.kind !== kind) throw this.#wrong(token);
    this.#expected = next;
  }

  #passValue(): void {
    this.#expected = this.#open.length === 0 ? 'end' : 'comma';
  }

  #wanted(): string {
    const isList = this.#open.at(-1) === ']';
    switch (this.#expected) {
      case 'comma':
        return `a comma or \`${this.#open.at(-1)}\``;
      case 'colon':
        return 'a colon';
      case 'end':
        return 'nothing more';
      case 'value':
        return 'a value';
      default:
        return isList ? 'a value' : 'a name in quotes';
    }
  }

  #wrong({ kind, at }: Token): ClocheError {
    // A text that ends here lacks no item, but the end of the whole list.
    if (kind === 'end' && (this.#expected === 'first' || this.#expected === 'comma')) this.#builder.close();
    const { line, column } = lineAndColumn(this.#text, at);
    return this.#builder.error(`is not valid JSON at line ${line}, column ${column}: expected ${this.#wanted()}`);
  }
}

/** PHP writes each slash with a backslash. */
const NOT_BASE64 = /[^A-Za-z0-9+/=\\]|\\(?!\/)/g;
/** Quotes that are looked at: no text that is read has more. */
const MOST_QUOTES = MAX_NODES * 4;
const LONG_BASE64 = 1_024;
/** Characters that are read in one step. */
const ESCAPED_PART = 1 << 18;

/**
 * The text with each module in it, as base64 of up to many MiB, replaced by a short word: the parser looks at every
 * character, and the page would wait (H11). Whatever the place of such a piece, the text is as valid with the word.
 */
function* withoutModules(text: string): Steps<{ short: string; restored: (value: string) => string }> {
  if (text.length <= MAX_LENGTH) return { short: text, restored: (value) => value };
  const pieces: string[] = [];
  const mark = `${crypto.getRandomValues(new Uint32Array(4)).join('-')}:`;
  let short = '';
  let done = 0;
  let quotes = 0;
  for (let at = text.indexOf('"'); at >= 0 && quotes < MOST_QUOTES; at = text.indexOf('"', at), quotes++) {
    NOT_BASE64.lastIndex = at + 1;
    const end = NOT_BASE64.exec(text)?.index ?? text.length;
    if (end - at > LONG_BASE64) {
      short += `${text.slice(done, at + 1)}${mark}${pieces.length};`;
      pieces.push(yield* withoutEscapes(text.slice(at + 1, end)));
      done = end;
    }
    at = end;
    yield;
  }
  const word = new RegExp(`${mark}(\\d+);`, 'g');
  const restored = (value: string): string =>
    value.includes(mark) ? value.replace(word, (_, index: string) => pieces[Number(index)] ?? '') : value;
  return { short: short + text.slice(done), restored: pieces.length === 0 ? (value) => value : restored };
}

/** Part by part and by the engine: a module may be all slashes. */
function* withoutEscapes(base64: string): Steps<string> {
  if (!base64.includes('\\')) return base64;
  let text = '';
  for (let at = 0, end = 0; at < base64.length; at = end) {
    end = Math.min(at + ESCAPED_PART, base64.length);
    if (base64[end - 1] === '\\') end++;
    text += JSON.parse(`"${base64.slice(at, end)}"`) as string;
    yield;
  }
  return text;
}
