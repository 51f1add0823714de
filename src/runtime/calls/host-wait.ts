// One host function that a call waits for. Most answer at once, so its deadline, its signal and the promise that it is given up
// by are made when somebody needs them: they cost more than what such a function does.

import { ClocheError } from '../../errors.ts';
import { dispose } from '../../util/dispose.ts';
import { Deadline } from '../../util/time/deadline.ts';
import type { CallEnd } from './call-end.ts';

/** Made once: an error takes its stack along, and that costs more than the rest of a call's end. */
export const ENDED = new ClocheError('ABORTED', 'the call has ended');

/** The call that waits. */
interface WaitingCall {
  readonly deadline: Deadline;
  readonly end: CallEnd;
  /** The host function is late. */
  late(wait: HostWait): void;
}

export class HostWait {
  readonly since = performance.now();
  /** How long it may take, in ms. */
  readonly remainingMs: number;
  readonly #call: WaitingCall;
  #deadline: Deadline | undefined;
  #controller: AbortController | undefined;
  #reject: ((reason: ClocheError) => void) | undefined;
  /** Why nobody waits any more. */
  #over: ClocheError | undefined;

  constructor(call: WaitingCall, remainingMs: number) {
    this.#call = call;
    this.remainingMs = remainingMs;
  }

  /** Aborted when nobody waits any more, at the latest when the call ends. */
  get signal(): AbortSignal {
    this.#controller ??= this.#newController();
    return this.#controller.signal;
  }

  /**
   * Waits for what it has promised, unless it is given up before.
   * @param ended called once, before anybody hears of either
   */
  outcome<T>(promised: Promise<T>, ended: () => void): Promise<T> {
    // A race of two promises, and a `finally` behind it, are several turns more for each host call.
    return new Promise((resolve, reject) => {
      let isSettled = false;
      const settle = (tell: () => void): void => {
        if (isSettled) return;
        isSettled = true;
        ended();
        tell();
      };
      const fail = (reason: unknown): void => settle(() => reject(reason));
      promised.then((value) => settle(() => resolve(value)), fail);
      this.#reject = fail;
      if (this.#over) fail(this.#over);
      else this.#armed();
    });
  }

  /** Nobody waits any more. */
  giveUp(reason: ClocheError): void {
    this.#over ??= reason;
    this.#reject?.(reason);
    this.#controller?.abort(reason);
  }

  /** @throws why it was given up */
  throwIfGivenUp(): void {
    if (this.#over) throw this.#over;
  }

  /**
   * It has answered. @returns what is to be aborted, soon: a host function that was answered for may still be at work, but
   * where it has just read what it fetched under this signal, scripts of the page that clone responses still read their copies.
   */
  answered(): AbortController | undefined {
    this.#over ??= ENDED;
    this.#deadline?.[dispose]();
    return this.#controller;
  }

  #newController(): AbortController {
    const controller = new AbortController();
    if (this.#over) {
      controller.abort(this.#over);
      return controller;
    }
    this.#armed().governs(controller.signal);
    this.#call.end.governs(controller.signal);
    return controller;
  }

  #armed(): Deadline {
    const { deadline, late } = this.#call;
    const leftMs = Math.max(0, this.since + this.remainingMs - performance.now());
    this.#deadline ??= new Deadline(leftMs, () => late(this), deadline);
    return this.#deadline;
  }
}
