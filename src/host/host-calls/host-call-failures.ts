// What the worker hears of a host call that has failed: as little as it may know, or the value that the function's contract has for
// that.

import { ClocheError, messageOf } from '../../errors.ts';
import type { HostAnswer } from '../../runtime/wire/protocol.ts';
import type { CallingPlugin, DispatchedCall, Failure } from './dispatched-call.ts';
import type { HostCallContexts } from './host-call-context.ts';
import { writeResult } from './host-call-values.ts';

export class HostCallFailures {
  readonly #plugin: CallingPlugin;
  readonly #contexts: HostCallContexts;

  constructor(plugin: CallingPlugin, contexts: HostCallContexts) {
    this.#plugin = plugin;
    this.#contexts = contexts;
  }

  denied(call: DispatchedCall): Failure {
    const { fn } = call;
    call.decision = { decidedBy: 'grant', rule: 'notGranted', entry: undefined };
    const { id } = this.#plugin;
    const { name } = fn.capability;
    const message = `\`${fn.name}\` needs the capability \`${name}\`, which plugin "${id}" was not granted`;
    const told = new ClocheError('PERMISSION_DENIED', message, {
      needs: { [name]: this.#plugin.effective.asked(name) ?? true },
    });
    return { ok: false, error: { code: told.code, message }, told };
  }

  /**
   * Whatever a host function throws may hold paths or secrets of the page, so of that the worker hears only that it failed; the
   * caller gets the error itself as `cause`, and the log its message.
   */
  thrown({ fn: { name }, running }: DispatchedCall, thrown: unknown): Failure {
    if (thrown instanceof ClocheError && concerns(thrown, this.#plugin.id)) {
      // The worker hears the reason, so nobody has to add it.
      running.hostFailure = undefined;
      return { ok: false, error: { code: thrown.code, message: `\`${name}\`: ${thrown.message}` }, told: thrown };
    }
    running.hostFailure = thrown;
    this.#contexts.log('error', `host function \`${name}\` failed: ${messageOf(thrown)}`);
    const error = { code: 'HOST_FUNCTION_FAILED', message: `host function \`${name}\` failed` } as const;
    return { ok: false, error, told: undefined };
  }

  /** Where its contract has a value for a failure the plugin hears that, and its call goes on. */
  async answerOf({ fn, running }: DispatchedCall, failure: Failure): Promise<HostAnswer> {
    const { told = new ClocheError(failure.error.code, failure.error.message), error } = failure;
    if (!fn.failed) return { ok: false, error };
    try {
      const value = await writeResult(fn.shape, await fn.failed(told), this.#plugin.effective.limits.exchangeBytes);
      running.hostFailure = undefined;
      // Its call goes on, so nobody else would say so.
      this.#contexts.log('warn', error.message);
      return { ok: true, values: [value] };
    } catch (thrown) {
      this.#contexts.log('error', `host function \`${fn.name}\` could not say that it failed: ${messageOf(thrown)}`);
      return { ok: false, error };
    }
  }
}

/** An error about another plugin, which the host function called, does not concern this one; a circle is of all in it. */
function concerns({ code, plugin }: ClocheError, id: string): boolean {
  return plugin === undefined || plugin === id || code === 'REENTRANT';
}
