// Tells the app, and with it the audit, what became of each host call.

import { type HostCallContent, HostCallEvent, type HostCallRecord } from '../../events.ts';
import type { RunnerContext } from '../../runtime/runner-context.ts';
import type { HostAnswer, WireValue } from '../../runtime/wire/protocol.ts';
import { byteCount } from '../../runtime/wire/wire-values.ts';
import type { SharedContext } from '../shared-context.ts';
import type { CallingPlugin, DispatchedCall, Settled } from './dispatched-call.ts';
import type { OfferedFunction } from './offered-functions.ts';

/** Of each value of a host call that is shown; and room for a secret that begins at its end, as JSON writes it. */
const MOST_SHOWN_BYTES = 16_384;
const MOST_SECRET_BYTES = 8_192;

export class HostCallReport {
  readonly #host: SharedContext;
  readonly #plugin: CallingPlugin;

  constructor(host: SharedContext, plugin: CallingPlugin) {
    this.#host = host;
    this.#plugin = plugin;
  }

  /** @param answer what the plugin hears of it */
  answered({ fn, args, began, decision }: DispatchedCall, outcome: Settled, answer: HostAnswer): void {
    if (!this.#host.hears('hostcall')) {
      this.#plugin.used.add(fn.capability.name);
      return;
    }
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
    const shown = (value: WireValue): WireValue => this.#shown(value);
    this.#tell(fn, facts, () => ({ sent: args.map(shown), answered: answered.map(shown) }));
  }

  /** Calls that the worker has answered itself. */
  readonly leasedCalls: RunnerContext['leasedCalls'] = (calls) => {
    const { functions, grants } = this.#plugin.effective;
    for (const { index, calls: leasedCalls, requestBytes, answerBytes } of calls) {
      const fn = functions[index];
      if (!fn?.shape.leased || !grants.has(fn.capability.name)) continue;
      const bytes = { requestBytes, answerBytes };
      this.#tell(fn, { time: Date.now(), durationMs: 0, ...bytes, outcome: 'ok', needs: undefined, leasedCalls });
    }
  };

  #shown(value: WireValue): WireValue {
    if (!(value instanceof Uint8Array)) return value;
    const start = value.slice(0, MOST_SHOWN_BYTES + MOST_SECRET_BYTES);
    const redacted = this.#host.configs.redact(this.#plugin.id, start);
    // A handle is shorter than its secret, so what follows moves up: the end, where another may be cut, stays out.
    const whole = redacted.length - (start.length < value.length ? MOST_SECRET_BYTES : 0);
    return redacted.subarray(0, Math.min(Math.max(whole, 0), MOST_SHOWN_BYTES));
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
}
