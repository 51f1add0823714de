// A copy of files for a worker that cannot wait for the page: their trees, their bytes, and what may be done with them.

import type { FileRules } from '../access.ts';
import { type Access, accessBy } from '../access.ts';
import { mayKnow } from '../walk.ts';
import { Budget, type Quota } from './budget.ts';
import type { FileNode } from './nodes.ts';
import { readTree, type StoredTree, writeTree } from './tree.ts';
import { Volume } from './volume.ts';

interface Header {
  /** Counts what was stored: a copy of another number is not of what is stored. */
  readonly number: number;
  readonly volumes: readonly { readonly root: string; readonly tree: StoredTree }[];
  /** `null` for one that allows all. */
  readonly scopes: readonly (FileRules | null)[];
  /** What may be kept beside what is in it. */
  readonly left: Quota;
}

export interface Image {
  readonly number: number;
  readonly volumes: readonly Volume[];
  readonly access: Access;
}

const HEADER_LENGTH_BYTES = 4;

/**
 * What the plugin may know of them; of what it may only write, the size.
 * @throws {NotLoaded}
 */
export function writeImage(
  volumes: readonly Volume[],
  scopes: readonly (FileRules | undefined)[],
  { budget, number }: { readonly budget: Budget; readonly number: number },
): Uint8Array<ArrayBuffer> {
  const access = accessBy(scopes);
  const pieces: Uint8Array[] = [];
  const readable = new Set<FileNode>();
  const trees = volumes.map((volume) => {
    const tree = writeTree(
      volume,
      (file) => (readable.has(file) ? 'here' : ''),
      (folder, name) => {
        const path = volume.pathOf(folder, name) ?? '';
        const node = folder.entries.get(name)?.node;
        if (node?.kind === 'file' && access.may('read', path)) readable.add(node);
        return mayKnow(access, path) || access.leads(path);
      },
    );
    for (const [id, kind, , , name] of tree.nodes) {
      if (kind !== 'file' || name !== 'here') continue;
      const file = volume.nodes.get(id) as FileNode;
      pieces.push(volume.read(file, 0, file.size));
    }
    return { root: volume.root, tree };
  });
  const { bytes, nodes } = budget.quota;
  const header: Header = {
    number,
    volumes: trees,
    scopes: scopes.map((scope) => scope ?? null),
    left: { bytes: Math.max(0, bytes - budget.bytes), nodes: Math.max(0, nodes - budget.nodes) },
  };
  const text = new TextEncoder().encode(JSON.stringify(header));
  const image = new Uint8Array(pieces.reduce((sum, { length }) => sum + length, HEADER_LENGTH_BYTES + text.length));
  new DataView(image.buffer).setUint32(0, text.length, true);
  image.set(text, HEADER_LENGTH_BYTES);
  let at = HEADER_LENGTH_BYTES + text.length;
  for (const piece of pieces) {
    image.set(piece, at);
    at += piece.length;
  }
  return image;
}

/** @param now in ns since 1970 */
export function readImage(image: Uint8Array, now: () => bigint): Image {
  const length = new DataView(image.buffer, image.byteOffset).getUint32(0, true);
  let at = HEADER_LENGTH_BYTES + length;
  const header = JSON.parse(new TextDecoder().decode(image.subarray(HEADER_LENGTH_BYTES, at))) as Header;
  const budget = new Budget({ bytes: 0, nodes: 0 });
  const volumes = header.volumes.map(({ root, tree }) => {
    const volume = new Volume(root, budget, now);
    for (const [file, name] of readTree(volume, tree)) {
      // What it may not read it does not get: there are zeros in its place, which it may not read either.
      const end = name === 'here' ? at + file.size : at;
      file.bytes ??= new Uint8Array(file.size);
      file.bytes.set(image.subarray(at, end));
      at = end;
    }
    return volume;
  });
  budget.quota = { bytes: budget.bytes + header.left.bytes, nodes: budget.nodes + header.left.nodes };
  return { number: header.number, volumes, access: accessBy(header.scopes.map((scope) => scope ?? undefined)) };
}
