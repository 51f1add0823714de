// Ropes: text that never changes, so that copies and slices are views of the same bytes. Lines and columns count from 0, columns in
// bytes of UTF-8.

import type { Budget } from '../../../src/runtime/wire/abi/budget.ts';
import { trap } from '../../../src/runtime/wire/abi/trap.ts';

export interface Cursor {
  readonly line: number;
  readonly column: number;
}

export interface Selection {
  readonly first: Cursor;
  readonly last: Cursor;
}

/** What several ropes show parts of. */
interface Text {
  readonly bytes: Uint8Array;
  ropes: number;
}

const NEWLINE = 10;
/** Of so many lines the place of the first is kept. */
const LINES_A_MARK = 256;
/** Each becomes an object here. */
const MOST_MATCHES = 1_000_000;

export class Rope {
  readonly #text: Text;
  readonly #budget: Budget;
  readonly #bytes: Uint8Array;
  #marks: readonly number[] | undefined;
  #lines = 0;

  private constructor(text: Text, budget: Budget, from: number, to: number) {
    this.#text = text;
    this.#budget = budget;
    this.#bytes = text.bytes.subarray(from, to);
    text.ropes++;
  }

  /** @param bytes of nobody else @throws {WebAssembly.RuntimeError} where there is no room for it */
  static of(bytes: Uint8Array, budget: Budget): Rope {
    budget.take(bytes.length, 'a rope');
    return new Rope({ bytes, ropes: 0 }, budget, 0, bytes.length);
  }

  /** One handle less. */
  release(): void {
    if (--this.#text.ropes === 0) this.#budget.give(this.#text.bytes.length);
  }

  get bytes(): Uint8Array {
    return this.#bytes;
  }

  get runes(): number {
    let count = 0;
    for (const byte of this.#bytes) if ((byte & 0xc0) !== 0x80) count++;
    return count;
  }

  get lines(): number {
    this.#index();
    return this.#lines;
  }

  clone(): Rope {
    return this.#part(0, this.#bytes.length);
  }

  /** From one end to the other, whichever comes first, within the text. @param inclusive with the character at the later one */
  slice(a: number, b: number, inclusive: boolean): Rope {
    const [from, to] = [this.#clamped(Math.min(a, b)), this.#clamped(Math.max(a, b))];
    return this.#part(from, inclusive ? this.#endOfRune(to) : to);
  }

  slicePoints(a: Cursor, b: Cursor, inclusive: boolean): Rope {
    return this.slice(this.offsetOf(a), this.offsetOf(b), inclusive);
  }

  /** Within the text, and within the line. */
  offsetOf({ line, column }: Cursor): number {
    const start = this.#lineStart(Math.max(0, Math.min(line, this.lines - 1)));
    return start + Math.max(0, Math.min(column, this.#lineEnd(start) - start));
  }

  /** Without its line break; 0 for a line that is not there. */
  lineLength(line: number): number {
    if (line < 0 || line >= this.lines) return 0;
    const start = this.#lineStart(line);
    return this.#lineEnd(start) - start;
  }

  /** Where it begins, from `start` on; undefined where it does not occur. */
  find(sub: Uint8Array, start: number): number | undefined {
    const [first] = sub;
    const last = this.#bytes.length - sub.length;
    let at = this.#clamped(start);
    if (first === undefined) return at;
    for (; at <= last; at++) {
      at = this.#bytes.indexOf(first, at);
      if (at === -1 || at > last) return undefined;
      if (sub.every((byte, i) => this.#bytes[at + i] === byte)) return at;
    }
    return undefined;
  }

  /** 0 behind the end of its line. */
  byteAt(cursor: Cursor): number {
    return this.#bytes[this.offsetOf(cursor)] ?? 0;
  }

  /** The character of a byte that begins or continues it; 0 behind the end. */
  runeAt(cursor: Cursor): number {
    let from = this.offsetOf(cursor);
    while (from > 0 && ((this.#bytes[from] ?? 0) & 0xc0) === 0x80) from--;
    const text = new TextDecoder().decode(this.#bytes.subarray(from, this.#endOfRune(from)));
    return text.codePointAt(0) ?? 0;
  }

  /** None for what is not a regular expression. @throws {WebAssembly.RuntimeError} for too many */
  findAll(pattern: string): Selection[] {
    let regex: RegExp;
    try {
      regex = new RegExp(pattern, 'gmu');
    } catch {
      return [];
    }
    const text = new TextDecoder('utf-8', { ignoreBOM: true }).decode(this.#bytes);
    const found: Selection[] = [];
    const walk = new Walk(text);
    for (const match of text.matchAll(regex)) {
      if (found.length === MOST_MATCHES) throw trap(`\`find-all\` found more than ${MOST_MATCHES} places`);
      const first = walk.to(match.index);
      found.push({ first, last: walk.to(match.index + match[0].length) });
    }
    return found;
  }

  #part(from: number, to: number): Rope {
    const start = this.#bytes.byteOffset - this.#text.bytes.byteOffset;
    return new Rope(this.#text, this.#budget, start + from, start + to);
  }

  #clamped(at: number): number {
    return Math.max(0, Math.min(at, this.#bytes.length));
  }

  #endOfRune(at: number): number {
    let end = Math.min(at + 1, this.#bytes.length);
    while (end < this.#bytes.length && ((this.#bytes[end] ?? 0) & 0xc0) === 0x80) end++;
    return end;
  }

  #lineEnd(start: number): number {
    const end = this.#bytes.indexOf(NEWLINE, start);
    return end === -1 ? this.#bytes.length : end;
  }

  #lineStart(line: number): number {
    let start = this.#index()[Math.floor(line / LINES_A_MARK)] ?? 0;
    for (let left = line % LINES_A_MARK; left > 0; left--) start = this.#lineEnd(start) + 1;
    return start;
  }

  #index(): readonly number[] {
    if (this.#marks) return this.#marks;
    const marks = [0];
    let lines = 1;
    for (let at = this.#bytes.indexOf(NEWLINE); at !== -1; at = this.#bytes.indexOf(NEWLINE, at + 1)) {
      if (lines % LINES_A_MARK === 0) marks.push(at + 1);
      lines++;
    }
    this.#lines = lines;
    this.#marks = marks;
    return marks;
  }
}

/** Goes through a text from one place to a later one, counting lines and bytes. */
class Walk {
  readonly #text: string;
  #at = 0;
  #line = 0;
  #column = 0;

  constructor(text: string) {
    this.#text = text;
  }

  /** @param index in UTF-16 units, not before the one of the call before */
  to(index: number): Cursor {
    while (this.#at < index) {
      const code = this.#text.codePointAt(this.#at) ?? 0;
      this.#at += code > 0xffff ? 2 : 1;
      if (code === NEWLINE) {
        this.#line++;
        this.#column = 0;
      } else this.#column += code < 0x80 ? 1 : code < 0x800 ? 2 : code <= 0xffff ? 3 : 4;
    }
    return { line: this.#line, column: this.#column };
  }
}
