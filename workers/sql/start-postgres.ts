// Starts PGlite on files of its own, in the way that both the worker and the build of the snapshot need it.

import { PGlite, type PGliteOptions } from '@electric-sql/pglite';
import { MemfsFrontendFS } from '@electric-sql/pglite/memfs-frontend';
import type { ChangedFiles } from './changed-files.ts';

/** A database of one user needs little; what one has is paid for by each. A killed one is made whole by its log. */
const SETTINGS = [
  'shared_buffers=16MB',
  'max_connections=4',
  'min_wal_size=2MB',
  'wal_recycle=off',
  'wal_init_zero=off',
  // What a plugin reads must not depend on where it runs.
  'timezone=UTC',
  'datestyle=ISO, MDY',
  'intervalstyle=iso_8601',
  'lc_messages=C',
];

/** Of PostgreSQL's own memory, in bytes; the program itself would take 2 GB. What would be more it reports as "out of memory". */
const MOST_HEAP_BYTES = 512 << 20;
const PAGE_BYTES = 65_536;

/** `-O` would let the owner of everything alter what is the server's own. */
const PARAMS = [
  ...PGlite.defaultStartParams.filter((param) => param !== '-O'),
  ...SETTINGS.flatMap((setting) => ['-c', setting]),
];

export function startPostgres(files: ChangedFiles, options: PGliteOptions): Promise<PGlite> {
  return PGlite.create({ fs: new MemfsFrontendFS(files), startParams: PARAMS, ...options });
}

/** Before it is started: it sees no limit but that of the memory which it makes. */
export function limitHeap(): void {
  const { grow } = WebAssembly.Memory.prototype;
  WebAssembly.Memory.prototype.grow = function limited(this: WebAssembly.Memory, pages: number): number {
    if (this.buffer.byteLength + pages * PAGE_BYTES > MOST_HEAP_BYTES)
      throw new RangeError(`it may have ${MOST_HEAP_BYTES} bytes of memory`);
    return grow.call(this, pages);
  };
}
