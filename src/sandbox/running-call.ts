// One call under way: its deadline, its abort, and the host calls it waits for.

import { ClocheError } from '../errors.ts';
import type { CallChain } from './call-chain.ts';

/** A host call may use this much of what the call has left, so that the plugin still hears of the failure. */
const HOST_CALL_SHARE = 0.9;

export class RunningCall {
  readonly exportName: string | undefined;
  readonly context: unknown;
  readonly chain: CallChain;
  readonly began = performance.now();
  readonly #controller = new AbortController();
  readonly #timer: ReturnType<typeof setTimeout>;
  readonly #ends: number;
  /** Time spent waiting for host functions, in ms. */
  hostCallMs = 0;

  /** @param onDeadline ends the worker */
  constructor(
    facts: { exportName?: string; context?: unknown; chain: CallChain },
    timeoutMs: number,
    onDeadline: () => void,
  ) {
    this.exportName = facts.exportName;
    this.context = facts.context;
    this.chain = facts.chain;
    this.#ends = this.began + timeoutMs;
    this.#timer = setTimeout(onDeadline, timeoutMs);
  }

  /** Aborted when the call has ended, for whatever reason. */
  get signal(): AbortSignal {
    return this.#controller.signal;
  }

  get elapsedMs(): number {
    return performance.now() - this.began;
  }

  /**
   * Waits for a host function, but not as long as the call has left.
   * @throws {ClocheError} HOST_TIMEOUT; what the host function throws.
   */
  async hostCall<T>(run: (signal: AbortSignal) => Promise<T>): Promise<T> {
    const began = performance.now();
    const ms = Math.max(0, this.#ends - began) * HOST_CALL_SHARE;
    const controller = new AbortController();
    const signal = AbortSignal.any([this.signal, controller.signal]);
    let timer: ReturnType<typeof setTimeout> | undefined;
    const late = new Promise<never>((_resolve, reject) => {
      timer = setTimeout(() => {
        const error = new ClocheError('HOST_TIMEOUT', `a host function did not answer within ${Math.round(ms)} ms`);
        reject(error);
        controller.abort(error);
      }, ms);
    });
    try {
      return await Promise.race([run(signal), late]);
    } finally {
      clearTimeout(timer);
      this.hostCallMs += performance.now() - began;
    }
  }

  end(): void {
    clearTimeout(this.#timer);
    this.#controller.abort(new ClocheError('ABORTED', 'the call has ended'));
  }
}
