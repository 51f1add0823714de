// Answers the host calls of one plugin: finds the function, checks the grant, and turns what comes back, or goes wrong, into
// something the worker may hear.

import type { HostCallContext } from '../../capabilities/host-function.ts';
import { isHeard } from '../../capabilities/log/log.ts';
import { ClocheError, messageOf } from '../../errors.ts';
import { HostCallEvent, type LogRecord } from '../../events.ts';
import type { Limits } from '../../limits.ts';
import type { PluginManifest } from '../../manifest/plugin-manifest.ts';
import { onBehalfOf } from '../../runtime/calls/call-chain.ts';
import { DESCRIBING, type RunningCall } from '../../runtime/calls/running-call.ts';
import type { RunnerContext } from '../../runtime/runner-context.ts';
import type { HostAnswer, WireError, WireValue } from '../../runtime/wire/protocol.ts';
import type { LinkedDialect } from '../dialects.ts';
import type { SharedContext } from '../plugin-context.ts';
import { readArguments, writeResult } from './host-call-values.ts';
import type { OfferedFunction } from './offered-functions.ts';

type Settled = Extract<HostAnswer, { ok: true }> | Failure;
interface Failure {
  readonly ok: false;
  readonly error: WireError;
  /** What the plugin may hear in full; undefined for what is only the page's business. */
  readonly told: ClocheError | undefined;
}

/** What the host functions of a plugin are called by. */
export interface CallingPlugin {
  readonly id: string;
  readonly installation: string;
  readonly manifest: PluginManifest;
  readonly settings: { readonly temporary: boolean };
  readonly linkedDialect: LinkedDialect;
  readonly limits: Readonly<Limits>;
  /** By capability. */
  readonly grants: ReadonlyMap<string, unknown>;
  /** Capabilities that it has called. */
  readonly used: Set<string>;
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

  /** @param index of the function, as workers count those of the plugin's dialect: an update to another ends the worker */
  readonly dispatch: RunnerContext['dispatch'] = async (running, index, args) => {
    const fn = this.#plugin.linkedDialect.linked[index];
    if (!fn) {
      return { ok: false, error: { code: 'PROTOCOL_VIOLATION', message: 'no host function has this number' } };
    }
    const capability = fn.capability.name;
    const began = performance.now();
    const outcome = await this.#settle(fn, running, args);
    const answer = outcome.ok ? outcome : await this.#answerOfFailure(fn, running, outcome);
    this.#plugin.used.add(capability);
    this.#host.dispatch(
      new HostCallEvent({
        plugin: this.#plugin.id,
        time: Date.now() - Math.round(performance.now() - began),
        capability,
        name: fn.shape.name,
        durationMs: performance.now() - began,
        requestBytes: byteCount(args),
        answerBytes: answer.ok ? byteCount(answer.values) : 0,
        outcome: outcome.ok ? 'ok' : outcome.error.code,
      }),
    );
    return answer;
  };

  /** The grant is read here, once a call: one that was revoked a moment ago does not count any more. */
  async #settle(fn: OfferedFunction, running: RunningCall, args: readonly WireValue[]): Promise<Settled> {
    const { id, grants, limits } = this.#plugin;
    const { shape } = fn;
    const capability = fn.capability.name;
    if (!grants.has(capability)) {
      const message = `\`${shape.name}\` needs the capability \`${capability}\`, which plugin "${id}" was not granted`;
      const told = new ClocheError('PERMISSION_DENIED', message);
      return { ok: false, error: { code: told.code, message }, told };
    }
    try {
      const { instance } = running.sandbox;
      const values = readArguments(shape, args);
      const value = await running.hostCall(async (signal, remainingMs) => {
        const context: HostCallContext = {
          plugin: this.described,
          signal,
          context: running.context,
          grant: grants.get(capability),
          policy: this.#host.policy.get(capability),
          limits: { ...limits },
          remainingMs,
          describing: running.context === DESCRIBING,
          log: (level, text, source) => this.#log(level, text, source),
          instance: {
            id: instance.id,
            onEnd: (run) => instance.onEnd(() => void this.#settleEnd(fn, run)),
          },
        };
        // A host function that throws at once is one that rejects.
        const result: unknown = await onBehalfOf(running.chain, async () => fn.call(values as never, context));
        return writeResult(shape, result, limits.exchangeBytes, signal);
      });
      return { ok: true, values: [value] };
    } catch (thrown) {
      running.hostFailure = thrown;
      return { ok: false, ...this.#failureOf(fn, thrown) };
    }
  }

  /** Where its contract has a value for a failure the plugin hears that, and its call goes on. */
  async #answerOfFailure(fn: OfferedFunction, running: RunningCall, failure: Failure): Promise<HostAnswer> {
    const { told = new ClocheError(failure.error.code, failure.error.message), error } = failure;
    if (!fn.failed) return { ok: false, error };
    try {
      const value = await writeResult(fn.shape, await fn.failed(told), this.#plugin.limits.exchangeBytes);
      running.hostFailure = undefined;
      // Its call goes on, so nobody else would say so.
      this.#log('warn', error.message);
      return { ok: true, values: [value] };
    } catch (thrown) {
      this.#log('error', `host function \`${fn.shape.name}\` could not say that it failed: ${messageOf(thrown)}`);
      return { ok: false, error };
    }
  }

  /** Nobody waits for what a host function does at the end of an instance, so what fails there goes to the log. */
  async #settleEnd({ shape: { name } }: OfferedFunction, run: () => unknown): Promise<void> {
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
  #failureOf({ shape: { name } }: OfferedFunction, thrown: unknown): Omit<Failure, 'ok'> {
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

function byteCount(values: readonly WireValue[]): number {
  return values.reduce<number>(
    (sum, value) => sum + (value instanceof Uint8Array ? value.length : value === null ? 0 : 8),
    0,
  );
}
