// Answers the host calls of one plugin: finds the function, checks the grant, and turns what comes back, or goes wrong, into
// something the worker may hear.

import type { HostCallContext } from '../../capabilities/host-function.ts';
import { isHeard } from '../../capabilities/log/log.ts';
import { ClocheError, messageOf } from '../../errors.ts';
import {
  type CallDecision,
  type HostCallContent,
  HostCallEvent,
  type HostCallRecord,
  type LogRecord,
} from '../../events.ts';
import type { Limits } from '../../limits.ts';
import type { PluginManifest } from '../../manifest/plugin-manifest.ts';
import { onBehalfOf } from '../../runtime/calls/call-chain.ts';
import type { HostWait } from '../../runtime/calls/host-wait.ts';
import { LeaseOffer } from '../../runtime/calls/lease-offer.ts';
import { DESCRIBING, type RunningCall } from '../../runtime/calls/running-call.ts';
import type { Runner } from '../../runtime/runner.ts';
import type { RunnerContext } from '../../runtime/runner-context.ts';
import type { HostAnswer, WireError, WireValue } from '../../runtime/wire/protocol.ts';
import { byteCount, isSame } from '../../runtime/wire/wire-values.ts';
import type { OptionalRequest } from '../settings/effective-settings.ts';
import type { PluginSettings } from '../settings/plugin-settings.ts';
import type { SharedContext } from '../shared-context.ts';
import { readArguments, writeResult } from './host-call-values.ts';
import type { OfferedFunction } from './offered-functions.ts';
import type { Questions } from './question-queue.ts';

/** Of each value of a host call that is shown; and room for a secret that begins at its end, as JSON writes it. */
const MOST_SHOWN_BYTES = 16_384;
const MOST_SECRET_BYTES = 8_192;

type Settled = Extract<HostAnswer, { ok: true }> | Failure;
interface Failure {
  readonly ok: false;
  readonly error: WireError;
  /** What the plugin may hear in full; undefined for what is only the page's business. */
  readonly told: ClocheError | undefined;
}

type Waiting = Pick<HostWait, 'signal' | 'remainingMs'>;

/** A host call that is to be answered. */
interface DispatchedCall {
  readonly fn: OfferedFunction;
  readonly running: RunningCall;
  readonly args: readonly WireValue[];
  readonly began: number;
  /** For what it leases to its call. */
  readonly offer?: LeaseOffer | undefined;
  /** That of all calls one-way, where it is one. */
  readonly signal?: AbortSignal;
  /** Which rule has said yes or no to it, where one has. */
  decision?: CallDecision;
}

/** What the host functions of a plugin are called by. */
export interface CallingPlugin {
  readonly id: string;
  readonly installation: string;
  readonly manifest: PluginManifest;
  readonly config: ReadonlyMap<string, string>;
  readonly settings: Pick<PluginSettings, 'config' | 'secrets' | 'temporary'>;
  /** As its worker counts them: an update to another dialect, or to other imports, ends the worker. */
  readonly functions: readonly OfferedFunction[];
  readonly limits: Readonly<Limits>;
  /** By capability. */
  readonly grants: ReadonlyMap<string, unknown>;
  /** Capabilities that it has called. */
  readonly used: Set<string>;
  /** The request for a capability that was not granted and that may be asked for now. */
  optional(capability: string): OptionalRequest | undefined;
  /** What it asks for of a capability; undefined for all of it, and where it does not ask. */
  asked(capability: string): unknown;
  /** A person has said yes to it. @throws {ClocheError} STORAGE_FAILED, CLOSED */
  allow(request: OptionalRequest['accepted'], duration: 'always' | 'session'): Promise<void>;
}

export class HostCallDispatcher {
  readonly #host: SharedContext;
  readonly #plugin: CallingPlugin;

  constructor(host: SharedContext, plugin: CallingPlugin) {
    this.#host = host;
    this.#plugin = plugin;
  }

  /** What host functions and capabilities are told of the plugin. */
  get described(): HostCallContext['plugin'] {
    const { manifest, installation, settings } = this.#plugin;
    const { id, name, version } = manifest;
    return { id, name, version, installation, temporary: settings.temporary };
  }

  readonly dispatch: RunnerContext['dispatch'] = (running, index, args) => {
    const fn = this.#plugin.functions[index];
    if (!fn) {
      return { ok: false, error: { code: 'PROTOCOL_VIOLATION', message: 'no host function has this number' } };
    }
    // What starts a plugin leaves nothing for the call that follows.
    const mayLease = fn.shape.leased && running.exportName !== undefined;
    const offer = mayLease ? new LeaseOffer(this.#plugin.grants.get(fn.capability.name)) : undefined;
    const call: DispatchedCall = { fn, running, args, began: performance.now(), offer };
    const outcome = this.#settle(call);
    if (outcome instanceof Promise) return outcome.then((settled) => this.#answer(call, settled));
    return this.#answer(call, outcome);
  };

  #answer(call: DispatchedCall, outcome: Settled): HostAnswer | Promise<HostAnswer> {
    if (outcome.ok) {
      this.#report(call, outcome, outcome);
      const lease = this.#leaseOf(call);
      return lease ? { ok: true, values: [...outcome.values, lease] } : outcome;
    }
    return this.#answerOfFailure(call, outcome).then((answer) => this.#report(call, outcome, answer));
  }

  /**
   * Only under a grant, and the one that it was offered under: where a person allows it from one call to another, the page is
   * asked each time.
   */
  #leaseOf({ offer, fn }: DispatchedCall): Uint8Array | undefined {
    const { grants } = this.#plugin;
    const { name } = fn.capability;
    return grants.has(name) && grants.get(name) === offer?.grant ? offer?.lease : undefined;
  }

  readonly oneWay: RunnerContext['oneWay'] = (running, { index, args, answer }) => {
    const fn = this.#plugin.functions[index];
    // What changes nothing is answered in silence.
    if (!fn?.shape.leased || fn.shape.leased.use === 'get') return false;
    running.oneWay.add(async (signal) => {
      const call: DispatchedCall = { fn, running, args, began: performance.now(), signal };
      // Nobody is asked on behalf of it: its guest computes meanwhile.
      const isGranted = this.#plugin.grants.has(fn.capability.name);
      const outcome = isGranted ? await this.#settle(call) : this.#denied(call);
      this.#report(call, outcome, outcome);
      if (!outcome.ok) throw outcome.told ?? new ClocheError(outcome.error.code, outcome.error.message);
      if (isSame(outcome.values[0] ?? null, answer)) return;
      const message = `the plugin was told that its \`${fn.shape.name}\` is done, and there was no room for it any more`;
      throw new ClocheError('STORAGE_FAILED', message);
    });
    return true;
  };

  readonly leasedCalls: RunnerContext['leasedCalls'] = (calls) => {
    for (const { index, calls: leasedCalls, requestBytes, answerBytes } of calls) {
      const fn = this.#plugin.functions[index];
      if (!fn?.shape.leased || !this.#plugin.grants.has(fn.capability.name)) continue;
      const bytes = { requestBytes, answerBytes };
      this.#tell(fn, { time: Date.now(), durationMs: 0, ...bytes, outcome: 'ok', needs: undefined, leasedCalls });
    }
  };

  /** Tells the app what became of it. */
  #report({ fn, args, began, decision }: DispatchedCall, outcome: Settled, answer: HostAnswer): HostAnswer {
    const durationMs = performance.now() - began;
    const answered = answer.ok ? answer.values : [];
    const facts = {
      time: Date.now() - Math.round(durationMs),
      durationMs,
      requestBytes: byteCount(args),
      answerBytes: byteCount(answered),
      outcome: outcome.ok ? ('ok' as const) : outcome.error.code,
      needs: outcome.ok ? undefined : this.#host.configs.redact(this.#plugin.id, outcome.told?.needs),
      ...(decision && { decision }),
    };
    const shown = (value: WireValue): WireValue => {
      if (!(value instanceof Uint8Array)) return value;
      const start = value.slice(0, MOST_SHOWN_BYTES + MOST_SECRET_BYTES);
      const redacted = this.#host.configs.redact(this.#plugin.id, start);
      // A handle is shorter than its secret, so what follows moves up: the end, where another may be cut, stays out.
      const whole = redacted.length - (start.length < value.length ? MOST_SECRET_BYTES : 0);
      return redacted.subarray(0, Math.min(Math.max(whole, 0), MOST_SHOWN_BYTES));
    };
    this.#tell(fn, facts, () => ({ sent: args.map(shown), answered: answered.map(shown) }));
    return answer;
  }

  #tell(
    fn: OfferedFunction,
    facts: Omit<HostCallRecord, 'plugin' | 'capability' | 'name'>,
    content?: () => HostCallContent,
  ): void {
    const capability = fn.capability.name;
    this.#plugin.used.add(capability);
    const record = { plugin: this.#plugin.id, capability, name: fn.name, ...facts };
    const isHidden = this.#host.trust.may?.('logs') === false;
    this.#host.dispatch(new HostCallEvent(record, isHidden ? undefined : content));
  }

  /** The grant is read here, once a call: one that was revoked a moment ago does not count any more. */
  #settle(call: DispatchedCall): Settled | Promise<Settled> {
    const { fn, running, args } = call;
    const { shape } = fn;
    if (!this.#isGranted(call)) {
      const optional = this.#host.questions && this.#plugin.optional(fn.capability.name);
      return optional ? this.#ask(call, optional) : this.#denied(call);
    }
    try {
      const values = readArguments(shape, args);
      const run = (wait: Waiting) => this.#run(call, values, wait);
      const { signal } = call;
      const result = signal ? run({ signal, remainingMs: running.remainingMs }) : running.hostCall(run);
      if (!(result instanceof Promise)) return succeeded(result);
      return result.then(succeeded, (thrown: unknown) => this.#failed(call, thrown));
    } catch (thrown) {
      return this.#failed(call, thrown);
    }
  }

  #isGranted({ fn, running }: DispatchedCall): boolean {
    const { name } = fn.capability;
    // A stub does nothing that there could be a grant for.
    return !!fn.shape.stub || this.#plugin.grants.has(name) || running.allowedOnce.has(name);
  }

  async #ask(call: DispatchedCall, optional: OptionalRequest): Promise<Settled> {
    const { running } = call;
    const { accepted, scope } = optional;
    try {
      const answer = await running.question((signal) =>
        (this.#host.questions as Questions).ask(this.described, optional, signal),
      );
      if (answer === 'once') running.allowedOnce.set(accepted.capability, scope);
      else if (answer !== 'no') await this.#plugin.allow(accepted, answer);
    } catch (thrown) {
      return this.#failed(call, thrown);
    }
    // Once it was asked it is settled: what is not granted by now is denied.
    return this.#isGranted(call) ? this.#settle(call) : this.#denied(call);
  }

  #denied(call: DispatchedCall): Failure {
    const { fn } = call;
    call.decision = { decidedBy: 'grant', rule: 'notGranted', entry: undefined };
    const { id } = this.#plugin;
    const { name } = fn.capability;
    const message = `\`${fn.name}\` needs the capability \`${name}\`, which plugin "${id}" was not granted`;
    const told = new ClocheError('PERMISSION_DENIED', message, { needs: { [name]: this.#plugin.asked(name) ?? true } });
    return { ok: false, error: { code: told.code, message }, told };
  }

  /** What it returns, to be sent: at once, unless the host function promises it or it has to be read. */
  #run(call: DispatchedCall, values: unknown[], wait: Waiting): WireValue | Promise<WireValue> {
    const { fn, running, offer } = call;
    const { grants, limits } = this.#plugin;
    const { instance } = running.sandbox;
    // Of the first instance, or of one in the background.
    const runner = running.chain.at(-1) as Runner;
    const capability = fn.capability.name;
    offer?.governs(wait.signal);
    const isGranted = (name: string): boolean => grants.has(name) || running.allowedOnce.has(name);
    const contextOf = (name: string): HostCallContext => ({
      plugin: this.described,
      secrets: this.#host.configs.loaded?.access(this.#plugin),
      // Made when it is asked for.
      get signal() {
        return wait.signal;
      },
      context: running.context,
      grant: grants.has(name) ? grants.get(name) : running.allowedOnce.get(name),
      policy: this.#host.policy.get(name),
      limits: { ...limits },
      remainingMs: wait.remainingMs,
      describing: running.context === DESCRIBING,
      decided: (decision) => {
        call.decision = decision;
      },
      log: (level, text, source) => this.#log(level, text, source),
      instance: {
        id: instance.id,
        onEnd: (run) => instance.onEnd(() => void this.#settleEnd(fn, run)),
        call: async (name, given) => (await runner.call({ export: name, args: given }, { chain: [] })).values,
        finish: () => runner.onFinish?.(),
      },
      under: (other) => (isGranted(other) ? contextOf(other) : undefined),
    });
    const context = contextOf(capability);
    const write = (result: unknown): WireValue | Promise<WireValue> => {
      return writeResult(fn.shape, result, limits.exchangeBytes, wait);
    };
    const result: unknown = onBehalfOf(running.chain, () => fn.call(values as never, context));
    return isThenable(result) ? Promise.resolve(result).then(write) : write(result);
  }

  #failed({ fn, running }: DispatchedCall, thrown: unknown): Failure {
    running.hostFailure = thrown;
    return { ok: false, ...this.#failureOf(fn, thrown) };
  }

  /** Where its contract has a value for a failure the plugin hears that, and its call goes on. */
  async #answerOfFailure({ fn, running }: DispatchedCall, failure: Failure): Promise<HostAnswer> {
    const { told = new ClocheError(failure.error.code, failure.error.message), error } = failure;
    if (!fn.failed) return { ok: false, error };
    try {
      const value = await writeResult(fn.shape, await fn.failed(told), this.#plugin.limits.exchangeBytes);
      running.hostFailure = undefined;
      // Its call goes on, so nobody else would say so.
      this.#log('warn', error.message);
      return { ok: true, values: [value] };
    } catch (thrown) {
      this.#log('error', `host function \`${fn.name}\` could not say that it failed: ${messageOf(thrown)}`);
      return { ok: false, error };
    }
  }

  /** Nobody waits for what a host function does at the end of an instance, so what fails there goes to the log. */
  async #settleEnd({ name }: OfferedFunction, run: () => unknown): Promise<void> {
    try {
      await run();
    } catch (thrown) {
      this.#log('error', `host function \`${name}\` failed at the end of an instance: ${messageOf(thrown)}`);
    }
  }

  /**
   * What the worker hears. Whatever a host function throws may hold paths or secrets of the page, so of that it hears
   * only that it failed; the caller gets the error itself as `cause`, and the log its message.
   */
  #failureOf({ name }: OfferedFunction, thrown: unknown): Omit<Failure, 'ok'> {
    if (thrown instanceof ClocheError && concerns(thrown, this.#plugin.id)) {
      return { error: { code: thrown.code, message: `\`${name}\`: ${thrown.message}` }, told: thrown };
    }
    this.#log('error', `host function \`${name}\` failed: ${messageOf(thrown)}`);
    const error = { code: 'HOST_FUNCTION_FAILED', message: `host function \`${name}\` failed` } as const;
    return { error, told: undefined };
  }

  /** What the host itself says is always heard. */
  #log(level: LogRecord['level'], text: string, source: 'host' | 'plugin' = 'host'): void {
    if (source === 'plugin' && !isHeard(level, this.#host.logLevel)) return;
    this.#host.log.write(this.#plugin.id, { level, source, text }, this.#plugin.limits);
  }
}

/** An error about another plugin, which the host function called, does not concern this one; a circle is of all in it. */
function concerns({ code, plugin }: ClocheError, id: string): boolean {
  return plugin === undefined || plugin === id || code === 'REENTRANT';
}

function succeeded(value: WireValue): Settled {
  return { ok: true, values: [value] };
}

function isThenable(value: unknown): value is PromiseLike<unknown> {
  return typeof (value as PromiseLike<unknown> | null | undefined)?.then === 'function';
}
