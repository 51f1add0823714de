// Answers requests to one plugin, of any dialect: its assets, and its routes in the form of its own dialect.

import { messageOf } from '../../../errors.ts';
import type { ExtensionPlugin, PageRequest, RouteCall } from '../../../extensions/context.ts';
import { belowPlugins, pluginPath } from '../../../extensions/plugin-path.ts';
import { matches } from '../../../extensions/route-match.ts';
import { ClaimedContext } from '../../../manifest/claims.ts';
import type { CallOptions } from '../../../runtime/calls/call-options.ts';
import { mediaType } from '../../../util/media-type.ts';
import { callErrorText } from './call-error-text.ts';
import { assetNotFound, internalError, textAnswer } from './responses.ts';
import { statusText } from './status-text.ts';

const ASSETS = '/assets/';

interface PluginRequest extends Pick<PageRequest, 'request' | 'claims' | 'say'> {
  /** What the path names. */
  readonly name: string;
  readonly plugin: ExtensionPlugin | undefined;
  /** Below the plugin's name, decoded: begins with `/`. */
  readonly path: string;
}

/** An asset, or what a route answers. @throws the reason of the request's signal, when it is aborted */
export async function answerPlugin(asked: PluginRequest): Promise<Response> {
  return isForAsset(asked) ? ((await findAsset(asked)) ?? assetNotFound()) : answerRoute(asked);
}

/**
 * What a plugin's own page may fetch: its assets and routes, and nothing of another plugin or of the host. What a page
 * asks for beside itself and does not find, as in `fetch('./status')`, is meant for the route `/status`.
 */
export async function answerOwnPage({ plugin, ...rest }: PageRequest): Promise<Response> {
  const below = belowPlugins(new URL(rest.request.url));
  const target = below === undefined ? undefined : pluginPath(below);
  if (target?.name !== plugin.id) return textAnswer(404, '404 page not found');
  const asked: PluginRequest = { name: plugin.id, plugin, path: target.path ?? '/', ...rest };
  if (!asked.path.startsWith(ASSETS)) return answerRoute(asked);
  const asset = isForAsset(asked) ? await findAsset(asked) : undefined;
  if (asset) return asset;
  const beside = { ...asked, path: asked.path.slice(ASSETS.length - 1) };
  const isMeant = hasRoute(beside) && (isForAsset(asked) || !hasRoute(asked));
  return isMeant ? answerRoute(beside) : answerPlugin(asked);
}

/** Those of other methods go to the routes. */
function isForAsset({ request, path }: PluginRequest): boolean {
  return path.startsWith(ASSETS) && ['GET', 'HEAD'].includes(request.method);
}

async function findAsset({ plugin, path }: PluginRequest): Promise<Response | undefined> {
  const name = path.slice(ASSETS.length);
  if (!plugin?.active) return undefined;
  try {
    const bytes = await plugin.asset(name);
    const init = { statusText: statusText(200), headers: { 'Content-Type': mediaType(name) } };
    return bytes && new Response(new Uint8Array(bytes), init);
  } catch (thrown) {
    return internalError(thrown);
  }
}

function hasRoute({ plugin, request, path }: PluginRequest): boolean {
  return plugin?.contributed.routes.some((route) => matches(route, request.method, path)) ?? false;
}

async function answerRoute(asked: PluginRequest): Promise<Response> {
  const { name, plugin, request, path, say } = asked;
  const { method, signal } = request;
  if (!plugin) return textAnswer(404, `Plugin not found: ${name}`);
  if (!plugin.active) return textAnswer(403, `Plugin is disabled: ${name}`);
  const form = await plugin.dialect.http?.load();
  if (!form || !hasRoute(asked)) return textAnswer(404, `Route not found in plugin: ${method} ${path}`);
  let call: RouteCall;
  try {
    call = await form.route(request, plugin, path);
  } catch {
    signal.throwIfAborted();
    return textAnswer(400, 'Failed to read request body');
  }
  try {
    return await answerBy(plugin, call, optionsFor(asked), (why) => {
      say(name, 'warn', `A header of its answer to ${method} ${path} was left out: ${why}`);
    });
  } catch (thrown) {
    signal.throwIfAborted();
    say(name, 'error', `${method} ${path}: ${messageOf(thrown)}`);
    return textAnswer(500, `Plugin error: ${callErrorText(thrown, name, call.export)}`);
  }
}

/** What its call looks up elsewhere, it looks up for whom the request is made. */
function optionsFor({ request, claims }: PluginRequest): CallOptions {
  return { signal: request.signal, ...(claims && { context: new ClaimedContext(claims) }) };
}

async function answerBy(
  plugin: ExtensionPlugin,
  call: RouteCall,
  options: CallOptions,
  drop: (why: string) => void,
): Promise<Response> {
  if ('args' in call) return call.answer(await plugin.callWith(call.export, call.args, options), drop);
  return call.answer((await plugin.call(call.export, call.input, options)).bytes(), drop);
}
