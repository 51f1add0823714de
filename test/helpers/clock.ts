// Time for tests of schedules, moved by hand.

import { assert } from 'chai';
import { pause } from './hosts.ts';

/** How often schedules are looked at, in ms. */
export const TICK = 30_000;

/** Time as the page has it, moved by hand: `setInterval` and `Date.now` are the test's until `stop`. */
export class Clock {
  readonly #real = { setInterval: globalThis.setInterval, clearInterval: globalThis.clearInterval, now: Date.now };
  readonly #timers = new Map<number, () => void>();
  #now = Date.UTC(2026, 2, 15, 10, 20, 30);
  #newest = 0;

  constructor() {
    Date.now = () => this.#now;
    globalThis.setInterval = ((run: () => void, ms: number) => {
      assert.equal(ms, TICK);
      this.#timers.set(++this.#newest, run);
      return this.#newest;
    }) as unknown as typeof setInterval;
    globalThis.clearInterval = ((timer: number) => this.#timers.delete(timer)) as unknown as typeof clearInterval;
  }

  get timers(): number {
    return this.#timers.size;
  }

  /** Lets time pass, tick by tick, and what is begun at each tick go on. */
  async pass(ms: number): Promise<void> {
    for (let passed = 0; passed < ms; passed += TICK) {
      this.#now += TICK;
      for (const run of [...this.#timers.values()]) run();
      await pause(5);
    }
  }

  /** Lets time pass in which no tick comes: the next one is late by it. */
  skip(ms: number): void {
    this.#now += ms;
  }

  stop(): void {
    Object.assign(globalThis, { setInterval: this.#real.setInterval, clearInterval: this.#real.clearInterval });
    Date.now = this.#real.now;
  }
}
