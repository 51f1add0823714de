// A token bucket: so many calls at once, so many a minute on average.

import type { RateConfig } from './config.ts';

export class Rate {
  readonly #burst: number;
  readonly #perMs: number;
  #left: number;
  #at: number;

  constructor({ perMinute, burst }: RateConfig, now = performance.now()) {
    this.#burst = burst;
    this.#perMs = perMinute / 60_000;
    this.#left = burst;
    this.#at = now;
  }

  /** Takes one call, and returns 0, or how many seconds to wait (1 or more) when none is left. */
  take(now = performance.now()): number {
    this.#left = Math.min(this.#burst, this.#left + (now - this.#at) * this.#perMs);
    this.#at = now;
    if (this.#left < 1) return Math.max(1, Math.ceil((1 - this.#left) / this.#perMs / 1_000));
    this.#left -= 1;
    return 0;
  }
}
