// Lets so many things happen at once; the rest wait in the order in which they came.

import { Problem } from './problem.ts';

export class Turns {
  #free: number;
  readonly #waiting = new Set<() => void>();

  constructor(atOnce: number) {
    this.#free = atOnce;
  }

  /**
   * Waits for a turn.
   * @param signal Ends the waiting.
   * @returns what gives the turn back; call it once.
   * @throws {Problem} DEADLINE when the signal came first.
   */
  async take(signal: AbortSignal): Promise<() => void> {
    if (signal.aborted) throw late();
    if (this.#free > 0) this.#free -= 1;
    else await this.#wait(signal);
    return () => this.#giveBack();
  }

  #wait(signal: AbortSignal): Promise<void> {
    return new Promise((resolve, reject) => {
      const go = () => {
        signal.removeEventListener('abort', leave);
        resolve();
      };
      const leave = () => {
        this.#waiting.delete(go);
        reject(late());
      };
      signal.addEventListener('abort', leave, { once: true });
      this.#waiting.add(go);
    });
  }

  #giveBack(): void {
    const [next] = this.#waiting;
    if (next === undefined) {
      this.#free += 1;
      return;
    }
    this.#waiting.delete(next);
    next();
  }
}

function late(): Problem {
  return new Problem('deadline', 'Nothing was done: the call waited too long for its turn');
}
