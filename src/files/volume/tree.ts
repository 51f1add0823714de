// A volume as plain data: everything but the bytes of its files, of which it has only a name.

import { costOf } from './budget.ts';
import type { FileNode, FolderNode, Node } from './nodes.ts';
import type { Volume } from './volume.ts';

/** Times are texts, as JSON has no numbers of 64 bits. */
type StoredTimes = readonly [accessed: string, modified: string, changed: string];

/** Of a folder its entries, of a file its size and the name of its bytes, of a link its target. */
export type StoredNode =
  | readonly [id: number, kind: 'folder', times: StoredTimes, entries: readonly (readonly [name: string, id: number])[]]
  | readonly [id: number, kind: 'file', times: StoredTimes, size: number, bytes: string]
  | readonly [id: number, kind: 'link', times: StoredTimes, target: string];

export interface StoredTree {
  readonly nextId: number;
  /** Each once, the root first. */
  readonly nodes: readonly StoredNode[];
}

/**
 * @param nameOf the name of a file's bytes
 * @param isIn whether an entry of a folder is to be in it
 */
export function writeTree(
  volume: Volume,
  nameOf: (file: FileNode) => string,
  isIn: (folder: FolderNode, name: string) => boolean = () => true,
): StoredTree {
  const nodes: StoredNode[] = [];
  const seen = new Set<Node>();
  const add = (node: Node): void => {
    if (seen.has(node)) return;
    seen.add(node);
    const { accessed, modified, changed } = node.times;
    const times: StoredTimes = [`${accessed}`, `${modified}`, `${changed}`];
    if (node.kind === 'file') nodes.push([node.id, 'file', times, node.size, nameOf(node)]);
    if (node.kind === 'link') nodes.push([node.id, 'link', times, node.target]);
    if (node.kind !== 'folder') return;
    const entries = [...node.entries].filter(([name]) => isIn(node, name));
    nodes.push([node.id, 'folder', times, entries.map(([name, { node: child }]) => [name, child.id])]);
    for (const [, { node: child }] of entries) add(child);
  };
  add(volume.top);
  return { nextId: volume.nextId, nodes };
}

/**
 * Puts a tree into an empty volume, and what it costs into its budget, whatever the quota is by now.
 * @returns the name of each file's bytes
 * @throws {Error} for what {@link writeTree} does not write
 */
export function readTree(volume: Volume, tree: unknown): Map<FileNode, string> {
  const { nextId, nodes } = record(tree);
  if (!Array.isArray(nodes) || !isCount(nextId)) throw malformed();
  const names = new Map<FileNode, string>();
  const entriesOf = new Map<FolderNode, unknown[]>();
  const made = new Map<number, Node>();
  (nodes as unknown[]).forEach((one, i) => {
    const [id, kind, times, first, second]: unknown[] = list(one);
    if (!isCount(id) || made.has(id)) throw malformed();
    const node = i === 0 ? volume.top : nodeOf(volume, id, kind, first, second, names);
    if (node.id !== id || node.kind !== kind) throw malformed();
    const [accessed, modified, changed] = list(times).map(timeOf);
    Object.assign(node.times, { accessed, modified, changed });
    made.set(id, node);
    if (node.kind === 'folder') entriesOf.set(node, list(first));
  });
  for (const [folder, entries] of entriesOf) {
    for (const entry of entries) link(volume, folder, entry, made);
  }
  if ([...made.values()].some((node) => node.names === 0)) throw malformed();
  for (const node of made.values()) if (node.kind === 'folder' && !reaches(volume, node)) throw malformed();
  volume.nextId = Math.max(nextId, volume.nextId);
  return names;
}

function nodeOf(
  volume: Volume,
  id: number,
  kind: unknown,
  first: unknown,
  second: unknown,
  names: Map<FileNode, string>,
): Node {
  volume.budget.add(0, 1);
  if (kind === 'folder') return volume.addFolder(id);
  if (kind === 'link' && typeof first === 'string') {
    volume.budget.add(costOf(first));
    return volume.addLink(id, first);
  }
  if (kind !== 'file' || !isCount(first) || typeof second !== 'string') throw malformed();
  volume.budget.add(first);
  const file = volume.addFile(id, first, first === 0 ? new Uint8Array() : undefined);
  names.set(file, second);
  return file;
}

function link(volume: Volume, folder: FolderNode, entry: unknown, made: ReadonlyMap<number, Node>): void {
  const [name, id]: unknown[] = list(entry);
  const node = typeof id === 'number' ? made.get(id) : undefined;
  if (typeof name !== 'string' || !/^[^/\0]+$/.test(name) || name === '.' || name === '..') throw malformed();
  if (!node || node === volume.top || folder.entries.has(name)) throw malformed();
  if (node.kind === 'folder' && node.parent) throw malformed();
  volume.budget.add(costOf(name));
  const { modified, changed } = folder.times;
  volume.put(folder, name, node);
  Object.assign(folder.times, { modified, changed });
}

/** Whether it is not in a circle of its own. */
function reaches(volume: Volume, folder: FolderNode): boolean {
  let at = folder;
  for (let steps = volume.nodes.size; steps > 0 && at.parent; steps--) at = at.parent.folder;
  return at === volume.top;
}

function timeOf(value: unknown): bigint {
  if (typeof value === 'string' && /^\d{1,20}$/.test(value)) return BigInt.asUintN(64, BigInt(value));
  throw malformed();
}

function isCount(value: unknown): value is number {
  return Number.isSafeInteger(value) && (value as number) >= 0;
}

function list(value: unknown): unknown[] {
  if (Array.isArray(value)) return value as unknown[];
  throw malformed();
}

function record(value: unknown): Record<string, unknown> {
  if (typeof value === 'object' && value !== null) return value as Record<string, unknown>;
  throw malformed();
}

function malformed(): Error {
  return new Error('its list of files is not one that was written here');
}
