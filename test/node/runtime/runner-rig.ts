// A runner whose pool, sandboxes and plugin are the test's own: what it does in which state, without a browser.

import { ClocheError, type ErrorCode } from '../../../src/errors.ts';
import type { EndTask } from '../../../src/runtime/calls/call-end.ts';
import type { RunningCall } from '../../../src/runtime/calls/running-call.ts';
import { Runner } from '../../../src/runtime/runner.ts';
import type { RunnerContext } from '../../../src/runtime/runner-context.ts';
import type { Sandbox } from '../../../src/runtime/sandbox.ts';
import type { SandboxPool } from '../../../src/runtime/sandbox-pool.ts';
import type { StartMessage } from '../../../src/runtime/start/start-request.ts';
import type { GuestContract } from '../../../src/runtime/wire/guest-contract.ts';
import type { CallAnswer, GuestCall, ModuleFacts, StartAnswer, WireValue } from '../../../src/runtime/wire/protocol.ts';
import { runnerContext } from '../../helpers/runner-context.ts';

type Surface<T> = Pick<T, keyof T>;

/** Answers nothing until it is told to, and dies when it is told to. */
class ScriptedSandbox implements Partial<Surface<Sandbox>> {
  alive = true;
  onGone: Sandbox['onGone'];
  #pending: ((reason: ClocheError) => void) | undefined;
  /** Its engine has no room for the plugin. */
  isFull = false;
  #answersAt: 'once' | 'never' = 'once';
  #ended: ClocheError | undefined;
  /** What it was asked to load, in order. */
  readonly started: StartMessage[] = [];
  /** What was called with arguments, in order. */
  readonly called: GuestCall[] = [];
  readonly #stateOf: () => WireValue;
  readonly #tells: () => ModuleFacts;
  readonly #endTasks: readonly EndTask[];

  constructor(stateOf: () => WireValue, tells: () => ModuleFacts, endTasks: readonly EndTask[]) {
    this.#stateOf = stateOf;
    this.#tells = tells;
    this.#endTasks = endTasks;
  }

  hold(): void {
    this.#answersAt = 'never';
  }

  has(): boolean {
    return true;
  }

  start({ request, buffers }: StartMessage): Promise<StartAnswer> {
    this.started.push({ request, buffers });
    if (this.isFull) return this.#answer({ ok: false, error: { code: 'ENGINE_FULL', message: 'no room' }, use: null });
    return this.#answer({ ok: true, modules: [this.#tells()], use: NO_USE });
  }

  call(call: GuestCall, running: RunningCall): Promise<CallAnswer> {
    for (const task of this.#endTasks) running.end.add(task);
    if ('args' in call) {
      this.called.push(call);
      return this.#answer({ ok: true, values: [this.#stateOf()], use: NO_USE, instanceEnded: false });
    }
    return this.#answer({ ok: true, output: new Uint8Array(), use: NO_USE, instanceEnded: false });
  }

  end(reason: ClocheError): void {
    if (this.#ended) return;
    this.#ended = reason;
    this.alive = false;
    this.#pending?.(reason);
  }

  die(code: ErrorCode): void {
    const reason = new ClocheError(code, 'the worker is gone');
    this.end(reason);
    this.onGone?.(reason);
  }

  #answer<T>(value: T): Promise<T> {
    if (this.#ended) return Promise.reject(this.#ended);
    if (this.#answersAt === 'once') return Promise.resolve(value);
    return new Promise((_, reject) => {
      this.#pending = reject;
    });
  }
}

const NO_USE = { memoryBytes: 0, varBytes: 0 } as unknown as Extract<StartAnswer, { ok: true }>['use'];
/** What its worker tells of its module. */
export const MAIN = {
  name: 'main',
  imports: [],
  exports: [
    { name: 'run', kind: 'function', type: '() -> i32', callable: true },
    { name: 'save', kind: 'function', type: '() -> i64', callable: false },
  ],
} as unknown as ModuleFacts;

export class RunnerRig {
  /** What the host was told, in order. */
  readonly told: string[] = [];
  readonly sandboxes: ScriptedSandbox[] = [];
  /** How many sandboxes it has of the pool and has not given back. */
  places = 0;
  readonly runner: Runner;
  /** What host functions leave to do for the end of each call. */
  readonly endTasks: EndTask[] = [];
  /** What the guest gives as its state. */
  stateOf: WireValue = null;
  /** What its worker tells of its module at a start. */
  tells: () => ModuleFacts = () => MAIN;
  begun: Promise<ErrorCode | 'answered'> | undefined;
  readonly #controller = new AbortController();
  /** How many starts the engine has no room for, and how many others could sleep for them. */
  refusals = 0;
  idle = 0;
  #holdsNext = false;
  #free: Promise<void> = Promise.resolve();

  /** @param guest what its contract says besides the ABI @param own what the test looks at of its host */
  constructor(guest: Partial<GuestContract> = {}, own: Partial<RunnerContext> = {}) {
    const pool: Partial<Surface<SandboxPool>> = {
      acquire: (_occupant, signal) => this.#acquire(signal),
      release: () => void this.places--,
      makeRoomFor: async () => this.idle > 0 && this.idle-- > 0,
      markIdle: () => undefined,
      markBusy: () => undefined,
    };
    const context = runnerContext({
      guest: { abi: 'extism', ...guest } as GuestContract,
      killed: ({ code }) => void this.told.push(`killed ${code}`),
      quarantined: () => void this.told.push('quarantined'),
      lost: ({ message }) => void this.told.push('lost', ...(guest.sleep ? [message] : [])),
      unfinished: () => void this.told.push('unfinished'),
      ...own,
    });
    this.runner = new Runner(pool as SandboxPool, context, false);
  }

  get sandbox(): ScriptedSandbox | undefined {
    return this.sandboxes.at(-1);
  }

  /** Lets the pool have no place until the wait is aborted. */
  fill(): void {
    this.#free = new Promise(() => undefined);
  }

  /** Lets the worker be silent from here on. */
  hold(): void {
    this.#holdsNext = true;
    this.sandbox?.hold();
  }

  /** Lets workers speak again, from the next on. */
  release(): void {
    this.#holdsNext = false;
  }

  /** Resolves with what becomes of the call, when it has. */
  call(signal?: AbortSignal): Promise<ErrorCode | 'answered'> {
    return codeOf(this.runner.call({ export: 'run', input: new Uint8Array() }, { signal }));
  }

  /** Begins a call that `abort` ends, and waits until it goes no further. */
  async begin(): Promise<void> {
    this.begun = this.call(this.#controller.signal);
    await settled();
  }

  abort(): void {
    this.#controller.abort();
  }

  async #acquire(signal: AbortSignal): Promise<Sandbox> {
    await Promise.race([
      this.#free,
      new Promise((_, reject) => signal.addEventListener('abort', () => reject(signal.reason), { once: true })),
    ]);
    this.places++;
    const sandbox = new ScriptedSandbox(
      () => this.stateOf,
      () => this.tells(),
      this.endTasks,
    );
    if (this.#holdsNext) sandbox.hold();
    if (this.refusals > 0) {
      this.refusals--;
      sandbox.isFull = true;
    }
    this.sandboxes.push(sandbox);
    return sandbox as unknown as Sandbox;
  }
}

export function codeOf(work: Promise<unknown>): Promise<ErrorCode | 'answered'> {
  return work.then(
    () => 'answered',
    (thrown: unknown) => {
      if (thrown instanceof ClocheError) return thrown.code;
      throw thrown;
    },
  );
}

/** Resolves when everything that needs no more than promises has happened. */
export function settled(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}
