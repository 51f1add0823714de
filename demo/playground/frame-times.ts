// The page's heartbeat while a plugin runs: the time between two frames, measured by the frames themselves.

/** Ticks of the strip. Ten minutes of frames would be 36 000 numbers, so each tick keeps its longest. */
export const TICKS = 80;

/** What a frameTimes has seen so far. */
export interface FrameReading {
  /** Longest time between two frames within each tick in ms; 0 where there was no frame yet. */
  readonly ticks: readonly number[];
  readonly frames: number;
  readonly longestMs: number;
  /** The tab was in the background, where browsers pause frames: the numbers say nothing then. */
  readonly hidden: boolean;
}

export class FrameTimes {
  readonly #ticks = new Array<number>(TICKS).fill(0);
  readonly #spanMs: number;
  readonly #began = performance.now();
  #last = this.#began;
  #frames = 0;
  #longestMs = 0;
  #hidden = document.hidden;
  #request = 0;

  /** Starts to measure. `spanMs` is the time that all ticks together stand for. */
  constructor(spanMs: number) {
    this.#spanMs = spanMs;
    this.#request = requestAnimationFrame(this.#beat);
  }

  #beat = (): void => {
    this.#note(performance.now());
    this.#frames++;
    this.#request = requestAnimationFrame(this.#beat);
  };

  /** Ends the measurement. The time since the last frame counts too: a frozen page has no frame to report it. */
  stop(): void {
    cancelAnimationFrame(this.#request);
    this.#note(performance.now());
  }

  get reading(): FrameReading {
    return { ticks: [...this.#ticks], frames: this.#frames, longestMs: this.#longestMs, hidden: this.#hidden };
  }

  #tickAt(time: number): number {
    return Math.min(TICKS - 1, Math.floor(((time - this.#began) / this.#spanMs) * TICKS));
  }

  #note(now: number): void {
    const gap = now - this.#last;
    this.#last = now;
    if (document.hidden) this.#hidden = true;
    this.#longestMs = Math.max(this.#longestMs, gap);
    // A pause that covers several ticks belongs to each of them.
    for (let tick = this.#tickAt(now - gap); tick <= this.#tickAt(now); tick++) {
      this.#ticks[tick] = Math.max(this.#ticks[tick] ?? 0, gap);
    }
  }
}
