// Host calls that the worker has answered itself, under a lease. The page runs each of them as any other, in their order, and
// what comes after them waits. Their guest has gone on: where the page does not come to the same answer, nothing after that is
// run, and the call fails.

import { ClocheError } from '../../errors.ts';
import type { CallEnd } from './call-end.ts';

/** @throws {unknown} what is wrong about it */
type OneWay = (signal: AbortSignal) => Promise<void>;

export class OneWayCalls {
  readonly #end: CallEnd;
  /** Not that of a host call: they are done also where the guest is ended meanwhile, since it was told that they are. */
  #controller: AbortController | undefined;
  #last: Promise<void> | undefined;
  #failure: ClocheError | undefined;
  #isClosing = false;

  constructor(end: CallEnd) {
    this.#end = end;
  }

  add(run: OneWay): void {
    const turn = this.#after(this.#last, this.#signal, run).finally(() => {
      if (this.#last === turn) this.#last = undefined;
    });
    this.#last = turn;
  }

  /** Whether one is under way, or has failed: then `settle` has to be awaited. */
  get concern(): boolean {
    return this.#last !== undefined || this.#failure !== undefined;
  }

  /** Whether the guest is gone, and they are waited for. */
  get isClosing(): boolean {
    return this.#isClosing;
  }

  /** Waits for all that were added. @throws {ClocheError} what the first of them that failed has failed with */
  async settle(): Promise<void> {
    await this.#last;
    if (this.#failure) throw this.#failure;
  }

  /**
   * Waits for all of them: afterwards nobody does. Fails never, since the end of the call says what failed.
   * @returns undefined where there was none
   */
  close(): Promise<void> | undefined {
    const controller = this.#controller;
    if (!controller) return undefined;
    this.#isClosing = true;
    return Promise.resolve(this.#last).then(() => controller.abort());
  }

  async #after(last: Promise<void> | undefined, signal: AbortSignal, run: OneWay): Promise<void> {
    await last;
    if (this.#failure) return;
    try {
      await run(signal);
    } catch (thrown) {
      const failure =
        thrown instanceof ClocheError
          ? thrown
          : new ClocheError('HOST_FUNCTION_FAILED', 'a host function failed', { cause: thrown });
      this.#failure = failure;
      this.#end.add(() => Promise.reject(failure));
    }
  }

  get #signal(): AbortSignal {
    if (!this.#controller) {
      this.#controller = new AbortController();
      this.#end.governs(this.#controller.signal);
    }
    return this.#controller.signal;
  }
}
