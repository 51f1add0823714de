// `wasi:io/streams`: bytes that a guest reads or writes.
// https://github.com/WebAssembly/WASI/blob/main/proposals/io/wit/streams.wit

import { failure, IoError } from './errors.ts';
import { Pollable } from './pollable.ts';

/** What may be written at one go, in bytes; a guest asks for that first. */
export const MOST_WRITE = 64n << 10n;

const CLOSED = { tag: 'closed' } as const;

/** Where written bytes go. @throws {Error} what the guest hears of as the failure of its write */
export interface Sink {
  write(bytes: Uint8Array): void;
}

/** Where bytes come from. @returns at most `most` of them; undefined at the end @throws as {@link Sink} */
export interface Source {
  read(most: number): Uint8Array | undefined;
}

export class InputStream {
  readonly #source: Source;

  constructor(source: Source) {
    this.#source = source;
  }

  read(most: bigint): Uint8Array {
    let bytes: Uint8Array | undefined;
    try {
      bytes = this.#source.read(Number(most < MOST_WRITE ? most : MOST_WRITE));
    } catch (thrown) {
      throw lastOperation(thrown);
    }
    if (!bytes) throw failure(CLOSED);
    return bytes;
  }

  blockingRead(most: bigint): Uint8Array {
    return this.read(most);
  }

  skip(most: bigint): bigint {
    return BigInt(this.read(most).length);
  }

  blockingSkip(most: bigint): bigint {
    return this.skip(most);
  }

  subscribe(): Pollable {
    return new Pollable();
  }
}

export class OutputStream {
  readonly #sink: Sink;

  constructor(sink: Sink) {
    this.#sink = sink;
  }

  checkWrite(): bigint {
    return MOST_WRITE;
  }

  write(bytes: Uint8Array): void {
    try {
      this.#sink.write(bytes);
    } catch (thrown) {
      throw lastOperation(thrown);
    }
  }

  blockingWriteAndFlush(bytes: Uint8Array): void {
    this.write(bytes);
  }

  flush(): void {
    // What was written is gone already.
  }

  blockingFlush(): void {
    this.flush();
  }

  writeZeroes(count: bigint): void {
    if (count > MOST_WRITE) throw failure(CLOSED);
    this.write(new Uint8Array(Number(count)));
  }

  blockingWriteZeroesAndFlush(count: bigint): void {
    this.writeZeroes(count);
  }

  splice(source: InputStream, most: bigint): bigint {
    const bytes = source.read(most);
    this.write(bytes);
    return BigInt(bytes.length);
  }

  blockingSplice(source: InputStream, most: bigint): bigint {
    return this.splice(source, most);
  }

  subscribe(): Pollable {
    return new Pollable();
  }
}

function lastOperation(thrown: unknown): Error {
  const val = thrown instanceof IoError ? thrown : new IoError(String(thrown));
  return failure({ tag: 'last-operation-failed', val });
}
