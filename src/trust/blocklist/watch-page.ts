// When to look again: from time to time while somebody sees the page, and when they come back to it.

/** No more often than that, however often somebody comes back, in ms. */
const PAUSE_MS = 10_000;

/** @param signal ends it */
export function watchPage(look: () => void, everyMs: number, signal: AbortSignal): void {
  let last = performance.now();
  const lookNow = (): void => {
    if (globalThis.document?.hidden || performance.now() - last < PAUSE_MS) return;
    last = performance.now();
    look();
  };
  const timer = setInterval(lookNow, everyMs);
  globalThis.document?.addEventListener('visibilitychange', lookNow, { signal });
  signal.addEventListener('abort', () => clearInterval(timer));
}
