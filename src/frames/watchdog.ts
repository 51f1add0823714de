// Asks a page again and again whether it still runs. A page that spins answers nothing (U13).

import { dispose } from '../util/dispose.ts';
import { everythingHeard } from '../util/time/deadline.ts';

/** Between two looks, in ms. */
const TICK_MS = 1_000;
/** Looks without an answer until the page counts as stuck. Looks, not time: a page that was asleep gets its turn. */
const MOST_SILENT_TICKS = 5;
/** Longest that an open dialog excuses silence, in ticks. */
const MOST_DIALOG_TICKS = 600;
/** A look that comes later than this was held up, and the plugin's page, which may share the thread, with it. */
const LATE_MS = 250;

export class Watchdog implements Disposable {
  readonly #timer: ReturnType<typeof setInterval>;
  #asked = false;
  #silent = 0;
  #excused = 0;
  #lastTick = performance.now();
  #isStopped = false;

  /** @param look asks the page; `bark` is called once, when it has not answered for about 5 s of being visible */
  constructor(look: () => void, bark: () => void) {
    this.#timer = setInterval(() => void this.#tick(look, bark), TICK_MS);
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

  [dispose](): void {
    this.#isStopped = true;
    clearInterval(this.#timer);
  }

  async #tick(look: () => void, bark: () => void): Promise<void> {
    const isLate = this.#isLate();
    // What the page has said by now comes first.
    await everythingHeard();
    // Browsers slow hidden pages down as they like.
    if (this.#isStopped || document.visibilityState !== 'visible' || this.#isExcused()) return;
    if (!this.#asked) {
      this.#asked = true;
      look();
      return;
    }
    // A host that is always busy only doubles the time: the plugin's own page may be what keeps it so.
    this.#silent += isLate ? 0.5 : 1;
    if (this.#silent < MOST_SILENT_TICKS) return;
    this[dispose]();
    bark();
  }

  #isLate(): boolean {
    const now = performance.now();
    const lateMs = now - this.#lastTick - TICK_MS;
    this.#lastTick = now;
    return lateMs > LATE_MS;
  }

  #isExcused(): boolean {
    if (this.#excused === 0) return false;
    this.#excused--;
    return true;
  }
}
