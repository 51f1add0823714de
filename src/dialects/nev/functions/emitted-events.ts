// Events that one instance emits, so many at a time. Others wait here: at a plugin only so many calls may wait, and what found no place
// there would never be heard.

import { ClocheError } from '../../../errors.ts';
import { Lanes } from '../../../util/async/lanes.ts';

/** Together with what the app itself tells a plugin they find a place. */
const MOST_AT_ONCE = 16;
/** A plugin that takes longer over one, in ms, keeps the next from nobody. */
const PATIENCE_MS = 1_000;
/** Events, and UTF-16 units of what they carry. */
const MOST_WAITING = 10_000;
const MOST_TEXT = 16 << 20;

export class EmittedEvents {
  readonly #lanes = new Lanes(MOST_AT_ONCE, PATIENCE_MS);
  #count = 0;
  #length = 0;

  /**
   * At once, where few wait to be heard; in their order.
   * @param length of what it carries
   * @throws {ClocheError} QUOTA_EXCEEDED where too much waits; what `tell` throws
   */
  async emit(length: number, tell: () => Promise<unknown>): Promise<void> {
    if (this.#count >= MOST_WAITING || this.#length + length > MOST_TEXT) {
      throw new ClocheError('QUOTA_EXCEEDED', `${this.#count} events of an instance wait already`);
    }
    this.#count++;
    this.#length += length;
    try {
      await this.#lanes.run(tell);
    } finally {
      this.#count--;
      this.#length -= length;
    }
  }
}
