// Starts a plugin in a sandbox. What its modules import is known before their first code runs: they are only read at first where no
// earlier page has stored that, or where it turns out to be something else.

import { ClocheError, messageOf } from '../../errors.ts';
import type { CallChain } from '../calls/call-chain.ts';
import { type WatchDeps, watchCall } from '../calls/call-watch.ts';
import { RunningCall } from '../calls/running-call.ts';
import { startWithRoom } from '../room.ts';
import * as errors from '../runner-errors.ts';
import { restOf } from '../runner-state.ts';
import type { Sandbox } from '../sandbox.ts';
import type { SandboxPool } from '../sandbox-pool.ts';
import type { ModuleFacts, StartAnswer } from '../wire/protocol.ts';
import { KnownFacts } from './known-facts.ts';
import { type StartMessage, startMessage } from './start-request.ts';

/** Not started, though that was asked for, where it had to be looked at first: its facts were not stored, or were others. */
interface Loaded {
  readonly sandbox: Sandbox;
  readonly started: boolean;
}

interface StarterDeps extends WatchDeps {
  readonly pool: SandboxPool;
  kill(error: ClocheError): void;
}

export class Starter {
  readonly #deps: StarterDeps;
  readonly #facts = new KnownFacts();
  /**
   * What its guest has saved last, to be given to the next: over a sleep, a reload and a kill. Whatever else ends the plugin ends
   * this, too; what its guest failed to take is gone.
   */
  saved: Uint8Array | undefined;

  constructor(deps: StarterDeps) {
    this.#deps = deps;
  }

  /** What its modules import and export; undefined before anybody has read them. */
  get facts(): readonly ModuleFacts[] | undefined {
    return this.#facts.modules;
  }

  /** Its modules may be others now. */
  forgetFacts(): void {
    this.#facts.forget();
    this.#deps.stats.startError = undefined;
  }

  /** Reads and compiles the modules without running anything of them. */
  async inspect(signal: AbortSignal | undefined, chain: CallChain): Promise<readonly ModuleFacts[]> {
    if (!this.#facts.areProven) await this.#load(true, signal, chain);
    return this.facts ?? [];
  }

  /** The sandbox that a call can run in now; undefined where it has to be started. @throws why nothing may run */
  get usable(): Sandbox | undefined {
    const { context, life } = this.#deps;
    const { refusal } = context;
    if (refusal) throw refusal;
    return life.started;
  }

  /**
   * The sandbox, started. One that was only used to look at the modules goes on to run them.
   * @param chain of what is to run there, the plugin's own runner the last
   */
  async ready(signal: AbortSignal | undefined, chain: CallChain): Promise<Sandbox> {
    const { usable } = this;
    if (usable) return usable;
    const { context, stats } = this.#deps;
    const began = performance.now();
    let loaded = await this.#load(false, signal, chain);
    if (!loaded.started) loaded = await this.#load(false, signal, chain);
    // Its facts are proven by now: a worker that tells of others again would have it asked for ever.
    if (!loaded.started) throw this.#refuse(loaded.sandbox);
    stats.startMs = performance.now() - began;
    stats.startError = undefined;
    context.changed();
    return loaded.sandbox;
  }

  #refuse(sandbox: Sandbox): ClocheError {
    const { context, life, kill } = this.#deps;
    const error = errors.pluginError(context.id, 'PROTOCOL_VIOLATION', 'its worker told of other modules each time');
    if (life.holds(sandbox)) kill(error);
    return error;
  }

  #load(inspectOnly: boolean, signal: AbortSignal | undefined, chain: CallChain): Promise<Loaded> {
    const { pool, life } = this.#deps;
    return startWithRoom(pool, life, () => this.#loadOnce(inspectOnly, signal, chain));
  }

  async #loadOnce(inspectOnly: boolean, signal: AbortSignal | undefined, chain: CallChain): Promise<Loaded> {
    const { context, life, stats, kill } = this.#deps;
    const { id } = context;
    if (life.state === 'closed') throw errors.closed(id);
    if (life.quarantined && !inspectOnly) throw errors.quarantined(id);
    // What no worker has told of has to be read in any case: while its place is found.
    const reading = this.#facts.areProven ? undefined : context.files();
    // Whoever finds no place does not want them any more.
    reading?.catch(() => undefined);
    const sandbox = await life.place(signal);
    let started = false;
    try {
      const files = await reading;
      if (files && !inspectOnly) this.#facts.assume(context.modules, files);
      // What a plugin may use can depend on what it imports, and that must be known before its first code runs.
      const looksOnly = inspectOnly || !this.facts;
      const isCompiled = (key: string): boolean => sandbox.has(key);
      const message = await startMessage(context, { isCompiled, known: this.#facts, files, inspectOnly: looksOnly });
      const { startTimeoutMs } = context.limits;
      const call = new RunningCall({ chain, sandbox }, startTimeoutMs, (waited) =>
        kill(errors.startTooLong(id, startTimeoutMs, waited)),
      );
      const state = { name: 'starting', sandbox, call, rest: restOf(life.current) } as const;
      const answer = await watchCall(this.#deps, state, signal, () => this.#startIn(sandbox, message, call));
      if (!answer.ok) throw errors.failure(id, answer, call);
      const isNews = answer.modules.length > 0 && this.#facts.prove(answer.modules);
      if (isNews) context.inspected(answer.modules);
      // A worker starts nothing whose facts are not those that were assumed.
      started = !looksOnly && !isNews;
      stats.use = answer.use;
    } catch (thrown) {
      const reason = thrown instanceof ClocheError ? thrown : errors.pluginError(id, 'START_FAILED', messageOf(thrown));
      stats.startError = reason;
      if (life.holds(sandbox)) life.rest(reason);
      throw thrown;
    }
    if (life.quarantined) life.fallAsleep();
    else if (life.holds(sandbox)) life.enter({ name: 'ready', sandbox, started });
    return { sandbox, started };
  }

  /** Starts it, and gives its guest what that has saved; what ends it meanwhile finds nothing to give again. */
  async #startIn(sandbox: Sandbox, message: StartMessage, call: RunningCall): Promise<StartAnswer> {
    const { request } = message;
    const answer = await sandbox.start(message, this.#deps.context, call);
    const { sleep } = request.guest;
    const { saved } = this;
    if (!answer.ok || request.inspectOnly || !sleep || !saved) return answer;
    this.saved = undefined;
    const loaded = await sandbox.call({ export: sleep.load, args: [saved] }, call);
    if (!loaded.ok) return loaded;
    this.saved = saved;
    return { ...answer, use: loaded.use };
  }
}
