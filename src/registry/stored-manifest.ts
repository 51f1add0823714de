// The manifest of a plugin as it is stored, whatever dialect it was written in.

import type { Limits } from '../limits.ts';
import { askedLimits } from '../manifest/asked-limits.ts';
import { CONTRIBUTION_KEYS } from '../manifest/contributions.ts';
import { Fields } from '../manifest/fields.ts';
import { ID_RULE, isPluginId } from '../manifest/plugin-id.ts';
import type {
  AssetEntry,
  ConfigSchema,
  ModuleEntry,
  PermissionRequest,
  PluginManifest,
} from '../manifest/plugin-manifest.ts';
import { readContributions } from '../manifest/read-contributions.ts';
import type { GuestProgram } from '../runtime/wire/guest-contract.ts';
import { invalid, isJsonObject, type JsonObject, type Path } from '../util/json/untrusted-json.ts';

const OWN_KEYS = [
  'id',
  'name',
  'version',
  'description',
  'author',
  'homepage',
  'dialect',
  'modules',
  'config',
  'configSchema',
  'permissions',
  'limits',
  'instance',
  'program',
  'assets',
  'defaultCall',
  'features',
  'apiVersion',
  'autoStart',
  'autoReload',
];
const ANY_TEXT = { max: 1 << 20, lines: true };
const MANY = 10_000;

/** A manifest as it is stored. */
export function plainManifest(manifest: PluginManifest): object {
  return { ...manifest, config: [...manifest.config] };
}

/**
 * The `manifest` of an object in storage.
 * @throws {ClocheError} MANIFEST_INVALID with the path of the field
 */
export function readStoredManifest(holder: Fields): PluginManifest {
  const fields = new Fields(holder.raw('manifest'), holder.path('manifest'), [...OWN_KEYS, ...CONTRIBUTION_KEYS]);
  const id = fields.raw('id');
  if (!isPluginId(id)) throw fields.wrong('id', ID_RULE);
  const text = (key: string) => fields.required(key, fields.text(key, ANY_TEXT));
  return {
    id,
    name: text('name'),
    version: text('version'),
    description: text('description'),
    author: text('author'),
    homepage: readHomepage(fields),
    dialect: readDialect(fields),
    modules: readModules(fields),
    config: new Map(pairsOf(fields, 'config')),
    ...(fields.has('configSchema') && { configSchema: readSchema(fields) }),
    permissions: each(itemsOf(fields, 'permissions'), fields.path('permissions'), readPermission),
    limits: readLimits(fields),
    instance: fields.required('instance', fields.choice('instance', ['persistent', 'per-call'])),
    ...(fields.has('program') && { program: readProgram(fields) }),
    ...readContributions(fields, 'record'),
    assets: each(fields.list('assets', MANY) ?? [], fields.path('assets'), readAsset),
    defaultCall: readDefaultCall(fields),
    ...(fields.has('features') && { features: fields.texts('features', MANY, ANY_TEXT) }),
    ...(fields.has('apiVersion') && { apiVersion: fields.wholeNumber('apiVersion', 0) }),
    ...(fields.boolean('autoStart') && { autoStart: true }),
    ...(fields.boolean('autoReload') && { autoReload: true }),
  };
}

function readProgram(fields: Fields): GuestProgram {
  const program = new Fields(fields.raw('program'), fields.path('program'), ['args', 'env', 'folders']);
  return {
    args: program.required('args', program.texts('args', MANY, ANY_TEXT)),
    env: pairsOf(program, 'env'),
    folders: pairsOf(program, 'folders'),
  };
}

/** Which ones run is the host's to say. */
function readDialect(fields: Fields): string {
  const dialect = fields.required('dialect', fields.text('dialect', ANY_TEXT));
  if (/^[a-z0-9-]{1,64}$/.test(dialect)) return dialect;
  throw fields.wrong('dialect', 'the name of a dialect');
}

function readHomepage(fields: Fields): string | undefined {
  const homepage = fields.text('homepage', ANY_TEXT);
  if (homepage === undefined || homepage.startsWith('https://')) return homepage;
  throw fields.wrong('homepage', 'an https URL');
}

/** Checked as far as it is used here; what checks by it does not trust it either. */
function readSchema(fields: Fields): ConfigSchema {
  const schema = fields.raw('configSchema');
  const properties = isJsonObject(schema) && schema.properties;
  if (isJsonObject(properties) && Object.values(properties).every(isJsonObject))
    return schema as ConfigSchema & JsonObject;
  throw fields.wrong('configSchema', 'the schema of an object');
}

function readModules(fields: Fields): ModuleEntry[] {
  const modules = each(itemsOf(fields, 'modules'), fields.path('modules'), readModule);
  if (modules.filter(({ name }) => name === 'main').length === 1) return modules;
  throw invalid(fields.path('modules'), 'should have exactly one named main');
}

function readModule(item: unknown, path: Path): ModuleEntry {
  const fields = new Fields(item, path, ['name', 'sha256', 'size']);
  return { name: fields.required('name', fields.text('name', ANY_TEXT)), ...readFile(fields) };
}

/** A record from before plugins had pages lists none. */
function readAsset(item: unknown, path: Path): AssetEntry {
  const fields = new Fields(item, path, ['path', 'sha256', 'size']);
  return { path: fields.required('path', fields.text('path', ANY_TEXT)), ...readFile(fields) };
}

function readFile(fields: Fields): Pick<AssetEntry, 'sha256' | 'size'> {
  const sha256 = fields.required('sha256', fields.text('sha256', ANY_TEXT));
  if (!/^[0-9a-f]{64}$/.test(sha256)) throw fields.wrong('sha256', '64 lower-case hex digits');
  return { sha256, size: fields.required('size', fields.wholeNumber('size', 0)) };
}

function readPermission(item: unknown, path: Path): PermissionRequest {
  const fields = new Fields(item, path, ['capability', 'scope', 'reason', 'optional']);
  return {
    capability: fields.required('capability', fields.text('capability', ANY_TEXT)),
    scope: fields.raw('scope'),
    reason: fields.text('reason', ANY_TEXT),
    ...(fields.boolean('optional') && { optional: true }),
  };
}

function readDefaultCall(fields: Fields): PluginManifest['defaultCall'] {
  if (!fields.has('defaultCall')) return undefined;
  const call = new Fields(fields.raw('defaultCall'), fields.path('defaultCall'), ['export', 'input']);
  return {
    export: call.required('export', call.text('export', ANY_TEXT)),
    input: call.required('input', call.text('input', ANY_TEXT)),
  };
}

export function readLimits(fields: Fields): Partial<Limits> {
  return askedLimits(fields.required('limits', fields.raw('limits')), fields.path('limits'));
}

/** A map, which is stored as a list of pairs. */
export function pairsOf(fields: Fields, key: string): [string, string][] {
  return each(itemsOf(fields, key), fields.path(key), (pair, path) => {
    const [name, value, ...rest]: unknown[] = Array.isArray(pair) ? pair : [];
    if (typeof name === 'string' && typeof value === 'string' && rest.length === 0) return [name, value];
    throw invalid(path, 'should be a pair of texts');
  });
}

function itemsOf(fields: Fields, key: string): readonly unknown[] {
  return fields.required(key, fields.list(key, MANY));
}

function each<T>(items: readonly unknown[], path: Path, read: (item: unknown, path: Path) => T): T[] {
  return items.map((item, index) => read(item, [...path, index]));
}
