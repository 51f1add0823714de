// A database in memory, whose code comes with its first transaction: most pages may store what they keep.

import { loadChunk } from '../util/load-chunk.ts';
import type { Database } from './indexed-db.ts';

/** As in `memory-db.ts`. A transaction rejects with FETCH_FAILED where its code cannot be loaded; the next one tries again. */
export function lateMemoryDatabase(): Database {
  let made: Database | undefined;
  return {
    async transact(mode, work) {
      const { memoryDatabase } = await loadChunk(() => import('./memory-db.ts'));
      made ??= memoryDatabase();
      return made.transact(mode, work);
    },
    async remove() {
      made = undefined;
    },
    close: () => undefined,
  };
}
