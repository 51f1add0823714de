// A plugin's request and all that comes of it: each redirect is a request of its own to grant, secrets and address rules.

import { entryCovers, type HostEntry } from '../../../src/capabilities/http/host-pattern.ts';
import { decideHttp, type HttpScope } from '../../../src/capabilities/http/scope.ts';
import { isGzip, readBody } from './read-body.ts';
import { type PluginRequest, redirected } from './redirect.ts';
import { RequestFailure } from './request-failure.ts';
import type { Secrets } from './secrets.ts';
import type { Upstream, UpstreamAnswer } from './upstream.ts';

export interface Exchange {
  readonly upstream: Upstream;
  /** Each has to allow every request. */
  readonly scopes: readonly HttpScope[];
  /** Origin of the page that calls: only an entry that names it covers it. Empty for none. */
  readonly ownOrigin: string;
  readonly innerHosts: readonly HostEntry[];
  readonly secrets: Secrets;
  readonly maxBytes: number;
  readonly timeoutMs: number;
}

export interface PluginAnswer {
  readonly status: number;
  readonly headers: ReadonlyMap<string, string>;
  readonly body: Uint8Array<ArrayBuffer>;
}

const MOST_REDIRECTS = 10;

/** @throws {RequestFailure} */
export async function exchange(request: PluginRequest, asked: Exchange): Promise<PluginAnswer> {
  const signal = AbortSignal.timeout(asked.timeoutMs);
  let current = request;
  try {
    for (let redirects = 0; ; redirects++) {
      const answer = await send(current, asked, signal);
      const next = redirected(current, answer);
      if (!next) return await read(answer, current, asked);
      await answer.body.cancel();
      if (redirects === MOST_REDIRECTS) {
        throw new RequestFailure(
          `stopped after ${MOST_REDIRECTS} redirects`,
          `redirect: ${next.url.host}, one too many`,
        );
      }
      current = next;
      checkRedirect(current, asked);
    }
  } catch (error) {
    const { origin, host } = current.url;
    if (signal.aborted) {
      throw new RequestFailure(
        `${origin} took longer than ${asked.timeoutMs} ms`,
        `late: ${host}, ${asked.timeoutMs} ms`,
      );
    }
    throw error;
  }
}

async function send(
  { url, method, headers, body }: PluginRequest,
  asked: Exchange,
  signal: AbortSignal,
): Promise<UpstreamAnswer> {
  const sent = await asked.secrets.fill(headers, url);
  sent.set('Accept-Encoding', 'gzip');
  if (!sent.has('User-Agent')) sent.set('User-Agent', 'cloche-relay');
  const isInner = asked.innerHosts.some((entry) => entryCovers(entry, url, ''));
  return asked.upstream.send({ url, method, headers: sent, body, isInner, signal });
}

function checkRedirect({ url, methods }: PluginRequest, { scopes, ownOrigin }: Exchange): void {
  for (const scope of scopes) {
    const { allowed, rule } = decideHttp(scope, { url, methods }, ownOrigin);
    if (allowed) continue;
    throw new RequestFailure(
      `It redirects to ${url.origin}, which is not allowed`,
      `redirect: the grant does not cover ${url.host} (${rule})`,
    );
  }
}

async function read(answer: UpstreamAnswer, { url, method }: PluginRequest, asked: Exchange): Promise<PluginAnswer> {
  const { secrets, maxBytes } = asked;
  const compressed = isGzip(answer, method);
  const body = await readBody(answer, maxBytes, compressed).catch(() => {
    // Without the cause, whose message may quote what came.
    throw new RequestFailure(`The answer of ${url.origin} broke off`, `cut: ${url.host}`);
  });
  if (!body) {
    throw new RequestFailure(
      `The answer of ${url.origin} is over ${maxBytes} bytes`,
      `body: ${url.host}, over ${maxBytes} bytes`,
    );
  }
  const headers = new Map([...answer.headers].map(([name, value]) => [secrets.hide(name), secrets.hide(value)]));
  // Framing of the connection, which ends here.
  for (const name of ['connection', 'keep-alive', 'transfer-encoding', 'trailer']) headers.delete(name);
  if (compressed) for (const name of ['content-encoding', 'content-length']) headers.delete(name);
  const shown = secrets.hide(body);
  if (shown !== body) headers.delete('content-length');
  return { status: answer.status, headers, body: shown };
}
