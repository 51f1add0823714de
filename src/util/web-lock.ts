// A Web Lock, held until it is let go of. Browsers let go of it when its tab ends.
// https://w3c.github.io/web-locks/

import { dispose } from './dispose.ts';

export interface WebLock extends Disposable {
  /** Somebody has stolen it, as any script of the origin may. */
  readonly isLost: boolean;
}

/**
 * @param options whether to take it only where it is free, or a signal that ends the wait
 * @returns undefined where somebody else holds it, and where the page may hold none
 * @throws what the browser rejects with: the reason of the signal, or that locks are forbidden here
 */
export function requestLock(
  name: string,
  options: { readonly ifAvailable: true } | { readonly signal: AbortSignal },
): Promise<WebLock | undefined> {
  const { promise, resolve, reject } = Promise.withResolvers<WebLock | undefined>();
  const { promise: released, resolve: release } = Promise.withResolvers<void>();
  const lock = { isLost: false, [dispose]: release };
  const { locks } = navigator;
  if (!locks) return Promise.resolve(undefined);
  locks
    .request(name, options, (held) => {
      resolve(held ? lock : undefined);
      return held ? released : undefined;
    })
    .catch((thrown: unknown) => {
      lock.isLost = true;
      reject(thrown);
    });
  return promise;
}
