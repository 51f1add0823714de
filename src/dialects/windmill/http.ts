// The HTTP door: docs/contracts/windmill.md, section 6. A request names a path and brings an object; the export that the path
// leads to gets it as JSON, with the claims of whoever asks.

import { messageOf } from '../../errors.ts';
import type { ExtensionPlugin, HttpForm, RouteCall, SiteRequest } from '../../extensions/context.ts';
import { ClaimedContext, type Claims } from '../../manifest/claims.ts';
import { decodeValues, encodeValues } from '../../runtime/wire/component/values.ts';
import { claimed } from './claimed-data.ts';
import { parseJson } from './parse-json.ts';
import { resultJson } from './result-json.ts';
import { isTask, isTaskKind, startTask, type TaskRequest } from './task-door.ts';

export const PREFIX = '/plugin';

/** What may be asked of the door, by who may ask anything of plugins. */
const ADMIN = 'admin-user';

type ArgsCall = Extract<RouteCall, { readonly args: unknown }>;

class Refused extends Error {
  constructor(
    readonly status: number,
    text: string,
  ) {
    super(text);
  }
}

export const http: HttpForm = {
  async route(request, plugin, path) {
    const handler = endpointsOf(plugin).find((endpoint) => endpoint.path === path)?.handler;
    if (handler === undefined) throw new Refused(404, `Route ${path} not found`);
    return callOf(handler, dataOf(await bodyOf(request)), undefined);
  },
  page: async () => refusal(404, '404 page not found'),
  site: answerDoor,
};

async function answerDoor({ host, request, claims, say }: SiteRequest): Promise<Response> {
  if (request.method !== 'POST') return refusal(405, 'Method Not Allowed');
  if (host.disabled) return refusal(403, 'Plugin system is disabled');
  if (claims && !claims.roles?.includes(ADMIN)) return refusal(403, `The role \`${ADMIN}\` is needed`);
  try {
    const { path, data, execution } = await askedOf(request);
    const { plugin, handler } = targetOf(host.plugins, path);
    if (execution && isTask(plugin, handler))
      return await startTask(host, { plugin, handler, data, claims, execution });
    const { signal } = request;
    const call = callOf(handler, data, claims);
    const options = { signal, ...(claims && { context: new ClaimedContext(claims) }) };
    return await call.answer(await answered(plugin, handler, call.args, options), (why) => say(plugin.id, 'warn', why));
  } catch (thrown) {
    request.signal.throwIfAborted();
    return refusal(thrown instanceof Refused ? thrown.status : 500, messageOf(thrown));
  }
}

async function answered(
  plugin: ExtensionPlugin,
  handler: string,
  args: Parameters<ExtensionPlugin['callWith']>[1],
  options: Parameters<ExtensionPlugin['callWith']>[2],
): ReturnType<ExtensionPlugin['callWith']> {
  try {
    return await plugin.callWith(handler, args, options);
  } catch (thrown) {
    throw new Error(`Failed to call hook ${handler}: ${messageOf(thrown)}`);
  }
}

interface Asked {
  readonly path: string;
  readonly data: Record<string, unknown>;
  /** Where it is to run as a task, if its route is one. */
  readonly execution?: TaskRequest;
}

/** `{ path, data }`, or the object itself where the path stands behind the prefix. @throws {Refused} */
async function askedOf(request: Request): Promise<Asked> {
  const below = new URL(request.url).pathname.replace(/\/{2,}/g, '/').slice(PREFIX.length);
  const body = await bodyOf(request);
  if (below !== '' && below !== '/') return { path: decoded(below), data: dataOf(body) };
  const { path, data, task_execution: kind, generate_document: wantsDocument } = dataOf(body);
  if (typeof path !== 'string') throw new Refused(400, 'Expected `path` to be text');
  const asked = { path, data: dataOf(data) };
  if (kind === undefined || kind === null) return asked;
  if (!isTaskKind(kind)) throw new Refused(400, 'Expected `task_execution` to be one of the kinds of tasks');
  return { ...asked, execution: { kind, wantsDocument: wantsDocument === true } };
}

function decoded(path: string): string {
  try {
    return decodeURIComponent(path);
  } catch {
    throw new Refused(400, 'The path does not decode');
  }
}

async function bodyOf(request: Request): Promise<unknown> {
  const text = await request.text();
  if (text === '') return null;
  const parsed = parseJson(text);
  if ('error' in parsed) throw new Refused(400, `The body is not JSON: ${parsed.error}`);
  return parsed.value;
}

/** Nothing is an object without keys. @throws {Refused} */
function dataOf(value: unknown): Record<string, unknown> {
  if (value === null || value === undefined) return {};
  if (typeof value === 'object' && !Array.isArray(value)) return { ...value };
  throw new Refused(400, 'Expected `data` to be an object');
}

/** @throws {Refused} also where two plugins have the path, which happens only where one is installed under another name */
function targetOf(plugins: readonly ExtensionPlugin[], path: string): { plugin: ExtensionPlugin; handler: string } {
  const found = plugins.flatMap((plugin) =>
    endpointsOf(plugin).flatMap((endpoint) =>
      fullPath(plugin, endpoint.path) === path ? [{ plugin, handler: endpoint.handler }] : [],
    ),
  );
  const [first] = found;
  if (!first) throw new Refused(500, `Route ${path} not found`);
  if (found.length > 1) {
    const names = found.map(({ plugin }) => `"${plugin.id}"`).join(' and ');
    throw new Refused(409, `Route ${path} is of more than one plugin: ${names}`);
  }
  if (!first.plugin.active) throw new Refused(500, `Plugin ${first.plugin.id} not found for route`);
  return first;
}

function endpointsOf({ contributed }: ExtensionPlugin): { path: string; handler: string }[] {
  return contributed.handlers.flatMap(({ use, path, handler }) =>
    use === 'endpoint' && path !== undefined ? [{ path, handler }] : [],
  );
}

function fullPath({ manifest }: ExtensionPlugin, path: string): string {
  return path === '/' ? `/${manifest.name}` : `/${manifest.name}${path}`;
}

/** Whatever came as claims is the plugin's to believe, so it is the app's word or nothing. */
function callOf(handler: string, data: Record<string, unknown>, claims: Claims | undefined): ArgsCall {
  return {
    export: handler,
    args: encodeValues([JSON.stringify(claimed(data, claims))]),
    async answer(values) {
      const [value] = decodeValues(values);
      try {
        return Response.json({ data: resultJson(value) });
      } catch (thrown) {
        return refusal(500, `Failed to convert hook return value to JSON: ${messageOf(thrown)}`);
      }
    },
  };
}

function refusal(status: number, text: string): Response {
  const headers = { 'Content-Type': 'text/plain; charset=utf-8', 'X-Content-Type-Options': 'nosniff' };
  return new Response(`${text}\n`, { status, headers });
}
