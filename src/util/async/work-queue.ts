/** Runs works one after another, in the order in which they come. */
export class WorkQueue {
  #last: Promise<unknown> = Promise.resolve();

  /** Resolves and rejects as `work` does. */
  add<T>(work: () => T | Promise<T>): Promise<T> {
    const done = this.#last.then(work);
    // Whoever asked is told of a failure; the next one only waits.
    this.#last = done.catch(() => undefined);
    return done;
  }
}
