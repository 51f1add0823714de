// Answers the host calls of one plugin: finds the function, checks the grant, and has it run.

import { ClocheError } from '../../errors.ts';
import { onBehalfOf } from '../../runtime/calls/call-chain.ts';
import { LeaseOffer } from '../../runtime/calls/lease-offer.ts';
import { DESCRIBING, type RunningCall } from '../../runtime/calls/running-call.ts';
import type { RunnerContext } from '../../runtime/runner-context.ts';
import type { HostAnswer, WireValue } from '../../runtime/wire/protocol.ts';
import { isSame } from '../../runtime/wire/wire-values.ts';
import type { OptionalRequest } from '../settings/effective-settings.ts';
import type { SharedContext } from '../shared-context.ts';
import type { CallingPlugin, CallWait, DispatchedCall, Settled } from './dispatched-call.ts';
import { HostCallContexts } from './host-call-context.ts';
import { HostCallFailures } from './host-call-failures.ts';
import { HostCallReport } from './host-call-report.ts';
import { readArguments, writeResult } from './host-call-values.ts';
import type { Questions } from './question-queue.ts';

export class HostCallDispatcher {
  readonly #host: SharedContext;
  readonly #plugin: CallingPlugin;
  readonly #contexts: HostCallContexts;
  readonly #failures: HostCallFailures;
  readonly #report: HostCallReport;
  readonly leasedCalls: RunnerContext['leasedCalls'];
  /** Calls that have waited for what is loaded. Each does once: where loading fails, a guest that tries again would live for ever. */
  readonly #waited = new WeakSet<RunningCall>();

  constructor(host: SharedContext, plugin: CallingPlugin) {
    this.#host = host;
    this.#plugin = plugin;
    this.#contexts = new HostCallContexts(host, plugin);
    this.#failures = new HostCallFailures(plugin, this.#contexts);
    this.#report = new HostCallReport(host, plugin);
    this.leasedCalls = this.#report.leasedCalls;
  }

  /** What host functions and capabilities are told of the plugin. */
  get described(): HostCallContexts['plugin'] {
    return this.#contexts.plugin;
  }

  readonly dispatch: RunnerContext['dispatch'] = (running, index, args) => {
    const fn = this.#plugin.effective.functions[index];
    if (!fn) {
      return { ok: false, error: { code: 'PROTOCOL_VIOLATION', message: 'no host function has this number' } };
    }
    // What starts a plugin leaves nothing for the call that follows.
    const mayLease = fn.shape.leased && running.exportName !== undefined;
    const offer = mayLease ? new LeaseOffer(this.#plugin.effective.grants.get(fn.capability.name)) : undefined;
    const call: DispatchedCall = { fn, running, args, began: performance.now(), offer };
    const outcome = this.#settle(call);
    if (outcome instanceof Promise) return outcome.then((settled) => this.#answer(call, settled));
    return this.#answer(call, outcome);
  };

  readonly oneWay: RunnerContext['oneWay'] = (running, { index, args, answer }) => {
    const fn = this.#plugin.effective.functions[index];
    // What changes nothing is answered in silence.
    if (!fn?.shape.leased || fn.shape.leased.use === 'get') return false;
    running.oneWay.add(async (signal) => {
      const call: DispatchedCall = { fn, running, args, began: performance.now(), signal };
      // Nobody is asked on behalf of it: its guest computes meanwhile.
      const isGranted = this.#plugin.effective.grants.has(fn.capability.name);
      const outcome = isGranted ? await this.#settle(call) : this.#failures.denied(call);
      this.#report.answered(call, outcome, outcome);
      if (!outcome.ok) throw outcome.told ?? new ClocheError(outcome.error.code, outcome.error.message);
      if (isSame(outcome.values[0] ?? null, answer)) return;
      const message = `the plugin was told that its \`${fn.shape.name}\` is done, and there was no room for it any more`;
      throw new ClocheError('STORAGE_FAILED', message);
    });
    return true;
  };

  #answer(call: DispatchedCall, outcome: Settled): HostAnswer | Promise<HostAnswer> {
    if (outcome.ok) {
      this.#report.answered(call, outcome, outcome);
      const lease = this.#leaseOf(call);
      return lease ? { ok: true, values: [...outcome.values, lease] } : outcome;
    }
    return this.#failures.answerOf(call, outcome).then((answer) => {
      this.#report.answered(call, outcome, answer);
      return answer;
    });
  }

  /**
   * Only under a grant, and the one that it was offered under: where a person allows it from one call to another, the page is
   * asked each time.
   */
  #leaseOf({ offer, fn }: DispatchedCall): Uint8Array | undefined {
    if (!offer) return undefined;
    const { grants } = this.#plugin.effective;
    const { name } = fn.capability;
    return grants.has(name) && grants.get(name) === offer.grant ? offer.lease : undefined;
  }

  /** The grant is read here, once a call: one that was revoked a moment ago does not count any more. */
  #settle(call: DispatchedCall): Settled | Promise<Settled> {
    const { fn, running, args, signal } = call;
    if (!this.#isGranted(call)) {
      const optional = this.#host.questions && this.#plugin.effective.optional(fn.capability.name);
      return optional ? this.#ask(call, optional) : this.#failures.denied(call);
    }
    const mayWait = running.context !== DESCRIBING && !this.#waited.has(running);
    const loading = mayWait ? fn.ready?.() : undefined;
    if (loading) return this.#loaded(call, loading);
    try {
      const values = readArguments(fn.shape, args, fn.mostJsonBytes);
      const run = (wait: CallWait) => this.#run(call, values, wait);
      const result = signal ? run({ signal, remainingMs: running.remainingMs }) : running.hostCall(run);
      if (!(result instanceof Promise)) return succeeded(result);
      return result.then(succeeded, (thrown: unknown) => this.#failures.thrown(call, thrown));
    } catch (thrown) {
      return this.#failures.thrown(call, thrown);
    }
  }

  #isGranted({ fn, running }: DispatchedCall): boolean {
    const { name } = fn.capability;
    // A stub does nothing that there could be a grant for.
    return !!fn.shape.stub || this.#plugin.effective.grants.has(name) || running.allowedOnce.has(name);
  }

  /** The deadline of its call stands still meanwhile: how fast a page loads is nothing that a plugin can help. */
  async #loaded(call: DispatchedCall, loading: Promise<void>): Promise<Settled> {
    this.#waited.add(call.running);
    try {
      await call.running.question((over) => {
        const { promise: ended, reject } = Promise.withResolvers<void>();
        over.addEventListener('abort', () => reject(over.reason), { once: true });
        return Promise.race([loading, ended]);
      });
    } catch {
      // The function meets what is missing, and says so in the words of its own contract.
    }
    return this.#settle(call);
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
      return this.#failures.thrown(call, thrown);
    }
    // Once it was asked it is settled: what is not granted by now is denied.
    return this.#isGranted(call) ? this.#settle(call) : this.#failures.denied(call);
  }

  /** What it returns, to be sent: at once, unless the host function promises it or it has to be read. */
  #run(call: DispatchedCall, values: unknown[], wait: CallWait): WireValue | Promise<WireValue> {
    const { fn, running, offer } = call;
    offer?.governs(wait.signal);
    const context = this.#contexts.of(call, wait);
    const write = (result: unknown): WireValue | Promise<WireValue> => {
      return writeResult(fn.shape, result, this.#plugin.effective.limits.exchangeBytes, wait);
    };
    const result: unknown = onBehalfOf(running.chain, () => fn.call(values as never, context));
    return isThenable(result) ? Promise.resolve(result).then(write) : write(result);
  }
}

function succeeded(value: WireValue): Settled {
  return { ok: true, values: [value] };
}

function isThenable(value: unknown): value is PromiseLike<unknown> {
  return typeof (value as PromiseLike<unknown> | null | undefined)?.then === 'function';
}
