// `wasi:io/poll`: what a guest waits for.
// https://github.com/WebAssembly/WASI/blob/main/proposals/io/wit/poll.wit

import type { Clock } from '../../wasi/clock.ts';

/** Something that a guest waits for: it is there, comes at a time, or with a promise. */
export type Awaited = { readonly due: number } | { readonly promise: Promise<unknown>; isDone: boolean };

const NOW: Awaited = { due: 0 };

export class Pollable {
  readonly #awaited: Awaited;
  readonly #waiter: Waiter | undefined;

  /** @param waiter undefined for one that is always ready */
  constructor(awaited: Awaited = NOW, waiter?: Waiter) {
    this.#awaited = awaited;
    this.#waiter = waiter;
  }

  get awaited(): Awaited {
    return this.#awaited;
  }

  ready(): boolean {
    return isReady(this.#awaited);
  }

  block(): Promise<void> | void {
    return this.#waiter?.wait([this.#awaited]);
  }
}

/** Most pollables of one call. */
const MOST_POLLABLES = 1_024;

/** In ms: a timer of a browser that is to wait longer does not wait at all. */
const LONGEST_MS = 2 ** 31 - 1;

/** How a guest waits: it is suspended where the engine can, else its worker computes until the time has come. */
export class Waiter {
  readonly #clock: Clock;
  readonly #sleep: ((ms: number) => Promise<void>) | undefined;

  /** @param sleep undefined where the engine cannot suspend a guest */
  constructor(clock: Clock, sleep: ((ms: number) => Promise<void>) | undefined) {
    this.#clock = clock;
    this.#sleep = sleep;
  }

  /** Whether the guest can be suspended. */
  get suspends(): boolean {
    return this.#sleep !== undefined;
  }

  /** @returns at once where one is ready */
  wait(awaited: readonly Awaited[]): Promise<void> | void {
    if (awaited.some(isReady)) return;
    const due = Math.min(...awaited.map((one) => ('due' in one ? one.due : Number.POSITIVE_INFINITY)));
    const ms = due - performance.now();
    if (!this.#sleep) {
      while (performance.now() < due);
      this.#clock.slept(ms);
      return;
    }
    const promises = awaited.flatMap((one) => ('promise' in one ? [one.promise] : []));
    const timed = Number.isFinite(due) ? [this.#sleep(Math.min(ms, LONGEST_MS)).then(() => this.#clock.slept(ms))] : [];
    return Promise.race([...promises, ...timed]).then(() => undefined);
  }

  /** `poll`: the places of those that are ready. */
  poll(pollables: readonly Pollable[]): Uint32Array | Promise<Uint32Array> {
    if (pollables.length === 0 || pollables.length > MOST_POLLABLES) {
      throw new RangeError(`poll takes 1 to ${MOST_POLLABLES} pollables, got ${pollables.length}`);
    }
    const readyOnes = (): Uint32Array =>
      Uint32Array.from(pollables.flatMap((pollable, index) => (pollable.ready() ? [index] : [])));
    const waiting = this.wait(pollables.map(({ awaited }) => awaited));
    return waiting ? waiting.then(readyOnes) : readyOnes();
  }
}

function isReady(awaited: Awaited): boolean {
  return 'due' in awaited ? performance.now() >= awaited.due : awaited.isDone;
}
