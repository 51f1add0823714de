// What a Windshift plugin says of itself in `get_metadata` and `get_routes`, and how that goes with its manifest.

import { ClocheError, messageOf } from '../../errors.ts';
import type { Route } from '../../manifest/contributions.ts';
import type { Introspection } from '../../manifest/dialect.ts';
import { checkedText } from '../../manifest/fields.ts';
import type { PluginManifest } from '../../manifest/plugin-manifest.ts';
import { goList, goString, goStruct, JsonError, readGoJson, type ValueOf } from './go/json.ts';
import { contributionsOf, GoExtensions, GoRoutes, LINE, PROSE, permissionsOf, routesOf } from './lists.ts';

const Metadata = goStruct('plugins.PluginMetadata', {
  name: goString,
  version: goString,
  description: goString,
  author: goString,
  capabilities: goList(goString),
  routes: GoRoutes,
  extensions: GoExtensions,
});

const RouteList = goStruct('plugins.RouteList', { routes: GoRoutes });

const MOST_BYTES = 1 << 20;

/**
 * The manifest with what its plugin adds: texts that are not empty replace the manifest's, extensions follow it, and of
 * the routes one list counts (WS7). What cannot be read adds nothing, as in Windshift; the log says why.
 */
export async function completeWindshift(manifest: PluginManifest, plugin: Introspection): Promise<PluginManifest> {
  const ask = (name: string) => plugin.ask(name);
  const note = (text: string) => plugin.note(text);
  const metadata = await attempt('get_metadata', await ask('get_metadata'), readMetadata, note);
  const listed = await ask('get_routes');
  const routes = listed?.length ? await attempt('get_routes', listed, readRoutes, note) : metadata?.routes;
  const contributions = [...manifest.contributions, ...(metadata?.contributions ?? [])];
  return {
    ...manifest,
    ...metadata?.texts,
    contributions,
    permissions: permissionsOf(contributions),
    routes: routes?.length ? routes : manifest.routes,
  };
}

async function readMetadata(json: Uint8Array) {
  const { name, version, description, author, routes, extensions } = await readGoJson(Metadata, json);
  return {
    texts: {
      ...said('name', name),
      ...said('version', version),
      ...said('description', description),
      ...said('author', author),
    },
    routes: routesOf(routes),
    contributions: contributionsOf(extensions),
  };
}

function said(key: 'name' | 'version' | 'description' | 'author', text: string): { [key: string]: string } {
  const rule = key === 'description' ? PROSE : key === 'name' ? { max: 200 } : LINE;
  return text === '' ? {} : { [key]: checkedText(text, [key], rule) };
}

/** `{ "routes": […] }`, or else a bare list. */
async function readRoutes(json: Uint8Array): Promise<Route[]> {
  return routesOf((await wrappedRoutes(json)) ?? (await readGoJson(GoRoutes, json)));
}

async function wrappedRoutes(json: Uint8Array): Promise<ValueOf<typeof GoRoutes> | undefined> {
  try {
    const { routes } = await readGoJson(RouteList, json);
    return routes.length > 0 ? routes : undefined;
  } catch (thrown) {
    if (thrown instanceof JsonError) return undefined;
    throw thrown;
  }
}

/** Undefined where there is nothing to read, and where it cannot be read. */
async function attempt<T>(
  name: string,
  json: Uint8Array | undefined,
  read: (json: Uint8Array) => Promise<T>,
  note: Introspection['note'],
): Promise<T | undefined> {
  if (!json?.length) return undefined;
  try {
    if (json.length > MOST_BYTES) throw new JsonError(`${json.length} bytes are more than ${MOST_BYTES}`);
    return await read(json);
  } catch (thrown) {
    if (!(thrown instanceof JsonError || thrown instanceof ClocheError)) throw thrown;
    note(`What \`${name}\` says is ignored: ${messageOf(thrown)}`);
    return undefined;
  }
}
