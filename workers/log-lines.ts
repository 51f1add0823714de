// Log lines on their way out. They are sent at once, so that a guest which is killed has been heard,
// and held back here when they become a flood, so that the page does not drown.

import type { LogLevel, LogMessage, LogSource } from '../src/runtime/wire/protocol.ts';
import type { PagePort } from './page-port.ts';

/** The page cuts at `logLines` a minute and counts what it cuts; this only keeps a flood from reaching it. */
const LINES_A_SECOND = 1_000;

export class LogLines {
  readonly #page: PagePort;
  readonly #lineBytes: number;
  readonly #streams = new Map<LogSource, LineSplitter>();
  #second = 0;
  #sent = 0;

  /** @param lineBytes longest line, in bytes */
  constructor(page: PagePort, lineBytes: number) {
    this.#page = page;
    this.#lineBytes = lineBytes;
  }

  write(level: LogLevel, source: LogSource, line: Uint8Array): void {
    const second = Math.floor(performance.now() / 1_000);
    if (second !== this.#second) [this.#second, this.#sent] = [second, 0];
    if (++this.#sent > LINES_A_SECOND) return;
    // One byte over the cap tells the page that the line was longer.
    const text = new TextDecoder().decode(line.subarray(0, this.#lineBytes + 1));
    const message: LogMessage = { type: 'LOG', level, source, text };
    this.#page.say(message);
  }

  /** Bytes of a standard stream, in whatever pieces the guest writes them. */
  stream(source: 'stdout' | 'stderr', bytes: Uint8Array): void {
    let splitter = this.#streams.get(source);
    if (!splitter) {
      const level: LogLevel = source === 'stdout' ? 'info' : 'warn';
      splitter = new LineSplitter(this.#lineBytes + 1, (line) => this.write(level, source, line));
      this.#streams.set(source, splitter);
    }
    splitter.push(bytes);
  }

  /** The end of a call ends an unfinished line. */
  flush(): void {
    for (const splitter of this.#streams.values()) splitter.flush();
  }
}

const NEWLINE = 10;

/** Splits bytes at newlines, holding no more than `most` of one line. */
class LineSplitter {
  readonly #line: Uint8Array;
  readonly #emit: (line: Uint8Array) => void;
  #length = 0;

  constructor(most: number, emit: (line: Uint8Array) => void) {
    this.#line = new Uint8Array(most);
    this.#emit = emit;
  }

  push(bytes: Uint8Array): void {
    let from = 0;
    for (;;) {
      const end = bytes.indexOf(NEWLINE, from);
      this.#keep(bytes.subarray(from, end === -1 ? undefined : end));
      if (end === -1) return;
      this.#emit(this.#line.subarray(0, this.#length));
      this.#length = 0;
      from = end + 1;
    }
  }

  flush(): void {
    if (this.#length > 0) this.#emit(this.#line.subarray(0, this.#length));
    this.#length = 0;
  }

  #keep(bytes: Uint8Array): void {
    const room = bytes.subarray(0, this.#line.length - this.#length);
    this.#line.set(room, this.#length);
    this.#length += room.length;
  }
}
