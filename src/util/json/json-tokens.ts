// The tokens of JSON, and of JSON with comments.

export type Token =
  | { readonly kind: '{' | '}' | '[' | ']' | ',' | ':' | 'comment' | 'end'; readonly at: number }
  | { readonly kind: 'string'; readonly at: number; readonly value: string }
  | { readonly kind: 'literal'; readonly at: number; readonly value: number | boolean | null }
  /** No token of JSON begins here, or one that has no end. */
  | { readonly kind: 'wrong'; readonly at: number };

const SPACE = /[ \t\n\r]*/y;
const NUMBER = /-?(?:0|[1-9]\d*)(\.\d+)?([eE][+-]?\d+)?/y;
const WORD = /[^ \t\n\r{}[\]":,/]+/y;
const LINE_COMMENT = /[^\n\r]*/y;
const STRING_STOP = /["\\\n\r]/g;
const PUNCTUATION: ReadonlySet<string> = new Set('{}[],:');
const WORDS = new Map<string, boolean | null>([
  ['true', true],
  ['false', false],
  ['null', null],
]);

export class JsonTokens {
  readonly #text: string;
  readonly #comments: boolean;
  #at = 0;

  constructor(text: string, comments: boolean) {
    this.#text = text;
    this.#comments = comments;
  }

  /** Goes on to the next one. */
  next(): Token {
    this.#pass(SPACE);
    return this.#token(this.#at);
  }

  #token(at: number): Token {
    const character = this.#text[at];
    if (character === undefined) return { kind: 'end', at };
    if (PUNCTUATION.has(character)) {
      this.#at++;
      return { kind: character as '{', at };
    }
    if (character === '/' && this.#comments) return { kind: this.#comment() ? 'comment' : 'wrong', at };
    return character === '"' ? this.#string(at) : (this.#number(at) ?? this.#word(at));
  }

  #string(at: number): Token {
    const text = this.#text;
    for (STRING_STOP.lastIndex = at + 1; ; ) {
      const stop = STRING_STOP.exec(text);
      if (stop?.[0] === '\\') {
        STRING_STOP.lastIndex++;
        continue;
      }
      if (stop?.[0] !== '"') return { kind: 'wrong', at };
      this.#at = stop.index + 1;
      break;
    }
    try {
      return { kind: 'string', at, value: JSON.parse(text.slice(at, this.#at)) as string };
    } catch {
      return { kind: 'wrong', at };
    }
  }

  #number(at: number): Token | undefined {
    NUMBER.lastIndex = at;
    const found = NUMBER.exec(this.#text);
    if (!found) return undefined;
    const [digits, fraction, exponent] = found;
    this.#at += digits.length;
    const next = this.#text[this.#at];
    const isCutOff = !exponent && (next === 'e' || next === 'E' || (next === '.' && !fraction));
    return isCutOff ? { kind: 'wrong', at } : { kind: 'literal', at, value: Number(digits) };
  }

  #word(at: number): Token {
    this.#pass(WORD);
    const value = WORDS.get(this.#text.slice(at, this.#at));
    return value === undefined ? { kind: 'wrong', at } : { kind: 'literal', at, value };
  }

  /** False where it has no end, or is none. */
  #comment(): boolean {
    if (this.#text.startsWith('//', this.#at)) {
      this.#pass(LINE_COMMENT);
      return true;
    }
    const end = this.#text.startsWith('/*', this.#at) ? this.#text.indexOf('*/', this.#at + 2) : -1;
    if (end >= 0) this.#at = end + 2;
    return end >= 0;
  }

  #pass(sticky: RegExp): void {
    sticky.lastIndex = this.#at;
    if (sticky.test(this.#text)) this.#at = sticky.lastIndex;
  }
}

const CR = 0x0d;
const LF = 0x0a;

/** Where a place in a text is, both counted from 1. */
export function lineAndColumn(text: string, at: number): { line: number; column: number } {
  let line = 1;
  let start = 0;
  // Unit by unit: a search for each of a million lines takes many times as long.
  for (let index = 0; index < at; index++) {
    const unit = text.charCodeAt(index);
    if (unit !== LF && (unit !== CR || text.charCodeAt(index + 1) === LF)) continue;
    line++;
    start = index + 1;
  }
  return { line, column: at - start + 1 };
}
