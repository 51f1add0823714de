// So many at a time, in the order in which they came: who waits holds nothing.

import { dispose } from '../util/dispose.ts';

interface Waiter {
  readonly count: number;
  begin(): void;
}

export class Turns {
  readonly #most: number;
  readonly #waiting: Waiter[] = [];
  #taken = 0;

  constructor(most: number) {
    this.#most = most;
  }

  /** @param count more than there are count as all of them @throws the reason of the signal */
  async take(count: number, signal: AbortSignal): Promise<Disposable> {
    signal.throwIfAborted();
    const wanted = Math.min(count, this.#most);
    if (this.#waiting.length > 0 || this.#taken + wanted > this.#most) await this.#wait(wanted, signal);
    else this.#taken += wanted;
    let isHeld = true;
    return {
      [dispose]: () => {
        if (!isHeld) return;
        isHeld = false;
        this.#taken -= wanted;
        this.#next();
      },
    };
  }

  #wait(count: number, signal: AbortSignal): Promise<void> {
    const { promise, resolve, reject } = Promise.withResolvers<void>();
    const waiter: Waiter = {
      count,
      begin: () => {
        signal.removeEventListener('abort', giveUp);
        resolve();
      },
    };
    const giveUp = (): void => {
      this.#waiting.splice(this.#waiting.indexOf(waiter), 1);
      reject(signal.reason);
      this.#next();
    };
    this.#waiting.push(waiter);
    signal.addEventListener('abort', giveUp, { once: true });
    return promise;
  }

  #next(): void {
    for (let first = this.#waiting[0]; first && this.#taken + first.count <= this.#most; first = this.#waiting[0]) {
      this.#waiting.shift();
      this.#taken += first.count;
      first.begin();
    }
  }
}
