// Of all tabs and hosts one at most answers from memory: the one that holds the Web Lock of the installation's data.
// https://w3c.github.io/web-locks/

import { dispose } from '../../util/dispose.ts';

export interface MemoryLock extends Disposable {
  /** Somebody has stolen it, as any script of the origin may. */
  readonly isLost: boolean;
}

/** Undefined where somebody else holds it, and where the page may hold none. */
export function tryLock(name: string): Promise<MemoryLock | undefined> {
  const { promise, resolve } = Promise.withResolvers<MemoryLock | undefined>();
  const { promise: released, resolve: release } = Promise.withResolvers<void>();
  const lock = { isLost: false, [dispose]: release };
  const { locks } = navigator;
  if (!locks) return Promise.resolve(undefined);
  locks
    .request(name, { ifAvailable: true }, (held) => {
      resolve(held ? lock : undefined);
      return held ? released : undefined;
    })
    .catch(() => {
      lock.isLost = true;
      resolve(undefined);
    });
  return promise;
}

/** For data that nobody else can reach. */
export function noLock(): Promise<MemoryLock | undefined> {
  return Promise.resolve({ isLost: false, [dispose]: () => undefined });
}
