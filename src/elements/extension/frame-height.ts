// How high a page's frame is, from what the page reports. The host adds 20 px, and a page that fills its frame would
// report that as its height again, and grow without end.

/** In px. Until the first report. */
const FIRST = 600;
const LEAST = 400;
/** Higher ones scroll inside their frame, unless the host app says otherwise. */
export const DEFAULT_MAX_HEIGHT = 10_000;
/** Room for shadows and margins that `scrollHeight` leaves out. */
const ROOM = 20;
/** A report that follows a change of ours this soon, in ms, is an answer to it. */
const ECHO_MS = 1_000;

export class FrameHeight {
  readonly #most: () => number;
  #height = FIRST;
  #reported: number | undefined;
  #excess = 0;
  #changedAt = Number.NEGATIVE_INFINITY;

  /** @param most largest height, in px; never below 400, and 10,000 for what is not a number */
  constructor(most: () => number) {
    this.#most = most;
  }

  get px(): number {
    const most = this.#most();
    return Math.min(this.#height, Math.max(Number.isNaN(most) ? DEFAULT_MAX_HEIGHT : most, LEAST));
  }

  /** @param reported the page's height in px @param now in ms */
  report(reported: number, now = performance.now()): void {
    // Nothing is new: a second observer of the page, or one that asks all the time.
    if (reported === this.#reported) return;
    this.#reported = reported;
    const excess = Math.ceil(reported) - this.px;
    // As high as its frame, which no page is by chance: `scrollHeight` is never less than that.
    if (excess === 0) return;
    // A page of `100vh` and a margin is always the same bit higher. One that really grew will be higher still next time.
    if (excess > 0 && excess === this.#excess && now - this.#changedAt < ECHO_MS) return;
    this.#excess = excess;
    this.#changedAt = now;
    this.#height = Math.max(Math.ceil(reported) + ROOM, LEAST);
  }
}
