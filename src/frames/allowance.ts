// How much a page may say: reading it costs the host's thread (H11).

/** A burst that ordinary pages stay below, and what comes back a second; a message of n units of text costs n/1024 more. */
const BURST = 2_500;
const A_SECOND = 1_000;

export class Allowance {
  #left = BURST;
  #since = performance.now();

  /** Takes off one message of `length` units of text; false when it is used up. */
  covers(length: number): boolean {
    const now = performance.now();
    this.#left = Math.min(BURST, this.#left + ((now - this.#since) / 1_000) * A_SECOND);
    this.#since = now;
    this.#left -= 1 + length / 1_024;
    return this.#left >= 0;
  }
}
