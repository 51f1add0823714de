// What a host function is told of the call that it is to answer, and what it may do with the instance that has made it.

import type { HostCallContext } from '../../capabilities/host-function.ts';
import { isHeard } from '../../capabilities/log/log.ts';
import { messageOf } from '../../errors.ts';
import type { LogRecord } from '../../events.ts';
import { DESCRIBING } from '../../runtime/calls/running-call.ts';
import type { Runner } from '../../runtime/runner.ts';
import type { SharedContext } from '../shared-context.ts';
import type { CallingPlugin, CallWait, DispatchedCall } from './dispatched-call.ts';
import type { OfferedFunction } from './offered-functions.ts';

export class HostCallContexts {
  readonly #host: SharedContext;
  readonly #plugin: CallingPlugin;

  constructor(host: SharedContext, plugin: CallingPlugin) {
    this.#host = host;
    this.#plugin = plugin;
  }

  /** What host functions and capabilities are told of the plugin. */
  get plugin(): HostCallContext['plugin'] {
    const { manifest, installation, settings } = this.#plugin;
    const { id, name, version } = manifest;
    return { id, name, version, installation, temporary: settings.temporary };
  }

  of(call: DispatchedCall, wait: CallWait): HostCallContext {
    const { fn, running } = call;
    const { grants, limits } = this.#plugin.effective;
    const { instance } = running.sandbox;
    // Of the first instance, or of one in the background.
    const runner = running.chain.at(-1) as Runner;
    const isGranted = (name: string): boolean => grants.has(name) || running.allowedOnce.has(name);
    const contextOf = (name: string): HostCallContext => ({
      plugin: this.plugin,
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
      log: (level, text, source) => this.log(level, text, source),
      instance: {
        id: instance.id,
        onEnd: (run) => instance.onEnd(() => void this.#settleEnd(fn, run)),
        call: async (name, given) => (await runner.call({ export: name, args: given }, { chain: [] })).values,
        finish: () => runner.onFinish?.(),
      },
      under: (other) => (isGranted(other) ? contextOf(other) : undefined),
    });
    return contextOf(fn.capability.name);
  }

  /** What the host itself says is always heard. */
  log(level: LogRecord['level'], text: string, source: 'host' | 'plugin' = 'host'): void {
    if (source === 'plugin' && !isHeard(level, this.#host.logLevel)) return;
    this.#host.log.write(this.#plugin.id, { level, source, text }, this.#plugin.effective.limits);
  }

  /** Nobody waits for what a host function does at the end of an instance, so what fails there goes to the log. */
  async #settleEnd({ name }: OfferedFunction, run: () => unknown): Promise<void> {
    try {
      await run();
    } catch (thrown) {
      this.log('error', `host function \`${name}\` failed at the end of an instance: ${messageOf(thrown)}`);
    }
  }
}
