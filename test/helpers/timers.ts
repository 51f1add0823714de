// Timeouts that wait for a hand to move the clock, in the page as in Node.

import { asyncDispose } from '../../src/util/dispose.ts';

const real = { setTimeout: globalThis.setTimeout, clearTimeout: globalThis.clearTimeout };

/** Resolves when what is under way has had its turn, messages included, whatever the clock of the test says. */
export function turn(): Promise<void> {
  return new Promise((resolve) => real.setTimeout.call(globalThis, resolve, 20));
}

/** `setTimeout` and `performance.now` are the test's until this is disposed of, which the test runner itself waits for. */
export class Timers implements AsyncDisposable {
  readonly #due = new Map<number, { at: number; run: () => void }>();

  #newest = 0;
  ms = 0;

  constructor() {
    performance.now = () => this.ms;
    globalThis.setTimeout = ((run: () => void, ms = 0) => {
      this.#due.set(++this.#newest, { at: this.ms + ms, run });
      return this.#newest;
    }) as unknown as typeof setTimeout;
    globalThis.clearTimeout = ((timer: number) => this.#due.delete(timer)) as unknown as typeof clearTimeout;
  }

  /** Busy until then: what was due meanwhile comes now, in its order. */
  async jump(ms: number): Promise<void> {
    this.ms = ms;
    for (const [timer, { at, run }] of [...this.#due].sort(([, a], [, b]) => a.at - b.at)) {
      if (at <= ms && this.#due.delete(timer)) run();
    }
    await turn();
  }

  /** Lets time pass with nothing to do. */
  async pass(ms: number): Promise<void> {
    for (const end = this.ms + ms; this.ms < end; ) {
      await this.jump(Math.min(end, ...[...this.#due.values()].map(({ at }) => Math.max(at, this.ms + 1))));
    }
  }

  /** Gives the page its own back, once what waits has passed: the one timeout of all deadlines is set by either clock. */
  async [asyncDispose](): Promise<void> {
    await this.pass(10_000);
    Reflect.deleteProperty(performance, 'now');
    Object.assign(globalThis, real);
  }
}
