// The `http_fetch` of Windshift plugins: a request and its answer as JSON, bodies in base64, and a status for whatever
// goes wrong, so that no request ends the plugin's call.

import { goBytes, goInt, goMap, goString, goStruct } from '../manifest/go-json.ts';
import { visibleText } from '../visible-text.ts';
import type { HostCallContext, HostFunction } from './capability.ts';
import { goFunction } from './go-function.ts';
import type { HttpAnswer } from './http-answer.ts';
import { type CheckedRequest, checkRequest } from './http-request.ts';

/** Sends what the grant and the policy cover, under the caps, and in no more than `timeoutMs`. */
export type Send = (request: CheckedRequest, context: HostCallContext, timeoutMs: number) => Promise<HttpAnswer>;

const FetchRequest = goStruct('plugins.HTTPRequest', {
  method: goString,
  url: goString,
  headers: goMap(goString),
  body: goBytes,
  timeout_ms: goInt,
});

const DEFAULT_TIMEOUT_MS = 5_000;
/** RFC 9110, `token`. */
const TOKEN = /^[!#$%&'*+.^_`|~0-9A-Za-z-]+$/;

/**
 * Where it differs from Windshift: the grant and the policy decide where requests go, redirects are a 502, and several
 * headers of one name come as one, as browsers give them.
 */
export function windshiftHttp(send: Send): ReadonlyMap<string, HostFunction> {
  const fetch = goFunction({
    request: FetchRequest,
    malformed: () => null,
    async call({ method, url, headers, body, timeout_ms }, context) {
      if (url === '') return { status: 400 };
      if (!TOKEN.test(method || 'GET')) return failure(400, `invalid method "${visibleText(method, 60)}"`);
      if (!URL.canParse(url)) return failure(400, `"${visibleText(url, 200)}" is no absolute URL`);
      const fields = { url, method: method || 'GET', headers: Object.fromEntries(headers) };
      return answerOf(await send(checkRequest(fields, body), context, timeoutOf(timeout_ms, context)));
    },
    failed: ({ message }) => failure(502, message),
  });
  return new Map([['http_fetch', fetch]]);
}

/** The least of what is asked for, what the limits allow, and what is left of the plugin's call. */
function timeoutOf(asked: number, { limits, remainingMs }: HostCallContext): number {
  return Math.min(asked > 0 ? asked : DEFAULT_TIMEOUT_MS, limits.httpTimeoutMs, remainingMs);
}

/** Empty fields are left out. */
function answerOf({ status, headers, body }: HttpAnswer): object {
  const canonical = new Map(Object.entries(headers ?? {}).map(([name, value]) => [canonicalName(name), value]));
  // The body is decoded here, and Go takes these away with what they speak of.
  if (canonical.delete('Content-Encoding')) canonical.delete('Content-Length');
  return {
    status,
    headers: canonical.size > 0 ? canonical : undefined,
    body: body.length > 0 ? body : undefined,
  };
}

/** As Go writes header names; browsers give them in lower case. */
function canonicalName(name: string): string {
  return name.replace(/(?:^|-)[a-z]/g, (start) => start.toUpperCase());
}

function failure(status: number, text: string): object {
  return { status, body: new TextEncoder().encode(text) };
}
