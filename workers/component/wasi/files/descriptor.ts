// `descriptor` of `wasi:filesystem`, over files as preview 1 has them.
// https://github.com/WebAssembly/WASI/blob/main/proposals/filesystem/wit/types.wit

import * as rights from '../../../../src/files/session/rights.ts';
import { dropped } from '../dispose.ts';
import { InputStream, MOST_WRITE, OutputStream } from '../streams.ts';
import { DirectoryEntryStream, entriesOf } from './directory.ts';
import { type DescriptorStat, fileTypeOf, identityOf, type NewTimestamp, statOf, timesOf } from './file-stat.ts';
import { bytesOf, type OpenFiles, textOf } from './open-files.ts';

interface Flags {
  readonly [name: string]: boolean | undefined;
}

const MOST_TARGET = 4_096n;
/** In the order of their bits. */
const OPEN_FLAGS = ['create', 'directory', 'exclusive', 'truncate'] as const;
const WRITES = rights.FD_WRITE | rights.FD_ALLOCATE | rights.FD_FILESTAT_SET_SIZE;
const ALWAYS = rights.ALL_RIGHTS & ~(WRITES | rights.FD_READ);

/** Bytes of a call, of the guest's wish and our cap. */
const within = (most: bigint): bigint => (most < MOST_WRITE ? most : MOST_WRITE);

export class Descriptor {
  readonly #files: OpenFiles;
  readonly #fd: bigint;
  readonly #flags: Flags;
  readonly #isPreopen: boolean;

  constructor(files: OpenFiles, fd: bigint, flags: Flags, isPreopen = false) {
    this.#files = files;
    this.#fd = fd;
    this.#flags = flags;
    this.#isPreopen = isPreopen;
  }

  readViaStream(offset: bigint): InputStream {
    let at = offset;
    return new InputStream({
      read: (most) => {
        const bytes = bytesOf(this.#files.stream('fd_pread', [this.#fd, at, BigInt(most)]));
        at += BigInt(bytes.length);
        return most > 0 && bytes.length === 0 ? undefined : bytes;
      },
    });
  }

  writeViaStream(offset: bigint): OutputStream {
    let at = offset;
    return this.#writing((bytes) => {
      this.#files.stream('fd_pwrite', [this.#fd, at], bytes);
      at += BigInt(bytes.length);
    });
  }

  appendViaStream(): OutputStream {
    return this.#writing((bytes) => {
      const end = statOf(this.#files.stream('fd_filestat_get', [this.#fd])).size;
      this.#files.stream('fd_pwrite', [this.#fd, end], bytes);
    });
  }

  advise(offset: bigint, length: bigint): void {
    this.#files.run('fd_advise', [this.#fd, offset, length, 0n]);
  }

  syncData(): void {
    this.#files.run('fd_datasync', [this.#fd]);
  }

  sync(): void {
    this.#files.run('fd_sync', [this.#fd]);
  }

  getFlags(): Flags {
    return this.#flags;
  }

  getType(): string {
    return fileTypeOf(this.#files.run('fd_fdstat_get', [this.#fd]).getUint8(0));
  }

  setSize(size: bigint): void {
    this.#files.run('fd_filestat_set_size', [this.#fd, size]);
  }

  setTimes(accessed: NewTimestamp, modified: NewTimestamp): void {
    this.#files.run('fd_filestat_set_times', [this.#fd, ...timesOf(accessed, modified)]);
  }

  /** @returns the bytes, and whether that is the end */
  read(length: bigint, offset: bigint): [Uint8Array, boolean] {
    const most = within(length);
    const bytes = bytesOf(this.#files.run('fd_pread', [this.#fd, offset, most]));
    return [bytes, BigInt(bytes.length) < most];
  }

  write(bytes: Uint8Array, offset: bigint): bigint {
    return BigInt(this.#files.run('fd_pwrite', [this.#fd, offset], bytes.slice()).getUint32(0, true));
  }

  readDirectory(): DirectoryEntryStream {
    return new DirectoryEntryStream(entriesOf(this.#files, this.#fd));
  }

  stat(): DescriptorStat {
    return statOf(this.#files.run('fd_filestat_get', [this.#fd]));
  }

  metadataHash(): { lower: bigint; upper: bigint } {
    return identityOf(this.#files.run('fd_filestat_get', [this.#fd]));
  }

  isSameObject(other: Descriptor): boolean {
    const [mine, its] = [this.metadataHash(), other.metadataHash()];
    return mine.lower === its.lower && mine.upper === its.upper;
  }

  createDirectoryAt(path: string): void {
    this.#files.run('path_create_directory', [this.#fd], utf8(path));
  }

  statAt(pathFlags: Flags, path: string): DescriptorStat {
    return statOf(this.#statAt(pathFlags, path));
  }

  metadataHashAt(pathFlags: Flags, path: string): { lower: bigint; upper: bigint } {
    return identityOf(this.#statAt(pathFlags, path));
  }

  setTimesAt(pathFlags: Flags, path: string, accessed: NewTimestamp, modified: NewTimestamp): void {
    const numbers = [this.#fd, lookup(pathFlags), ...timesOf(accessed, modified)];
    this.#files.run('path_filestat_set_times', numbers, utf8(path));
  }

  linkAt(pathFlags: Flags, path: string, to: Descriptor, newPath: string): void {
    this.#files.run('path_link', [this.#fd, lookup(pathFlags), to.#fd], utf8(path), utf8(newPath));
  }

  openAt(pathFlags: Flags, path: string, openFlags: Flags, flags: Flags): Descriptor {
    const how = OPEN_FLAGS.reduce((bits, name, place) => bits | (openFlags[name] ? 1n << BigInt(place) : 0n), 0n);
    const base = ALWAYS | (flags.read ? rights.FD_READ : 0n) | (flags.write ? WRITES : 0n);
    const numbers = [this.#fd, lookup(pathFlags), how, base, rights.ALL_RIGHTS, 0n];
    const fd = this.#files.run('path_open', numbers, utf8(path)).getUint32(0, true);
    return new Descriptor(this.#files, BigInt(fd), flags);
  }

  readlinkAt(path: string): string {
    return textOf(this.#files.run('path_readlink', [this.#fd, MOST_TARGET], utf8(path)));
  }

  removeDirectoryAt(path: string): void {
    this.#files.run('path_remove_directory', [this.#fd], utf8(path));
  }

  renameAt(path: string, to: Descriptor, newPath: string): void {
    this.#files.run('path_rename', [this.#fd, to.#fd], utf8(path), utf8(newPath));
  }

  symlinkAt(target: string, path: string): void {
    this.#files.run('path_symlink', [this.#fd], utf8(target), utf8(path));
  }

  unlinkFileAt(path: string): void {
    this.#files.run('path_unlink_file', [this.#fd], utf8(path));
  }

  /** What a guest found open it may ask for again. */
  [dropped](): void {
    if (!this.#isPreopen) this.#files.close(this.#fd);
  }

  #statAt(pathFlags: Flags, path: string): DataView {
    return this.#files.run('path_filestat_get', [this.#fd, lookup(pathFlags)], utf8(path));
  }

  #writing(write: (bytes: Uint8Array) => void): OutputStream {
    // A copy: what is written is done again by the page later.
    return new OutputStream({ write: (bytes) => write(bytes.slice()) });
  }
}

function lookup(flags: Flags): bigint {
  return flags.symlinkFollow ? 1n : 0n;
}

function utf8(text: string): Uint8Array<ArrayBuffer> {
  return new TextEncoder().encode(text);
}
