// `fetch` of a host, and of one plugin: no request leaves the page.

import { answerHostRoute } from '../dialects/windshift/http/admin-api.ts';
import { errorAnswer, textAnswer } from '../dialects/windshift/http/responses.ts';
import { type KeysOf, unknownKey } from '../util/given-options.ts';
import type { ExtensionContext, ExtensionPlugin, LogWriter } from './context.ts';
import { belowPlugins, pluginPath } from './plugin-path.ts';
import { answerOwnPage, answerPlugin } from './plugin-routes.ts';

type FetchContext = Pick<ExtensionContext, 'host' | 'say'>;

/** HEAD goes where GET is taken, as in Go. */
const METHODS: ReadonlySet<string> = new Set(['GET', 'HEAD', 'POST', 'PUT', 'DELETE', 'PATCH', 'OPTIONS']);

/**
 * Those of https://fetch.spec.whatwg.org/#requestinit. Browsers do not look at others, and so a misspelt `method` would
 * be a GET.
 */
const INIT_KEYS: KeysOf<RequestInit & { duplex: 'half' }> = {
  body: true,
  cache: true,
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
 * @throws {TypeError} for what is not a request; OPTION_INVALID for a key of `init` that the standard does not have; the
 * reason of its signal, when it is aborted
 */
export async function fetchFromHost(
  context: FetchContext,
  input: RequestInfo | URL,
  init: RequestInit | undefined,
): Promise<Response> {
  const request = requestOf(input, init);
  request.signal.throwIfAborted();
  const form = init?.body instanceof FormData ? init.body : undefined;
  return withoutBodyForHead(request, await answerApp(context, request, form));
}

/** @throws as {@link fetchFromHost} */
export async function fetchFromPlugin(
  plugin: ExtensionPlugin,
  say: LogWriter,
  input: RequestInfo | URL,
  init: RequestInit | undefined,
): Promise<Response> {
  const request = requestOf(input, init);
  request.signal.throwIfAborted();
  return withoutBodyForHead(request, await answerOwnPage(plugin, request, say));
}

function requestOf(input: RequestInfo | URL, init: RequestInit | undefined): Request {
  // Own keys: another request may stand for `init`, and has them all in its class.
  const unknown = Object.keys(init ?? {}).find((key) => !Object.hasOwn(INIT_KEYS, key));
  if (unknown !== undefined) throw unknownKey('`fetch`', unknown, Object.keys(INIT_KEYS));
  return new Request(input, init);
}

/** The host's own routes come first, then those of plugins. */
async function answerApp({ host, say }: FetchContext, request: Request, form: FormData | undefined): Promise<Response> {
  const below = belowPlugins(new URL(request.url));
  if (below === undefined) return textAnswer(404, '404 page not found');
  if (host.disabled) return errorAnswer(403, 'PLUGINS_DISABLED', 'Plugin system is disabled');
  const target = pluginPath(below);
  if (!target) return textAnswer(400, '400 Bad Request');
  const own = await answerHostRoute(host, request, target, form);
  if (own) return own;
  if (target.name === '' || !METHODS.has(request.method)) return textAnswer(405, 'Method Not Allowed');
  const { name, path = '/' } = target;
  return answerPlugin({ plugin: host.get(name), name, request, path, say });
}

function withoutBodyForHead(request: Request, response: Response): Response {
  return request.method === 'HEAD' ? new Response(null, response) : response;
}
