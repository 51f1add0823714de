// Keeps two tabs from running calls of one plugin at the same time, by a Web Lock. Browsers let go of it when a tab ends.
// https://w3c.github.io/web-locks/

import { dispose } from '../../util/dispose.ts';

/**
 * @param ifFree takes the lock only where nobody has it
 * @returns the lock, to be let go of; it holds nothing where somebody has it, or where the page may have none: it shares
 * its storage with no other tab then
 * @throws the reason of `signal`, when that is aborted first
 */
export function acquireLock(
  name: string,
  { signal, ifFree }: { signal: AbortSignal; ifFree: boolean },
): Promise<Disposable> {
  const { promise, resolve, reject } = Promise.withResolvers<Disposable>();
  const { promise: released, resolve: release } = Promise.withResolvers<void>();
  const lock: Disposable = { [dispose]: release };
  const { locks } = navigator;
  if (!locks) return Promise.resolve(lock);
  // The two options exclude one another.
  locks
    .request(name, ifFree ? { ifAvailable: true } : { signal }, (held) => {
      resolve(lock);
      return held ? released : undefined;
    })
    .catch(() => {
      if (signal.aborted) reject(signal.reason);
      else resolve(lock);
    });
  return promise;
}
