// Whether the page that runs a task is still there: each holds a lock for as long as it lives, which the browser takes from it when it
// ends, however that comes. https://www.w3.org/TR/web-locks/

import { dispose } from '../util/dispose.ts';

export interface PageLock extends Disposable {
  /** Tells once another page has ended. */
  whenEnded(page: string, ended: () => void): void;
}

/** @param storage names of pages count within it */
export async function holdPageLock(storage: string, page: string): Promise<PageLock> {
  const over = new AbortController();
  const { promise: held, resolve: letGo } = Promise.withResolvers<void>();
  const nameOf = (one: string): string => `cloche:${storage}-tasks:${one}`;
  const locks = globalThis.navigator?.locks;
  const hasLock = await isHeld(locks, nameOf(page), held);
  return {
    whenEnded(other, ended) {
      // Without locks nobody knows: what another page has begun is over for this one.
      if (!hasLock) return ended();
      locks
        .request(nameOf(other), { mode: 'shared', signal: over.signal }, () => {
          if (!over.signal.aborted) ended();
        })
        // Only an abort rejects it, and then nobody wants to know.
        .catch(() => undefined);
    },
    [dispose]() {
      over.abort();
      letGo();
    },
  };
}

/** False where the page may have none, as in an opaque origin. */
function isHeld(locks: LockManager | undefined, name: string, held: Promise<void>): Promise<boolean> {
  if (!locks) return Promise.resolve(false);
  const { promise, resolve } = Promise.withResolvers<boolean>();
  locks
    .request(name, () => {
      resolve(true);
      return held;
    })
    .catch(() => resolve(false));
  return promise;
}
