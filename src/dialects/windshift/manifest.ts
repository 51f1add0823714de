// The manifest of Windshift plugins, read as its host reads it: into Go structs (WS2), whose rules are in
// `go/json.ts`.

import { noContributions } from '../../manifest/contributions.ts';
import { checkedText, type TextRule } from '../../manifest/fields.ts';
import { GIVEN_MAIN, type ManifestDraft, type ReadOptions } from '../../manifest/manifest-draft.ts';
import { isPluginId } from '../../manifest/plugin-id.ts';
import { invalid, type JsonObject } from '../../util/json/untrusted-json.ts';
import { visibleText } from '../../util/text/visible-text.ts';
import { pathOrigin } from '../extism/wasm-items.ts';
import { goList, goString, goStruct, JsonError, readGoData, type ValueOf } from './go/json.ts';
import {
  contributionsOf,
  featuresOf,
  GoExtensions,
  GoRoutes,
  GoWebhooks,
  LINE,
  PROSE,
  permissionsOf,
  routesOf,
  subscriptionsOf,
} from './lists.ts';
import { GoSchedules, schedulesOf } from './schedules.ts';

const FIELDS = {
  name: goString,
  version: goString,
  description: goString,
  author: goString,
  entryPoint: goString,
  capabilities: goList(goString),
  extensions: GoExtensions,
  routes: GoRoutes,
  webhooks: GoWebhooks,
  schedules: GoSchedules,
};

const Manifest = goStruct('plugins.Manifest', FIELDS);
const KEYS = new Set(Object.keys(FIELDS).map((key) => key.toLowerCase()));

const DEFAULT_ENTRY_POINT = 'plugin.wasm';

/** What each of its calls gets: an instance of its own, 5 s, 64 MiB, and no vars (WS14, WS15). */
const CALLS = {
  instance: 'per-call',
  limits: { timeoutMs: 5_000, memoryBytes: 64 << 20, varBytes: 0 },
} as const;

/**
 * Keys match in any case, unknown ones are ignored, `null` is the default, and a value of the wrong type fails the
 * whole. Stricter than Windshift: texts have a length, and the name at most 64 characters.
 * @throws {ClocheError} MANIFEST_INVALID
 */
export async function readWindshift(value: JsonObject, options: ReadOptions): Promise<ManifestDraft> {
  const manifest = decoded(value);
  const text = (key: 'version' | 'description' | 'author', rule: TextRule = LINE): string =>
    checkedText(manifest[key], [key], rule);
  const id = checkedName(manifest.name);
  const contributions = contributionsOf(manifest.extensions);
  return {
    dialect: 'windshift',
    id,
    name: id,
    hint: undefined,
    version: text('version'),
    description: text('description', PROSE),
    author: text('author'),
    homepage: undefined,
    modules: options.mainGiven ? GIVEN_MAIN : [entryModule(manifest.entryPoint, options)],
    config: new Map(),
    permissions: permissionsOf(contributions),
    ...CALLS,
    ...noContributions(),
    contributions,
    routes: routesOf(manifest.routes),
    subscriptions: subscriptionsOf(manifest.webhooks),
    schedules: schedulesOf(manifest.schedules),
    ...(manifest.capabilities.length > 0 && { features: featuresOf(manifest.capabilities) }),
    warnings: ignoredKeys(value, options),
  };
}

/** Unknown keys are not errors, but one that others read was meant to do something. */
function ignoredKeys(value: JsonObject, { foreignKeys }: ReadOptions): string[] {
  const ignored = Object.keys(value).filter((key) => !KEYS.has(key.toLowerCase()) && foreignKeys?.has(key));
  if (ignored.length === 0) return [];
  const names = ignored.map((key) => `\`${key}\``).join(', ');
  return [`The manifest is one of Windshift, which has no ${names}: ignored. With \`cloche\`: 1 it is one of Cloche.`];
}

function decoded(value: JsonObject): ValueOf<typeof Manifest> {
  try {
    return readGoData(Manifest, value);
  } catch (thrown) {
    if (thrown instanceof JsonError) throw invalid([], `cannot be read: ${visibleText(thrown.message, 300)}`);
    throw thrown;
  }
}

/** Windshift's rules in its words and order, and then ours. */
function checkedName(name: string): string {
  const problem = nameProblem(name);
  if (problem !== undefined) throw invalid(['name'], `is refused: ${problem}`);
  if (!isPluginId(name)) throw invalid(['name'], 'is longer than 64 characters');
  return name;
}

/** In the words of WS3. */
function nameProblem(name: string): string | undefined {
  if (name === '') return 'plugin name must not be empty';
  if (/\.\.|[/\\]/.test(name)) return "invalid plugin name: must not contain path separators or '..'";
  if (/^[a-zA-Z0-9_-]+$/.test(name)) return undefined;
  return 'invalid plugin name: must contain only alphanumeric characters, hyphens, and underscores';
}

function entryModule(entryPoint: string, options: ReadOptions): ManifestDraft['modules'][number] {
  const origin = pathOrigin(entryPoint || DEFAULT_ENTRY_POINT, ['entryPoint'], options);
  return { name: 'main', hash: undefined, origin };
}
