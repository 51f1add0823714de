// A cursor over hostile bytes: every read is checked, every failure says what was read and where.

import { ClocheError } from '../../src/errors.ts';

const utf8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

/** Real names stay far below; engines draw the line at 100,000: https://webassembly.github.io/spec/js-api/#limits */
const NAME_BYTES = 10_000;

export class WasmReader {
  at: number;

  constructor(
    readonly bytes: Uint8Array,
    at = 0,
    readonly end = bytes.length,
  ) {
    this.at = at;
  }

  get isAtEnd(): boolean {
    return this.at >= this.end;
  }

  u8(what: string): number {
    const byte = this.at < this.end ? this.bytes[this.at] : undefined;
    if (byte === undefined) throw this.fail(`${what} is cut off`);
    this.at += 1;
    return byte;
  }

  /**
   * LEB128 of 32 bits. Padding is common (linkers leave room for sizes), a sixth byte is not valid.
   * https://webassembly.github.io/spec/core/binary/values.html#integers
   */
  u32(what: string): number {
    let value = 0;
    for (let shift = 0; ; shift += 7) {
      const byte = this.u8(what);
      if (shift === 28 && byte > 0x0f) throw this.fail(`${what} is not a 32-bit number`);
      value |= (byte & 0x7f) << shift;
      if (byte < 0x80) return value >>> 0;
    }
  }

  /** Signed LEB128 of 33 bits, in which types are written. Beyond 32 bits a number no longer fits JavaScript's shifts. */
  s33(what: string): number {
    let value = 0;
    for (let shift = 0; ; shift += 7) {
      const byte = this.u8(what);
      if (shift === 28 && byte > 0x0f && (byte < 0x70 || byte > 0x7f))
        throw this.fail(`${what} is not a number of 33 bits`);
      value += (byte & 0x7f) * 2 ** shift;
      if (byte < 0x80) return byte < 0x40 ? value : value - 2 ** (shift + 7);
    }
  }

  /** A number of at most `most`, checked before anything loops or allocates by it. */
  count(what: string, most: number): number {
    const at = this.at;
    const value = this.u32(`Number of ${what}`);
    if (value <= most) return value;
    throw rejected(`Expected no more ${what} than ${most}, got ${value}`, at);
  }

  /** Passes over a signed LEB128 of at most `most` bytes; its value is the engine's business. */
  skipSigned(what: string, most: number): void {
    for (let read = 0; read < most; read += 1) {
      if (this.u8(what) < 0x80) return;
    }
    throw this.fail(`${what} is too long`);
  }

  skip(size: number, what: string): void {
    if (size > this.end - this.at) throw this.fail(`${what} is cut off`);
    this.at += size;
  }

  name(what: string): string {
    const size = this.count(`bytes in ${what}`, NAME_BYTES);
    const start = this.at;
    this.skip(size, what);
    try {
      return utf8.decode(this.bytes.subarray(start, this.at));
    } catch (cause) {
      throw rejected(`Expected ${what} to be UTF-8`, start, cause);
    }
  }

  fail(message: string): ClocheError {
    return rejected(message, this.at);
  }
}

/** The only error that reading or limiting a module throws. */
export function rejected(message: string, at: number, cause?: unknown): ClocheError {
  return new ClocheError('MODULE_REJECTED', `${message} (byte ${at} of the module)`, { cause });
}
