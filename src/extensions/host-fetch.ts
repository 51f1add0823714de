// `fetch` of a host, and of one plugin: no request leaves the page.

import type { Claims } from '../manifest/claims.ts';
import { type KeysOf, unknownKey } from '../util/given-options.ts';
import { setClaims } from './claims-header.ts';
import type { ExtensionContext, ExtensionPlugin, LogWriter, PageRequest } from './context.ts';

type FetchContext = Pick<ExtensionContext, 'host' | 'dialects' | 'say'>;

export interface FetchInit extends RequestInit {
  /** Whom the request is made for: the plugin is told in the header `X-Cloche-Claims`, as JSON. @default nobody is named */
  claims?: Claims;
}

/**
 * Those of https://fetch.spec.whatwg.org/#requestinit. Browsers do not look at others, and so a misspelt `method` would
 * be a GET.
 */
const INIT_KEYS: KeysOf<FetchInit & { duplex: 'half' }> = {
  body: true,
  cache: true,
  claims: true,
  credentials: true,
  duplex: true,
  headers: true,
  integrity: true,
  keepalive: true,
  method: true,
  mode: true,
  priority: true,
  redirect: true,
  referrer: true,
  referrerPolicy: true,
  signal: true,
  window: true,
};

/**
 * @throws {TypeError} for what is not a request; OPTION_INVALID for a key of `init` that is unknown, and bad claims; the
 * reason of its signal, when it is aborted
 */
export async function fetchFromHost(
  context: FetchContext,
  input: RequestInfo | URL,
  init: FetchInit | undefined,
): Promise<Response> {
  const asked = requestOf(input, init);
  const form = init?.body instanceof FormData ? init.body : undefined;
  return withoutBodyForHead(asked.request, await answerApp(context, asked, form));
}

/** @throws as {@link fetchFromHost} */
export async function fetchFromPlugin(
  plugin: ExtensionPlugin,
  say: LogWriter,
  input: RequestInfo | URL,
  init: FetchInit | undefined,
): Promise<Response> {
  const asked = requestOf(input, init);
  return withoutBodyForHead(asked.request, await answerPage({ plugin, ...asked, say }));
}

type Asked = Pick<PageRequest, 'request' | 'claims'>;

function requestOf(input: RequestInfo | URL, init: FetchInit | undefined): Asked {
  // Own keys: another request may stand for `init`, and has them all in its class.
  const unknown = Object.keys(init ?? {}).find((key) => !Object.hasOwn(INIT_KEYS, key));
  if (unknown !== undefined) throw unknownKey('`fetch`', unknown, Object.keys(INIT_KEYS));
  const request = new Request(input, init);
  const claims = setClaims(request, init?.claims);
  request.signal.throwIfAborted();
  return { request, claims };
}

/** The first dialect whose paths it is below answers. */
async function answerApp(
  { host, dialects, say }: FetchContext,
  asked: Asked,
  form: FormData | undefined,
): Promise<Response> {
  const path = new URL(asked.request.url).pathname.replace(/\/{2,}/g, '/');
  const found = (await dialects()).find(({ http }) => http?.prefix !== undefined && isBelow(path, http.prefix));
  const site = (await found?.http?.load())?.site;
  return site ? site({ host, ...asked, form, say }) : notFound();
}

function isBelow(path: string, prefix: string): boolean {
  return path === prefix || path.startsWith(`${prefix}/`);
}

async function answerPage(asked: PageRequest): Promise<Response> {
  const form = await asked.plugin.dialect.http?.load();
  return form ? form.page(asked) : notFound();
}

/** A newline ends it, and nobody may guess another type. */
function notFound(): Response {
  const headers = { 'Content-Type': 'text/plain; charset=utf-8', 'X-Content-Type-Options': 'nosniff' };
  return new Response('404 page not found\n', { status: 404, statusText: 'Not Found', headers });
}

function withoutBodyForHead(request: Request, response: Response): Response {
  return request.method === 'HEAD' ? new Response(null, response) : response;
}
