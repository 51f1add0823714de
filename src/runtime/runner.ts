// Runs one plugin: starts it when it is called, keeps its deadlines, ends it when they pass, and counts what it cost.

import { ClocheError, type ErrorCode, messageOf } from '../errors.ts';
import { dispose } from '../util/dispose.ts';
import { loadChunk } from '../util/load-chunk.ts';
import { type CallChain, currentChain } from './calls/call-chain.ts';
import { acquireLock } from './calls/call-lock.ts';
import { CallQueue } from './calls/call-queue.ts';
import { canCall } from './calls/callable.ts';
import { DESCRIBING, RunningCall } from './calls/running-call.ts';
import { CircuitBreaker } from './circuit-breaker.ts';
import { CpuMeter } from './cpu-meter.ts';
import { startWithRoom } from './room.ts';
import type { RunnerContext } from './runner-context.ts';
import * as errors from './runner-errors.ts';
import { RunnerLifecycle } from './runner-lifecycle.ts';
import { callOf, type RunnerState, restOf } from './runner-state.ts';
import { RunnerStats } from './runner-stats.ts';
import type { Sandbox } from './sandbox.ts';
import type { SandboxPool } from './sandbox-pool.ts';
import { KnownFacts } from './start/known-facts.ts';
import { type StartMessage, startMessage } from './start/start-request.ts';
import type { GuestCall, GuestResult, ModuleFacts, ResultOf, StartAnswer } from './wire/protocol.ts';

export interface CallRequest {
  readonly signal?: AbortSignal | undefined;
  readonly timeoutMs?: number | undefined;
  readonly context?: unknown;
  /** What waits for it, where that was known earlier. @default what waits now */
  readonly chain?: CallChain;
}

/** Not started, though that was asked for, where it had to be looked at first: its facts were not stored, or were others. */
interface Loaded {
  readonly sandbox: Sandbox;
  readonly started: boolean;
}

type StateWithCall = Extract<RunnerState, { readonly call: unknown }> & { readonly call: RunningCall };

/** How long a call waits for those of other tabs, as a multiple of the time that each of them has. */
const PATIENCE = 10;

/** Ends that are the plugin's doing, and count towards its quarantine. */
const KILLS: ReadonlySet<ErrorCode> = new Set(['TIMEOUT', 'START_TIMEOUT', 'HOST_TIMEOUT', 'PROTOCOL_VIOLATION']);

/** What ends a start, and says nothing of the plugin. */
const NO_FAILURES: ReadonlySet<ErrorCode> = new Set(['ABORTED', 'BUSY', 'CLOSED', 'DISABLED', 'REVOKED']);

export class Runner extends RunnerLifecycle {
  readonly #queue = new CallQueue(() => this.context.limits.queuedCalls);
  readonly #circuitBreaker: CircuitBreaker;
  readonly #cpuMeter: CpuMeter;
  readonly stats = new RunnerStats();
  readonly #facts = new KnownFacts();
  /**
   * What its guest has saved last: over a sleep, a reload and a kill. Whatever else ends the plugin ends this, too; what its guest
   * failed to take is gone.
   */
  #saved: Uint8Array | undefined;

  /** Called when its guest says that it has done its work; by default that is for nobody. */
  onFinish: (() => void) | undefined;

  /** @param first whose kills and time it adds to. @default it has its own */
  constructor(pool: SandboxPool, context: RunnerContext, isQuarantined: boolean, first?: Runner) {
    super(pool, context, isQuarantined);
    this.#circuitBreaker = first ? first.#circuitBreaker : new CircuitBreaker();
    this.#cpuMeter = first ? first.#cpuMeter : new CpuMeter();
  }

  /** One more of the same plugin, in a worker of its own. */
  beside(context: (own: RunnerContext) => RunnerContext): Runner {
    return new Runner(this.pool, context(this.context), false, this);
  }

  /** Whether its last start failed by what the plugin is. */
  get failed(): boolean {
    const { startError } = this.stats;
    return startError !== undefined && !NO_FAILURES.has(startError.code);
  }

  /** The most that its guest may have. */
  get memoryBytes(): number {
    return this.context.limits.memoryBytes;
  }

  /** Reads and compiles the modules without running anything of them. */
  inspect(signal?: AbortSignal): Promise<readonly ModuleFacts[]> {
    return this.#turn(signal, async () => {
      if (!this.#facts.areProven) await this.#load(true, signal, currentChain());
      return this.facts ?? [];
    });
  }

  /** What its modules import and export; undefined before anybody has read them. */
  get facts(): readonly ModuleFacts[] | undefined {
    return this.#facts.modules;
  }

  /** Its modules may be others now. */
  forgetFacts(): void {
    this.#facts.forget();
    this.stats.startError = undefined;
  }

  /** Starts the plugin unless it runs. */
  start(signal?: AbortSignal): Promise<void> {
    return this.#turn(signal, async () => void (await this.#ready(signal, currentChain())));
  }

  /**
   * Runs an export, after the calls that came before.
   * @returns in the form of the call; the output is empty when the plugin set none
   */
  call<C extends GuestCall>(guestCall: C, request: CallRequest): Promise<ResultOf<C>> {
    const { chain = currentChain() } = request;
    const { id, limits } = this.context;
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
    const { id } = this.context;
    try {
      const turn = this.#queue.enter(signal);
      if (turn) await turn;
    } catch (thrown) {
      throw signal?.aborted ? errors.aborted(id, signal) : named(id, thrown);
    }
    try {
      if (this.state === 'closed') throw errors.closed(id);
      this.pool.markBusy(this);
      try {
        return await task();
      } finally {
        if (this.live) this.pool.markIdle(this);
      }
    } catch (thrown) {
      throw named(id, thrown);
    } finally {
      this.#queue.leave();
    }
  }

  /** @param keepsState whether its guest finds again what it has saved. @default false */
  override stop(reason: ClocheError, keepsState = false): void {
    if (!keepsState) this.#saved = undefined;
    super.stop(reason);
  }

  override quarantine(reason: ClocheError): void {
    this.#saved = undefined;
    super.quarantine(reason);
  }

  /** Gives its worker back while it has nothing to do, after its guest has saved its state where its contract says how. */
  async sleep(): Promise<void> {
    const { sleep } = this.context.guest;
    if (!sleep || !this.#startedSandbox) {
      this.#fallAsleep();
      return;
    }
    await this.#turn(undefined, async () => {
      // Whatever came before it in the queue may have ended the worker.
      if (!this.#startedSandbox) return;
      const saved = await this.#save(sleep.save);
      this.#fallAsleep();
      this.#saved = saved;
    }).catch((thrown: unknown) => this.#lose(thrown));
  }

  /** Resolves when the call under way is over, with all that its host functions had left to do. */
  get settled(): Promise<void> {
    return this.#queue.left();
  }

  /** Lifts a quarantine, and forgets the kills that led there. */
  override forgive(): void {
    this.#circuitBreaker.reset();
    super.forgive();
  }

  async #callNow(guestCall: GuestCall, request: CallRequest, chain: CallChain): Promise<GuestResult> {
    const { export: exportName } = guestCall;
    const { id, limits } = this.context;
    const { signal, context } = request;
    if (this.quarantined) throw errors.quarantined(id);
    if (this.#cpuMeter.total() >= limits.busyMsPerMinute) throw errors.computedTooMuch(id, limits.busyMsPerMinute);
    const sandbox = this.#usableSandbox() ?? (await this.#ready(signal, chain));
    const facts = this.facts ?? [];
    if (!canCall(facts, guestCall)) {
      const { exportProblem } = await loadChunk(() => import('./calls/export-problem.ts'));
      throw exportProblem(facts, guestCall, id);
    }
    const lockName = context === DESCRIBING ? undefined : this.context.lock(facts);
    const lock = lockName === undefined ? undefined : await this.#lock(lockName, sandbox, request, chain);
    const timeoutMs = Math.min(request.timeoutMs ?? limits.timeoutMs, limits.timeoutMs);
    // The input is empty once it was handed over.
    const inputBytes = byteCount(guestCall);
    const call = new RunningCall({ exportName, context, chain: [...chain, this], sandbox }, timeoutMs, (waited) =>
      this.#kill(errors.callTooLong(id, exportName, timeoutMs, waited)),
    );
    this.stats.began(call);
    try {
      const state = { name: 'calling', sandbox, call, holdsLock: lock !== undefined } as const;
      const answer = await this.#underWay(state, signal, () => sandbox.call(guestCall, call));
      this.stats.use = answer.use ?? this.stats.use;
      this.stats.report(call, inputBytes, answer.ok ? byteCount(answer) : 0);
      if (answer.leasedCalls) this.context.leasedCalls(answer.leasedCalls);
      if (answer.ok) return answer;
      this.stats.failed(call);
      throw errors.failure(id, answer, call);
    } finally {
      if (this.holds(sandbox)) this.enter({ name: 'ready', sandbox, started: true });
      lock?.[dispose]();
    }
  }

  /** Undefined where it cannot: then it sleeps without its state. */
  async #save(exportName: string): Promise<Uint8Array | undefined> {
    try {
      const answer = await this.#callNow({ export: exportName, args: [] }, {}, []);
      const [saved] = 'values' in answer ? answer.values : [];
      if (saved instanceof Uint8Array) return saved;
      throw errors.pluginError(this.context.id, 'EXPORT_INVALID', `Its \`${exportName}\` did not give bytes`);
    } catch (thrown) {
      this.#lose(thrown);
      return undefined;
    }
  }

  #lose(thrown: unknown): void {
    const { id } = this.context;
    if (this.state === 'closed') return;
    this.context.lost(errors.pluginError(id, 'ABORTED', `its state is lost with its sleep: ${messageOf(thrown)}`));
  }

  #fallAsleep(): void {
    this.rest(errors.pluginError(this.context.id, 'CLOSED', 'the plugin was put to sleep'));
  }

  /** The one that a call can run in now. @throws why nothing may run */
  #usableSandbox(): Sandbox | undefined {
    const { refusal } = this.context;
    if (refusal) throw refusal;
    return this.#startedSandbox;
  }

  get #startedSandbox(): Sandbox | undefined {
    const state = this.current;
    return state.name === 'ready' && state.started && state.sandbox.alive ? state.sandbox : undefined;
  }

  /** The lock that keeps calls of other tabs out. Its time counts from then on. */
  async #lock(
    name: string,
    sandbox: Sandbox,
    { signal }: CallRequest,
    chain: CallChain,
  ): Promise<Disposable | undefined> {
    const { id, limits } = this.context;
    if (!this.holds(sandbox)) return undefined;
    // Who holds a lock and waits for another's may be waited for there: two tabs would wait for each other.
    const ifFree = chain.some((one) => one instanceof Runner && one.holdsLock);
    return this.wait(sandbox, signal, (wait) => {
      const timer = setTimeout(() => wait.abort(errors.otherTabsTooLong(id)), limits.timeoutMs * PATIENCE);
      return acquireLock(name, { signal: wait.signal, ifFree }).finally(() => clearTimeout(timer));
    });
  }

  /** The sandbox, started. A sandbox that was only used to look at the modules goes on to run them. */
  async #ready(signal: AbortSignal | undefined, chain: CallChain): Promise<Sandbox> {
    const usable = this.#usableSandbox();
    if (usable) return usable;
    const began = performance.now();
    let loaded = await this.#load(false, signal, chain);
    if (!loaded.started) loaded = await this.#load(false, signal, chain);
    // Its facts are proven by now: a worker that tells of others again would have it asked for ever.
    if (!loaded.started) throw this.#refuse(loaded.sandbox);
    this.stats.startMs = performance.now() - began;
    this.stats.startError = undefined;
    this.context.changed();
    return loaded.sandbox;
  }

  #refuse(sandbox: Sandbox): ClocheError {
    const error = errors.pluginError(
      this.context.id,
      'PROTOCOL_VIOLATION',
      'its worker told of other modules each time',
    );
    if (this.holds(sandbox)) this.#kill(error);
    return error;
  }

  #load(inspectOnly: boolean, signal: AbortSignal | undefined, chain: CallChain): Promise<Loaded> {
    return startWithRoom(this.pool, this, () => this.#loadOnce(inspectOnly, signal, chain));
  }

  async #loadOnce(inspectOnly: boolean, signal: AbortSignal | undefined, chain: CallChain): Promise<Loaded> {
    const context = this.context;
    const { id } = context;
    if (this.state === 'closed') throw errors.closed(id);
    if (this.quarantined && !inspectOnly) throw errors.quarantined(id);
    // What no worker has told of has to be read in any case: while its place is found.
    const reading = this.#facts.areProven ? undefined : context.files();
    // Whoever finds no place does not want them any more.
    reading?.catch(() => undefined);
    const sandbox = await this.place(signal);
    let started = false;
    try {
      const files = await reading;
      if (files && !inspectOnly) this.#facts.assume(context.modules, files);
      // What a plugin may use can depend on what it imports, and that must be known before its first code runs.
      const looksOnly = inspectOnly || !this.facts;
      const isCompiled = (key: string): boolean => sandbox.has(key);
      const message = await startMessage(context, { isCompiled, known: this.#facts, files, inspectOnly: looksOnly });
      const { startTimeoutMs } = context.limits;
      const call = new RunningCall({ chain: [...chain, this], sandbox }, startTimeoutMs, (waited) =>
        this.#kill(errors.startTooLong(id, startTimeoutMs, waited)),
      );
      const state = { name: 'starting', sandbox, call, rest: restOf(this.current) } as const;
      const answer = await this.#underWay(state, signal, () => this.#startIn(sandbox, message, call));
      if (!answer.ok) throw errors.failure(id, answer, call);
      const isNews = answer.modules.length > 0 && this.#facts.prove(answer.modules);
      if (isNews) context.inspected(answer.modules);
      // A worker starts nothing whose facts are not those that were assumed.
      started = !looksOnly && !isNews;
      this.stats.use = answer.use;
    } catch (thrown) {
      const reason = thrown instanceof ClocheError ? thrown : errors.pluginError(id, 'START_FAILED', messageOf(thrown));
      this.stats.startError = reason;
      if (this.holds(sandbox)) this.rest(reason);
      throw thrown;
    }
    if (this.quarantined) this.#fallAsleep();
    else if (this.holds(sandbox)) this.enter({ name: 'ready', sandbox, started });
    return { sandbox, started };
  }

  /** Starts it, and gives its guest what that has saved; what ends it meanwhile finds nothing to give again. */
  async #startIn(sandbox: Sandbox, message: StartMessage, call: RunningCall): Promise<StartAnswer> {
    const { request } = message;
    const answer = await sandbox.start(message, this.context, call);
    const { sleep } = request.guest;
    const saved = this.#saved;
    if (!answer.ok || request.inspectOnly || !sleep || !saved) return answer;
    this.#saved = undefined;
    const loaded = await sandbox.call({ export: sleep.load, args: [saved] }, call);
    if (!loaded.ok) return loaded;
    this.#saved = saved;
    return { ...answer, use: loaded.use };
  }

  /** Waits for the worker, and then for what host functions have left to do; whatever happens, the call is over after it. */
  async #underWay<T extends { readonly ok: boolean }>(
    state: StateWithCall,
    signal: AbortSignal | undefined,
    run: () => Promise<T>,
  ): Promise<T> {
    let answer: T | undefined;
    try {
      answer = await this.#watched(state, signal, run);
      return answer;
    } finally {
      const { end, oneWay } = state.call;
      const closing = oneWay.close();
      if (closing) await closing;
      const finished = end.run();
      if (end.hasTasks) await this.#finish(finished, state.call, answer?.ok ?? false);
    }
  }

  /** Of a call that has failed anyway only the log hears what else went wrong. */
  async #finish(finished: Promise<void>, call: RunningCall, succeeded: boolean): Promise<void> {
    try {
      await finished;
    } catch (thrown) {
      const error = errors.unfinished(this.context.id, thrown);
      if (!succeeded) return this.context.unfinished(error);
      this.stats.failed(call);
      throw error;
    }
  }

  /** With a deadline and an abort that end the worker. */
  async #watched<T>(state: StateWithCall, signal: AbortSignal | undefined, run: () => Promise<T>): Promise<T> {
    const { call, sandbox } = state;
    const { id } = this.context;
    const abort = (): void => this.rest(errors.aborted(id, signal as AbortSignal));
    signal?.addEventListener('abort', abort, { once: true });
    let isBlamed = true;
    try {
      if (signal?.aborted) throw errors.aborted(id, signal);
      // Stopped a moment ago, the sandbox says why.
      if (this.holds(sandbox)) this.enter(state);
      return await run();
    } catch (thrown) {
      isBlamed = !isBlameless(thrown);
      if (isBlamed) this.stats.failed(call);
      else this.stats.forget(call);
      throw named(id, thrown);
    } finally {
      call[dispose]();
      signal?.removeEventListener('abort', abort);
      if (isBlamed) this.#cpuMeter.add(call.computedMs);
    }
  }

  protected override gone(error: ClocheError): void {
    if (!isBlameless(error)) {
      this.#kill(error);
      return;
    }
    this.rest(error);
    this.context.lost(error);
  }

  #kill(error: ClocheError): void {
    const call = callOf(this.current);
    if (KILLS.has(error.code) && this.#circuitBreaker.trip()) this.quarantine(error);
    else this.stop(error, true);
    this.stats.kills++;
    this.context.killed(error, call);
    if (this.quarantined) this.context.quarantined();
    this.context.changed();
  }
}

/** The same, which says of which plugin where it is an error of ours. */
function named(id: string, thrown: unknown): unknown {
  return thrown instanceof ClocheError ? errors.named(id, thrown) : thrown;
}

/** What crosses, in bytes; a number counts as eight. */
function byteCount(carrier: GuestCall | GuestResult): number {
  if ('input' in carrier) return carrier.input.length;
  if ('output' in carrier) return carrier.output.length;
  const values = 'args' in carrier ? carrier.args : carrier.values;
  return values.reduce<number>((sum, value) => sum + (value instanceof Uint8Array ? value.length : 8), 0);
}

/** What the page did to it counts against nobody: the call is as if it had never been made. */
function isBlameless(thrown: unknown): boolean {
  return thrown instanceof ClocheError && thrown.code === 'FRAME_REMOVED';
}
