// All of WASI preview 1: what every worker has, with arguments, an environment, and files on whatever is not a standard stream.
// https://github.com/WebAssembly/WASI/blob/wasi-0.1/preview1/docs.md

import { EINVAL, ENOTSOCK, SUCCESS } from '../../../src/files/errno.ts';
import type { OperationName } from '../../../src/files/operations.ts';
import { FIRST_DESCRIPTOR } from '../../../src/files/session/descriptors.ts';
import type { GuestMemory } from '../guest-memory.ts';
import { MOST_PIECES, type Run } from '../preview1.ts';
import type { Streams } from '../streams.ts';
import { type FileCalls, then } from './file-calls.ts';

export interface FullDeps {
  memory(): GuestMemory;
  readonly streams: Streams;
  readonly files: FileCalls;
  /** Each ends with a 0, as guests read them. */
  readonly args: readonly Uint8Array[];
  readonly environment: readonly Uint8Array[];
  /** Most bytes that are read or written at once. */
  readonly mostBytes: number;
}

const SOCKETS = ['sock_accept', 'sock_recv', 'sock_send', 'sock_shutdown'];

type Errno = number | Promise<number>;
type Raw = number | bigint;

const NOTHING = new Uint8Array();

/** A number of a guest's, in 64 bits. */
const n = (raw: Raw): bigint => BigInt(raw);

/** @param plain those that every worker has, which serve the standard streams */
export function fullFunctions(plain: Record<string, Run>, deps: FullDeps): Record<string, Run> {
  const { streams, files, mostBytes } = deps;
  const view = (): DataView => new DataView(deps.memory().buffer);
  const bytes = (at: number, length: number): Uint8Array<ArrayBuffer> =>
    new Uint8Array(deps.memory().buffer, at, length);
  const copy = (at: number, length: number): Uint8Array<ArrayBuffer> => bytes(at, length).slice();

  /** Where `room` bytes of the guest are to be written, they are looked at before anything is done. @throws {RangeError} */
  const run = (
    name: OperationName,
    numbers: readonly Raw[],
    one: Uint8Array = NOTHING,
    other: Uint8Array = NOTHING,
    write: (result: Uint8Array) => void = () => undefined,
  ): Errno =>
    then(files.run(name, numbers.map(n), one, other), (answer) => {
      const errno = new DataView(answer.buffer, answer.byteOffset).getUint16(0, true);
      if (errno === SUCCESS) write(answer.subarray(2));
      return errno;
    });
  /** Writes what comes to one place of so many bytes. */
  const into = (at: number, room: number): ((result: Uint8Array) => void) => {
    bytes(at, room);
    return (result) => bytes(at, room).set(result.subarray(0, room));
  };
  /** The same, with the number of bytes beside it. */
  const countedInto = (at: number, room: number, done: number): ((result: Uint8Array) => void) => {
    const write = into(at, room);
    bytes(done, 4);
    return (result) => {
      write(result);
      view().setUint32(done, Math.min(result.length, room), true);
    };
  };
  /** Addresses and lengths of buffers, at most `mostBytes` together. @throws {RangeError} */
  const piecesOf = (at: number, count: number, done: number): (readonly [at: number, length: number])[] => {
    bytes(done, 4);
    let room = mostBytes;
    return Array.from({ length: count }, (_, i) => {
      const piece = at + i * 8;
      const [from, length] = [view().getUint32(piece, true), view().getUint32(piece + 4, true)];
      bytes(from, length);
      const taken = Math.min(length, room);
      room -= taken;
      return [from, taken] as const;
    });
  };
  const read = (name: 'fd_read' | 'fd_pread', at: number, count: number, done: number, numbers: readonly Raw[]) => {
    if (count > MOST_PIECES) return EINVAL;
    const pieces = piecesOf(at, count, done);
    const most = pieces.reduce((sum, [, length]) => sum + length, 0);
    return run(name, [...numbers, most], NOTHING, NOTHING, (result) => {
      let taken = 0;
      for (const [to, length] of pieces) {
        const part = result.subarray(taken, taken + length);
        bytes(to, part.length).set(part);
        taken += part.length;
      }
      view().setUint32(done, taken, true);
    });
  };
  const write = (name: 'fd_write' | 'fd_pwrite', at: number, count: number, done: number, numbers: readonly Raw[]) => {
    if (count > MOST_PIECES) return EINVAL;
    const pieces = piecesOf(at, count, done);
    const data = new Uint8Array(pieces.reduce((sum, [, length]) => sum + length, 0));
    let taken = 0;
    for (const [from, length] of pieces) {
      data.set(bytes(from, length), taken);
      taken += length;
    }
    return run(name, numbers, data, NOTHING, into(done, 4));
  };
  const texts = (list: readonly Uint8Array[]) => ({
    sizes(count: number, size: number) {
      bytes(size, 4);
      view().setUint32(count, list.length, true);
      view().setUint32(size, total(list), true);
      return SUCCESS;
    },
    get(pointers: number, at: number) {
      bytes(at, total(list));
      bytes(pointers, list.length * 4);
      let to = at;
      list.forEach((text, i) => {
        view().setUint32(pointers + i * 4, to, true);
        bytes(to, text.length).set(text);
        to += text.length;
      });
      return SUCCESS;
    },
  });
  const args = texts(deps.args);
  const environment = texts(deps.environment);

  const functions = {
    fd_advise: (fd: number, at: bigint, length: bigint, advice: number) => run('fd_advise', [fd, at, length, advice]),
    fd_allocate: (fd: number, at: bigint, length: bigint) => run('fd_allocate', [fd, at, length]),
    fd_datasync: (fd: number) => run('fd_datasync', [fd]),
    fd_fdstat_get: (fd: number, at: number) => run('fd_fdstat_get', [fd], NOTHING, NOTHING, into(at, 24)),
    fd_fdstat_set_flags: (fd: number, flags: number) => run('fd_fdstat_set_flags', [fd, flags]),
    fd_fdstat_set_rights: (fd: number, base: bigint, inheriting: bigint) =>
      run('fd_fdstat_set_rights', [fd, base, inheriting]),
    fd_filestat_get: (fd: number, at: number) => run('fd_filestat_get', [fd], NOTHING, NOTHING, into(at, 64)),
    fd_filestat_set_size: (fd: number, size: bigint) => run('fd_filestat_set_size', [fd, size]),
    fd_filestat_set_times: (fd: number, accessed: bigint, modified: bigint, flags: number) =>
      run('fd_filestat_set_times', [fd, accessed, modified, flags]),
    fd_pread: (fd: number, at: number, count: number, offset: bigint, done: number) =>
      read('fd_pread', at, count, done, [fd, offset]),
    fd_prestat_get: (fd: number, at: number) => {
      const write = into(at, 8);
      return run('fd_prestat_get', [fd], NOTHING, NOTHING, (length) => {
        const record = new Uint8Array(8);
        record.set(length, 4);
        write(record);
      });
    },
    fd_prestat_dir_name: (fd: number, at: number, room: number) =>
      run('fd_prestat_dir_name', [fd, room], NOTHING, NOTHING, into(at, room)),
    fd_pwrite: (fd: number, at: number, count: number, offset: bigint, done: number) =>
      write('fd_pwrite', at, count, done, [fd, offset]),
    fd_read: (fd: number, at: number, count: number, done: number) => read('fd_read', at, count, done, [fd]),
    fd_readdir: (fd: number, at: number, room: number, cookie: bigint, done: number) =>
      run('fd_readdir', [fd, Math.min(room, mostBytes), cookie], NOTHING, NOTHING, countedInto(at, room, done)),
    fd_seek: (fd: number, offset: bigint, whence: number, at: number) =>
      run('fd_seek', [fd, offset, whence], NOTHING, NOTHING, into(at, 8)),
    fd_sync: (fd: number) => run('fd_sync', [fd]),
    fd_tell: (fd: number, at: number) => run('fd_tell', [fd], NOTHING, NOTHING, into(at, 8)),
    fd_write: (fd: number, at: number, count: number, done: number) => write('fd_write', at, count, done, [fd]),
    path_create_directory: (fd: number, at: number, length: number) =>
      run('path_create_directory', [fd], copy(at, length)),
    path_filestat_get: (fd: number, flags: number, at: number, length: number, to: number) =>
      run('path_filestat_get', [fd, flags], copy(at, length), NOTHING, into(to, 64)),
    path_filestat_set_times: (
      fd: number,
      flags: number,
      at: number,
      length: number,
      accessed: bigint,
      modified: bigint,
      which: number,
    ) => run('path_filestat_set_times', [fd, flags, accessed, modified, which], copy(at, length)),
    path_link: (
      fd: number,
      flags: number,
      at: number,
      length: number,
      newFd: number,
      newAt: number,
      newLength: number,
    ) => run('path_link', [fd, flags, newFd], copy(at, length), copy(newAt, newLength)),
    path_open: (
      fd: number,
      lookup: number,
      at: number,
      length: number,
      openFlags: number,
      base: bigint,
      inheriting: bigint,
      flags: number,
      to: number,
    ) => run('path_open', [fd, lookup, openFlags, base, inheriting, flags], copy(at, length), NOTHING, into(to, 4)),
    path_readlink: (fd: number, at: number, length: number, to: number, room: number, done: number) =>
      run('path_readlink', [fd, room], copy(at, length), NOTHING, countedInto(to, room, done)),
    path_remove_directory: (fd: number, at: number, length: number) =>
      run('path_remove_directory', [fd], copy(at, length)),
    path_rename: (fd: number, at: number, length: number, newFd: number, newAt: number, newLength: number) =>
      run('path_rename', [fd, newFd], copy(at, length), copy(newAt, newLength)),
    path_unlink_file: (fd: number, at: number, length: number) => run('path_unlink_file', [fd], copy(at, length)),
  };

  /** A standard stream is served by what every worker has. */
  const split = Object.entries<CallableFunction>(functions).map(([name, ofFiles]) => {
    const ofStreams: CallableFunction | undefined = plain[name];
    return [name, (fd: number, ...rest: Raw[]) => (streams.has(fd) ? ofStreams : ofFiles)?.(fd, ...rest)];
  });

  return {
    ...plain,
    ...Object.fromEntries(split),
    // A file is no socket either.
    ...Object.fromEntries(
      SOCKETS.map((name) => [
        name,
        (fd: number): Errno =>
          streams.has(fd)
            ? ENOTSOCK
            : then(run('fd_fdstat_get', [fd]), (errno) => (errno === SUCCESS ? ENOTSOCK : errno)),
      ]),
    ),
    args_get: args.get,
    args_sizes_get: args.sizes,
    environ_get: environment.get,
    environ_sizes_get: environment.sizes,
    // Whoever keeps the files must know which numbers standard streams have, and no more of them.
    fd_close: ((fd: number): Errno => {
      if (!streams.has(fd)) return run('fd_close', [fd]);
      streams.close(fd);
      return fd < FIRST_DESCRIPTOR ? SUCCESS : run('fd_close', [fd]);
    }) as Run,
    fd_renumber: ((from: number, to: number): Errno =>
      then(run('fd_renumber', [from, to]), (errno) => {
        if (errno !== SUCCESS) return errno;
        if (streams.has(from)) return streams.move(from, to);
        streams.close(to);
        return SUCCESS;
      })) as Run,
    path_symlink: ((target: number, length: number, fd: number, at: number, pathLength: number): Errno => {
      if (streams.has(fd)) return plain.path_symlink?.(...([target, length, fd] as never[])) ?? EINVAL;
      return run('path_symlink', [fd], copy(target, length), copy(at, pathLength));
    }) as Run,
  };
}

/** Those of them that may wait for the page. */
export function waits(name: string): boolean {
  return /^(?:fd|path|sock)_/.test(name);
}

function total(list: readonly Uint8Array[]): number {
  return list.reduce((sum, { length }) => sum + length, 0);
}
