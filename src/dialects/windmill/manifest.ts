// The manifest, which only the started plugin has: `get-manifest` of `plugins-manager:common/plugin-common`, in either form of its
// records (docs/contracts/windmill.md, section 3). Nothing that is wrong with it is passed over.

import { ClocheError } from '../../errors.ts';
import type { Handler } from '../../manifest/contributions.ts';
import type { Introspection } from '../../manifest/dialect.ts';
import { Fields } from '../../manifest/fields.ts';
import type { PluginManifest } from '../../manifest/plugin-manifest.ts';
import { HTTP_FUNCTION, HTTP_NAMESPACE } from '../../runtime/wire/component/http.ts';
import { decodeValues, encodeValues } from '../../runtime/wire/component/values.ts';
import { copyData, invalid, type Path } from '../../util/json/untrusted-json.ts';
import { visibleText } from '../../util/text/visible-text.ts';

export const GET_MANIFEST = 'plugins-manager:common/plugin-common#get-manifest';

const MOST = 500;
/** In one sentence. */
const MOST_NAMES = 5;
const NAME = { max: 200 } as const;
const PATH = { max: 2_000 } as const;

/** A component without one is a plugin all the same, of no hooks and routes. */
export async function completed(manifest: PluginManifest, plugin: Introspection): Promise<PluginManifest> {
  if (!plugin.canWait) await sayWhatFails(plugin);
  const exports = new Set(await plugin.exports());
  if (!exports.has(GET_MANIFEST)) return manifest;
  const answer = await plugin.askWith(GET_MANIFEST, encodeValues([]));
  if (!answer) throw new ClocheError('MANIFEST_INVALID', '`get-manifest` failed; the log of the plugin says why');
  const told = readManifest(decodeValues(answer)[0], exports);
  if (told.name !== manifest.id) plugin.note(`It calls itself "${told.name}", and is installed as "${manifest.id}"`);
  return { ...manifest, ...told, id: told.name };
}

/** As soon as it is known, and not only when it fails. */
async function sayWhatFails(plugin: Introspection): Promise<void> {
  const waiting = (await plugin.imports()).filter(
    ({ module, name }) => !module.startsWith('wasi:') || (module.startsWith(HTTP_NAMESPACE) && name === HTTP_FUNCTION),
  );
  if (waiting.length === 0) return;
  const names = waiting.slice(0, MOST_NAMES).map(({ module, name }) => `\`${visibleText(`${module}/${name}`, 120)}\``);
  const more = waiting.length > MOST_NAMES ? `, and ${waiting.length - MOST_NAMES} more` : '';
  plugin.note(
    `HOST_CALLS_UNAVAILABLE: this engine cannot wait for the page, so these fail: ${names.join(', ')}${more}`,
  );
}

type Told = Pick<PluginManifest, 'name' | 'routes' | 'handlers'>;

/** @param exports names of those that may be hooks, handlers and tasks @throws {ClocheError} MANIFEST_INVALID */
function readManifest(given: unknown, exports: ReadonlySet<string>): Told {
  const fields = new Fields(copyData(given), [], ['pluginName', 'hooks', 'routes', 'tasks']);
  const name = fields.required('pluginName', fields.text('pluginName', NAME));
  const endpoints = (fields.list('routes', MOST) ?? []).map((route, index) =>
    readRoute(route, name, exports, ['routes', index]),
  );
  const twice = endpoints.findIndex(({ path }, index) => endpoints.findIndex((one) => one.path === path) < index);
  if (twice >= 0)
    throw invalid(['routes', twice, 'path'], `is \`/${name}${endpoints[twice]?.path}\`, which another route has`);
  const named = (key: string, use: string): Handler[] =>
    (fields.texts(key, MOST, NAME) ?? []).map((handler, index) => {
      assertExport(handler, exports, [key, index]);
      return { use, handler, path: undefined };
    });
  return {
    name,
    routes: endpoints.map(({ path }) => ({ method: 'POST', path, description: '' })),
    handlers: [
      ...named('hooks', 'hook'),
      ...endpoints.map(({ path, handler }) => ({ use: 'endpoint', handler, path })),
      ...endpoints.flatMap(({ handler, isTask }) => (isTask ? [{ use: 'task', handler, path: undefined }] : [])),
      ...named('tasks', 'task'),
    ],
  };
}

/** Older plugins have no `process-as-task`. */
function readRoute(given: unknown, name: string, exports: ReadonlySet<string>, at: Path) {
  const fields = new Fields(given, at, ['path', 'handler', 'processAsTask']);
  const path = fields.required('path', fields.text('path', PATH));
  const handler = fields.required('handler', fields.text('handler', NAME));
  assertExport(handler, exports, [...at, 'handler']);
  return { path: belowName(path, name, [...at, 'path']), handler, isTask: fields.raw('processAsTask') === true };
}

/** What is below the plugin's own name: `/` for the name itself. A longer name that begins with it is another's. */
function belowName(path: string, name: string, at: Path): string {
  const root = `/${name}`;
  if (path === root) return '/';
  if (path.startsWith(`${root}/`)) return path.slice(root.length);
  throw invalid(at, `should be \`${root}\` or begin with \`${root}/\`, not \`${path}\``);
}

function assertExport(name: string, exports: ReadonlySet<string>, at: Path): void {
  if (!exports.has(name)) throw invalid(at, `is \`${name}\`, which the component does not export`);
}
