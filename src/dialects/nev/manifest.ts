// The manifest of a Nev plugin, by Nev's own rules: unknown keys are ignored, and a value of the wrong type fails all of it.

import { noContributions } from '../../manifest/contributions.ts';
import { Fields } from '../../manifest/fields.ts';
import { bareDraft, GIVEN_MAIN, type ManifestDraft, type ReadOptions } from '../../manifest/manifest-draft.ts';
import { idFromName, isPluginId } from '../../manifest/plugin-id.ts';
import { invalid, type JsonObject, newObject } from '../../util/json/untrusted-json.ts';
import { decodedPart } from '../../util/text/decoded-part.ts';
import { pathOrigin } from '../extism/wasm-items.ts';
import { apiVersionOf } from './api-version.ts';
import { readPermissions } from './permissions.ts';

const MOST_COMMANDS = 500;
const LINE = { max: 200 };

/** @throws {ClocheError} MANIFEST_INVALID with the path of the field */
export function readNev(manifest: JsonObject, options: ReadOptions): ManifestDraft {
  const top = new Fields(manifest, [], Object.keys(manifest));
  const wasm = top.required('wasm', top.text('wasm', { max: 1_000 }));
  const { permissions, warnings, program } = readPermissions(top);
  const repository = top.text('repository', { max: 2_000 });
  const name = top.text('name', LINE);
  const isAutoStart = top.boolean('autoLoad') ?? false;
  const isAutoReload = top.boolean('autoReload') ?? false;
  return {
    ...bareDraft('nev'),
    id: idOf(options),
    name: name || undefined,
    version: versionOf(top),
    author: (top.texts('authors', 100, LINE) ?? []).join(', ').slice(0, LINE.max),
    homepage: repository?.startsWith('https://') && URL.canParse(repository) ? repository : undefined,
    modules: options.mainGiven
      ? GIVEN_MAIN
      : [{ name: 'main', hash: undefined, origin: pathOrigin(wasm, ['wasm'], options) }],
    permissions,
    ...noContributions(),
    commands: readCommands(top),
    apiVersion: apiVersionOf(wholeNumber(top, 'apiVersion'), wasm),
    ...(program && { program }),
    ...(isAutoStart && { autoStart: true }),
    ...(isAutoReload && { autoReload: true }),
    warnings,
  };
}

/** Where nothing but the module is there: its file says what it is called, and it may do nothing. */
export function readBareNev({ stem = '' }: ReadOptions): ManifestDraft {
  return {
    ...bareDraft('nev'),
    permissions: readPermissions(new Fields(newObject(), [], [])).permissions,
    apiVersion: apiVersionOf(undefined, `${stem}.m.wasm`),
  };
}

/** No field of Nev's, so of any type: what is none is none. */
function versionOf(top: Fields): string {
  return typeof top.raw('version') === 'string' ? (top.text('version', { max: 100 }) ?? '') : '';
}

/** Of the folder, as Nev has it: its commands are called by that. */
function idOf({ folder, paths, baseUrl }: ReadOptions): string | undefined {
  const named = folder ?? (paths === 'base' && baseUrl !== undefined ? folderOf(baseUrl) : undefined);
  return isPluginId(named) ? named : idFromName(named, 'nev');
}

function folderOf(url: string): string | undefined {
  const segments = new URL(url).pathname.split('/');
  const name = segments.at(-2);
  return name ? decodedPart(name) : undefined;
}

function readCommands(top: Fields): ManifestDraft['commands'] {
  return (top.entries('commands', MOST_COMMANDS) ?? []).map(([name, value, path]) => {
    if (!/^[^\s\p{Cc}]{1,200}$/u.test(name)) throw invalid(path, 'should be named without spaces');
    const item = new Fields(value, path, Object.keys(Object(value)));
    const params = (item.list('parameters', 100) ?? []).map((param, index) => {
      const fields = new Fields(param, [...path, 'parameters', index], Object.keys(Object(param)));
      return { name: fields.text('name', LINE) ?? '', type: fields.text('type', LINE) ?? '' };
    });
    return {
      name,
      params,
      returnType: item.text('returnType', LINE) ?? '',
      description: item.text('description', { max: 2_000, lines: true }) ?? '',
      handler: undefined,
      callback: undefined,
    };
  });
}

function wholeNumber(top: Fields, key: string): number | undefined {
  const value = top.raw(key);
  if (value === undefined || Number.isSafeInteger(value)) return value as number | undefined;
  throw top.wrong(key, 'a whole number');
}
