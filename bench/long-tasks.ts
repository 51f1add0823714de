// Whether the page itself was kept busy, in engines that tell.

const OFFERED = PerformanceObserver.supportedEntryTypes.includes('longtask');

/** Tasks of the page of over 50 ms that begin while something of ours runs. */
export class LongTasks {
  #longest = 0;
  #seen: PerformanceEntry[] = [];
  readonly #observer = new PerformanceObserver((list) => this.#seen.push(...list.getEntries()));

  constructor() {
    if (OFFERED) this.#observer.observe({ type: 'longtask' });
  }

  /** In ms, 0 for none. Undefined where the engine does not tell. */
  get longest(): number | undefined {
    return OFFERED ? this.#longest : undefined;
  }

  async during<T>(action: () => Promise<T>): Promise<T> {
    if (!OFFERED) return action();
    // In a task of its own: that of the side before is not ours. An entry comes after the task that it tells of.
    await nextTask();
    const began = performance.now();
    const result = await action();
    await nextTask();
    const seen = [...this.#seen, ...this.#observer.takeRecords()];
    this.#seen = [];
    for (const { startTime, duration } of seen) {
      if (startTime >= began) this.#longest = Math.max(this.#longest, duration);
    }
    return result;
  }

  stop(): void {
    this.#observer.disconnect();
  }
}

function nextTask(): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve));
}
