// Cloche's own manifest. What follows is its public reference.

import { askedLimits } from '../../manifest/asked-limits.ts';
import { checkedText, Fields } from '../../manifest/fields.ts';
import {
  CONFIG_RULE,
  fileStem,
  GIVEN_MAIN,
  type ManifestDraft,
  type ReadOptions,
} from '../../manifest/manifest-draft.ts';
import { ID_RULE, isPluginId } from '../../manifest/plugin-id.ts';
import type { PermissionRequest } from '../../manifest/plugin-manifest.ts';
import { readContributions } from '../../manifest/read-contributions.ts';
import { invalid, isJsonObject, type JsonObject, newObject, type Path } from '../../util/json/untrusted-json.ts';
import { shown } from '../../util/text/shown.ts';
import { checkedUrl, readWasmItems, type WasmItems } from '../extism/wasm-items.ts';
import { clocheKeys } from './keys.ts';

/**
 * Reads a manifest with `"cloche": 1`. Strict JSON; a key that is not listed here is an error. Written as an object beside
 * its module, `{ wasm, manifest: { name: 'Shortener' } }`, it needs neither `cloche` nor `id`, and may have keys of Extism.
 *
 * | key | type | default | meaning |
 * | --- | --- | --- | --- |
 * | `cloche` | `1` | required | version of this format |
 * | `id` | text | required | 1 to 64 letters, digits, `_`, `-`; storage and grants belong to it |
 * | `name` | text, 200 characters | the id | shown to the user |
 * | `version` | text, 100 | `""` | shown; not compared |
 * | `description` | text, 2,000 | `""` | shown; may have line breaks |
 * | `author` | text, 200 | `""` | shown |
 * | `homepage` | https URL | none | shown as a link |
 * | `wasm` | text, or a list of Extism's module items | required | text is a file beside the manifest, or an absolute URL |
 * | `config` | object of texts | `{}` | what `config_get` answers |
 * | `configSchema` | JSON Schema of an object | none | what may be configured, each property with one `type`; `default` is what `config_get` answers where nothing is set; `writeOnly: true` is a secret, see docs/config.md |
 * | `permissions` | object by capability | `{}` | `true` asks for all of it; an object is its scope; in it `reason` is for the user, and `optional: true` asks when it is needed, not before |
 * | `limits` | object of `Limits` | `{}` | whole numbers; lower than the host's or without effect |
 * | `instance` | `"persistent"`, `"per-call"` | `"persistent"` | whether memory outlives a call |
 * | `wasi` | `"full"`, or `{ args?, env?, folders? }` | the part without files | all of WASI preview 1: `args` a list of texts, `env` an object of texts, `folders` an object of names by path, `{ "ws0://src": "/" }`; see docs/wasi.md |
 * | `defaultCall` | `{ export, input? }` | none | a call to try the plugin with |
 * | `contributions` | list of `{ point, id, label, description?, icon?, component?, group?, order? }` | `[]` | what it adds to extension points of the app; `component` is the file of the package that is its page |
 * | `routes` | list of `{ path, method?, description? }` | `[]` | requests that its export `handle_request` answers; without `method` any, `*` at the end of `path` is any rest |
 * | `subscriptions` | list of `{ id, events, handler }` | `[]` | events that the export `handler` is called with |
 * | `commands` | list of `{ name, description?, params?, returnType?, handler }` | `[]` | what `host.run` can have it do, as `<id>.<name>`: the export `handler` is called with the arguments as text; `params` are `{ name, type }` |
 * | `schedules` | list of `{ id, everyMs, handler }` | `[]` | the export `handler` is called again and again; from 1,000 ms up |
 *
 * @example
 * { "cloche": 1, "id": "shortener", "name": "Shortener", "version": "1.2.0", "wasm": "shortener.wasm",
 *   "permissions": { "http": { "allow": ["https://api.example.com"], "reason": "asks for short links" }, "kv": true },
 *   "limits": { "timeoutMs": 2000 }, "defaultCall": { "export": "shorten", "input": "https://example.com/long" } }
 *
 * @throws {ClocheError} MANIFEST_INVALID with the path of the field
 */
export function readCloche(value: unknown, options: ReadOptions): ManifestDraft {
  return readFields(value, options, true);
}

/** The same, of a manifest that need not say whose it is: what installs it, or its name, gives an id. */
export function readImplied(value: JsonObject, options: ReadOptions): ManifestDraft {
  return readFields(Object.assign(newObject(), value, { cloche: 1 }), options, false);
}

function readFields(value: unknown, options: ReadOptions, needsId: boolean): ManifestDraft {
  const top = new Fields(value, [], clocheKeys());
  if (top.raw('cloche') !== 1) throw top.wrong('cloche', '1');
  const id = needsId || top.has('id') ? readId(top) : undefined;
  const { modules, hint } = readWasm(top, options);
  return {
    dialect: 'cloche',
    id,
    name: top.text('name', { max: 200 }) || id,
    hint,
    version: top.text('version', { max: 100 }) ?? '',
    description: top.text('description', { max: 2_000, lines: true }) ?? '',
    author: top.text('author', { max: 200 }) ?? '',
    homepage: readHomepage(top),
    modules,
    config: top.textMap('config', CONFIG_RULE.entries, { max: CONFIG_RULE.max, lines: true }) ?? new Map(),
    permissions: (top.entries('permissions', 100) ?? []).map((entry) => readPermission(...entry)),
    limits: top.has('limits') ? askedLimits(top.raw('limits'), top.path('limits')) : {},
    instance: top.choice('instance', ['persistent', 'per-call']) ?? 'persistent',
    ...readContributions(top, 'manifest'),
    defaultCall: readDefaultCall(top),
    warnings: [],
  };
}

/** @throws {ClocheError} MANIFEST_INVALID unless `id` is {@link ID_RULE} */
function readId(top: Fields): string {
  const id = top.required('id', top.raw('id'));
  if (isPluginId(id)) return id;
  throw top.wrong('id', ID_RULE);
}

function readHomepage(top: Fields): string | undefined {
  const text = top.text('homepage', { max: 2_000 });
  if (text === undefined) return undefined;
  const url = checkedUrl(text, top.path('homepage'), undefined);
  if (!url.startsWith('https:')) throw top.wrong('homepage', 'an https URL');
  return url;
}

function readWasm(top: Fields, options: ReadOptions): WasmItems {
  const wasm = top.raw('wasm');
  if (wasm === undefined && options.mainGiven) return { modules: GIVEN_MAIN, hint: undefined };
  if (Array.isArray(wasm)) return readWasmItems(wasm, ['wasm'], options);
  const location = top.required('wasm', top.text('wasm', { max: 4_096 }));
  const item = newObject();
  item[/^https?:/i.test(location) ? 'url' : 'path'] = location;
  return { ...readWasmItems([item], ['wasm'], options), hint: fileStem(location) };
}

function readPermission(capability: string, value: unknown, path: Path): PermissionRequest {
  if (!isPluginId(capability)) throw invalid(path, `should be named by ${ID_RULE}`);
  if (value === true) return { capability, scope: undefined, reason: undefined };
  if (!isJsonObject(value)) throw invalid(path, `should be true or an object, not ${shown(value)}`);
  const { reason, optional = false, ...scope } = value;
  if (typeof optional !== 'boolean') throw invalid([...path, 'optional'], 'should be true or false');
  return {
    capability,
    scope: scopeOf(scope),
    reason: reason === undefined ? undefined : checkedText(reason, [...path, 'reason'], { max: 500 }),
    ...(optional && { optional }),
  };
}

/** A reason alone is not a scope: it asks for all of the capability, as `true` does. */
function scopeOf(rest: JsonObject): JsonObject | undefined {
  return Object.keys(rest).length === 0 ? undefined : Object.assign(newObject(), rest);
}

function readDefaultCall(top: Fields): ManifestDraft['defaultCall'] {
  if (!top.has('defaultCall')) return undefined;
  const call = new Fields(top.raw('defaultCall'), top.path('defaultCall'), ['export', 'input']);
  return {
    export: call.required('export', call.text('export', { max: 200 })),
    input: call.text('input', { max: 100_000, lines: true }) ?? '',
  };
}
