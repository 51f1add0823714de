// What a database is started from: PostgreSQL, its own files, and those of a database that was just made. Some 6 MB, loaded with the first.

import files, { packedBytes as filesBytes } from '../../../node_modules/@electric-sql/pglite/dist/pglite.data?pieces';
import wasm, { packedBytes as wasmBytes } from '../../../node_modules/@electric-sql/pglite/dist/pglite.wasm?pieces';
import { loadChunk } from '../../util/load-chunk.ts';
import snapshot, { packedBytes as snapshotBytes } from './sql-snapshot.bin?pieces';

export interface Program {
  readonly wasm: Uint8Array;
  readonly files: Uint8Array;
  /** Packed, as it is stored. */
  readonly snapshot: Uint8Array;
}

/** What is loaded for the first database of a page, in bytes. */
export const PROGRAM_BYTES = filesBytes + wasmBytes + snapshotBytes;

/** How far it is: parts that are there, of all, and the bytes of all. */
export type Progress = (record: { readonly done: number; readonly total: number; readonly bytes: number }) => void;

let loaded: Promise<Program> | undefined;
let isThere = false;

/** What the next database would have to load, in bytes. */
export function bytesToLoad(): number {
  return isThere ? 0 : PROGRAM_BYTES;
}

/** @throws {ClocheError} FETCH_FAILED; the next one tries again */
export function program(progress: Progress): Promise<Program> {
  loaded ??= load(progress);
  loaded.catch(() => {
    loaded = undefined;
  });
  return loaded;
}

async function load(progress: Progress): Promise<Program> {
  const total = files.length + wasm.length + snapshot.length;
  let done = 0;
  const step = (): void => progress({ done: ++done, total, bytes: PROGRAM_BYTES });
  progress({ done, total, bytes: PROGRAM_BYTES });
  const [packedFiles, packedWasm, packedSnapshot] = await Promise.all(
    [files, wasm, snapshot].map((pieces) => joined(pieces, step)),
  );
  isThere = true;
  return {
    files: await unpacked(packedFiles as Packed),
    wasm: await unpacked(packedWasm as Packed),
    snapshot: packedSnapshot as Packed,
  };
}

type Packed = Uint8Array<ArrayBuffer>;

async function joined(pieces: typeof files, step: () => void): Promise<Packed> {
  const texts = await Promise.all(
    pieces.map(async (load) => {
      const { default: text } = await loadChunk(load);
      step();
      return text;
    }),
  );
  const binary = atob(texts.join(''));
  const bytes = new Uint8Array(binary.length);
  for (let at = 0; at < binary.length; at++) bytes[at] = binary.charCodeAt(at);
  return bytes;
}

async function unpacked(packed: Packed): Promise<Uint8Array> {
  const stream = new Blob([packed]).stream().pipeThrough(new DecompressionStream('gzip'));
  return new Uint8Array(await new Response(stream).arrayBuffer());
}
