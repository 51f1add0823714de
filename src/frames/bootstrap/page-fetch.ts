// `fetch` for the page: the plugin's own routes and assets over the channel, data and blob URLs as ever, nothing else.

import type { PageResponse } from '../page-protocol.ts';
import type { Requests } from './request-client.ts';

/** @param base what relative URLs are resolved against */
export function installFetch(requests: Requests, base: string): void {
  const nativeFetch = window.fetch;

  async function ownFetch(input: RequestInfo | URL, init?: RequestInit): Promise<Response> {
    const request = input instanceof Request ? new Request(input, init) : new Request(resolved(input, base), init);
    // These stay within the page.
    if (/^(?:data|blob):/.test(request.url)) return nativeFetch(request);
    const { url, method, headers, signal } = request;
    const content = method === 'GET' || method === 'HEAD' ? null : await request.arrayBuffer();
    const body = content?.byteLength ? content : null;
    return toResponse(await requests.send({ url, method, headers: [...headers], body, signal }));
  }

  window.fetch = ownFetch;
  navigator.sendBeacon = (url, data) => {
    const to = resolved(url, base);
    if (!requests.allows(to)) return false;
    // Nobody waits for a beacon.
    void ownFetch(to, { method: 'POST', body: data ?? null }).catch(() => undefined);
    return true;
  };
}

function resolved(input: string | URL, base: string): string {
  return new URL(input, base).href;
}

function toResponse({ url, status, statusText, headers, body }: PageResponse): Response {
  return withUrl(
    new Response(body, { status, statusText, headers: headers.map(([name, value]) => [name, value]) }),
    url,
  );
}

/** No constructor can give a response its URL. */
function withUrl(response: Response, url: string): Response {
  const clone = response.clone.bind(response);
  return Object.defineProperties(response, {
    url: { value: url, configurable: true },
    clone: { value: () => withUrl(clone(), url), configurable: true },
  });
}
