// `wasi:http/outgoing-handler`, by capability `http`: its grants, its limits, its way.

import type { HostCallContext } from '../../capabilities/host-function.ts';
import type { DialectFunction, HttpService } from '../../capabilities/services.ts';
import { HTTP_FUNCTION, HTTP_NAMESPACE, writeHttpError } from '../../runtime/wire/component/http.ts';
import { isPlainObject } from '../../util/given-options.ts';

export function outgoingHandler({ send }: HttpService): DialectFunction {
  return {
    capability: 'http',
    namespace: HTTP_NAMESPACE,
    name: HTTP_FUNCTION,
    params: ['json', 'bytes'],
    result: 'bytes',
    call([given, body], context) {
      const { timeoutMs, ...request } = isPlainObject(given) ? given : {};
      // Its answers have headers in every host of components.
      const rules = { timeoutMs: timeoutIn(timeoutMs, context), withHeaders: true };
      return send(request, body as Uint8Array, context, rules);
    },
    failed: ({ code, message }) => writeHttpError(code, message),
  };
}

/** The least of what is asked for, what the limits allow, and what is left of the call. */
function timeoutIn(asked: unknown, { limits, remainingMs }: HostCallContext): number {
  const own = typeof asked === 'number' && asked > 0 ? asked : limits.httpTimeoutMs;
  return Math.min(own, limits.httpTimeoutMs, remainingMs);
}
