// Where the data of an installation is, and under which Web Lock it may be answered from memory.

import { ClocheError } from '../../errors.ts';

/** An installation, or the id of a plugin that was installed before installations had ids of their own. */
const OWNER = /^@?[A-Za-z0-9_-]{1,64}$/;

/**
 * The database of an installation. Its id holds no colon, so the last one ends the part that the host chose, and no
 * two pairs of host and installation share a name.
 * @throws {ClocheError} OPTION_INVALID unless `installation` is one
 */
export function kvDatabaseName(storage: string, installation: string): string {
  if (OWNER.test(installation)) return `${storage}:kv:${installation}`;
  throw new ClocheError('OPTION_INVALID', 'Expected an installation: "@" and its id, or the id of a plugin');
}
