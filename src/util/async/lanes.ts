// Work that shares the machine: so many at a time, in the order in which they came.

import { dispose } from '../dispose.ts';
import { Timer } from '../time/timer.ts';

export class Lanes {
  readonly #patienceMs: number;
  #free: number;
  readonly #waiting: (() => void)[] = [];

  /** @param patienceMs who takes longer goes on, and keeps nobody waiting any more */
  constructor(count: number, patienceMs: number) {
    this.#free = count;
    this.#patienceMs = patienceMs;
  }

  /** Runs it as soon as there is a lane. @throws what it throws */
  async run<T>(task: () => Promise<T>): Promise<T> {
    if (this.#free > 0) this.#free--;
    else await new Promise<void>((resolve) => this.#waiting.push(resolve));
    let isOver = false;
    const leave = (): void => {
      if (isOver) return;
      isOver = true;
      const next = this.#waiting.shift();
      if (next) next();
      else this.#free++;
    };
    const timer = new Timer(this.#patienceMs, leave);
    try {
      return await task();
    } finally {
      timer[dispose]();
      leave();
    }
  }
}
