// The functions of Extism plugins, besides those that capabilities have themselves.

import type { HostFunction } from '../../capabilities/host-function.ts';
import type { DialectFunction, HttpService, Services } from '../../capabilities/services.ts';
import { relayedFunctions } from '../windshift/relayed.ts';

export function extismFunctions(services: Services): DialectFunction[] {
  return [...services].flatMap(([capability, { http, relay }]) => [
    ...(http ? [{ ...httpRequest(http), name: 'http_request', capability }] : []),
    ...(relay ? relayedFunctions(capability, relay) : []),
  ]);
}

/** `http_request` of the PDKs. The worker keeps status and headers for `http_status_code` and `http_headers`. */
function httpRequest({ send, responseHeaders }: HttpService): HostFunction {
  const fn: HostFunction<['json', 'bytes'], 'bytes'> = {
    namespace: 'extism:host/env',
    params: ['json', 'bytes'],
    result: 'bytes',
    call: async ([json, body], context) =>
      send(json, body, context, {
        withHeaders: responseHeaders,
        timeoutMs: context.limits.httpTimeoutMs,
      }),
  };
  return fn as HostFunction;
}
