// PGlite by itself, from the same files: no role of its own, no limits, and nothing is stored.

import type { PGlite } from '@electric-sql/pglite';
import { decodeChanges } from '../../workers/sql/change-record.ts';
import { ChangedFiles } from '../../workers/sql/changed-files.ts';
import { FileTree } from '../../workers/sql/file-tree.ts';
import { startPostgres } from '../../workers/sql/start-postgres.ts';

interface Parts {
  readonly wasm: Uint8Array<ArrayBuffer>;
  readonly files: Uint8Array<ArrayBuffer>;
  readonly snapshot: Uint8Array<ArrayBuffer>;
}

const MOST_BYTES = 1 << 30;
/** Nothing is made anew. */
const NO_PROGRAM = new Uint8Array([0x00, 0x61, 0x73, 0x6d, 0x01, 0x00, 0x00, 0x00]);

let database: Promise<PGlite> | undefined;

/** Parts first, then statements; each is answered when it is done, with what went wrong or nothing. */
self.onmessage = ({ data }: MessageEvent<Parts | string>) => {
  const done = typeof data === 'string' ? database?.then((pg) => pg.exec(data)) : opened(data);
  if (typeof data !== 'string') database = done as Promise<PGlite>;
  done?.then(
    () => self.postMessage(undefined),
    (thrown: unknown) => self.postMessage(String(thrown)),
  );
};

async function opened({ wasm, files, snapshot }: Parts): Promise<PGlite> {
  const unpacked = new Blob([snapshot]).stream().pipeThrough(new DecompressionStream('gzip'));
  const tree = new FileTree();
  const record = new Uint8Array(await new Response(unpacked).arrayBuffer());
  for (const change of decodeChanges(record, MOST_BYTES)) tree.apply(change);
  return startPostgres(new ChangedFiles(tree), {
    pgliteWasmModule: await WebAssembly.compile(wasm),
    initdbWasmModule: new WebAssembly.Module(NO_PROGRAM),
    fsBundle: new Blob([files]),
  });
}
