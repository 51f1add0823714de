// The three standard streams, which are all the files that a guest has: input is at its end, output becomes log lines.

import { EBADF, ENOTSUP, SUCCESS } from '../../src/files/errno.ts';
import type { LogLines } from '../log-lines.ts';

type Stream = 'stdin' | 'stdout' | 'stderr';

/** https://github.com/WebAssembly/WASI/blob/wasi-0.1/preview1/docs.md#filetype */
const CHARACTER_DEVICE = 2;
/** Rights. */
const FD_READ = 1 << 1;
const FD_WRITE = 1 << 6;

export class Streams {
  /** By descriptor. */
  readonly #open = new Map<number, Stream>([
    [0, 'stdin'],
    [1, 'stdout'],
    [2, 'stderr'],
  ]);
  readonly #logs: LogLines | undefined;

  constructor(logs?: LogLines) {
    this.#logs = logs;
  }

  has(fd: number): boolean {
    return this.#open.has(fd);
  }

  close(fd: number): number {
    return this.#open.delete(fd) ? SUCCESS : EBADF;
  }

  renumber(from: number, to: number): number {
    const stream = this.#open.get(from);
    if (!stream || !this.#open.has(to)) return EBADF;
    return this.move(from, to);
  }

  /** Gives an open stream another number, whatever had that. */
  move(from: number, to: number): number {
    const stream = this.#open.get(from);
    if (!stream) return EBADF;
    this.#open.delete(from);
    this.#open.set(to, stream);
    return SUCCESS;
  }

  /** `fdstat`: its type, no flags, and what may be done with it. */
  fdstat(fd: number, status: Uint8Array): number {
    const stream = this.#open.get(fd);
    if (!stream) return EBADF;
    status.fill(0);
    status[0] = CHARACTER_DEVICE;
    status[8] = stream === 'stdin' ? FD_READ : FD_WRITE;
    return SUCCESS;
  }

  /** `filestat`: its type, and no size or time. */
  filestat(fd: number, status: Uint8Array): number {
    if (!this.#open.has(fd)) return EBADF;
    status.fill(0);
    status[16] = CHARACTER_DEVICE;
    return SUCCESS;
  }

  /** Nothing was read: the end of the input. */
  read(fd: number): number {
    const stream = this.#open.get(fd);
    if (!stream) return EBADF;
    return stream === 'stdin' ? SUCCESS : ENOTSUP;
  }

  write(fd: number, pieces: readonly Uint8Array[]): number {
    const stream = this.#open.get(fd);
    if (!stream || stream === 'stdin') return EBADF;
    for (const piece of pieces) this.#logs?.stream(stream, piece);
    return SUCCESS;
  }
}
