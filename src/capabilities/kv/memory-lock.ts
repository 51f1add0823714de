// Of all tabs and hosts one at most answers from memory: the one that holds the Web Lock of the installation's data.

import { dispose } from '../../util/dispose.ts';
import { requestLock, type WebLock } from '../../util/web-lock.ts';

/** Undefined where somebody else holds it, and where the page may hold none. */
export function tryLock(name: string): Promise<WebLock | undefined> {
  return requestLock(name, { ifAvailable: true }).catch(() => undefined);
}

/** For data that nobody else can reach. */
export function noLock(): Promise<WebLock | undefined> {
  return Promise.resolve({ isLost: false, [dispose]: () => undefined });
}
