// From a folder and a path to what is there: links are followed here and nowhere else, and nothing above the folder is found.

import type { Access } from './access.ts';
import { EACCES, ELOOP, ENOENT, ENOTCAPABLE, ENOTDIR, Refused } from './errno.ts';
import { type GivenPath, splitPath } from './names.ts';
import type { FolderNode, Node } from './volume/nodes.ts';
import type { Volume } from './volume/volume.ts';

/** Links that one path may lead over. */
const MOST_LINKS = 40;

/** Where a path ends. */
export interface Place {
  readonly volume: Volume;
  readonly folder: FolderNode;
  /** In `folder`; undefined where the path means `folder` itself. */
  readonly name: string | undefined;
  /** Undefined where nothing is there. */
  readonly node: Node | undefined;
  /** With no link and no dots in it. */
  readonly path: string;
  readonly meansFolder: boolean;
}

export interface Start {
  readonly volume: Volume;
  readonly folder: FolderNode;
  readonly access: Access;
}

/**
 * @param follows whether a link at the end is followed
 * @throws {Refused} what it says of what a plugin may neither read nor write is always EACCES
 */
export function walk({ volume, folder: start, access }: Start, path: GivenPath, follows: boolean): Place {
  const folders = [start];
  const rest = [...path.segments];
  let { meansFolder } = path;
  let links = 0;

  const refuse = (errno: number, folder: FolderNode, name: string): Refused => {
    const at = volume.pathOf(folder, name);
    const isKnown = at !== undefined && (mayKnow(access, at) || access.leads(at));
    return new Refused(isKnown ? errno : EACCES);
  };

  for (;;) {
    const folder = folders.at(-1) as FolderNode;
    const here = volume.pathOf(folder);
    if (here === undefined) throw new Refused(ENOENT);
    const name = rest.shift();
    if (name === undefined) return { volume, folder, name: undefined, node: folder, path: here, meansFolder: true };
    if (name === '..') {
      if (folders.length === 1) throw new Refused(ENOTCAPABLE);
      folders.pop();
      continue;
    }
    const node = folder.entries.get(name)?.node;
    const isLast = rest.length === 0;
    const at = volume.pathOf(folder, name) as string;
    if (node?.kind === 'link' && (!isLast || follows)) {
      if (!access.may('read', at)) throw new Refused(EACCES);
      if (++links > MOST_LINKS) throw new Refused(ELOOP);
      const target = splitPath(node.target);
      rest.unshift(...target.segments);
      if (isLast) meansFolder ||= target.meansFolder;
      continue;
    }
    if (isLast) return { volume, folder, name, node, path: at, meansFolder };
    if (!node) throw refuse(ENOENT, folder, name);
    if (node.kind !== 'folder') throw refuse(ENOTDIR, folder, name);
    folders.push(node);
  }
}

/** Whether a plugin may know whether something is there. */
export function mayKnow(access: Access, path: string): boolean {
  return access.may('read', path) || access.may('write', path);
}
