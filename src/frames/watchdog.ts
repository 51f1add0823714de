// Asks a page again and again whether it still runs. A page that spins answers nothing (U13).

/** Between two looks, in ms. */
const TICK_MS = 1_000;
/** Looks without an answer until the page counts as stuck. Looks, not time: a page that was asleep gets its turn. */
const MOST_SILENT_TICKS = 5;
/** Longest that an open dialog excuses silence, in ticks. */
const MOST_DIALOG_TICKS = 600;

export class Watchdog {
  readonly #timer: ReturnType<typeof setInterval>;
  #asked = false;
  #silent = 0;
  #excused = 0;

  /** @param look asks the page; `bark` is called once, when it has not answered for about 5 s of being visible */
  constructor(look: () => void, bark: () => void) {
    this.#timer = setInterval(() => {
      // Browsers slow hidden pages down as they like.
      if (document.visibilityState !== 'visible' || this.#isExcused()) return;
      if (!this.#asked) {
        this.#asked = true;
        look();
      } else if (++this.#silent === MOST_SILENT_TICKS) {
        this.stop();
        bark();
      }
    }, TICK_MS);
  }

  /** The page has answered. */
  heard(): void {
    this.#asked = false;
    this.#silent = 0;
  }

  /** `confirm()` and its kin hold the page until the user has answered. */
  dialog(open: boolean): void {
    this.#excused = open ? MOST_DIALOG_TICKS : 0;
    this.heard();
  }

  stop(): void {
    clearInterval(this.#timer);
  }

  #isExcused(): boolean {
    if (this.#excused === 0) return false;
    this.#excused--;
    return true;
  }
}
