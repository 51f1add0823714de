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
    return await requestLock(lockName(storage, installation, name), { signal });
  } catch (cause) {
    if (!signal.aborted) throw cause;
    throw new ClocheError('BUSY', `The SQL database "${name}" is open in another tab`, { cause });
  }
}

/** Whether any tab has it. */
export async function isDatabaseHeld(storage: string, installation: string, name: string): Promise<boolean> {
  const { held = [] } = (await navigator.locks?.query()) ?? {};
  return held.some((lock) => lock.name === lockName(storage, installation, name));
}

function lockName(storage: string, installation: string, name: string): string {
  return `cloche:${storage}:sql:${installation}:${name}`;
}
