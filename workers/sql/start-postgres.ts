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

/** `-O` would let the owner of everything alter what is the server's own. */
const PARAMS = [
  ...PGlite.defaultStartParams.filter((param) => param !== '-O'),
  ...SETTINGS.flatMap((setting) => ['-c', setting]),
];

export function startPostgres(files: ChangedFiles, options: PGliteOptions): Promise<PGlite> {
  return PGlite.create({ fs: new MemfsFrontendFS(files), startParams: PARAMS, ...options });
}
