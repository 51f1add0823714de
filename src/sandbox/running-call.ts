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
  /** When each host call that is not answered yet began. A worker of ours has one at a time. */
  readonly #waits = new Set<{ readonly since: number }>();
  #waitedMs = 0;

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

  get elapsedMs(): number {
    return performance.now() - this.began;
  }

  /** Time spent waiting for host functions so far, in ms. */
  get hostCallMs(): number {
    const now = performance.now();
    return [...this.#waits].reduce((sum, { since }) => sum + now - since, this.#waitedMs);
  }

  /** Whether the guest waits for a host function, and so computes nothing. */
  get waiting(): boolean {
    return this.#waits.size > 0;
  }

  /**
   * Waits for a host function, but not as long as the call has left.
   * @param run gets a signal that is aborted when nobody waits any more, at the latest when the call ends
   * @throws {ClocheError} HOST_TIMEOUT; ABORTED when the call ends first; what the host function throws.
   */
  async hostCall<T>(run: (signal: AbortSignal) => Promise<T>): Promise<T> {
    const wait = { since: performance.now() };
    const ms = Math.max(0, this.#ends - wait.since) * HOST_CALL_SHARE;
    const late = new AbortController();
    const error = new ClocheError('HOST_TIMEOUT', `a host function did not answer within ${Math.round(ms)} ms`);
    const timer = setTimeout(() => late.abort(error), ms);
    const signal = AbortSignal.any([this.#controller.signal, late.signal]);
    const { promise: over, reject } = Promise.withResolvers<never>();
    const abort = (): void => reject(signal.reason);
    signal.addEventListener('abort', abort, { once: true });
    this.#waits.add(wait);
    try {
      return await Promise.race([run(signal), over]);
    } finally {
      clearTimeout(timer);
      signal.removeEventListener('abort', abort);
      this.#waits.delete(wait);
      this.#waitedMs += performance.now() - wait.since;
    }
  }

  end(): void {
    clearTimeout(this.#timer);
    this.#controller.abort(new ClocheError('ABORTED', 'the call has ended'));
  }
}
