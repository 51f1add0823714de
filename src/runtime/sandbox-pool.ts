// Which plugins live in a sandbox now: at most so many, one spare kept warm, and the one idle longest sleeps first.

import { ClocheError } from '../errors.ts';
import { asyncDispose, dispose } from '../util/dispose.ts';
import type { Isolation } from './environment.ts';
import { frameRemoved } from './isolation/frame-guard.ts';
import type { WorkerHost } from './isolation/worker-host.ts';
import { Sandbox } from './sandbox.ts';

/** A plugin that holds a sandbox. */
export interface Occupant {
  /** Gives the sandbox back, now or when its guest has saved its state; called only while the occupant is idle. Never rejects. */
  sleep(): Promise<void>;
}

/**
 * Chromium keeps the thread of a spinning worker 2 s after `terminate()`, so its place stays taken a while.
 * `kForcibleTerminationDelay` of
 * https://github.com/chromium/chromium/blob/main/third_party/blink/renderer/core/workers/worker_thread.cc
 */
const TERMINATING_MS = 2_500;

export class SandboxPool implements AsyncDisposable {
  readonly #isolation: Isolation;
  readonly #live: number;
  readonly #idleMs: number;
  readonly #idle = new Map<Occupant, ReturnType<typeof setTimeout>>();
  readonly #occupants = new Set<Occupant>();
  readonly #terminating = new Set<ReturnType<typeof setTimeout>>();
  readonly #waiting = new Set<() => void>();
  #workerHost: Promise<WorkerHost> | undefined;
  #spare: Sandbox | undefined;
  #closed = false;

  constructor(isolation: Isolation, live: number, idleMs: number) {
    this.#isolation = isolation;
    this.#live = live;
    this.#idleMs = idleMs;
  }

  /** Opens the cell and warms the spare, so that the first plugin finds a worker ready. */
  async warm(): Promise<void> {
    this.#fillSpare(await this.workerHost());
  }

  /** The cell; a failed opening is forgotten, so that the next start tries again. */
  workerHost(): Promise<WorkerHost> {
    if (this.#closed)
      return Promise.reject(new ClocheError('CLOSED', 'The host is closed; make a new one with `createHost`'));
    this.#workerHost ??= this.#isolation.openWorkerHost();
    const opening = this.#workerHost;
    const forget = (): void => {
      if (this.#workerHost === opening) this.#workerHost = undefined;
    };
    return opening.then(
      (workerHost) => {
        if (workerHost.alive) return workerHost;
        // The page has thrown the cell out. Its workers are gone with it, and so is the spare.
        forget();
        this.#spare?.end(frameRemoved());
        return this.workerHost();
      },
      (thrown) => {
        forget();
        throw thrown;
      },
    );
  }

  /**
   * A fresh sandbox for an occupant. Waits for a free place; an idle occupant is put to sleep for it.
   * @throws {ClocheError} CLOSED; the signal's reason, when it is aborted while it waits
   */
  async acquire(occupant: Occupant, signal: AbortSignal): Promise<Sandbox> {
    while (this.#isFull) {
      const [longestIdle] = this.#idle.keys();
      void longestIdle?.sleep();
      if (this.#isFull) await this.#freePlace(signal);
      signal.throwIfAborted();
    }
    this.#occupants.add(occupant);
    try {
      const workerHost = await this.workerHost();
      signal.throwIfAborted();
      const sandbox = this.#spare?.alive ? this.#spare : this.#newSandbox(workerHost);
      this.#spare = undefined;
      // After the plugin has been started: two workers booting at once only slow each other.
      setTimeout(() => this.#fillSpare(workerHost), 50);
      return sandbox;
    } catch (thrown) {
      this.release(occupant);
      throw thrown;
    }
  }

  /** The occupant has nothing to do: it may be put to sleep. Maps keep their order, so the first is idle longest. */
  markIdle(occupant: Occupant): void {
    this.markBusy(occupant);
    this.#idle.set(
      occupant,
      setTimeout(() => void occupant.sleep(), this.#idleMs),
    );
    this.#next();
  }

  /** The occupant has something to do: it must not be put to sleep. */
  markBusy(occupant: Occupant): void {
    clearTimeout(this.#idle.get(occupant));
    this.#idle.delete(occupant);
  }

  /** The occupant's sandbox is gone. `spinning` when it was ended while its guest ran. */
  release(occupant: Occupant, spinning = false): void {
    this.markBusy(occupant);
    if (!this.#occupants.delete(occupant)) return;
    if (spinning) {
      const timer = setTimeout(() => {
        this.#terminating.delete(timer);
        this.#next();
      }, TERMINATING_MS);
      this.#terminating.add(timer);
    }
    this.#next();
  }

  /** Workers at present, the spare included. */
  async workerCount(): Promise<number> {
    return (await this.#workerHost)?.workerCount ?? 0;
  }

  /** Lets go of the spare and of the cell, with all sandboxes in it. */
  async [asyncDispose](): Promise<void> {
    this.#closed = true;
    for (const timer of [...this.#idle.values(), ...this.#terminating]) clearTimeout(timer);
    this.#idle.clear();
    this.#terminating.clear();
    this.#occupants.clear();
    this.#next();
    this.#spare?.[dispose]();
    const workerHost = this.#workerHost;
    this.#workerHost = undefined;
    // A cell that never opened has nothing to close, and its caller was told why.
    await workerHost?.then(
      (opened) => opened[dispose](),
      () => undefined,
    );
  }

  get #isFull(): boolean {
    return this.#occupants.size + this.#terminating.size >= this.#live;
  }

  #newSandbox(workerHost: WorkerHost): Sandbox {
    return new Sandbox(workerHost, this.#isolation.openAnswerChannel());
  }

  #fillSpare(workerHost: WorkerHost): void {
    if (this.#closed || !workerHost.alive || this.#spare?.alive) return;
    // One whose cell was thrown out still holds its way of waiting.
    this.#spare?.end(frameRemoved());
    this.#spare = this.#newSandbox(workerHost);
  }

  #freePlace(signal: AbortSignal): Promise<void> {
    return new Promise((resolve) => {
      const resume = (): void => {
        this.#waiting.delete(resume);
        signal.removeEventListener('abort', resume);
        resolve();
      };
      this.#waiting.add(resume);
      signal.addEventListener('abort', resume, { once: true });
    });
  }

  /** All look again, in the order in which they came: the first takes the place. */
  #next(): void {
    for (const resume of [...this.#waiting]) resume();
  }
}
