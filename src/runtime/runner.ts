// Runs one plugin: starts it when it is called, keeps its deadlines, ends it when they pass, and counts what it cost.

import { ClocheError, type ErrorCode, type ErrorFacts, messageOf } from '../errors.ts';
import type { Limits } from '../limits.ts';
import { visibleText } from '../util/visible-text.ts';
import { type CallChain, currentChain } from './call-chain.ts';
import { acquireLock } from './call-lock.ts';
import { CallQueue } from './call-queue.ts';
import { CircuitBreaker } from './circuit-breaker.ts';
import { CpuMeter } from './cpu-meter.ts';
import { problemWithExport } from './export-check.ts';
import { DESCRIBING, RunningCall } from './running-call.ts';
import type { Sandbox, SandboxOwner } from './sandbox.ts';
import type { Occupant, SandboxPool } from './sandbox-pool.ts';
import type { GuestContract, WasiMode } from './wire/guest-contract.ts';
import type {
  FunctionShape,
  GuestCall,
  GuestResult,
  HostAnswer,
  LogLevel,
  LogMessage,
  MemoryUse,
  ModuleFacts,
  ModuleLimits,
  ModuleToLoad,
  ResultOf,
  WireFailure,
  WireValue,
} from './wire/protocol.ts';
import { PAGE_BYTES } from './wire/wasm-page.ts';

/** What a runner needs to know of its plugin; read at each start, so that changed settings take hold. */
export interface RunnerPlan {
  readonly id: string;
  readonly limits: Limits;
  readonly functions: readonly FunctionShape[];
  readonly config: ReadonlyMap<string, string>;
  readonly guest: GuestContract;
  readonly wasi: WasiMode;
  readonly logLevel: LogLevel | 'off';
  /** Why it may not run now. Checked when its turn comes: it may have been switched off while it waited. */
  readonly refusal: ClocheError | undefined;
  readonly modules: readonly { readonly name: string; readonly sha256: string }[];
  /** Name of the Web Lock that it holds during each call; known once its modules were read. */
  lock(): string | undefined;
  /** The bytes of all modules by SHA-256; asked for only when the cell does not have them compiled. */
  files(): Promise<ReadonlyMap<string, Uint8Array>>;
}

export interface RunnerOwner {
  hostCall(call: RunningCall, index: number, args: readonly WireValue[]): Promise<HostAnswer>;
  log(message: LogMessage): void;
  /** `call` is undefined when its worker was lost between two calls. */
  killed(error: ClocheError, call: RunningCall | undefined): void;
  /** Its worker was lost through no fault of the plugin. */
  lost(error: ClocheError): void;
  /** The runner came to life, fell asleep, or was quarantined. */
  changed(): void;
}

export interface CallRequest {
  readonly signal?: AbortSignal | undefined;
  readonly timeoutMs?: number | undefined;
  readonly context?: unknown;
}

/** What the last call took that came back, with an output or an error. Durations are in ms. */
export interface CallReport {
  readonly exportName: string;
  /** Waiting for its turn and starting the plugin not counted. */
  readonly durationMs: number;
  /** How much of that went by in host functions. */
  readonly hostCallMs: number;
  readonly inputBytes: number;
  readonly outputBytes: number;
}

/** Longest text of a plugin within a message, in bytes. */
const MESSAGE_BYTES = 2_000;

/** How long a call waits for those of other tabs, as a multiple of the time that each of them has. */
const PATIENCE = 10;

/** Ends that are the plugin's doing, and count towards its quarantine. */
const KILLS: ReadonlySet<ErrorCode> = new Set(['TIMEOUT', 'START_TIMEOUT', 'HOST_TIMEOUT', 'PROTOCOL_VIOLATION']);

const WAITED = ': it waited for a host function, and did not return when that was given up';

export class Runner implements Occupant {
  readonly #pool: SandboxPool;
  readonly #plan: () => RunnerPlan;
  readonly #owner: RunnerOwner;
  readonly #queue = new CallQueue(() => this.#plan().limits.queuedCalls);
  readonly #circuitBreaker = new CircuitBreaker();
  readonly #cpuMeter = new CpuMeter();
  #sandbox: Sandbox | undefined;
  #started = false;
  #call: RunningCall | undefined;
  /** Ends the wait for a free place, or for calls of other tabs. */
  #acquiring: AbortController | undefined;
  /** It holds a lock, for which calls in other tabs may wait. */
  #locked = false;
  #closed = false;
  facts: readonly ModuleFacts[] | undefined;
  quarantined = false;
  stats = { calls: 0, failures: 0, kills: 0 };
  lastCall: CallReport | undefined;
  use: MemoryUse | undefined;
  /** How long the last start took, from asking for a worker to ready, in ms. */
  startMs: number | undefined;

  constructor(pool: SandboxPool, plan: () => RunnerPlan, owner: RunnerOwner) {
    this.#pool = pool;
    this.#plan = plan;
    this.#owner = owner;
  }

  /** Whether its worker is alive. */
  get live(): boolean {
    return this.#sandbox?.alive ?? false;
  }

  /** Reads and compiles the modules without running anything of them. */
  inspect(signal?: AbortSignal): Promise<readonly ModuleFacts[]> {
    return this.#turn(signal, async () => this.facts ?? this.#inspectNow(signal));
  }

  /** Starts the plugin unless it runs. */
  start(signal?: AbortSignal): Promise<void> {
    return this.#turn(signal, async () => void (await this.#ready(signal, currentChain())));
  }

  /**
   * Runs an export, after the calls that came before.
   * @returns in the form of the call; the output is empty when the plugin set none
   */
  async call<C extends GuestCall>(guestCall: C, request: CallRequest): Promise<ResultOf<C>> {
    const chain = currentChain();
    const { export: name } = guestCall;
    const { id, limits } = this.#plan();
    const bytes = byteCount(guestCall);
    if (chain.includes(this)) {
      throw this.#error('REENTRANT', `\`${name}\` was called by a host function that plugin "${id}" is waiting for`);
    }
    if (bytes > limits.exchangeBytes) {
      throw this.#error(
        'INPUT_TOO_LARGE',
        `The input of \`${name}\` has ${bytes} bytes; \`exchangeBytes\` of plugin "${id}" allows ${limits.exchangeBytes}`,
      );
    }
    // The sandbox refuses an answer of another form than the call.
    return this.#turn(request.signal, () => this.#callNow(guestCall, request, chain) as Promise<ResultOf<C>>);
  }

  /** Ends the worker, if any; what is under way rejects with `reason`. The next call starts afresh. */
  stop(reason: ClocheError): void {
    this.#acquiring?.abort(reason);
    const sandbox = this.#sandbox;
    this.#sandbox = undefined;
    this.#started = false;
    if (!sandbox) return;
    const spinning = this.#call !== undefined && !this.#call.waiting;
    sandbox.end(reason);
    this.#pool.release(this, spinning);
    this.#owner.changed();
  }

  sleep(): void {
    this.stop(this.#error('CLOSED', 'the plugin was put to sleep'));
  }

  /** Lifts a quarantine. */
  forgive(): void {
    this.#circuitBreaker.reset();
    this.quarantined = false;
  }

  close(reason: ClocheError): void {
    this.#closed = true;
    this.stop(reason);
  }

  /** One at a time; a caller who aborts while waiting does not wait for the turn to come. */
  async #turn<T>(signal: AbortSignal | undefined, task: () => Promise<T>): Promise<T> {
    let begun = false;
    try {
      return await this.#queue.run(async () => {
        begun = true;
        if (this.#closed) throw this.#error('CLOSED', `Plugin "${this.#plan().id}" is closed`);
        this.#pool.markBusy(this);
        try {
          return await task();
        } finally {
          if (this.live) this.#pool.markIdle(this);
        }
      }, signal);
    } catch (thrown) {
      if (!begun && signal?.aborted) throw this.#aborted(signal);
      throw thrown instanceof ClocheError ? this.#named(thrown) : thrown;
    }
  }

  async #callNow(guestCall: GuestCall, request: CallRequest, chain: CallChain): Promise<GuestResult> {
    const { limits } = this.#plan();
    if (this.quarantined) throw this.#quarantine();
    if (this.#cpuMeter.total() >= limits.busyMsPerMinute) {
      throw this.#error(
        'RATE_LIMITED',
        `Plugin "${this.#plan().id}" has computed ${limits.busyMsPerMinute} ms in this minute; call it later`,
      );
    }
    const sandbox = await this.#ready(request.signal, chain);
    this.#checkExport(guestCall);
    const timeoutMs = Math.min(request.timeoutMs ?? limits.timeoutMs, limits.timeoutMs);
    return this.#locking(request, chain, () => this.#run(sandbox, guestCall, request, chain, timeoutMs));
  }

  async #run(
    sandbox: Sandbox,
    guestCall: GuestCall,
    request: CallRequest,
    chain: CallChain,
    timeoutMs: number,
  ): Promise<GuestResult> {
    const { export: name } = guestCall;
    const call = new RunningCall(
      { exportName: name, context: request.context, chain: [...chain, this], sandbox },
      timeoutMs,
      (waited) => {
        const what = `Export \`${name}\` of plugin "${this.#plan().id}" ran longer than ${timeoutMs} ms`;
        const message = `${what}${waited ? WAITED : ''}; its worker was ended, and the next call starts afresh`;
        this.#kill(this.#error(waited ? 'HOST_TIMEOUT' : 'TIMEOUT', message));
      },
    );
    // The input is empty when it comes back.
    const inputBytes = byteCount(guestCall);
    this.stats.calls++;
    const answer = await this.#underWay(call, request.signal, () => sandbox.call(guestCall));
    if (answer.use) this.use = answer.use;
    this.#report(call, name, inputBytes, answer.ok ? byteCount(answer) : 0);
    if (!answer.ok) throw this.#failed(answer, call);
    return answer;
  }

  /** Runs `task` while no other tab runs a call of this plugin, if it needs that. Its time counts from then on. */
  async #locking<T>({ signal, context }: CallRequest, chain: CallChain, task: () => Promise<T>) {
    const { id, limits, lock } = this.#plan();
    const name = context === DESCRIBING ? undefined : lock();
    if (name === undefined) return task();
    // Who holds a lock and waits for another's may be waited for there: two tabs would wait for each other.
    const ifFree = chain.some((one) => one instanceof Runner && one.#locked);
    const release = await this.#waiting(signal, async (wait) => {
      const late = this.#error('BUSY', `Calls of plugin "${id}" in other tabs did not end in time`);
      const timer = setTimeout(() => wait.abort(late), limits.timeoutMs * PATIENCE);
      return acquireLock(name, { signal: wait.signal, ifFree }).finally(() => clearTimeout(timer));
    });
    this.#locked = true;
    try {
      return await task();
    } finally {
      this.#locked = false;
      release();
    }
  }

  /** The sandbox, started. A sandbox that was only used to look at the modules goes on to run them. */
  async #ready(signal: AbortSignal | undefined, chain: CallChain): Promise<Sandbox> {
    const { refusal } = this.#plan();
    if (refusal) throw refusal;
    if (this.quarantined) throw this.#quarantine();
    if (this.#sandbox?.alive && this.#started) return this.#sandbox;
    const began = performance.now();
    // What a plugin may use can depend on what it imports, and that must be known before its first code runs.
    if (!this.facts) await this.#load(true, signal, chain);
    const sandbox = await this.#load(false, signal, chain);
    this.#started = true;
    this.startMs = performance.now() - began;
    this.#owner.changed();
    return sandbox;
  }

  async #inspectNow(signal: AbortSignal | undefined): Promise<readonly ModuleFacts[]> {
    await this.#load(true, signal, currentChain());
    return this.facts ?? [];
  }

  async #load(inspectOnly: boolean, signal: AbortSignal | undefined, chain: CallChain): Promise<Sandbox> {
    const sandbox = await this.#place(signal);
    const plan = this.#plan();
    const modules = await this.#modulesToLoad(plan);
    const { startTimeoutMs } = plan.limits;
    const call = new RunningCall({ chain: [...chain, this], sandbox }, startTimeoutMs, (waited) => {
      const what = `Plugin "${plan.id}" was not ready after ${startTimeoutMs} ms`;
      const message = `${what}${waited ? WAITED : ''}; its worker was ended`;
      this.#kill(this.#error(waited ? 'HOST_TIMEOUT' : 'START_TIMEOUT', message));
    });
    const owner: SandboxOwner = {
      hostCall: (index, args) => this.#hostCall(index, args),
      log: (message) => this.#owner.log(message),
    };
    const answer = await this.#underWay(call, signal, () =>
      sandbox.start(
        {
          modules,
          limits: moduleLimits(plan.limits),
          inspectOnly,
          functions: plan.functions,
          config: [...plan.config],
          varBytes: plan.limits.varBytes,
          exchangeBytes: plan.limits.exchangeBytes,
          logLevel: plan.logLevel,
          logLineBytes: plan.limits.logLineBytes,
          guest: plan.guest,
          wasi: plan.wasi,
        },
        owner,
      ),
    );
    if (!answer.ok) {
      const error = this.#failed(answer, call);
      this.stop(error);
      throw error;
    }
    if (answer.modules.length > 0) this.facts = answer.modules;
    this.use = answer.use;
    return sandbox;
  }

  /** The sandbox it has, or a new one. */
  async #place(signal: AbortSignal | undefined): Promise<Sandbox> {
    if (this.#sandbox?.alive) return this.#sandbox;
    this.stop(this.#error('START_FAILED', 'its worker was gone'));
    return this.#waiting(signal, async (acquiring) => {
      const sandbox = await this.#pool.acquire(this, acquiring.signal);
      this.#sandbox = sandbox;
      sandbox.onGone = (reason) => this.#gone(this.#named(reason));
      // It may have been stopped in the very moment in which its place was found.
      if (acquiring.signal.aborted) this.stop(acquiring.signal.reason);
      acquiring.signal.throwIfAborted();
      return sandbox;
    });
  }

  /** Waits before anything runs. Whoever stops the runner meanwhile ends the wait, as the caller's signal does. */
  async #waiting<T>(signal: AbortSignal | undefined, wait: (acquiring: AbortController) => Promise<T>): Promise<T> {
    const acquiring = new AbortController();
    this.#acquiring = acquiring;
    const abort = (): void => acquiring.abort(this.#aborted(signal as AbortSignal));
    signal?.addEventListener('abort', abort, { once: true });
    try {
      return await wait(acquiring);
    } finally {
      if (this.#acquiring === acquiring) this.#acquiring = undefined;
      signal?.removeEventListener('abort', abort);
    }
  }

  async #modulesToLoad(plan: RunnerPlan): Promise<ModuleToLoad[]> {
    const workerHost = await this.#pool.workerHost();
    const { memoryPages, growthPages, tableElements } = moduleLimits(plan.limits);
    // Limits and names are written into the module, so others make it another module.
    const { abi } = plan.guest;
    const keyOf = (sha256: string): string => `${abi}:${sha256}:${memoryPages}:${growthPages}:${tableElements}`;
    // Facts come only with bytes, and only all modules together tell all of them.
    const cached = this.facts !== undefined && plan.modules.every(({ sha256 }) => workerHost.has(keyOf(sha256)));
    const files = cached ? undefined : await plan.files();
    return plan.modules.map(({ name, sha256 }) => ({ name, key: keyOf(sha256), bytes: files?.get(sha256) ?? null }));
  }

  /** Waits for the worker with a deadline and an abort that end it; whatever happens, the call is over after it. */
  async #underWay<T>(call: RunningCall, signal: AbortSignal | undefined, run: () => Promise<T>): Promise<T> {
    const abort = (): void => this.stop(this.#aborted(signal as AbortSignal));
    signal?.addEventListener('abort', abort, { once: true });
    this.#call = call;
    let isBlamed = true;
    try {
      if (signal?.aborted) throw this.#aborted(signal);
      return await run();
    } catch (thrown) {
      isBlamed = !isBlameless(thrown);
      if (isBlamed) this.#countFailure(call);
      else if (call.exportName !== undefined) this.stats.calls--;
      throw thrown instanceof ClocheError ? this.#named(thrown) : thrown;
    } finally {
      call.end();
      this.#call = undefined;
      signal?.removeEventListener('abort', abort);
      if (isBlamed) this.#cpuMeter.add(call.computedMs);
    }
  }

  /** Of a call only: whoever counts those that were answered takes the failures from the calls. */
  #countFailure({ exportName }: RunningCall): void {
    if (exportName !== undefined) this.stats.failures++;
  }

  #gone(error: ClocheError): void {
    if (!isBlameless(error)) {
      this.#kill(error);
      return;
    }
    this.stop(error);
    this.#owner.lost(error);
  }

  #kill(error: ClocheError): void {
    const call = this.#call;
    this.stop(error);
    this.stats.kills++;
    if (KILLS.has(error.code) && this.#circuitBreaker.trip()) this.quarantined = true;
    this.#owner.killed(error, call);
    this.#owner.changed();
  }

  async #hostCall(index: number, args: readonly WireValue[]): Promise<HostAnswer> {
    const call = this.#call;
    if (!call)
      return { ok: false, error: { code: 'HOST_FUNCTION_FAILED', message: 'a host call outside of any call' } };
    return this.#owner.hostCall(call, index, args);
  }

  #checkExport(call: GuestCall): void {
    const problem = problemWithExport(this.facts ?? [], call, this.#plan().id);
    if (problem) throw this.#error(problem.code, problem.message, problem);
  }

  #report(call: RunningCall, exportName: string, inputBytes: number, outputBytes: number): void {
    this.lastCall = {
      exportName,
      durationMs: call.elapsedMs,
      hostCallMs: call.hostCallMs,
      inputBytes,
      outputBytes,
    };
  }

  #failed({ error }: WireFailure, call: RunningCall): ClocheError {
    this.#countFailure(call);
    const where = call.exportName === undefined ? 'Starting' : `Export \`${call.exportName}\` of`;
    // The words are the plugin's or an engine's; `detail` has them as they came.
    const words = visibleText(error.message, MESSAGE_BYTES);
    const message = `${where} plugin "${this.#plan().id}" failed: ${words}`;
    if (error.code !== 'HOST_FUNCTION_FAILED' || call.hostFailure === undefined) {
      return this.#error(error.code, message, error);
    }
    // What a host function threw never went to the worker; the caller may have it.
    return this.#error(error.code, `${message}: ${messageOf(call.hostFailure)}`, { ...error, cause: call.hostFailure });
  }

  #quarantine(): ClocheError {
    return this.#error(
      'QUARANTINED',
      `Plugin "${this.#plan().id}" was ended three times within a minute; look at its log, then call \`enable()\``,
    );
  }

  #aborted(signal: AbortSignal): ClocheError {
    return new ClocheError('ABORTED', `The call of plugin "${this.#plan().id}" was aborted`, {
      plugin: this.#plan().id,
      cause: signal.reason,
    });
  }

  #named(error: ClocheError): ClocheError {
    return error.plugin === undefined
      ? this.#error(error.code, `Plugin "${this.#plan().id}": ${error.message}`, error)
      : error;
  }

  #error(code: ErrorCode, message: string, facts: Omit<ErrorFacts, 'plugin'> = {}): ClocheError {
    return new ClocheError(code, message, { ...facts, plugin: this.#plan().id });
  }
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

function moduleLimits({ memoryBytes, growthPages, tableElements }: Limits): ModuleLimits {
  return { memoryPages: Math.floor(memoryBytes / PAGE_BYTES), growthPages, tableElements };
}
