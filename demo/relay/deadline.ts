// When a call is over: a clock, a signal, and a race that the work behind it may lose but not end with.

import { Problem } from './problem.ts';

export class Deadline {
  readonly #controller = new AbortController();
  readonly #endsAt: number;
  readonly #timer: ReturnType<typeof setTimeout>;

  constructor(ms: number) {
    this.#endsAt = performance.now() + ms;
    this.#timer = setTimeout(() => this.#controller.abort(), ms);
  }

  /** Aborted when the time is over. */
  get signal(): AbortSignal {
    return this.#controller.signal;
  }

  /** In ms; 0 when it is over. */
  leftMs(): number {
    return Math.max(0, this.#endsAt - performance.now());
  }

  /**
   * @throws {Problem} DEADLINE when the work takes longer. It goes on: what has begun cannot be taken back, and its end
   * is still worth keeping for whoever asks again.
   */
  within<T>(work: Promise<T>): Promise<T> {
    const over = new Promise<never>((_, reject) => {
      const end = () => reject(new Problem('deadline', 'Ask again with the same key to learn how it ended'));
      if (this.signal.aborted) end();
      this.signal.addEventListener('abort', end, { once: true });
    });
    return Promise.race([work, over]);
  }

  /** Stops the clock once nobody needs it. */
  [Symbol.dispose](): void {
    clearTimeout(this.#timer);
  }
}
