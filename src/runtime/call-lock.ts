// Keeps two tabs from running calls of one plugin at the same time, by a Web Lock. Browsers let go of it when a tab ends.
// https://w3c.github.io/web-locks/

/**
 * @param ifFree takes the lock only where nobody has it
 * @returns lets go of it again, once; does nothing where the lock was taken, or where the page may have none: it shares
 * its storage with no other tab then
 * @throws the reason of `signal`, when that is aborted first
 */
export function acquireLock(
  name: string,
  { signal, ifFree }: { signal: AbortSignal; ifFree: boolean },
): Promise<() => void> {
  const { promise, resolve, reject } = Promise.withResolvers<() => void>();
  const hold = (lock: Lock | null): Promise<void> | undefined => {
    const { promise: released, resolve: release } = Promise.withResolvers<void>();
    resolve(release);
    return lock ? released : undefined;
  };
  const { locks } = navigator;
  if (!locks) return Promise.resolve(() => undefined);
  // The two options exclude one another.
  locks.request(name, ifFree ? { ifAvailable: true } : { signal }, hold).catch(() => {
    if (signal.aborted) reject(signal.reason);
    else resolve(() => undefined);
  });
  return promise;
}
