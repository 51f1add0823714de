// First in, first out, one at a time, and no longer than it may be.

import { ClocheError } from '../errors.ts';

export class CallQueue {
  readonly #most: () => number;
  #tail: Promise<void> = Promise.resolve();
  #waiting = 0;
  #running = false;

  /** @param most how many may wait beside the one that runs */
  constructor(most: () => number) {
    this.#most = most;
  }

  /** Whether nothing runs and nothing waits. */
  get idle(): boolean {
    return !this.#running && this.#waiting === 0;
  }

  /**
   * Runs `task` after all that came before it.
   * @throws {ClocheError} BUSY when too many wait already; whatever the task throws.
   */
  async run<T>(task: () => Promise<T>): Promise<T> {
    if (this.#running && this.#waiting >= this.#most()) {
      throw new ClocheError('BUSY', `${this.#waiting} calls wait already; try again when some have ended`);
    }
    const before = this.#tail;
    const { promise, resolve } = Promise.withResolvers<void>();
    this.#tail = promise;
    if (this.#running) {
      this.#waiting++;
      await before;
      this.#waiting--;
    }
    this.#running = true;
    try {
      return await task();
    } finally {
      this.#running = this.#waiting > 0;
      resolve();
    }
  }
}
