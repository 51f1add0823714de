// Which state a runner is in, and what it holds there: its place in the pool, its sandbox, its wait for either.

import type { ClocheError } from '../errors.ts';
import { dispose } from '../util/dispose.ts';
import type { PluginIsolation } from './environment.ts';
import type { RunnerContext } from './runner-context.ts';
import { aborted, closed, named, pluginError } from './runner-errors.ts';
import {
  ASLEEP,
  callOf,
  QUARANTINED,
  type RunnerState,
  restOf,
  type StateName,
  sandboxOf,
  step,
} from './runner-state.ts';
import type { Sandbox } from './sandbox.ts';
import type { Occupant, SandboxPool } from './sandbox-pool.ts';

/** What its runner decides. */
interface RunnerEnds {
  /** See `Occupant`. */
  sleep(): Promise<void>;
  /** The worker died, or broke the protocol. */
  gone(error: ClocheError): void;
}

export class RunnerLifecycle implements Occupant, Disposable {
  readonly #pool: SandboxPool;
  readonly #context: RunnerContext;
  readonly #ends: RunnerEnds;
  #state: RunnerState;

  /** @param isQuarantined it was when it ran last, as in another tab or before a reload */
  constructor(pool: SandboxPool, context: RunnerContext, isQuarantined: boolean, ends: RunnerEnds) {
    this.#pool = pool;
    this.#context = context;
    this.#ends = ends;
    this.#state = isQuarantined ? QUARANTINED : ASLEEP;
  }

  get isolation(): PluginIsolation {
    return this.#context.isolation;
  }

  workerSource(): Promise<string> | undefined {
    return this.#context.workerSource?.();
  }

  sleep(): Promise<void> {
    return this.#ends.sleep();
  }

  get current(): RunnerState {
    return this.#state;
  }

  get state(): StateName {
    return this.#state.name;
  }

  /** Whether its worker is on its way, or reads its modules. */
  get loads(): boolean {
    const { name } = this.#state;
    return name === 'starting' || (name === 'acquiring' && !this.live);
  }

  /** Whether its worker is alive. */
  get live(): boolean {
    return this.sandbox?.alive ?? false;
  }

  get sandbox(): Sandbox | undefined {
    return sandboxOf(this.#state);
  }

  /** The sandbox, where the plugin is started and does nothing. */
  get started(): Sandbox | undefined {
    const state = this.#state;
    return state.name === 'ready' && state.started && state.sandbox.alive ? state.sandbox : undefined;
  }

  /** Whether it was killed too often, and runs nothing until that is forgiven. */
  get quarantined(): boolean {
    return restOf(this.#state) === QUARANTINED;
  }

  /** Whether a call of it runs that keeps those of other tabs waiting. */
  get holdsLock(): boolean {
    return this.#state.name === 'calling' && this.#state.holdsLock;
  }

  /** Ends the worker, if any; what is under way rejects with `reason`. The next call starts afresh. */
  rest(reason: ClocheError): void {
    this.#settle(restOf(this.#state), reason);
  }

  /** Ends the worker while nothing runs in it. */
  fallAsleep(): void {
    this.rest(pluginError(this.#context.id, 'CLOSED', 'the plugin was put to sleep'));
  }

  /** As `rest`, and nothing runs until that is forgiven. */
  quarantine(reason: ClocheError): void {
    this.#settle(QUARANTINED, reason);
  }

  /** Lifts a quarantine. */
  forgive(): void {
    const state = this.#state;
    if (state.name === 'quarantined') this.enter(ASLEEP);
    else if ('rest' in state) this.#state = { ...state, rest: ASLEEP };
  }

  /** Ends it for good. What is under way, and every call from here on, rejects with CLOSED. */
  [dispose](): void {
    this.#settle({ name: 'closed' }, closed(this.#context.id));
  }

  enter(state: RunnerState): void {
    this.#state = step(this.#state, state);
  }

  /** Whether this is still its sandbox: it may have been stopped since. */
  holds(sandbox: Sandbox): boolean {
    return this.sandbox === sandbox;
  }

  /** The sandbox it has, or a new one, about to be told what to load. */
  async place(signal: AbortSignal | undefined): Promise<Sandbox> {
    const state = this.#state;
    if (state.name === 'ready' && state.sandbox.alive) {
      this.enter({ name: 'starting', sandbox: state.sandbox, call: undefined, rest: ASLEEP });
      return state.sandbox;
    }
    this.rest(pluginError(this.#context.id, 'START_FAILED', 'its worker was gone'));
    return this.wait(undefined, signal, async (wait) => {
      const sandbox = await this.#pool.acquire(this, wait.signal);
      // It may have been stopped in the very moment in which its place was found.
      if (wait.signal.aborted) {
        sandbox.end(wait.signal.reason);
        this.#pool.release(this);
        throw wait.signal.reason;
      }
      sandbox.onGone = (reason) => this.#ends.gone(named(this.#context.id, reason));
      this.enter({ name: 'starting', sandbox, call: undefined, rest: restOf(this.#state) });
      return sandbox;
    });
  }

  /**
   * Waits before anything runs. Whoever stops the runner meanwhile ends the wait, as the caller's signal does.
   * @param sandbox the one it has; undefined where it waits for one
   */
  async wait<T>(
    sandbox: Sandbox | undefined,
    signal: AbortSignal | undefined,
    task: (wait: AbortController) => Promise<T>,
  ): Promise<T> {
    const wait = new AbortController();
    const abort = (): void => wait.abort(aborted(this.#context.id, signal as AbortSignal));
    signal?.addEventListener('abort', abort, { once: true });
    this.enter({ name: 'acquiring', wait, sandbox, rest: restOf(this.#state) });
    if (!sandbox) this.#context.changed();
    try {
      return await task(wait);
    } catch (thrown) {
      const state = this.#state;
      if (state.name === 'acquiring') this.enter(sandbox ? { name: 'ready', sandbox, started: true } : state.rest);
      throw thrown;
    } finally {
      signal?.removeEventListener('abort', abort);
    }
  }

  /** Comes to rest, or to its end, and gives up what its state holds. Closed it stays. */
  #settle(to: RunnerState, reason: ClocheError): void {
    const from = this.#state;
    if (from === to || from.name === 'closed') return;
    this.enter(to);
    if (from.name === 'acquiring') from.wait.abort(reason);
    const sandbox = sandboxOf(from);
    if (!sandbox) return;
    const call = callOf(from);
    sandbox.end(reason);
    this.#pool.release(this, call !== undefined && !call.waiting);
    this.#context.changed();
  }
}
