// Which plugins live in a sandbox now: at most so many, and the one idle longest sleeps first.

import { asyncDispose, dispose } from '../util/dispose.ts';
import { Timer } from '../util/time/timer.ts';
import {
  type BackendKind,
  type Isolation,
  type IsolationFacts,
  noOwnProcess,
  type PluginIsolation,
} from './environment.ts';
import type { WorkerHost } from './isolation/worker-host.ts';
import type { Sandbox } from './sandbox.ts';
import { type Population, SandboxSupply } from './sandbox-supply.ts';

/** A plugin that holds a sandbox. */
export interface Occupant {
  readonly isolation: PluginIsolation;
  /** What its worker runs, where that is more than others do; fetched when it is asked for. @throws {ClocheError} FETCH_FAILED */
  workerSource?(): Promise<string> | undefined;
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
  readonly #idle = new Map<Occupant, Timer>();
  readonly #occupants = new Set<Occupant>();
  readonly #terminating = new Set<ReturnType<typeof setTimeout>>();
  readonly #waiting = new Set<() => void>();
  readonly #supplies = new Map<BackendKind, SandboxSupply>();
  #closed = false;

  constructor(isolation: Isolation, live: number, idleMs: number) {
    this.#isolation = isolation;
    this.#live = live;
    this.#idleMs = idleMs;
  }

  /** How plugins live here that ask for nothing else. */
  get environment(): IsolationFacts {
    return this.#isolation.environment;
  }

  /** Opens what plugins live in that ask for nothing else, with a spare. */
  warm(): Promise<void> {
    return this.#supplyOf('auto').warm();
  }

  /** What holds the workers of plugins that ask for this. */
  async workerHost(isolation: PluginIsolation = 'auto'): Promise<WorkerHost> {
    return (await this.#supplyOf(isolation).backend()).workerHost;
  }

  /**
   * A fresh sandbox for an occupant. Waits for a free place; an idle occupant is put to sleep for it.
   * @throws {ClocheError} CLOSED; ISOLATION_UNAVAILABLE; the signal's reason, when it is aborted while it waits
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
      const supply = this.#supplyOf(occupant.isolation);
      const backend = await supply.backend();
      if (this.#needsOwnProcess(occupant) && (await backend.process()) !== 'own') throw noOwnProcess();
      const source = await occupant.workerSource?.();
      signal.throwIfAborted();
      return supply.take(backend, source);
    } catch (thrown) {
      this.release(occupant);
      throw thrown;
    }
  }

  /**
   * Puts the one to sleep that is idle longest, of those in the same process.
   * @returns whether there was one
   */
  async makeRoomFor({ isolation }: Occupant): Promise<boolean> {
    const kind = this.#kindOf(isolation);
    const longestIdle = [...this.#idle.keys()].find((idle) => this.#kindOf(idle.isolation) === kind);
    await longestIdle?.sleep();
    return longestIdle !== undefined;
  }

  /** The occupant has nothing to do: it may be put to sleep. Maps keep their order, so the first is idle longest. */
  markIdle(occupant: Occupant): void {
    this.markBusy(occupant);
    this.#idle.set(occupant, new Timer(this.#idleMs, () => void occupant.sleep()));
    this.#next();
  }

  /** The occupant has something to do: it must not be put to sleep. */
  markBusy(occupant: Occupant): void {
    this.#idle.get(occupant)?.[dispose]();
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

  /** Workers at present, the spares included. */
  async population(): Promise<Population> {
    const all = await Promise.all([...this.#supplies.values()].map((supply) => supply.population()));
    const sum = (part: keyof Population): number => all.reduce((total, one) => total + one[part], 0);
    return { plugins: sum('plugins'), spares: sum('spares') };
  }

  /** Lets go of the spares and of what holds workers, with all sandboxes in it. */
  async [asyncDispose](): Promise<void> {
    this.#closed = true;
    for (const timer of this.#idle.values()) timer[dispose]();
    for (const timer of this.#terminating) clearTimeout(timer);
    this.#idle.clear();
    this.#terminating.clear();
    this.#occupants.clear();
    this.#next();
    this.#isolation[dispose]();
    await Promise.all([...this.#supplies.values()].map((supply) => supply[asyncDispose]()));
  }

  get #isFull(): boolean {
    return this.#occupants.size + this.#terminating.size >= this.#live;
  }

  /** One for each kind; opened when the first plugin asks for it. */
  #supplyOf(isolation: PluginIsolation): SandboxSupply {
    const kind = this.#kindOf(isolation);
    const supply = this.#supplies.get(kind) ?? new SandboxSupply(() => this.#isolation.open(kind));
    this.#supplies.set(kind, supply);
    // A closed pool opens nothing.
    if (this.#closed) void supply[asyncDispose]();
    return supply;
  }

  /** What a host demands for all holds whatever one asks for. */
  #kindOf(isolation: PluginIsolation): BackendKind {
    if (isolation === 'auto' || this.#isolation.requiresOwnProcess) return this.#isolation.usual;
    return isolation === 'origin' ? 'origin' : 'process';
  }

  #needsOwnProcess({ isolation }: Occupant): boolean {
    return isolation === 'own-process' || this.#isolation.requiresOwnProcess;
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
