// Whether the page that runs a task is still there: each holds a lock for as long as it lives, which the browser takes from it when it
// ends, however that comes. https://www.w3.org/TR/web-locks/

import { dispose } from '../util/dispose.ts';
import { requestLock } from '../util/web-lock.ts';

export interface PageLock extends Disposable {
  /** Tells once another page has ended. */
  whenEnded(page: string, ended: () => void): void;
}

/** @param storage names of pages count within it */
export async function holdPageLock(storage: string, page: string): Promise<PageLock> {
  const over = new AbortController();
  const nameOf = (one: string): string => `cloche:${storage}-tasks:${one}`;
  // A page may have none, as in an opaque origin.
  const own = await requestLock(nameOf(page), { ifAvailable: true }).catch(() => undefined);
  return {
    whenEnded(other, ended) {
      // Without locks nobody knows: what another page has begun is over for this one.
      if (!own) return ended();
      requestLock(nameOf(other), { signal: over.signal }).then(
        (lock) => {
          // Others wait for it as well.
          lock?.[dispose]();
          if (!over.signal.aborted) ended();
        },
        // Only an abort rejects it, and then nobody wants to know.
        () => undefined,
      );
    },
    [dispose]() {
      over.abort();
      own?.[dispose]();
    },
  };
}
