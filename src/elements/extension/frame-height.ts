// How high a page's frame is, from what the page reports. The host adds 20 px, and a page that fills its frame would
// report that as its height again, and grow without end.

/** In px. Until the first report. */
const FIRST = 600;
export const LEAST_HEIGHT = 400;
/** Room for shadows and margins that `scrollHeight` leaves out. */
const ROOM = 20;
/** A report that follows a change of ours this soon, in ms, is an answer to it. */
const ECHO_MS = 1_000;

export class FrameHeight {
  readonly #most: () => number;
  #height = FIRST;
  #excess = 0;
  #changedAt = Number.NEGATIVE_INFINITY;

  /** @param most largest height, in px; never below {@link LEAST_HEIGHT} */
  constructor(most: () => number) {
    this.#most = most;
  }

  get px(): number {
    return Math.min(this.#height, Math.max(this.#most(), LEAST_HEIGHT));
  }

  /** @param reported the page's height in px @param now in ms */
  report(reported: number, now = performance.now()): void {
    const excess = Math.ceil(reported) - this.px;
    // As high as its frame, which no page is by chance: `scrollHeight` is never less than that.
    if (excess === 0) return;
    // A page of `100vh` and a margin is always the same bit higher. One that really grew will be higher still next time.
    if (excess > 0 && excess === this.#excess && now - this.#changedAt < ECHO_MS) return;
    this.#excess = excess;
    this.#changedAt = now;
    this.#height = Math.max(Math.ceil(reported) + ROOM, LEAST_HEIGHT);
  }
}
