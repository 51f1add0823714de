// How much a page may say: reading it costs the host's thread (H11).

/** Messages in a burst, and those that come back a second. Ordinary pages stay far below: a resize for each frame is 60. */
const BURST = 1_000;
const A_SECOND = 250;
/** Text that costs as much as one message more, in UTF-16 units. */
const LENGTH = 4_096;

export class RateLimit {
  #left = BURST;
  #since = performance.now();

  /** Takes off one message of `length` units of text that took `ms` to read; false when it is used up. */
  covers(length: number, ms = 0): boolean {
    const now = performance.now();
    this.#left = Math.min(BURST, this.#left + ((now - this.#since) / 1_000) * A_SECOND);
    this.#since = now;
    this.#left -= 1 + length / LENGTH + ms;
    return this.#left >= 0;
  }
}
