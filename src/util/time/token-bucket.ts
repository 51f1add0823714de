// A rate limit: so many at once, so many a second on average.

export class TokenBucket {
  readonly #burst: number;
  readonly #perMs: number;
  #left: number;
  #at = performance.now();

  /** @param burst how many at once */
  constructor(burst: number, perSecond: number) {
    this.#burst = burst;
    this.#perMs = perSecond / 1_000;
    this.#left = burst;
  }

  /** How much may be taken now; below 0 while there is a debt. */
  get left(): number {
    return Math.min(this.#burst, this.#left + (performance.now() - this.#at) * this.#perMs);
  }

  /** Takes off what something costs. @returns false when it is used up, and the debt still counts */
  take(cost = 1): boolean {
    const now = performance.now();
    this.#left = Math.min(this.#burst, this.#left + (now - this.#at) * this.#perMs) - cost;
    this.#at = now;
    return this.#left >= 0;
  }

  /** How long until the debt is paid, in ms; 0 where there is none. */
  get debtMs(): number {
    return Math.max(0, -this.#left / this.#perMs);
  }
}
