// How much a page may say: reading it costs the host's thread (H11).

import { TokenBucket } from '../util/time/token-bucket.ts';

/** Messages in a burst, and those that come back a second. Ordinary pages stay far below: a resize for each frame is 60. */
const BURST = 1_000;
const A_SECOND = 250;
/** Text that costs as much as one message more, in UTF-16 units. */
const LENGTH = 4_096;

export class RateLimit {
  readonly #messages = new TokenBucket(BURST, A_SECOND);

  /** Takes off one message of `length` units of text that took `ms` to read; false when it is used up. */
  covers(length: number, ms = 0): boolean {
    return this.#messages.take(1 + length / LENGTH + ms);
  }
}
