// A timer that blames nobody for the page's own delay (C10). A page that was busy, or a tab that was frozen, hears its
// timers and what came meanwhile in no certain order, and what it waits for may have been held up as well.

import { dispose } from '../dispose.ts';
import { messageTurns } from '../pauses.ts';
import { Timer } from './timer.ts';

/** Firefox passes a message on once more within the page before it is heard; one round is to spare. */
const ROUNDS = 3;

/** Every deadline is moved by this, in ms: WebKit takes longer than those rounds. */
const SETTLING_MS = 10;

/** A short deadline is moved by up to this, in ms: a tab that was frozen wakes slowly. */
const WAKING_MS = 5_000;

/** What ends with a signal has its own deadline within that of the signal. */
const ofSignals = new WeakMap<AbortSignal, Deadline>();

export class Deadline implements Disposable {
  readonly #outer: Deadline | undefined;
  readonly #inner = new Set<Deadline>();
  /** Where it was set: of two, this says which comes first, however far each is moved. */
  #setFor: number;
  readonly #ms: number;
  readonly #pass: (withInner: boolean) => void;
  #timer: Timer;
  #isExtended = false;
  #isOver = false;

  /**
   * @param ms until `pass` is called, once, unless it is cleared before. A deadline that comes late is moved by as much,
   * once and by no more than `ms` or 5 s: a page that is always busy is not a way to run for ever.
   * @param outer of what this is a part of: of the two the one that was set for the earlier time passes first, though a
   * busy page moves the earlier one further. What follows from the inner is heard before the outer passes, which
   * hears whether it brought any about.
   */
  constructor(ms: number, pass: (withInner: boolean) => void, outer?: Deadline) {
    this.#ms = ms;
    this.#pass = pass;
    this.#outer = outer;
    this.#setFor = performance.now() + ms;
    if (outer) outer.#inner.add(this);
    this.#timer = this.#arm(ms);
  }

  /** That of what ends with a signal, if it has one. */
  static of(signal: AbortSignal): Deadline | undefined {
    return ofSignals.get(signal);
  }

  /** Makes it known to those who get the signal. */
  governs(signal: AbortSignal): void {
    ofSignals.set(signal, this);
  }

  get leftMs(): number {
    return Math.max(0, this.#timer.at - performance.now());
  }

  /**
   * Stands still until what is returned is disposed of: what was left is left again then. It must not be held twice at a
   * time, and holds nothing that is within it.
   */
  hold(): Disposable {
    const [leftMs, since] = [this.leftMs, performance.now()];
    this.#timer[dispose]();
    return {
      [dispose]: () => {
        if (this.#isOver) return;
        this.#setFor += performance.now() - since;
        this.#timer = this.#arm(leftMs);
      },
    };
  }

  /** Whatever happens, it does not pass any more. */
  [dispose](): void {
    this.#isOver = true;
    this.#timer[dispose]();
    if (this.#outer) this.#outer.#inner.delete(this);
  }

  #arm(ms: number): Timer {
    return new Timer(ms, () => void this.#due());
  }

  async #due(): Promise<void> {
    // Either way: while a machine sleeps one of the two clocks may stand still.
    const lateMs = Math.abs(performance.now() - this.#timer.at);
    if (!this.#isExtended) {
      this.#isExtended = true;
      this.#timer = this.#arm(Math.max(SETTLING_MS, Math.min(lateMs, Math.max(this.#ms, WAKING_MS))));
      return;
    }
    // The outer one passes soon, and what this one is for ends with it.
    if (this.#outer && !this.#outer.#isOver && this.#outer.#setFor < this.#setFor) return;
    await everythingHeard();
    await this.#end();
  }

  async #end(): Promise<void> {
    const inners = [...this.#inner].filter((inner) => inner.#setFor <= this.#setFor);
    for (const inner of inners) {
      await inner.#end();
      await everythingHeard();
    }
    if (this.#isOver) return;
    this[dispose]();
    this.#pass(inners.length > 0);
  }
}

/**
 * Waits for a promise, but no longer than `ms`.
 * @throws what `late` returns, when it takes longer; what the promise rejects with
 */
export async function within<T>(promise: Promise<T>, ms: number, late: () => unknown): Promise<T> {
  let deadline: Deadline | undefined;
  // Node 20, in which packages are signed, has no `withResolvers`.
  const over = new Promise<never>((_, reject) => {
    deadline = new Deadline(ms, () => reject(late()));
  });
  try {
    return await Promise.race([promise, over]);
  } finally {
    deadline?.[dispose]();
  }
}

/** Resolves when the messages that have reached the page are heard. */
export function everythingHeard(): Promise<void> {
  return messageTurns(ROUNDS);
}
