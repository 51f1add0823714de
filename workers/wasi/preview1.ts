// WASI preview 1 for one instance: no arguments, environment, files or network; a clock, random numbers,
// and standard output as log lines. Written for that: a shim with files and sockets is 9 kB more of each worker's text.
// https://github.com/WebAssembly/WASI/blob/wasi-0.1/preview1/docs.md

import { EBADF, EFAULT, EINVAL, ENOSYS, ENOTDIR, ENOTSOCK, ENOTSUP, SUCCESS } from '../../src/files/errno.ts';
import type { StartRequest } from '../../src/runtime/wire/protocol.ts';
import { isStackOverflow } from '../failures.ts';
import type { LogLines } from '../log-lines.ts';
import { Clock, MONOTONIC, REALTIME } from './clock.ts';
import { ProcExit } from './exit.ts';
import { type GuestMemory, NO_MEMORY } from './guest-memory.ts';
import { pollOneoff } from './poll.ts';
import { Streams } from './streams.ts';

/** Most buffers, or subscriptions, of one call: what POSIX calls IOV_MAX. Each becomes an object here. */
export const MOST_PIECES = 1_024;

/** Most bytes that `getRandomValues` gives at once. */
const MOST_RANDOM = 65_536;

export interface Wasi {
  readonly imports: Record<string, CallableFunction>;
  /** Tells it whose memory to use, before the instance's first code runs outside its start function. */
  attach(instance: WebAssembly.Instance): void;
}

/** What a plugin finds as its WASI, where that is not the part that every worker has. */
export interface WasiSystem {
  /** Before an instance is made; what came before it is gone. */
  begin(): Promise<void>;
  /** Before a call of that instance. */
  enter(): Promise<void>;
  /** For one module of that instance. */
  newWasi(clock: Clock): Wasi;
  /** When the guest was left, however that came. @throws what keeps what it has done from being kept */
  settle(): Promise<void>;
}

/** Numbers without a sign; an i64 is a bigint. */
export type Run = (...args: never[]) => number;

export function makeWasi(logs: LogLines, clock: Clock): Wasi {
  let memory = NO_MEMORY;
  const functions = functionsOver(() => memory, new Streams(logs), clock);
  return {
    imports: Object.fromEntries(Object.entries(functions).map(([name, run]) => [name, guarded(run)])),
    attach(instance) {
      memory = memoryOf(instance);
    },
  };
}

/** A pointer outside memory is EFAULT, as natively, and comes without a sign. */
export function guarded(run: Run): CallableFunction {
  return (...args: (number | bigint)[]): number => {
    try {
      return run(...(args.map((arg) => (typeof arg === 'number' ? arg >>> 0 : arg)) as never[]));
    } catch (thrown) {
      if (thrown instanceof RangeError && !isStackOverflow(thrown)) return EFAULT;
      throw thrown;
    }
  };
}

/** What a standard stream answers, where no more is to be done than to see that the descriptor is one. */
const OF_STREAMS: readonly (readonly [errno: number, names: string])[] = [
  [SUCCESS, 'fd_advise fd_datasync fd_sync'],
  [ENOTDIR, 'path_open'],
  [
    ENOTSUP,
    'fd_allocate fd_fdstat_set_flags fd_fdstat_set_rights fd_filestat_set_size fd_filestat_set_times fd_pread ' +
      'fd_prestat_dir_name fd_prestat_get fd_pwrite fd_readdir fd_seek fd_tell path_create_directory path_filestat_get ' +
      'path_filestat_set_times path_link path_readlink path_remove_directory path_rename path_unlink_file',
  ],
];

export function functionsOver(memory: () => GuestMemory, streams: Streams, clock: Clock): Record<string, Run> {
  const view = (): DataView => new DataView(memory().buffer);
  const bytes = (at: number, length: number): Uint8Array<ArrayBuffer> => new Uint8Array(memory().buffer, at, length);
  const writeBoth = (first: number, second: number): number => {
    view().setUint32(first, 0, true);
    view().setUint32(second, 0, true);
    return SUCCESS;
  };
  /** Each before anything is read or written; `done` is where the count goes. @throws {RangeError} */
  const piecesOf = (at: number, count: number, done: number): Uint8Array[] => {
    view().getUint32(done);
    return Array.from({ length: count }, (_, i) => {
      const piece = at + i * 8;
      return bytes(view().getUint32(piece, true), view().getUint32(piece + 4, true));
    });
  };
  const named = (names: string, run: (name: string) => Run): Record<string, Run> =>
    Object.fromEntries(names.split(' ').map((name) => [name, run(name)]));

  return {
    ...named('args_get environ_get sched_yield', () => () => SUCCESS),
    ...named('args_sizes_get environ_sizes_get', () => writeBoth),
    ...named('sock_accept sock_recv sock_send sock_shutdown', () => () => ENOTSOCK),
    ...Object.assign(
      {},
      ...OF_STREAMS.map(([errno, names]) => named(names, () => (fd: number) => (streams.has(fd) ? errno : EBADF))),
    ),
    path_symlink: (_path: number, _length: number, fd: number) => (streams.has(fd) ? ENOTSUP : EBADF),

    clock_res_get(id: number, at: number) {
      if (id !== REALTIME && id !== MONOTONIC) return ENOSYS;
      view().setBigUint64(at, clock.resolution(id), true);
      return SUCCESS;
    },
    clock_time_get(id: number, _precision: bigint, at: number) {
      view().setBigUint64(at, clock.time(id), true);
      return SUCCESS;
    },

    fd_close: (fd: number) => streams.close(fd),
    fd_fdstat_get: (fd: number, at: number) => streams.fdstat(fd, bytes(at, 24)),
    fd_filestat_get: (fd: number, at: number) => streams.filestat(fd, bytes(at, 64)),
    fd_renumber: (from: number, to: number) => streams.renumber(from, to),
    fd_read(fd: number, at: number, count: number, done: number) {
      if (count > MOST_PIECES) return EINVAL;
      piecesOf(at, count, done);
      view().setUint32(done, 0, true);
      return streams.read(fd);
    },
    fd_write(fd: number, at: number, count: number, done: number) {
      if (count > MOST_PIECES) return EINVAL;
      const pieces = piecesOf(at, count, done);
      const errno = streams.write(fd, pieces);
      const written = errno === SUCCESS ? pieces.reduce((sum, { length }) => sum + length, 0) : 0;
      view().setUint32(done, written, true);
      return errno;
    },

    poll_oneoff: (from: number, to: number, count: number, done: number) =>
      count > MOST_PIECES ? EINVAL : pollOneoff(memory(), clock, [from, to, count, done]),
    random_get(at: number, length: number) {
      const random = bytes(at, length);
      for (let i = 0; i < length; i += MOST_RANDOM) crypto.getRandomValues(random.subarray(i, i + MOST_RANDOM));
      return SUCCESS;
    },
    proc_exit(code: number) {
      throw new ProcExit(code | 0);
    },
    proc_raise: () => ENOTSUP,
  };
}

/** What a libc asks for as it starts, standard streams, and an exit. */
const REDUCED: ReadonlySet<string> = new Set(
  'clock_time_get environ_get environ_sizes_get fd_close fd_fdstat_get fd_read fd_seek fd_write proc_exit'.split(' '),
);

/** Of all functions, once somebody asks. */
let functionNames: ReadonlySet<string> | undefined;

/** Why a module may not import a function of this name; it is refused before it is linked. Undefined where it may. */
export function problemWithWasi(
  name: string,
  { guest, wasi }: Pick<StartRequest, 'guest' | 'wasi'>,
): string | undefined {
  functionNames ??= new Set(Object.keys(functionsOver(() => NO_MEMORY, new Streams(), new Clock('none'))));
  if (!functionNames.has(name)) return 'not a function of WASI preview 1';
  if (guest.wasi !== 'preview1' || wasi === 'none') return 'WASI, which this plugin may not use';
  return wasi === 'full' || REDUCED.has(name) ? undefined : 'not in the part of WASI that this plugin may use';
}

export function memoryOf({ exports }: WebAssembly.Instance): GuestMemory {
  const memory = exports.memory ?? Object.values(exports).find((value) => value instanceof WebAssembly.Memory);
  // A module without a memory of its own cannot call WASI with anything to point at.
  return memory instanceof WebAssembly.Memory ? memory : NO_MEMORY;
}
