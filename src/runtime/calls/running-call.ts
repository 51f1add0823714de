// One call under way: its deadline, its abort, and the host calls it waits for.

import { ClocheError } from '../../errors.ts';
import { dispose } from '../../util/dispose.ts';
import { Deadline } from '../../util/time/deadline.ts';
import { Timer } from '../../util/time/timer.ts';
import type { GuestInstance } from '../guest-instance.ts';
import type { CallChain } from './call-chain.ts';
import { CallEnd } from './call-end.ts';
import { ENDED, HostWait } from './host-wait.ts';
import { OneWayCalls } from './one-way-calls.ts';

/** A host call may use this much of what the call has left, so that the plugin still hears of the failure. */
const HOST_CALL_SHARE = 0.9;

/** How long after a host function was given up the guest may take to return, in ms, where its time is over by then. */
const GRACE_MS = 500;

/**
 * How long the signal of a host call stands after its answer at least, in ms, whether its call has ended or not. Scripts of the
 * page may still read their clones of what its function has fetched, and Firefox takes several tasks for that. Twice as long
 * at most.
 */
const STANDS_MS = 50;

/** The context of a call that only asks a plugin about itself. */
export const DESCRIBING = Symbol('describing');

export class RunningCall implements Disposable {
  readonly exportName: string | undefined;
  readonly context: unknown;
  readonly chain: CallChain;
  /** What runs the guest: an instance of it after another. */
  readonly sandbox: { readonly instance: GuestInstance };
  readonly timeoutMs: number;
  readonly began = performance.now();
  /** What is to be done before it settles. */
  readonly end = new CallEnd();
  readonly oneWay = new OneWayCalls(this.end);
  readonly #deadline: Deadline;
  readonly #waitingCall: ConstructorParameters<typeof HostWait>[0];
  #grace: Deadline | undefined;
  /** When each host call that is not answered yet began. A worker of ours has one at a time. */
  readonly #waits = new Set<HostWait>();
  #waitedMs = 0;
  /** Since when a person is asked on behalf of it, and what ends that. */
  #question: { readonly since: number; readonly ended: AbortController } | undefined;
  /** Signals of host calls that were answered since the timer was set, and before it was. */
  readonly #answeredNow: AbortController[] = [];
  #answeredBefore: readonly AbortController[] = [];
  #aborting: Timer | undefined;
  #isOver = false;
  /** When a host function was given up last. */
  #gaveUpAt = Number.NEGATIVE_INFINITY;
  /** What a person has allowed it, and no other call: the scope by capability. */
  readonly allowedOnce = new Map<string, unknown>();
  /** What a host function threw last: stays in the page, where the worker hears only that it failed. */
  hostFailure: unknown;

  /** @param onDeadline ends the worker; `waited` when a host function was the cause */
  constructor(
    facts: { exportName?: string; context?: unknown; chain: CallChain; sandbox: RunningCall['sandbox'] },
    timeoutMs: number,
    onDeadline: (waited: boolean) => void,
  ) {
    this.exportName = facts.exportName;
    this.context = facts.context;
    this.chain = facts.chain;
    this.sandbox = facts.sandbox;
    this.timeoutMs = timeoutMs;
    this.#deadline = new Deadline(timeoutMs, (withHostCall) => this.#timeUp(withHostCall, onDeadline));
    this.#waitingCall = { deadline: this.#deadline, end: this.end, late: (wait) => this.#giveUp(wait) };
  }

  get elapsedMs(): number {
    return performance.now() - this.began;
  }

  /** Time spent waiting for host functions so far, in ms. */
  get hostCallMs(): number {
    if (!this.#question && this.#waits.size === 0) return this.#waitedMs;
    const now = performance.now();
    const askedMs = this.#question ? now - this.#question.since : 0;
    return [...this.#waits].reduce((sum, { since }) => sum + now - since, this.#waitedMs + askedMs);
  }

  /** How long the guest can have computed, in ms: no longer than it may, however long the page did not look. */
  get computedMs(): number {
    return Math.min(Math.max(0, this.elapsedMs - this.hostCallMs), this.timeoutMs);
  }

  /** Whether the guest waits for a host function, or its call for what those have left to do: it computes nothing. */
  get waiting(): boolean {
    return this.#waits.size > 0 || this.#question !== undefined || this.oneWay.isClosing || this.end.hasBegun;
  }

  /**
   * Waits for a host function, but not as long as the call has left. One that promises nothing is answered for at once.
   * @param run gets a signal that is aborted when nobody waits any more, at the latest when the call ends, and how
   * many ms are left until then
   * @throws {ClocheError} HOST_TIMEOUT; ABORTED when the call ends first; what the host function throws.
   */
  hostCall<T>(run: (wait: HostWait) => T | Promise<T>): T | Promise<T> {
    // A grant may be stored later than the call that it was asked for has ended.
    if (this.#isOver) throw ENDED;
    const wait = new HostWait(this.#waitingCall, this.#deadline.leftMs * HOST_CALL_SHARE);
    this.#waits.add(wait);
    let result: T | Promise<T>;
    try {
      // It sees what was written one-way before it was called.
      result = this.oneWay.concern ? this.oneWay.settle().then(() => this.#runFor(wait, run)) : run(wait);
      if (!(result instanceof Promise)) wait.throwIfGivenUp();
    } catch (thrown) {
      this.#answered(wait);
      throw thrown;
    }
    if (result instanceof Promise) return wait.outcome(result, () => this.#answered(wait));
    this.#answered(wait);
    return result;
  }

  /**
   * Waits for a person, or for what is loaded once for all plugins: its deadline stands still, and its guest computes nothing.
   * @param ask gets a signal that is aborted when the call ends
   */
  async question<T>(ask: (signal: AbortSignal) => Promise<T>): Promise<T> {
    const asked = { since: performance.now(), ended: new AbortController() };
    const held = this.#deadline.hold();
    this.#question = asked;
    try {
      return await ask(asked.ended.signal);
    } finally {
      held[dispose]();
      this.#question = undefined;
      this.#waitedMs += performance.now() - asked.since;
    }
  }

  /** How long it has left, in ms. */
  get remainingMs(): number {
    return this.#deadline.leftMs;
  }

  /** Ends it: nothing of it is awaited any more. */
  [dispose](): void {
    this.#isOver = true;
    this.#deadline[dispose]();
    this.#grace?.[dispose]();
    this.#question?.ended.abort(ENDED);
    for (const wait of this.#waits) wait.giveUp(ENDED);
  }

  /** What waited before it was run may have been given up by then. */
  #runFor<T>(wait: HostWait, run: (wait: HostWait) => T): T {
    wait.throwIfGivenUp();
    return run(wait);
  }

  #answered(wait: HostWait): void {
    this.#waits.delete(wait);
    this.#waitedMs += performance.now() - wait.since;
    const controller = wait.answered();
    if (controller) this.#abortLater(controller);
  }

  /** Those of one moment together: a timer for each takes as long as its message. */
  #abortLater(controller: AbortController): void {
    this.#answeredNow.push(controller);
    this.#aborting ??= new Timer(STANDS_MS, () => this.#abortAnswered());
  }

  #abortAnswered(): void {
    for (const controller of this.#answeredBefore) controller.abort(ENDED);
    this.#answeredBefore = this.#answeredNow.splice(0);
    const isLeft = this.#answeredBefore.length > 0;
    this.#aborting = isLeft ? new Timer(STANDS_MS, () => this.#abortAnswered()) : undefined;
  }

  #giveUp(wait: HostWait): void {
    this.#gaveUpAt = performance.now();
    wait.giveUp(
      new ClocheError('HOST_TIMEOUT', `a host function did not answer within ${Math.round(wait.remainingMs)} ms`),
    );
  }

  /** A guest that waited until its time was over, or almost, still gets to say that its host function was late. */
  #timeUp(withHostCall: boolean, end: (waited: boolean) => void): void {
    if (withHostCall) this.#gaveUpAt = performance.now();
    for (const wait of this.#waits) this.#giveUp(wait);
    const graceMs = this.#gaveUpAt + GRACE_MS - performance.now();
    if (graceMs <= 0) end(false);
    else this.#grace = new Deadline(graceMs, () => end(true));
  }
}
