// What reads and writes the records of installed plugins: a chunk that comes with the first of them, since a page that only
// opens plugins has none.

import { lateChunk } from '../util/load-chunk.ts';

export type Records = Pick<typeof import('./record.ts'), 'decodeRecord' | 'encodeRecord'>;

/** @throws {ClocheError} FETCH_FAILED; the next call tries again */
export const loadRecords: () => Records | Promise<Records> = lateChunk(() => import('./record.ts'));
