// A timer that blames nobody for the page's own delay (C10). A page that was busy, or a tab that was frozen, hears its
// timers and what came meanwhile in no certain order, and what it waits for may have been held up as well.

import { dispose } from './dispose.ts';

/** Firefox passes a message on once more within the page before it is heard; one round is to spare. */
const ROUNDS = 3;

/** Every deadline is moved by this, in ms: WebKit takes longer than those rounds. */
const SETTLING_MS = 10;

/** A short deadline is moved by up to this, in ms: a tab that was frozen wakes slowly. */
const WAKING_MS = 5_000;

export class Deadline implements Disposable {
  readonly #ms: number;
  readonly #pass: () => void;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #endsAt = 0;
  #isExtended = false;
  #isOver = false;

  /**
   * @param ms until `pass` is called, once, unless it is cleared before. A deadline that comes late is moved by as much,
   * once and by no more than `ms` or 5 s: a page that is always busy is not a way to run for ever.
   */
  constructor(ms: number, pass: () => void) {
    this.#ms = ms;
    this.#pass = pass;
    this.#arm(ms);
  }

  get leftMs(): number {
    return Math.max(0, this.#endsAt - performance.now());
  }

  /** Whatever happens, it does not pass any more. */
  [dispose](): void {
    this.#isOver = true;
    clearTimeout(this.#timer);
  }

  #arm(ms: number): void {
    this.#endsAt = performance.now() + ms;
    this.#timer = setTimeout(() => void this.#due(), ms);
  }

  async #due(): Promise<void> {
    // Either way: while a machine sleeps one of the two clocks may stand still.
    const lateMs = Math.abs(performance.now() - this.#endsAt);
    if (!this.#isExtended) {
      this.#isExtended = true;
      this.#arm(Math.max(SETTLING_MS, Math.min(lateMs, Math.max(this.#ms, WAKING_MS))));
      return;
    }
    await everythingHeard();
    if (this.#isOver) return;
    this.#isOver = true;
    this.#pass();
  }
}

/**
 * Waits for a promise, but no longer than `ms`.
 * @throws what `late` returns, when it takes longer; what the promise rejects with
 */
export async function within<T>(promise: Promise<T>, ms: number, late: () => unknown): Promise<T> {
  const { promise: over, reject } = Promise.withResolvers<never>();
  const deadline = new Deadline(ms, () => reject(late()));
  try {
    return await Promise.race([promise, over]);
  } finally {
    deadline[dispose]();
  }
}

/** Resolves when the messages that have reached the page are heard. */
export function everythingHeard(): Promise<void> {
  const { port1, port2 } = new MessageChannel();
  let rounds = 0;
  return new Promise((resolve) => {
    port1.onmessage = () => {
      if (++rounds < ROUNDS) return port2.postMessage(null);
      port1.close();
      resolve();
    };
    port2.postMessage(null);
  });
}
