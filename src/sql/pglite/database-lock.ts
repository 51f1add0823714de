// One tab of all has a database open: each has all of it in memory.

import { ClocheError } from '../../errors.ts';
import { requestLock, type WebLock } from '../../util/web-lock.ts';

/**
 * Waits until the tab that has it lets go of it.
 * @returns undefined where the page may hold no locks
 * @throws {ClocheError} BUSY when the signal is aborted before
 */
export async function lockDatabase(
  storage: string,
  installation: string,
  name: string,
  signal: AbortSignal,
): Promise<WebLock | undefined> {
  try {
    return await requestLock(`cloche:${storage}:sql:${installation}:${name}`, { signal });
  } catch (cause) {
    if (!signal.aborted) throw cause;
    throw new ClocheError('BUSY', `The SQL database "${name}" is open in another tab`, { cause });
  }
}
