// The `http_fetch` of Windshift plugins: a request and its answer as JSON, bodies in base64, and a status for whatever
// goes wrong, so that no request ends the plugin's call (WS20).

import type { HostCallContext, HostFunction } from '../../../capabilities/host-function.ts';
import { type HttpAnswer, unpackHttpAnswer } from '../../../capabilities/http/answer.ts';
import type { HttpService } from '../../../capabilities/services.ts';
import { visibleText } from '../../../util/text/visible-text.ts';
import { canonicalName } from '../go/canonical-name.ts';
import { goFunction } from '../go/host-function.ts';
import { goBytes, goInt, goMap, goString, goStruct } from '../go/json.ts';
import { readGoUrl } from '../go/url.ts';

const FetchRequest = goStruct('plugins.HTTPRequest', {
  method: goString,
  url: goString,
  headers: goMap(goString),
  body: goBytes,
  timeout_ms: goInt,
});

const DEFAULT_TIMEOUT_MS = 5_000;
/** `token` of https://www.rfc-editor.org/rfc/rfc9110#section-5.6.2 */
const TOKEN = /^[!#$%&'*+.^_`|~0-9A-Za-z-]+$/;

/**
 * Where it differs from Windshift: the grant and the policy decide where requests go; and from the page, redirects are a 502, and
 * several headers of one name come as one, as browsers give them.
 */
export function windshiftHttp({ send }: HttpService): HostFunction {
  return goFunction({
    request: FetchRequest,
    malformed: () => null,
    async call({ method, url, headers, body, timeout_ms }, context) {
      if (url === '') return { status: 400 };
      const verb = method.toUpperCase() || 'GET';
      if (!TOKEN.test(verb)) return failure(400, `net/http: invalid method "${visibleText(verb, 60)}"`);
      const shown = visibleText(url, 200);
      const { scheme, host, problem } = readGoUrl(url);
      if (problem !== undefined) return failure(400, `parse "${shown}": ${visibleText(problem, 100)}`);
      // In Go a relative URL is a good one, which only no transport takes, and so is one for another protocol.
      const unsent = (why: string) => failure(502, `${titled(verb)} "${shown}": ${why}`);
      if (!/^https?$/.test(scheme)) return unsent(`unsupported protocol scheme "${scheme}"`);
      if (host === '') return unsent('http: no Host in request URL');
      if (!URL.canParse(url)) return failure(400, `"${shown}" is not a URL`);
      const fields = { url, method: verb, headers: Object.fromEntries(headers) };
      // Its answers have always had their headers.
      const rules = { timeoutMs: timeoutOf(timeout_ms, context), withHeaders: true };
      return answerOf(unpackHttpAnswer(await send(fields, body, context, rules)));
    },
    failed: ({ code, message }) => failure(code === 'RATE_LIMITED' ? 429 : 502, message),
  });
}

/** The least of what is asked for, what the limits allow, and what is left of the plugin's call. */
function timeoutOf(asked: number, { limits, remainingMs }: HostCallContext): number {
  return Math.min(asked > 0 ? asked : DEFAULT_TIMEOUT_MS, limits.httpTimeoutMs, remainingMs);
}

/** Empty fields are left out. */
function answerOf({ status, headers, body }: HttpAnswer): object {
  const canonical = new Map(Object.entries(headers ?? {}).map(([name, value]) => [canonicalName(name), value]));
  // The body is decoded by now, and Go takes these away with what they speak of.
  if (canonical.delete('Content-Encoding')) canonical.delete('Content-Length');
  return {
    status,
    headers: canonical.size > 0 ? canonical : undefined,
    body: body.length > 0 ? body : undefined,
  };
}

/** As Go names what it was about to do. */
function titled(method: string): string {
  return method.charAt(0) + method.slice(1).toLowerCase();
}

function failure(status: number, text: string): object {
  return { status, body: new TextEncoder().encode(text) };
}
