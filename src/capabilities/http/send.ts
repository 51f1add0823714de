// Sends the requests of plugins: within grant and policy, and no more of them than the limits say. Comes with the first.

import { ClocheError } from '../../errors.ts';
import { CpuMeter } from '../../runtime/cpu-meter.ts';
import type { HostCallContext } from '../host-function.ts';
import type { SendRules } from '../services.ts';
import { exchangeByRelay } from './by-relay/exchange-by-relay.ts';
import { relayFor, type WayOptions } from './by-relay/relay-for.ts';
import { checkCovered } from './check-covered.ts';
import { exchange } from './exchange.ts';
import { asBrowsersSend, type CheckedRequest, checkRequest } from './request.ts';
import { withSecrets } from './with-secrets.ts';

export class HttpSender {
  readonly #fetcher: typeof fetch;
  readonly #way: WayOptions;
  /** By installation, as the other. */
  readonly #inFlight = new Map<string, number>();
  readonly #lastMinute = new Map<string, CpuMeter>();

  constructor(fetcher: typeof fetch, way: WayOptions) {
    this.#fetcher = fetcher;
    this.#way = way;
  }

  /** @throws {ClocheError} PERMISSION_DENIED, HTTP_FAILED, RATE_LIMITED, SECRET_UNAVAILABLE, NEEDS_SERVER */
  async send(value: unknown, body: Uint8Array, context: HostCallContext, rules: SendRules): Promise<Uint8Array> {
    const request = checkRequest(value, body);
    checkCovered(context, request, globalThis.origin);
    enter(this.#inFlight, context);
    try {
      countIn(this.#lastMinute, context);
      const relay = await relayFor(request.url, context, this.#way);
      if (!relay) return await this.#fromPage(asBrowsersSend(request), context, rules);
      tellDropped('Relays', request, context);
      return await exchangeByRelay(relay, request, context, rules);
    } finally {
      leave(this.#inFlight, context.plugin.installation);
    }
  }

  async #fromPage(
    request: CheckedRequest,
    context: HostCallContext,
    { timeoutMs, withHeaders }: SendRules,
  ): Promise<Uint8Array> {
    tellDropped('Browsers', request, context);
    const limits = { ...context.limits, httpTimeoutMs: timeoutMs };
    const sent = await withSecrets(request, context);
    const redact = context.secrets?.redact;
    return exchange(sent, limits, context.signal, { fetcher: this.#fetcher, withHeaders, redact });
  }
}

function tellDropped(who: string, { dropped }: CheckedRequest, context: HostCallContext): void {
  if (dropped.length > 0) context.log('debug', `${who} do not send these headers: ${dropped.join(', ')}`);
}

function enter(inFlight: Map<string, number>, { plugin, limits }: HostCallContext): void {
  const count = inFlight.get(plugin.installation) ?? 0;
  if (count >= limits.httpInFlight) {
    throw new ClocheError('HTTP_FAILED', `${count} requests are under way, which is the limit`);
  }
  inFlight.set(plugin.installation, count + 1);
}

function countIn(lastMinute: Map<string, CpuMeter>, { plugin, limits: { httpPerMinute } }: HostCallContext): void {
  const meter = lastMinute.get(plugin.installation) ?? new CpuMeter();
  lastMinute.set(plugin.installation, meter);
  if (meter.total() >= httpPerMinute) {
    throw new ClocheError('RATE_LIMITED', `${httpPerMinute} requests were made in the last minute, which is the limit`);
  }
  meter.add(1);
}

function leave(inFlight: Map<string, number>, installation: string): void {
  const count = (inFlight.get(installation) ?? 0) - 1;
  if (count > 0) inFlight.set(installation, count);
  else inFlight.delete(installation);
}
