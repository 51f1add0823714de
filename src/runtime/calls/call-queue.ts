// First in, first out, one at a time, and no longer than it may be.

import { ClocheError } from '../../errors.ts';

interface QueuedCall {
  go(): void;
}

export class CallQueue {
  readonly #most: () => number;
  readonly #waiting = new Set<QueuedCall>();
  #running = false;
  /** Who waits for the turn to end. */
  readonly #leaving: (() => void)[] = [];

  /** @param most how many may wait beside the one that runs */
  constructor(most: () => number) {
    this.#most = most;
  }

  /**
   * Takes a turn, after all that came before. Aborted while it waits, it leaves the queue at once and makes room.
   * @returns undefined where the turn has come already; else rejects with the signal's reason
   * @throws {ClocheError} BUSY when too many wait already; the signal's reason
   */
  enter(signal?: AbortSignal): Promise<void> | undefined {
    signal?.throwIfAborted();
    if (this.#running) return this.#turn(signal);
    this.#running = true;
    return undefined;
  }

  /** Ends the turn that was taken. `#running` stays true on the way to the next, so that nobody slips in between. */
  leave(): void {
    for (const tell of this.#leaving.splice(0)) tell();
    const [first] = this.#waiting;
    if (!first) {
      this.#running = false;
      return;
    }
    this.#waiting.delete(first);
    first.go();
  }

  /** Resolves when the turn that somebody has now is left. */
  left(): Promise<void> {
    return this.#running ? new Promise((resolve) => this.#leaving.push(resolve)) : Promise.resolve();
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
}
