// Keeps two tabs from running calls of one plugin at the same time, by a Web Lock.

import { dispose } from '../../util/dispose.ts';
import { requestLock } from '../../util/web-lock.ts';

const NOTHING: Disposable = { [dispose]: () => undefined };

/**
 * @param ifFree takes the lock only where nobody has it
 * @returns the lock, to be let go of; it holds nothing where somebody has it, or where the page may have none: it shares
 * its storage with no other tab then
 * @throws the reason of `signal`, when that is aborted first
 */
export async function acquireLock(
  name: string,
  { signal, ifFree }: { signal: AbortSignal; ifFree: boolean },
): Promise<Disposable> {
  // The two options exclude one another.
  const options = ifFree ? ({ ifAvailable: true } as const) : { signal };
  try {
    return (await requestLock(name, options)) ?? NOTHING;
  } catch {
    signal.throwIfAborted();
    return NOTHING;
  }
}
