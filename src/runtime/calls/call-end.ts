// What host functions have left to do when a call ends: they may answer before they are done, and the call waits for them.

import { ClocheError } from '../../errors.ts';

/** Has to be the same function where it is the same thing that is left to do. */
export type EndTask = () => Promise<void>;

/** Whoever gets the signal of a host call may have something left to do. */
const ofSignals = new WeakMap<AbortSignal, CallEnd>();

export class CallEnd {
  readonly #tasks = new Set<EndTask>();
  #hasBegun = false;

  /** That of the call that a host function runs for; undefined where it runs for none. */
  static of(signal: AbortSignal): CallEnd | undefined {
    return ofSignals.get(signal);
  }

  /** Makes it known to those who get the signal. */
  governs(signal: AbortSignal): void {
    ofSignals.set(signal, this);
  }

  /** Whether the guest has returned, or was ended. */
  get hasBegun(): boolean {
    return this.#hasBegun;
  }

  /**
   * Done once, when the guest has returned or was ended, and before the caller hears of that.
   * @throws {ClocheError} ABORTED when that has happened: nobody would wait for it
   */
  add(task: EndTask): void {
    if (this.#hasBegun) throw new ClocheError('ABORTED', 'the call has ended');
    this.#tasks.add(task);
  }

  get hasTasks(): boolean {
    return this.#tasks.size > 0;
  }

  /** Does all of it. @throws what the first of them that failed was rejected with */
  async run(): Promise<void> {
    this.#hasBegun = true;
    if (!this.hasTasks) return;
    const outcomes = await Promise.allSettled([...this.#tasks].map((task) => task()));
    for (const outcome of outcomes) if (outcome.status === 'rejected') throw outcome.reason;
  }
}
