/** Holds the page's thread. */
export function busy(ms: number): void {
  const end = performance.now() + ms;
  while (performance.now() < end);
}
