// What a user says in the settings of the app about what a plugin may do: `plugin.<id>.permissions` in the place of what its
// manifest asks for, `plugin.<id>.+permissions` merged with it, by the words of Nev's manifests (docs/nev.md).

import type { EditorSettings } from '../../capabilities/services.ts';
import { messageOf } from '../../errors.ts';
import { Fields } from '../../manifest/fields.ts';
import { overridden } from '../../permissions/override.ts';
import { isPlainObject } from '../../util/given-options.ts';
import { copyData, newObject } from '../../util/json/untrusted-json.ts';
import type { SettledGrant } from '../dialect.ts';
import { COMMANDS, readPermissions } from './permissions.ts';

type Changes = Readonly<Record<string, unknown>>;

/** All that manifests of Nev ask for, taken away. */
const NOTHING: Changes = { files: false, [COMMANDS]: false, wasi: { mode: 'none' }, clock: { mode: 'none' } };

export class SettingGrants {
  readonly #settings: EditorSettings;
  readonly #offered: ReadonlySet<string>;
  readonly #made = new Map<string, { readonly text: string; readonly grant: SettledGrant }>();

  /** @param offered names of the capabilities of the host */
  constructor(settings: EditorSettings, offered: ReadonlySet<string>) {
    this.#settings = settings;
    this.#offered = offered;
  }

  /** The very same as long as the settings say the same; undefined where they say nothing. */
  of(id: string): SettledGrant | undefined {
    const replacing = this.#settings.get(`plugin.${id}.permissions`);
    const merging = this.#settings.get(`plugin.${id}.+permissions`);
    if (replacing === undefined && merging === undefined) return undefined;
    const text = `${textOf(replacing)} ${textOf(merging)}`;
    const known = this.#made.get(id);
    if (known?.text === text) return known.grant;
    const grant = this.#read(replacing, merging);
    this.#made.set(id, { text, grant });
    return grant;
  }

  #read(replacing: unknown, merging: unknown): SettledGrant {
    try {
      const changes = replacing === undefined ? {} : inTheirPlace(own(replacing));
      const all = merging === undefined ? changes : joined(changes, besides(own(merging)));
      return this.#granting(all);
    } catch (thrown) {
      return { ...this.#granting(NOTHING), problem: `It is granted nothing by its settings: ${messageOf(thrown)}` };
    }
  }

  #granting(changes: Changes): SettledGrant {
    const offered = Object.entries(changes).filter(([name]) => this.#offered.has(name.replace('+', '')));
    return { grant: { '+': Object.fromEntries(offered) } };
  }
}

/** Plain data, each value read once. @throws {ClocheError} MANIFEST_INVALID for anything else, as what is still to come */
function own(given: unknown): Changes {
  if (!isPlainObject(given)) throw new Error('they should be an object that the settings give at once');
  return copyData(given) as Changes;
}

/** What is not named is taken away. */
function inTheirPlace(given: Changes): Changes {
  const asked = Object.assign(newObject(), { permissions: given });
  const { permissions } = readPermissions(new Fields(asked, [], ['permissions']));
  return { ...NOTHING, ...Object.fromEntries(permissions.map(({ capability, scope }) => [capability, scope])) };
}

/** With the `+` that stand before keys. */
function besides(given: Changes): Changes {
  const files: Record<string, unknown> = {};
  const changes: Record<string, unknown> = {};
  for (const [key, value] of Object.entries(given)) {
    const [plus, name] = key.startsWith('+') ? ['+', key.slice(1)] : ['', key];
    if (name === 'commands') changes[`${plus}${COMMANDS}`] = value;
    if (name === 'filesystem' || name === 'filesystemRead') files[`${plus}read`] = value;
    if (name === 'filesystem' || name === 'filesystemWrite') files[`${plus}write`] = value;
    if (name === 'wasi') changes.wasi = { mode: value };
    if (name === 'time') changes.clock = { mode: value === true ? 'real' : 'none' };
  }
  return Object.keys(files).length > 0 ? { ...changes, '+files': files } : changes;
}

/** One of them stands in the place of what the manifest asks for: what is merged is merged with that. */
function joined(changes: Changes, others: Changes): Changes {
  const named = Object.keys(others).every((key) => !(key.replace('+', '') in changes));
  return named ? { ...changes, ...others } : overridden(changes, others);
}

function textOf(value: unknown): string {
  try {
    return JSON.stringify(value);
  } catch (thrown) {
    return messageOf(thrown);
  }
}
