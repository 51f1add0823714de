// Operations on what is open.

import { EACCES, EBADF, EINVAL, EISDIR, ENAMETOOLONG, ENOENT, ENOTCAPABLE, ENOTSUP, Refused } from '../errno.ts';
import type { Operation, OperationName } from '../operations.ts';
import type { FileNode, FolderNode, Node } from '../volume/nodes.ts';
import { FIRST_PLACE, type Volume } from '../volume/volume.ts';
import { mayKnow } from '../walk.ts';
import type { Descriptor } from './descriptors.ts';
import { u32, u64, unsigned } from './numbers.ts';
import * as rights from './rights.ts';
import type { SessionContext } from './session-context.ts';
import { dirent, fdstat, filestat } from './stat.ts';
import { setTimes } from './times.ts';

const APPEND = 1;
const ALL_FLAGS = 31;
const MOST_OFFSET = 2n ** 63n - 1n;

/** `whence` of `fd_seek`. */
const SET = 0n;
const CURRENT = 1n;
const END = 2n;

type FileDescriptor = Descriptor & { readonly node: FileNode };
export type FileOperation = Extract<OperationName, `fd_${string}`>;

export function fileOperations({ open, access, deviceOf }: SessionContext): Record<FileOperation, Operation> {
  const fdOf = (numbers: readonly bigint[]): number => Number(numbers[0]);
  /** @throws {Refused} */
  const file = (numbers: readonly bigint[], right: bigint, way?: 'read' | 'write'): FileDescriptor => {
    const found = open.get(fdOf(numbers));
    if (!isFile(found)) throw new Refused(EISDIR);
    // As POSIX has it, which guests know: read from what is open for writing alone is no descriptor to read from.
    if ((right === rights.FD_READ || right === rights.FD_WRITE) && !(found.base & right)) throw new Refused(EBADF);
    open.get(fdOf(numbers), right);
    if (way && !access.may(way, found.path)) throw new Refused(EACCES);
    return found;
  };
  const read = ({ volume, node }: FileDescriptor, at: bigint, most: bigint): Uint8Array<ArrayBuffer> => {
    if (at >= BigInt(node.size)) return new Uint8Array();
    return volume.read(node, Number(at), Number(most));
  };
  const write = ({ volume, node }: FileDescriptor, at: bigint, data: Uint8Array): Uint8Array<ArrayBuffer> => {
    volume.write(node, Number(at), data);
    return u32(data.length);
  };

  return {
    fd_advise(numbers) {
      file(numbers, rights.FD_ADVISE);
      if (unsigned(numbers[3]) > 5n) throw new Refused(EINVAL);
      return undefined;
    },
    fd_allocate(numbers) {
      const { volume, node } = file(numbers, rights.FD_ALLOCATE, 'write');
      const end = unsigned(numbers[1]) + unsigned(numbers[2]);
      if (numbers[2] === 0n) throw new Refused(EINVAL);
      if (end > BigInt(node.size)) volume.resize(node, sizeIn(end));
      return undefined;
    },
    fd_close(numbers) {
      open.close(fdOf(numbers));
      return undefined;
    },
    fd_datasync(numbers) {
      open.get(fdOf(numbers), rights.FD_DATASYNC);
      return undefined;
    },
    fd_fdstat_get(numbers) {
      const { node, flags, base, inheriting } = open.get(fdOf(numbers));
      return fdstat(node, flags, base, inheriting);
    },
    fd_fdstat_set_flags(numbers) {
      const found = open.get(fdOf(numbers), rights.FD_FDSTAT_SET_FLAGS);
      const flags = Number(numbers[1]);
      if (flags < 0 || flags > ALL_FLAGS) throw new Refused(EINVAL);
      found.flags = flags;
      return undefined;
    },
    fd_fdstat_set_rights(numbers) {
      const found = open.get(fdOf(numbers));
      const [base, inheriting] = [unsigned(numbers[1]), unsigned(numbers[2])];
      if (base & ~found.base || inheriting & ~found.inheriting) throw new Refused(ENOTCAPABLE);
      found.base = base;
      found.inheriting = inheriting;
      return undefined;
    },
    fd_filestat_get(numbers) {
      const found = open.get(fdOf(numbers), rights.FD_FILESTAT_GET);
      if (!mayStat(found)) throw new Refused(EACCES);
      return filestat(found.node, deviceOf(found.volume));
    },
    fd_filestat_set_size(numbers) {
      const { volume, node } = file(numbers, rights.FD_FILESTAT_SET_SIZE, 'write');
      volume.resize(node, sizeIn(unsigned(numbers[1])));
      return undefined;
    },
    fd_filestat_set_times(numbers) {
      const { volume, node, path } = open.get(fdOf(numbers), rights.FD_FILESTAT_SET_TIMES);
      if (!access.may('write', currentPath(volume, node, path))) throw new Refused(EACCES);
      setTimes(volume, node, unsigned(numbers[1]), unsigned(numbers[2]), Number(numbers[3]));
      return undefined;
    },
    fd_pread(numbers) {
      const found = file(numbers, rights.FD_READ, 'read');
      open.get(fdOf(numbers), rights.FD_SEEK);
      return read(found, unsigned(numbers[1]), unsigned(numbers[2]));
    },
    fd_prestat_get(numbers) {
      return u32(preopenOf(open.get(fdOf(numbers))).length);
    },
    fd_prestat_dir_name(numbers) {
      const name = preopenOf(open.get(fdOf(numbers)));
      if (unsigned(numbers[1]) < BigInt(name.length)) throw new Refused(ENAMETOOLONG);
      return name;
    },
    fd_pwrite(numbers, data) {
      const found = file(numbers, rights.FD_WRITE, 'write');
      open.get(fdOf(numbers), rights.FD_SEEK);
      const at = found.flags & APPEND ? BigInt(found.node.size) : unsigned(numbers[1]);
      if (data.length > 0) sizeIn(at + BigInt(data.length));
      return write(found, at, data);
    },
    fd_read(numbers) {
      const found = file(numbers, rights.FD_READ, 'read');
      const bytes = read(found, found.at, unsigned(numbers[1]));
      found.at += BigInt(bytes.length);
      return bytes;
    },
    fd_readdir(numbers) {
      const { volume, node } = open.folder(fdOf(numbers), rights.FD_READDIR);
      const path = volume.pathOf(node);
      if (path === undefined) throw new Refused(ENOENT);
      if (!access.may('read', path)) throw new Refused(EACCES);
      const isSeen = (name: string): boolean => {
        const at = volume.pathOf(node, name) as string;
        return mayKnow(access, at) || access.leads(at);
      };
      return listing(volume, node, isSeen, Number(unsigned(numbers[1])), unsigned(numbers[2]));
    },
    fd_renumber(numbers) {
      open.renumber(fdOf(numbers), Number(numbers[1]));
      return undefined;
    },
    fd_seek(numbers) {
      const found = file(numbers, 0n);
      const [, offset = 0n, whence] = numbers;
      // To ask where it is takes the right to tell alone.
      open.get(fdOf(numbers), whence === CURRENT && offset === 0n ? rights.FD_TELL : rights.FD_SEEK);
      const from = whence === SET ? 0n : whence === CURRENT ? found.at : whence === END ? BigInt(found.node.size) : -1n;
      const at = from + BigInt.asIntN(64, offset);
      if (from < 0n || at < 0n || at > MOST_OFFSET) throw new Refused(EINVAL);
      found.at = at;
      return u64(at);
    },
    fd_sync(numbers) {
      open.get(fdOf(numbers), rights.FD_SYNC);
      return undefined;
    },
    fd_tell(numbers) {
      return u64(file(numbers, rights.FD_TELL).at);
    },
    fd_write(numbers, data) {
      const found = file(numbers, rights.FD_WRITE, 'write');
      if (found.flags & APPEND) found.at = BigInt(found.node.size);
      if (data.length > 0) sizeIn(found.at + BigInt(data.length));
      const count = write(found, found.at, data);
      found.at += BigInt(data.length);
      return count;
    },
  };

  function mayStat({ volume, node, path }: Descriptor): boolean {
    const at = currentPath(volume, node, path);
    return mayKnow(access, at) || (node.kind === 'folder' && access.leads(at));
  }
}

/** A folder has one path, wherever it was moved; a file the one that it was opened by. */
function currentPath(volume: Volume, node: FileNode | FolderNode, path: string): string {
  return (node.kind === 'folder' ? volume.pathOf(node) : undefined) ?? path;
}

function isFile(descriptor: Descriptor): descriptor is FileDescriptor {
  return descriptor.node.kind === 'file';
}

/** @throws {Refused} ENOTSUP */
function preopenOf({ preopen }: Descriptor): Uint8Array<ArrayBuffer> {
  if (preopen === undefined) throw new Refused(ENOTSUP);
  return new TextEncoder().encode(preopen);
}

/** Full but for the last folder: fewer bytes than there is room for mean that there is no more. */
function listing(
  volume: Volume,
  folder: FolderNode,
  isSeen: (name: string) => boolean,
  room: number,
  cookie: bigint,
): Uint8Array<ArrayBuffer> {
  const pieces: Uint8Array[] = [];
  let length = 0;
  const add = (name: string, node: Node, place: number): void => {
    if (BigInt(place) < cookie || length >= room) return;
    const entry = dirent(name, node, place + 1).subarray(0, room - length);
    pieces.push(entry);
    length += entry.length;
  };
  add('.', folder, 0);
  add('..', folder.parent?.folder ?? volume.top, FIRST_PLACE - 1);
  for (const [name, { node, place }] of folder.entries) if (isSeen(name)) add(name, node, place);
  const bytes = new Uint8Array(length);
  let at = 0;
  for (const piece of pieces) {
    bytes.set(piece, at);
    at += piece.length;
  }
  return bytes;
}

/** What no file has is more than any may have. @throws {Refused} EINVAL */
function sizeIn(size: bigint): number {
  if (size > MOST_OFFSET) throw new Refused(EINVAL);
  return Number(size);
}
