// The routes of the host itself below /api/plugins (WS13), for admin pages that were written for Windshift. They are as
// mighty as the host, so nothing of a plugin may reach them.

import type { ManagedHost, ManagedPlugin } from '../../../extensions/context.ts';
import type { PluginPath } from '../../../extensions/plugin-path.ts';
import { goBool, goStruct, readGoJson } from '../go/json.ts';
import { extensionsByPoint, pluginInfos } from './plugin-info.ts';
import { errorAnswer, internalError, jsonAnswer, successAnswer } from './responses.ts';
import { answerUpload } from './upload.ts';

/**
 * Undefined where the request is for a plugin.
 * @param form the body, where the app gave one: WebKit cannot read it back from a request when there are files in it
 */
export async function answerHostRoute(
  host: ManagedHost,
  request: Request,
  target: PluginPath,
  form: FormData | undefined,
): Promise<Response | undefined> {
  const work = workOf(host, request, target, form);
  if (!work) return undefined;
  try {
    return await work();
  } catch (thrown) {
    request.signal.throwIfAborted();
    return internalError(thrown);
  }
}

const toggleBody = goStruct('handlers.ToggleRequest', { enabled: goBool });

type Work = () => Response | Promise<Response>;

function workOf(host: ManagedHost, request: Request, { name, path }: PluginPath, form?: FormData): Work | undefined {
  // As in Go, HEAD is answered where GET is.
  const method = request.method === 'HEAD' ? 'GET' : request.method;
  if (method === 'GET' && name === '') return () => jsonAnswer(pluginInfos(host.plugins));
  if (method === 'PUT' && path === '/toggle') return () => toggle(host, name, request);
  if (method === 'POST' && path === '/reload') return () => reload(host, name, request.signal);
  if (path !== undefined) return undefined;
  if (method === 'GET' && name === 'extensions') return () => jsonAnswer(extensionsByPoint(host.plugins));
  if (method === 'POST' && name === 'upload') return () => answerUpload(host, request, form);
  if (method === 'DELETE' && name !== '') return () => remove(host, name);
  return undefined;
}

async function toggle(host: ManagedHost, name: string, request: Request): Promise<Response> {
  const enabled = await readEnabled(request);
  if (enabled === undefined) return errorAnswer(400, 'INVALID_INPUT', 'Invalid request body');
  const plugin = named(host, name);
  await (enabled ? plugin.enable() : plugin.disable());
  return jsonAnswer({ enabled, status: 'success' });
}

async function readEnabled(request: Request): Promise<boolean | undefined> {
  try {
    return (await readGoJson(toggleBody, new Uint8Array(await request.arrayBuffer()))).enabled;
  } catch {
    request.signal.throwIfAborted();
    return undefined;
  }
}

/** One that is off stays off: an admin who reloads has not said otherwise. */
async function reload(host: ManagedHost, name: string, signal: AbortSignal): Promise<Response> {
  const plugin = named(host, name);
  await plugin.reset();
  if (plugin.active) await plugin.start(signal);
  return successAnswer('Plugin reloaded successfully');
}

/** What it has stored is left for the next upload of its name, as in Windshift. */
async function remove(host: ManagedHost, name: string): Promise<Response> {
  await named(host, name).uninstall();
  return successAnswer('Plugin deleted successfully');
}

function named(host: ManagedHost, name: string): ManagedPlugin {
  const plugin = host.get(name);
  if (plugin) return plugin;
  throw new Error(`plugin ${name} not found`);
}
