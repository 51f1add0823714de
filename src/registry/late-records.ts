// What reads and writes the records of installed plugins: a chunk that comes with the first of them, since a page that only
// opens plugins has none.

import { loadChunk } from '../util/load-chunk.ts';

export type Records = Pick<typeof import('./record.ts'), 'decodeRecord' | 'encodeRecord'>;

let loaded: Records | undefined;

/** @throws {ClocheError} FETCH_FAILED; the next call tries again */
export async function loadRecords(): Promise<Records> {
  loaded ??= await loadChunk(() => import('./record.ts'));
  return loaded;
}
