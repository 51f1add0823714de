// Runs one plugin: starts it when it is called, keeps its deadlines, ends it when they pass, and counts what it cost.

import { type ClocheError, type ErrorCode, messageOf } from '../errors.ts';
import { dispose } from '../util/dispose.ts';
import { loadChunk } from '../util/load-chunk.ts';
import { type CallChain, currentChain } from './calls/call-chain.ts';
import { acquireLock } from './calls/call-lock.ts';
import { CallQueue } from './calls/call-queue.ts';
import { type WatchDeps, watchCall } from './calls/call-watch.ts';
import { canCall } from './calls/callable.ts';
import { DESCRIBING, RunningCall } from './calls/running-call.ts';
import { CircuitBreaker } from './circuit-breaker.ts';
import { CpuMeter } from './cpu-meter.ts';
import type { RunnerContext } from './runner-context.ts';
import * as errors from './runner-errors.ts';
import { RunnerLifecycle } from './runner-lifecycle.ts';
import { callOf, type StateName } from './runner-state.ts';
import { RunnerStats } from './runner-stats.ts';
import type { Sandbox } from './sandbox.ts';
import type { SandboxPool } from './sandbox-pool.ts';
import { Starter } from './start/starter.ts';
import type { GuestCall, GuestResult, ModuleFacts, ResultOf } from './wire/protocol.ts';

export interface CallRequest {
  readonly signal?: AbortSignal | undefined;
  readonly timeoutMs?: number | undefined;
  readonly context?: unknown;
  /** What waits for it, where that was known earlier. @default what waits now */
  readonly chain?: CallChain;
}

/** How long a call waits for those of other tabs, as a multiple of the time that each of them has. */
const PATIENCE = 10;

/** Ends that are the plugin's doing, and count towards its quarantine. */
const KILLS: ReadonlySet<ErrorCode> = new Set(['TIMEOUT', 'START_TIMEOUT', 'HOST_TIMEOUT', 'PROTOCOL_VIOLATION']);

export class Runner implements Disposable {
  readonly stats = new RunnerStats();
  readonly #pool: SandboxPool;
  readonly #context: RunnerContext;
  readonly #queue: CallQueue;
  readonly #life: RunnerLifecycle;
  readonly #circuitBreaker: CircuitBreaker;
  readonly #watched: WatchDeps;
  readonly #starter: Starter;

  /** Called when its guest says that it has done its work; by default that is for nobody. */
  onFinish: (() => void) | undefined;

  /**
   * @param isQuarantined it was when it ran last, as in another tab or before a reload
   * @param first whose kills and time it adds to. @default it has its own
   */
  constructor(pool: SandboxPool, context: RunnerContext, isQuarantined: boolean, first?: Runner) {
    const { stats } = this;
    const cpuMeter = first ? first.#watched.cpuMeter : new CpuMeter();
    const life = new RunnerLifecycle(pool, context, isQuarantined, {
      sleep: () => this.sleep(),
      gone: (error) => this.#gone(error),
    });
    const watched = { life, context, stats, cpuMeter };
    this.#pool = pool;
    this.#context = context;
    this.#queue = new CallQueue(() => context.limits.queuedCalls);
    this.#circuitBreaker = first ? first.#circuitBreaker : new CircuitBreaker();
    this.#life = life;
    this.#watched = watched;
    this.#starter = new Starter({ ...watched, pool, kill: (error) => this.#kill(error) });
  }

  /** One more of the same plugin, in a worker of its own. */
  beside(context: (own: RunnerContext) => RunnerContext): Runner {
    return new Runner(this.#pool, context(this.#context), false, this);
  }

  get state(): StateName {
    return this.#life.state;
  }

  /** Whether its worker is on its way, or reads its modules. */
  get loads(): boolean {
    return this.#life.loads;
  }

  /** Whether its worker is alive. */
  get live(): boolean {
    return this.#life.live;
  }

  /** Whether it was killed too often, and runs nothing until that is forgiven. */
  get quarantined(): boolean {
    return this.#life.quarantined;
  }

  /** The most that its guest may have. */
  get memoryBytes(): number {
    return this.#context.limits.memoryBytes;
  }

  /** A copy of an input, in memory of an earlier one where there is some. */
  copyOf(bytes: Uint8Array): Uint8Array {
    return this.#life.sandbox?.inputs.copyOf(bytes) ?? bytes.slice();
  }

  /** Reads and compiles the modules without running anything of them. */
  inspect(signal?: AbortSignal): Promise<readonly ModuleFacts[]> {
    return this.#turn(signal, () => this.#starter.inspect(signal, [...currentChain(), this]));
  }

  /** What its modules import and export; undefined before anybody has read them. */
  get facts(): readonly ModuleFacts[] | undefined {
    return this.#starter.facts;
  }

  /** Its modules may be others now. */
  forgetFacts(): void {
    this.#starter.forgetFacts();
  }

  /** Starts the plugin unless it runs. */
  start(signal?: AbortSignal): Promise<void> {
    return this.#turn(signal, async () => void (await this.#starter.ready(signal, [...currentChain(), this])));
  }

  /**
   * Runs an export, after the calls that came before.
   * @returns in the form of the call; the output is empty when the plugin set none
   */
  call<C extends GuestCall>(guestCall: C, request: CallRequest): Promise<ResultOf<C>> {
    const { chain = currentChain() } = request;
    const { id, limits } = this.#context;
    const bytes = byteCount(guestCall);
    if (chain.includes(this)) return Promise.reject(errors.reentrant(id, guestCall.export));
    if (bytes > limits.exchangeBytes) {
      return Promise.reject(errors.inputTooLarge(id, guestCall.export, bytes, limits.exchangeBytes));
    }
    // The sandbox refuses an answer of another form than the call.
    return this.#turn(request.signal, () => this.#callNow(guestCall, request, chain) as Promise<ResultOf<C>>);
  }

  /** One at a time; a caller who aborts while waiting does not wait for the turn to come. */
  async #turn<T>(signal: AbortSignal | undefined, task: () => Promise<T>): Promise<T> {
    const { id } = this.#context;
    try {
      const turn = this.#queue.enter(signal);
      if (turn) await turn;
    } catch (thrown) {
      throw signal?.aborted ? errors.aborted(id, signal) : errors.named(id, thrown);
    }
    try {
      if (this.state === 'closed') throw errors.closed(id);
      this.#pool.markBusy(this.#life);
      try {
        return await task();
      } finally {
        if (this.live) this.#pool.markIdle(this.#life);
      }
    } catch (thrown) {
      throw errors.named(id, thrown);
    } finally {
      this.#queue.leave();
    }
  }

  /**
   * Ends the worker, if any; what is under way rejects with `reason`. The next call starts afresh.
   * @param keepsState whether its guest finds again what it has saved. @default false
   */
  stop(reason: ClocheError, keepsState = false): void {
    if (!keepsState) this.#starter.saved = undefined;
    this.#life.rest(reason);
  }

  /** As `stop`, and nothing runs until that is forgiven. */
  quarantine(reason: ClocheError): void {
    this.#starter.saved = undefined;
    this.#life.quarantine(reason);
  }

  /** Gives its worker back while it has nothing to do, after its guest has saved its state where its contract says how. */
  async sleep(): Promise<void> {
    const { sleep } = this.#context.guest;
    if (!sleep || !this.#life.started) {
      this.#life.fallAsleep();
      return;
    }
    await this.#turn(undefined, async () => {
      // Whatever came before it in the queue may have ended the worker.
      if (!this.#life.started) return;
      const saved = await this.#save(sleep.save);
      this.#life.fallAsleep();
      this.#starter.saved = saved;
    }).catch((thrown: unknown) => this.#lose(thrown));
  }

  /** Resolves when the call under way is over, with all that its host functions had left to do. */
  get settled(): Promise<void> {
    return this.#queue.left();
  }

  /** Lifts a quarantine, and forgets the kills that led there. */
  forgive(): void {
    this.#circuitBreaker.reset();
    this.#life.forgive();
  }

  /** Ends it for good. What is under way, and every call from here on, rejects with CLOSED. */
  [dispose](): void {
    this.#life[dispose]();
  }

  async #callNow(guestCall: GuestCall, request: CallRequest, waiting: CallChain): Promise<GuestResult> {
    const { export: exportName } = guestCall;
    const { id, limits } = this.#context;
    const { signal, context } = request;
    const chain = [...waiting, this];
    if (this.quarantined) throw errors.quarantined(id);
    if (this.#watched.cpuMeter.total() >= limits.busyMsPerMinute)
      throw errors.computedTooMuch(id, limits.busyMsPerMinute);
    const sandbox = this.#starter.usable ?? (await this.#starter.ready(signal, chain));
    const facts = this.facts ?? [];
    if (!canCall(facts, guestCall)) {
      const { exportProblem } = await loadChunk(() => import('./calls/export-problem.ts'));
      throw exportProblem(facts, guestCall, id);
    }
    const lockName = context === DESCRIBING ? undefined : this.#context.lock(facts);
    const lock = lockName === undefined ? undefined : await this.#lock(lockName, sandbox, request, waiting);
    const timeoutMs = Math.min(request.timeoutMs ?? limits.timeoutMs, limits.timeoutMs);
    // The input is empty once it was handed over.
    const inputBytes = byteCount(guestCall);
    const call = new RunningCall({ exportName, context, chain, sandbox }, timeoutMs, (waited) =>
      this.#kill(errors.callTooLong(id, exportName, timeoutMs, waited)),
    );
    this.stats.began(call);
    try {
      const state = { name: 'calling', sandbox, call, holdsLock: lock !== undefined } as const;
      const answer = await watchCall(this.#watched, state, signal, () => sandbox.call(guestCall, call));
      this.stats.use = answer.use ?? this.stats.use;
      this.stats.report(call, inputBytes, answer.ok ? byteCount(answer) : 0);
      if (answer.leasedCalls) this.#context.leasedCalls(answer.leasedCalls);
      if (answer.ok) return answer;
      this.stats.failed(call);
      throw errors.failure(id, answer, call);
    } finally {
      if (this.#life.holds(sandbox)) this.#life.enter({ name: 'ready', sandbox, started: true });
      lock?.[dispose]();
    }
  }

  /** Undefined where it cannot: then it sleeps without its state. */
  async #save(exportName: string): Promise<Uint8Array | undefined> {
    try {
      const answer = await this.#callNow({ export: exportName, args: [] }, {}, []);
      const [saved] = 'values' in answer ? answer.values : [];
      if (saved instanceof Uint8Array) return saved;
      throw errors.pluginError(this.#context.id, 'EXPORT_INVALID', `Its \`${exportName}\` did not give bytes`);
    } catch (thrown) {
      this.#lose(thrown);
      return undefined;
    }
  }

  #lose(thrown: unknown): void {
    const { id } = this.#context;
    if (this.state === 'closed') return;
    this.#context.lost(errors.pluginError(id, 'ABORTED', `its state is lost with its sleep: ${messageOf(thrown)}`));
  }

  /** The lock that keeps calls of other tabs out. Its time counts from then on. */
  async #lock(
    name: string,
    sandbox: Sandbox,
    { signal }: CallRequest,
    chain: CallChain,
  ): Promise<Disposable | undefined> {
    const { id, limits } = this.#context;
    if (!this.#life.holds(sandbox)) return undefined;
    // Who holds a lock and waits for another's may be waited for there: two tabs would wait for each other.
    const ifFree = chain.some((one) => one instanceof Runner && one.#life.holdsLock);
    return this.#life.wait(sandbox, signal, (wait) => {
      const timer = setTimeout(() => wait.abort(errors.otherTabsTooLong(id)), limits.timeoutMs * PATIENCE);
      return acquireLock(name, { signal: wait.signal, ifFree }).finally(() => clearTimeout(timer));
    });
  }

  /** Its worker died, or broke the protocol. */
  #gone(error: ClocheError): void {
    if (!errors.isBlameless(error)) {
      this.#kill(error);
      return;
    }
    this.#life.rest(error);
    this.#context.lost(error);
  }

  #kill(error: ClocheError): void {
    const call = callOf(this.#life.current);
    if (KILLS.has(error.code) && this.#circuitBreaker.trip()) this.quarantine(error);
    else this.stop(error, true);
    this.stats.kills++;
    this.#context.killed(error, call);
    if (this.quarantined) this.#context.quarantined();
    this.#context.changed();
  }
}

/** What crosses, in bytes; a number counts as eight. */
function byteCount(carrier: GuestCall | GuestResult): number {
  if ('input' in carrier) return carrier.input.length;
  if ('output' in carrier) return carrier.output.length;
  const values = 'args' in carrier ? carrier.args : carrier.values;
  return values.reduce<number>((sum, value) => sum + (value instanceof Uint8Array ? value.length : 8), 0);
}
