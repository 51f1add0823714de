// All files of an installation at once, as plain data: out of a store, and into one. Whatever comes in may be anybody's.

import { ClocheError, messageOf } from '../../errors.ts';
import { splitPath } from '../../files/names.ts';
import { ROOTS } from '../../files/roots.ts';
import { Budget, type Quota } from '../../files/volume/budget.ts';
import type { FileNode } from '../../files/volume/nodes.ts';
import { readTree, type StoredTree, writeTree } from '../../files/volume/tree.ts';
import { Volume } from '../../files/volume/volume.ts';
import type { AllFiles } from '../services.ts';
import type { FileStore } from './file-store.ts';

/** Far above what a plugin can come to, and far below what counts no further. */
const MOST_IDS = 2 ** 40;

/** @throws {ClocheError} STORAGE_FAILED */
export async function readAll(store: FileStore): Promise<AllFiles> {
  const contents: Uint8Array[] = [];
  const trees: Record<string, StoredTree> = {};
  for (const volume of store.volumes) {
    for (const node of volume.nodes.values()) if (node.kind === 'file' && !node.bytes) await store.load(node);
    trees[volume.root] = writeTree(volume, (file) => `${contents.push(volume.read(file, 0, file.size)) - 1}`);
  }
  return { trees, contents };
}

/**
 * As volumes of which nothing is stored yet.
 * @param now in ns since 1970
 * @throws {ClocheError} DATA_INVALID, QUOTA_EXCEEDED
 */
export function volumesOf(
  { trees, contents }: AllFiles,
  quota: Quota,
  now: () => bigint,
): { volumes: Volume[]; budget: Budget } {
  const budget = new Budget(quota);
  const given = trees as Readonly<Record<string, unknown>>;
  if (Object.keys(given).some((root) => !ROOTS.some((known) => known === root))) throw invalid('a root is unknown');
  const nodes = Object.values(given).reduce((sum: number, tree) => sum + nodesOf(tree), -ROOTS.length);
  if (nodes > quota.nodes) throw overQuota(`${nodes} files, folders and links`, quota);
  const used = new Set<string>();
  const volumes = ROOTS.map((root) => {
    const volume = new Volume(root, budget, now);
    for (const [file, name] of treeIn(volume, given[root])) {
      const bytes = contents[Number(name)];
      if (bytes?.length !== file.size || used.has(name)) throw invalid('sizes are not those of the bytes');
      used.add(name);
      put(volume, file, bytes);
    }
    checkNames(volume);
    volume.isChanged = true;
    return volume;
  });
  if (used.size !== contents.length) throw invalid('bytes belong to no file');
  if (budget.bytes > quota.bytes) throw overQuota(`${budget.bytes} bytes`, quota);
  return { volumes, budget };
}

function nodesOf(tree: unknown): number {
  const { nodes, nextId }: { nodes?: unknown; nextId?: unknown } = Object(tree);
  const ids = Array.isArray(nodes) ? nodes.map((node: unknown) => Number(Object(node)[0])) : [];
  if (!Array.isArray(nodes) || [nextId, ...ids].some((id) => !(Number(id) < MOST_IDS))) throw invalid('no tree');
  return nodes.length;
}

function treeIn(volume: Volume, tree: unknown): ReadonlyMap<FileNode, string> {
  try {
    return readTree(volume, tree);
  } catch (cause) {
    throw invalid(messageOf(cause), cause);
  }
}

function put(volume: Volume, file: FileNode, bytes: Uint8Array): void {
  file.bytes = new Uint8Array(bytes);
  volume.written.add(file);
}

/** In the form in which plugins name files: what has another could never be removed. */
function checkNames(volume: Volume): void {
  for (const node of volume.nodes.values()) {
    if (node.kind !== 'folder') continue;
    for (const name of node.entries.keys()) {
      try {
        if (splitPath(name).segments[0] !== name) throw new Error('it is no name');
      } catch (cause) {
        throw invalid('a name has a form that no plugin can give it', cause);
      }
    }
  }
}

function invalid(problem: string, cause?: unknown): ClocheError {
  return new ClocheError('DATA_INVALID', `The files in it cannot be read: ${problem}`, { cause });
}

function overQuota(what: string, { bytes, nodes }: Quota): ClocheError {
  return new ClocheError(
    'QUOTA_EXCEEDED',
    `The file holds ${what} in files; the plugin may keep ${bytes} bytes, ${nodes} files`,
  );
}
