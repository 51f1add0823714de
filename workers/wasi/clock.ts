// The clocks of a guest, as real as it may have them.

import type { ClockMode } from '../../src/runtime/wire/guest-modes.ts';

/** Clocks of WASI. */
export const REALTIME = 0;
export const MONOTONIC = 1;

const COARSE_MS = 1_000;

export class Clock {
  readonly #mode: ClockMode;
  #sleptMs = 0;

  constructor(mode: ClockMode) {
    this.#mode = mode;
  }

  /** In ms; 0 of a clock that is none of the two. @param now of `performance.now()` */
  at(clock: number, now: number): number {
    if (clock !== REALTIME && clock !== MONOTONIC) return 0;
    if (this.#mode === 'none') return this.#sleptMs;
    const ms = clock === REALTIME ? Date.now() : now;
    return this.#mode === 'coarse' ? ms - (ms % COARSE_MS) : ms;
  }

  /** In ns. */
  time(clock: number): bigint {
    const ms = this.at(clock, performance.now());
    return clock === REALTIME ? BigInt(Math.floor(ms)) * 1_000_000n : BigInt(Math.round(ms * 1e6));
  }

  /** In ns. */
  resolution(clock: number): bigint {
    if (this.#mode === 'coarse') return BigInt(COARSE_MS) * 1_000_000n;
    return clock === REALTIME ? 1_000_000n : 5_000n;
  }

  /** A guest that waits for a time finds that it has come, whichever clock it has. */
  slept(ms: number): void {
    this.#sleptMs += Math.max(0, ms);
  }
}
