// Capability `http`: Extism's `http_request`, and Windshift's `http_fetch`, within what was granted.

import { ClocheError } from '../../errors.ts';
import { CpuMeter } from '../../runtime/cpu-meter.ts';
import { checkType, givenOptions } from '../../util/given-options.ts';
import { type Capability, defineCapability, type HostCallContext } from '../capability.ts';
import { lateFunctions } from '../late-function.ts';
import { unpackHttpAnswer } from './answer.ts';
import { exchange } from './exchange.ts';
import { type CheckedRequest, checkRequest } from './request.ts';
import { checkCovered, httpScopeOf } from './scope.ts';
import { httpScopeRule } from './scope-rule.ts';

export interface HttpOptions {
  /** Takes the place of the page's `fetch`; must honour `signal` and `redirect`. @default fetch */
  fetch?: typeof fetch;
  /** Whether `http_headers` tells plugins the headers of an answer; natively they are off too (EX42). @default false */
  responseHeaders?: boolean;
}

/**
 * HTTP for plugins, from the page and under its CORS and CSP rules, without cookies, referrer, cache
 * and redirects. Serves `http_request` of `extism:host/env`; the worker keeps status and headers for
 * `http_status_code` and `http_headers`. The result is packed as `answer.ts` says; answers with
 * 4xx and 5xx are answers.
 *
 * Scope: `{ allow: string[], methods?: string[] }`, the entries as in `permissions/host-pattern.ts`.
 *
 * Where it differs from Extism: redirects fail (natively they lead anywhere), GET and HEAD take no
 * body, and headers that browsers keep for themselves are dropped, with a line in the log at `debug`.
 *
 * Not covered: a name that is allowed and resolves to a private address (DNS rebinding). Browsers
 * protect against it in part; a relay that resolves and pins does in full.
 *
 * Its function throws PERMISSION_DENIED when grant or policy do not cover the request, HTTP_FAILED
 * when it is not valid, or gets no answer within `httpTimeoutMs` and `httpResponseBytes`, and RATE_LIMITED above
 * `httpPerMinute`.
 */
export function http(options: HttpOptions = {}): Capability {
  const given = givenOptions<HttpOptions>('`http()`', options, { fetch: true, responseHeaders: true });
  const { fetch: fetcher = (...args) => fetch(...args), responseHeaders: withHeaders = false } = given;
  checkType('fetch', fetcher, 'function');
  checkType('responseHeaders', withHeaders, 'boolean');
  const inFlight = new Map<string, number>();
  const lastMinute = new Map<string, CpuMeter>();
  const send = async (
    request: CheckedRequest,
    context: HostCallContext,
    rules: { withHeaders: boolean; httpTimeoutMs: number },
  ): Promise<Uint8Array> => {
    const ownOrigin = globalThis.origin;
    checkCovered(httpScopeOf(context.grant), 'grant', request, ownOrigin);
    if (context.policy !== undefined) checkCovered(httpScopeOf(context.policy), 'policy', request, ownOrigin);
    if (request.dropped.length > 0) {
      context.log('debug', `Browsers do not send these headers: ${request.dropped.join(', ')}`);
    }
    enter(inFlight, context);
    try {
      countIn(lastMinute, context);
      const limits = { ...context.limits, httpTimeoutMs: rules.httpTimeoutMs };
      return await exchange(request, limits, context.signal, { fetcher, withHeaders: rules.withHeaders });
    } finally {
      leave(inFlight, context.plugin.installation);
    }
  };
  return defineCapability({
    name: 'http',
    namespace: 'extism:host/env',
    risk: 'high',
    askedBy: 'manifest',
    scope: httpScopeRule,
    functions: {
      http_request: {
        params: ['json', 'bytes'],
        result: 'bytes',
        call: async ([json, body], context) =>
          send(checkRequest(json, body), context, { withHeaders, httpTimeoutMs: context.limits.httpTimeoutMs }),
      },
    },
    forms: {
      // Its answers have always had their headers.
      windshift: lateFunctions(['http_fetch'], async () =>
        (await import('../../dialects/windshift/functions/http-fetch.ts')).windshiftHttp(
          async (request, context, httpTimeoutMs) =>
            unpackHttpAnswer(await send(request, context, { withHeaders: true, httpTimeoutMs })),
        ),
      ),
    },
  });
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
