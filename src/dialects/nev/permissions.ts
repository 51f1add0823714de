// What a Nev manifest asks for, in the words of capabilities.

import type { FilesScope } from '../../capabilities/scopes/files-scope.ts';
import type { NameRules } from '../../capabilities/scopes/name-rules.ts';
import { ROOTS } from '../../files/roots.ts';
import { Fields } from '../../manifest/fields.ts';
import type { ManifestDraft } from '../../manifest/manifest-draft.ts';
import type { PermissionRequest } from '../../manifest/plugin-manifest.ts';
import { didYouMean } from '../../util/given-options.ts';
import { isJsonObject, newObject } from '../../util/json/untrusted-json.ts';
import { visibleText } from '../../util/text/visible-text.ts';
import { programWith } from './program.ts';

/** To run commands of the app and of other plugins. */
export const COMMANDS = 'editor-commands';

const LISTS = ['filesystem', 'filesystemRead', 'filesystemWrite', 'commands'];
const CATEGORIES = [...LISTS.slice(1), 'wasi', 'wasiPreopenDirs', 'time', 'filesystem'];
const RULES = ['allowAll', 'disallowAll', 'allow', 'disallow'];
const MOST_ENTRIES = 1_000;
const MOST_FOLDERS = 100;
const ENTRY = { max: 4_096 };

/** What its WASI is where it says nothing. */
const DEFAULT_WASI = 'reduced';

/** @throws {ClocheError} MANIFEST_INVALID with the path of the field */
export function readPermissions(top: Fields): Pick<ManifestDraft, 'permissions' | 'warnings' | 'program'> {
  const asked = top.has('permissions') ? objectOf(top, 'permissions') : new Fields(newObject(), [], []);
  const warnings = ignored(asked, []);
  const old = rulesIn(asked, 'filesystem');
  if (old) {
    warnings.push(
      'Its manifest asks for `permissions.filesystem`, which Nev ignores; it is read as `filesystemRead` and `filesystemWrite`: write those.',
    );
  }
  const folders = preopened(asked, warnings);
  const files: FilesScope = {
    ...given('read', withAllowed(rulesIn(asked, 'filesystemRead') ?? old, folders, 'read')),
    ...given('write', withAllowed(rulesIn(asked, 'filesystemWrite') ?? old, folders, 'write')),
  };
  const commands = rulesIn(asked, 'commands');
  const mode = asked.choice('wasi', ['none', 'reduced', 'full']) ?? DEFAULT_WASI;
  const permissions: PermissionRequest[] = [
    ...request('files', Object.keys(files).length > 0 ? files : undefined),
    ...request(COMMANDS, commands),
    ...request('wasi', { mode }),
    ...request('clock', { mode: asked.boolean('time') ? 'real' : 'none' }),
  ];
  if (mode !== 'full') return { permissions, warnings };
  return { permissions, warnings, program: programWith(folders.map(({ host, guest }) => [host, guest])) };
}

interface Folder {
  readonly host: string;
  readonly guest: string;
  readonly read: boolean;
  readonly write: boolean;
}

/** Folders of the virtual file system that are open for WASI under names of the plugin's. */
function preopened(asked: Fields, warnings: string[]): readonly Folder[] {
  const folders = (asked.list('wasiPreopenDirs', MOST_FOLDERS) ?? []).map((value, i): Folder => {
    const fields = new Fields(value, asked.path('wasiPreopenDirs').concat(i), Object.keys(Object(value)));
    return {
      host: fields.required('host', fields.text('host', ENTRY)),
      guest: fields.required('guest', fields.text('guest', ENTRY)),
      read: fields.boolean('read') ?? false,
      write: fields.boolean('write') ?? false,
    };
  });
  const known = folders.filter(({ host }) => ROOTS.some((root) => host.startsWith(root)));
  if (known.length < folders.length) {
    warnings.push(
      `Its manifest asks for \`permissions.wasiPreopenDirs\` of a machine, which are not opened: paths here begin with ${ROOTS.join(', ')}.`,
    );
  }
  const isDenied = asked.has('filesystemRead') && objectOf(asked, 'filesystemRead').boolean('disallowAll');
  return isDenied ? [] : known;
}

/** What is opened for WASI is allowed with that. */
function withAllowed(
  rules: NameRules | undefined,
  folders: readonly Folder[],
  way: 'read' | 'write',
): NameRules | undefined {
  const allow = folders.filter((folder) => folder[way]).map(({ host }) => host);
  return allow.length > 0 ? { ...rules, allow: [...(rules?.allow ?? []), ...allow] } : rules;
}

/** Nev ignores what it does not know, and so does this; its author hears of it. */
function ignored(asked: Fields, path: readonly string[]): string[] {
  const known = path.length === 0 ? CATEGORIES : RULES;
  return asked.keys().flatMap((key) => {
    const rules = path.length === 0 && LISTS.includes(key) ? asked.raw(key) : undefined;
    if (known.includes(key)) return isJsonObject(rules) ? ignored(objectOf(asked, key), [key]) : [];
    const name = ['permissions', ...path, visibleText(key, 60)].join('.');
    return [`Its manifest has \`${name}\`, which is ignored.${didYouMean(key, known)} Known are ${known.join(', ')}.`];
  });
}

function request(capability: string, scope: object | undefined): PermissionRequest[] {
  return scope ? [{ capability, scope, reason: undefined }] : [];
}

function given<K extends string>(key: K, rules: NameRules | undefined): { [P in K]?: NameRules } {
  return (rules ? { [key]: rules } : {}) as { [P in K]?: NameRules };
}

/** Undefined for what allows nothing, which need not be asked for. */
function rulesIn(asked: Fields, key: string): NameRules | undefined {
  if (!asked.has(key)) return undefined;
  const fields = objectOf(asked, key);
  const allow = fields.texts('allow', MOST_ENTRIES, ENTRY) ?? [];
  const disallow = fields.texts('disallow', MOST_ENTRIES, ENTRY) ?? [];
  const isAll = fields.boolean('allowAll') ?? false;
  if (fields.boolean('disallowAll') || (!isAll && allow.length === 0)) return undefined;
  return {
    ...(disallow.length > 0 && { disallow }),
    ...(isAll && { allowAll: true as const }),
    ...(allow.length > 0 && { allow }),
  };
}

/** Unknown keys of it are ignored. */
function objectOf(holder: Fields, key: string): Fields {
  const value = holder.raw(key);
  return new Fields(value, holder.path(key), Object.keys(Object(value)));
}
