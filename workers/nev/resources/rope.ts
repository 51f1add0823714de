// Ropes: text that never changes, so that copies and slices are views of the same bytes. Lines and columns count from 0, columns in
// bytes of UTF-8.

import type { Budget } from '../../../src/runtime/wire/abi/budget.ts';
import { findAll } from './find-all.ts';
import type { Cursor, Selection } from './selection.ts';

/** What several ropes show parts of. */
interface Text {
  readonly bytes: Uint8Array;
  ropes: number;
}

/** A byte order mark is a character like others. */
const decoder = new TextDecoder('utf-8', { ignoreBOM: true });
const NEWLINE = 10;
/** Of so many lines the place of the first is kept. */
const LINES_A_MARK = 256;

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
    return decoder.decode(this.#bytes.subarray(from, this.#endOfRune(from))).codePointAt(0) ?? 0;
  }

  /** Undefined for what is not a regular expression. @throws {WebAssembly.RuntimeError} for too many */
  findAll(pattern: string): Selection[] | undefined {
    return findAll(this.#bytes, pattern);
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
