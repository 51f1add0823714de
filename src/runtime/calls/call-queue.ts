// First in, first out, one at a time, and no longer than it may be.

import { ClocheError } from '../../errors.ts';

interface QueuedCall {
  go(): void;
}

export class CallQueue {
  readonly #most: () => number;
  readonly #waiting = new Set<QueuedCall>();
  #running = false;

  /** @param most how many may wait beside the one that runs */
  constructor(most: () => number) {
    this.#most = most;
  }

  /**
   * Runs `task` after all that came before it. Aborted while it waits, it leaves the queue at once and makes room.
   * @throws {ClocheError} BUSY when too many wait already; the signal's reason; whatever the task throws.
   */
  async run<T>(task: () => Promise<T>, signal?: AbortSignal): Promise<T> {
    signal?.throwIfAborted();
    if (this.#running) await this.#turn(signal);
    this.#running = true;
    try {
      return await task();
    } finally {
      this.#next();
    }
  }

  #turn(signal: AbortSignal | undefined): Promise<void> {
    if (this.#waiting.size >= this.#most()) {
      throw new ClocheError('BUSY', `${this.#waiting.size} calls wait already; try again when some have ended`);
    }
    return new Promise((resolve, reject) => {
      const abort = (): void => {
        this.#waiting.delete(waiting);
        reject(signal?.reason);
      };
      const waiting: QueuedCall = {
        go() {
          signal?.removeEventListener('abort', abort);
          resolve();
        },
      };
      this.#waiting.add(waiting);
      signal?.addEventListener('abort', abort, { once: true });
    });
  }

  /** `#running` stays true on the way from one task to the next, so that nobody slips in between. */
  #next(): void {
    const [first] = this.#waiting;
    if (!first) {
      this.#running = false;
      return;
    }
    this.#waiting.delete(first);
    first.go();
  }
}
