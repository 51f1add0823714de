// Where a redirect leads, as Go's client follows it: https://pkg.go.dev/net/http#Client. Whether that may be asked is decided
// elsewhere.

import type { CheckedRequest } from '../../../src/capabilities/http/request.ts';
import { parseRequestUrl } from '../../../src/capabilities/http/request-url.ts';
import { hasHandle } from '../../../src/secrets/handle.ts';
import { RequestFailure } from './request-failure.ts';
import type { UpstreamAnswer } from './upstream.ts';

/** A request as the plugin means it: with handles in place of secrets. */
export type PluginRequest = Omit<CheckedRequest, 'dropped'>;

const AS_IT_WAS: ReadonlySet<number> = new Set([307, 308]);
const AS_GET: ReadonlySet<number> = new Set([301, 302, 303]);

/** Names that such headers have, besides those that hold a secret of ours. */
const CREDENTIAL = /auth|token|secret|key|pass|session|cookie/;

/**
 * What to ask next, or undefined where the answer is to be taken as it is.
 * @throws {RequestFailure} where it leads to nothing that can be asked
 */
export function redirected(request: PluginRequest, { status, headers }: UpstreamAnswer): PluginRequest | undefined {
  const location = headers.get('location');
  // Some answer 3xx and do not mean to lead anywhere.
  if (location === undefined || location === '') return undefined;
  if (AS_IT_WAS.has(status)) return to(location, request);
  if (!AS_GET.has(status)) return undefined;
  return to(location, request.method === 'GET' || request.method === 'HEAD' ? request : asGet(request));
}

function asGet(request: PluginRequest): PluginRequest {
  const headers = new Headers(request.headers);
  // They speak of the body, which is not sent again.
  for (const name of [...headers.keys()]) if (name.startsWith('content-')) headers.delete(name);
  return { ...request, method: 'GET', methods: ['GET', ...request.methods.slice(1)], headers, body: null };
}

function to(location: string, request: PluginRequest): PluginRequest {
  const url = urlFrom(location, request.url);
  if (url.origin === request.url.origin) return { ...request, url };
  const headers = new Headers(request.headers);
  for (const [name, value] of request.headers) {
    if (hasHandle(value) || CREDENTIAL.test(name)) headers.delete(name);
  }
  return { ...request, url, headers };
}

function urlFrom(location: string, base: URL): URL {
  try {
    return parseRequestUrl(new URL(location, base).href);
  } catch {
    throw new RequestFailure(
      `${base.origin} redirects to what cannot be asked`,
      `redirect: ${base.host} leads to no http or https URL`,
    );
  }
}
