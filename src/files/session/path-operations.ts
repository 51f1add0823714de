// Operations on what a path leads to.

import {
  EACCES,
  EBUSY,
  EEXIST,
  EINVAL,
  EISDIR,
  ELOOP,
  ENOENT,
  ENOTCAPABLE,
  ENOTDIR,
  ENOTEMPTY,
  EPERM,
  EXDEV,
  Refused,
} from '../errno.ts';
import { readPath, splitPath, textOf } from '../names.ts';
import type { Operation, OperationName } from '../operations.ts';
import type { FileNode, FolderNode, Node } from '../volume/nodes.ts';
import { mayKnow, type Place, walk } from '../walk.ts';
import type { Descriptor } from './descriptors.ts';
import { u32, unsigned } from './numbers.ts';
import * as rights from './rights.ts';
import type { SessionContext } from './session-context.ts';
import { filestat } from './stat.ts';
import { setTimes } from './times.ts';

/** Lookup flags. */
const FOLLOW = 1n;
/** Open flags. */
const CREATE = 1;
const FOLDER_ONLY = 2;
const EXCLUSIVE = 4;
const TRUNCATE = 8;
const ALL_OPEN_FLAGS = 15;

const ALL_FLAGS = 31n;

export type PathOperation = Extract<OperationName, `path_${string}`>;

type Way = 'read' | 'write';

export function pathOperations({ open, access, deviceOf }: SessionContext): Record<PathOperation, Operation> {
  const from = (fd: bigint | undefined, right: bigint) => {
    const { volume, node } = open.folder(Number(fd), right);
    return { volume, folder: node, access };
  };
  const requires = (path: string, ...ways: readonly Way[]): void => {
    for (const way of ways) if (!access.may(way, path)) throw new Refused(EACCES);
  };
  /** @throws {Refused} ENOENT, ENOTDIR; EACCES for what a plugin may not know */
  const found = (place: Place): Found => {
    if (!mayKnow(access, place.path) && !access.leads(place.path)) throw new Refused(EACCES);
    if (!place.node) throw new Refused(ENOENT);
    if (place.meansFolder && place.node.kind === 'file') throw new Refused(ENOTDIR);
    return place as Found;
  };
  /** Something that is there. */
  const existing = (fd: bigint | undefined, right: bigint, path: Uint8Array, follows: boolean): Found => {
    const given = readPath(path);
    // A slash at the end asks for the folder behind a link.
    return found(walk(from(fd, right), given, follows || given.meansFolder));
  };
  /** A name of its own, whether something has it or not: what is created, removed or moved there. */
  const named = (fd: bigint | undefined, right: bigint, path: Uint8Array): Named => {
    const place = walk(from(fd, right), readPath(path), false);
    if (place.name === undefined) throw new Refused(mayKnow(access, place.path) ? EBUSY : EACCES);
    return place as Named;
  };

  /** All that moves along may be read and written where it is, and written where it goes: nothing is moved out of a rule. */
  const requiresMove = (place: Place, node: Node, to: string): void => {
    requires(place.path, 'read', 'write');
    requires(to, 'write');
    if (node.kind !== 'folder') return;
    for (const [name, { node: child }] of node.entries) {
      const path = `${place.path}/${name}`;
      requiresMove({ ...place, path }, child, `${to}/${name}`);
    }
  };

  return {
    path_create_directory([fd], path) {
      const place = named(fd, rights.PATH_CREATE_DIRECTORY, path);
      requires(place.path, 'write');
      if (place.node) throw new Refused(EEXIST);
      place.volume.createFolder(place.folder, place.name);
      return undefined;
    },
    path_filestat_get([fd, flags], path) {
      const place = existing(fd, rights.PATH_FILESTAT_GET, path, follows(flags));
      return filestat(place.node, deviceOf(place.volume));
    },
    path_filestat_set_times([fd, flags, accessed, modified, which], path) {
      const place = existing(fd, rights.PATH_FILESTAT_SET_TIMES, path, follows(flags));
      requires(place.path, 'write');
      setTimes(place.volume, place.node, unsigned(accessed), unsigned(modified), Number(which));
      return undefined;
    },
    path_link([fd, flags, newFd], path, newPath) {
      if (follows(flags)) throw new Refused(EINVAL);
      const source = existing(fd, rights.PATH_LINK_SOURCE, path, false);
      const target = named(newFd, rights.PATH_LINK_TARGET, newPath);
      requires(source.path, 'read', 'write');
      requires(target.path, 'write');
      if (source.volume !== target.volume) throw new Refused(EXDEV);
      if (source.node.kind === 'folder') throw new Refused(EPERM);
      if (target.node) throw new Refused(EEXIST);
      if (target.meansFolder) throw new Refused(ENOENT);
      target.volume.addName(target.folder, target.name, source.node);
      return undefined;
    },
    path_open([fd, lookup, openFlags, base, inheriting, flags = 0n], path) {
      return u32(open.add(opened(fd, follows(lookup), Number(openFlags), base, inheriting, flags, path)));
    },
    path_readlink([fd, room], path) {
      const place = found(walk(from(fd, rights.PATH_READLINK), readPath(path), false));
      requires(place.path, 'read');
      if (place.node.kind !== 'link') throw new Refused(EINVAL);
      return new TextEncoder().encode(place.node.target).slice(0, Number(unsigned(room)));
    },
    path_remove_directory([fd], path) {
      const place = walk(from(fd, rights.PATH_REMOVE_DIRECTORY), readPath(path), false);
      requires(place.path, 'write');
      if (place.name === undefined) throw new Refused(EINVAL);
      const { node } = found(place);
      if (node.kind !== 'folder') throw new Refused(ENOTDIR);
      if (node.entries.size > 0) throw new Refused(ENOTEMPTY);
      place.volume.remove(place.folder, place.name);
      return undefined;
    },
    path_rename([fd, newFd], path, newPath) {
      const source = named(fd, rights.PATH_RENAME_SOURCE, path);
      const target = named(newFd, rights.PATH_RENAME_TARGET, newPath);
      requires(source.path, 'read', 'write');
      requires(target.path, 'write');
      const { node } = found(source);
      if (source.volume !== target.volume) throw new Refused(EXDEV);
      checkMove(source, node, target);
      if (target.node === node) return undefined;
      requiresMove(source, node, target.path);
      source.volume.move(source.folder, source.name, target.folder, target.name);
      return undefined;
    },
    path_symlink([fd], target, path) {
      const text = textOf(target);
      splitPath(text);
      const place = named(fd, rights.PATH_SYMLINK, path);
      requires(place.path, 'write');
      if (place.node) throw new Refused(place.meansFolder && place.node.kind !== 'folder' ? ENOTDIR : EEXIST);
      if (place.meansFolder) throw new Refused(ENOENT);
      place.volume.createLink(place.folder, place.name, text);
      return undefined;
    },
    path_unlink_file([fd], path) {
      const place = named(fd, rights.PATH_UNLINK_FILE, path);
      requires(place.path, 'write');
      const { node } = found(place);
      if (node.kind === 'folder') throw new Refused(EISDIR);
      if (place.meansFolder) throw new Refused(ENOTDIR);
      place.volume.remove(place.folder, place.name);
      return undefined;
    },
  };

  function opened(
    fd: bigint | undefined,
    followsLast: boolean,
    openFlags: number,
    base: bigint | undefined,
    inheriting: bigint | undefined,
    flags: bigint,
    path: Uint8Array,
  ): Descriptor {
    const parent = open.folder(Number(fd), rights.PATH_OPEN);
    const has = (flag: number): boolean => (openFlags & flag) !== 0;
    if (openFlags < 0 || openFlags > ALL_OPEN_FLAGS || flags < 0n || flags > ALL_FLAGS) throw new Refused(EINVAL);
    if (has(CREATE) && has(FOLDER_ONLY)) throw new Refused(EINVAL);
    if (has(CREATE)) open.get(Number(fd), rights.PATH_CREATE_FILE);
    if (has(TRUNCATE)) open.get(Number(fd), rights.PATH_FILESTAT_SET_SIZE);
    const asked = unsigned(base) & rights.ALL_RIGHTS;
    const toInherit = unsigned(inheriting) & rights.ALL_RIGHTS;
    if ((asked | toInherit) & ~parent.inheriting) throw new Refused(ENOTCAPABLE);
    const given = readPath(path);
    const mayFollow = (followsLast || given.meansFolder) && !(has(CREATE) && has(EXCLUSIVE));
    const place = walk({ volume: parent.volume, folder: parent.node, access }, given, mayFollow);
    const { volume } = place;
    const descriptor = { volume, path: place.path, flags: Number(flags), at: 0n, preopen: undefined };
    const writes = has(TRUNCATE) || (has(CREATE) && !place.node) || (asked & WRITING) !== 0n;

    if (place.node?.kind === 'folder') {
      if (!mayKnow(access, place.path) && !access.leads(place.path)) throw new Refused(EACCES);
      if (has(CREATE) && has(EXCLUSIVE)) throw new Refused(EEXIST);
      if (has(CREATE) || has(TRUNCATE) || asked & rights.FD_WRITE) throw new Refused(EISDIR);
      return { ...descriptor, node: place.node, base: asked & rights.FOLDER_RIGHTS, inheriting: toInherit };
    }
    if (asked & rights.FD_READ) requires(place.path, 'read');
    if (writes) requires(place.path, 'write');
    if (!mayKnow(access, place.path)) throw new Refused(EACCES);
    const node = fileIn(place, openFlags);
    if (has(TRUNCATE)) volume.resize(node, 0);
    return { ...descriptor, node, base: asked & rights.FILE_RIGHTS, inheriting: 0n };
  }

  function fileIn(place: Place, openFlags: number): FileNode {
    const { node, name, meansFolder } = place;
    const has = (flag: number): boolean => (openFlags & flag) !== 0;
    if (!node) {
      if (!has(CREATE)) throw new Refused(ENOENT);
      if (meansFolder || name === undefined) throw new Refused(EISDIR);
      return place.volume.createFile(place.folder, name);
    }
    if (has(CREATE) && has(EXCLUSIVE)) throw new Refused(EEXIST);
    if (node.kind === 'link') throw new Refused(has(FOLDER_ONLY) ? ENOTDIR : ELOOP);
    if (has(FOLDER_ONLY) || meansFolder) throw new Refused(ENOTDIR);
    return node as FileNode;
  }
}

/** Rights to change what is in a file. */
const WRITING = rights.FD_WRITE | rights.FD_ALLOCATE | rights.FD_FILESTAT_SET_SIZE;

type Found = Place & { readonly node: Node };
type Named = Place & { readonly name: string };

function follows(flags = 0n): boolean {
  return (flags & FOLLOW) !== 0n;
}

/** @throws {Refused} as POSIX has it */
function checkMove(source: Named, node: Node, target: Named): void {
  const replaced = target.node;
  if (node.kind !== 'folder') {
    if (source.meansFolder || target.meansFolder) throw new Refused(ENOTDIR);
    if (replaced?.kind === 'folder') throw new Refused(EISDIR);
    return;
  }
  if (isWithin(target.folder, node)) throw new Refused(EINVAL);
  if (!replaced || replaced === node) return;
  if (replaced.kind !== 'folder') throw new Refused(ENOTDIR);
  if (replaced.entries.size > 0) throw new Refused(ENOTEMPTY);
}

function isWithin(folder: FolderNode, other: FolderNode): boolean {
  for (let at: FolderNode | undefined = folder; at; at = at.parent?.folder) if (at === other) return true;
  return false;
}
