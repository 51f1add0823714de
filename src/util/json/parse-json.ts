// Reads the text of JSON that nobody vetted. Comes late: a page that calls one plugin of its own has no text to read.

import type { ClocheError } from '../../errors.ts';
import { atOnce, type Steps, withPauses } from '../pauses.ts';
import { JsonTokens, lineAndColumn, type Token } from './json-tokens.ts';
import { invalid, JsonBuilder, MAX_LENGTH, MAX_NODES, newObject } from './untrusted-json.ts';

export interface JsonOptions {
  /** Longest text in UTF-16 units. @default 1048576 */
  maxLength?: number;
  /** Comments and trailing commas, as in JSONC. @default false */
  comments?: boolean;
  /** A key may come twice: the later counts. @default false */
  repeats?: boolean;
}

/**
 * Reads JSON text. Caps on length, depth (64) and values (100,000) hold while reading, not after.
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

class JsonReader {
  readonly #text: string;
  readonly #tokens: JsonTokens;
  readonly #builder: JsonBuilder;
  readonly #restored: (value: string) => string;
  readonly #trailingCommas: boolean;
  #token: Token = { kind: 'wrong', at: 0 };

  constructor(text: string, restored: (value: string) => string, { comments = false, repeats = false }: JsonOptions) {
    this.#text = text;
    this.#tokens = new JsonTokens(text, comments);
    this.#builder = new JsonBuilder(Number.POSITIVE_INFINITY, repeats);
    this.#restored = restored;
    this.#trailingCommas = comments;
  }

  *document(): Steps<unknown> {
    yield* this.#next();
    yield* this.#value();
    if (this.#token.kind !== 'end') throw this.#wrong();
    return this.#builder.result;
  }

  *#value(): Steps<void> {
    const token = this.#token;
    if (token.kind === '{') {
      this.#builder.open(newObject());
      yield* this.#items('}');
    } else if (token.kind === '[') {
      this.#builder.open([]);
      yield* this.#items(']');
    } else if (token.kind === 'string') this.#builder.add(this.#restored(token.value));
    else if (token.kind === 'literal') this.#builder.add(token.value);
    else throw this.#wrong();
    yield* this.#next();
  }

  /** From the opening bracket to the closing one. */
  *#items(end: '}' | ']'): Steps<void> {
    yield* this.#next();
    for (let isFirst = true; !this.#is(end); isFirst = false) {
      // A text that ends here lacks no item, but the end of the whole list.
      if (this.#is('end')) {
        this.#builder.close();
        throw this.#wrong();
      }
      if (!isFirst) {
        yield* this.#past(',');
        if (this.#trailingCommas && this.#is(end)) break;
      }
      if (end === '}') yield* this.#key();
      yield* this.#value();
    }
    this.#builder.close();
  }

  *#key(): Steps<void> {
    const token = this.#token;
    if (token.kind !== 'string') throw this.#wrong();
    this.#builder.key(this.#restored(token.value));
    yield* this.#next();
    yield* this.#past(':');
  }

  *#past(kind: ',' | ':'): Steps<void> {
    if (!this.#is(kind)) throw this.#wrong();
    yield* this.#next();
  }

  *#next(): Steps<void> {
    do {
      this.#token = this.#tokens.next();
      yield;
    } while (this.#is('comment'));
    // What is not a token is said at once, whatever could stand here.
    if (this.#is('wrong')) throw this.#wrong();
  }

  #is(kind: Token['kind']): boolean {
    return this.#token.kind === kind;
  }

  #wrong(): ClocheError {
    const { line, column } = lineAndColumn(this.#text, this.#token.at);
    return this.#builder.error(`is not valid JSON at line ${line}, column ${column}`);
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
