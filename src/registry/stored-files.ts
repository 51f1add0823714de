// Files of packages in a database: what is put there or taken out is copied by the page's thread, a large one in pieces (H11).
// A small file is one value under `['file', hash]`, and so was every file once; pieces have a number as well.

import type { Objects, StoredKey } from '../database/indexed-db.ts';
import { joined } from '../util/capped-body.ts';

export const FILE = 'file';
/** Most bytes of a value; copying a MiB takes some 2 ms. */
const PIECE_BYTES = 4 << 20;
/** What is written in one turn of the page: a package may have 2,000 files. */
const TURN_FILES = 50;
const TURN_BYTES = 4 << 20;

type Piece = readonly [key: StoredKey, bytes: Uint8Array];

/** @param files by SHA-256 */
export async function writeFiles(objects: Objects, files: ReadonlyMap<string, Uint8Array>): Promise<void> {
  let count = 0;
  let size = 0;
  for (const [hash, file] of files) {
    if (file.length > PIECE_BYTES) await removeFile(objects, hash);
    for (const [key, bytes] of piecesOf(hash, file)) {
      objects.put(bytes, key);
      count += 1;
      size += bytes.length;
      if (count < TURN_FILES && size < TURN_BYTES) continue;
      await turnOfPage(objects);
      count = 0;
      size = 0;
    }
  }
}

/** What is stored of a file, in its order: whoever joins it need not do so while the transaction is open. */
export async function readFile(objects: Objects, hash: string): Promise<unknown[]> {
  const whole = await objects.get([FILE, hash]);
  if (whole !== undefined) return [whole];
  const pieces: unknown[] = [];
  for (const key of await objects.keys(keysOf(hash))) pieces.push(await objects.get(key));
  return pieces;
}

/** Undefined where there is none, or what is there are not bytes. */
export function joinedFile(pieces: readonly unknown[]): Uint8Array<ArrayBuffer> | undefined {
  if (pieces.length === 0 || !pieces.every((piece) => piece instanceof Uint8Array)) return undefined;
  const [whole] = pieces;
  // A copy of the database's: of one that is all of its memory another copy is not needed.
  if (pieces.length === 1 && isOwn(whole)) return whole;
  return joined(pieces);
}

function isOwn(bytes: Uint8Array | undefined): bytes is Uint8Array<ArrayBuffer> {
  return bytes?.buffer instanceof ArrayBuffer && bytes.byteLength === bytes.buffer.byteLength;
}

/** Resolves when what was asked so far is done: the page has had a turn. */
export async function turnOfPage(objects: Objects): Promise<void> {
  await objects.keys({ from: [FILE], to: [FILE, []] }, 1);
}

function* piecesOf(hash: string, file: Uint8Array): Generator<Piece> {
  if (file.length <= PIECE_BYTES) {
    yield [[FILE, hash], file];
    return;
  }
  for (let at = 0; at < file.length; at += PIECE_BYTES) {
    // Numbers of one length are in order as text. Not a part of the buffer: a view takes all of it along.
    yield [[FILE, hash, String(at / PIECE_BYTES).padStart(6, '0')], file.slice(at, at + PIECE_BYTES)];
  }
}

/** Whole, or in pieces, as an earlier version may have stored it. */
async function removeFile(objects: Objects, hash: string): Promise<void> {
  for (const key of await objects.keys(keysOf(hash))) objects.delete(key);
}

function keysOf(hash: string): { from: StoredKey; to: StoredKey } {
  return { from: [FILE, hash], to: [FILE, hash, []] };
}
