// Updates of an installed plugin: at once where they ask for nothing more than it was granted, else they wait for a yes.
// Comes late: a page that installs a plugin once needs none of it.

import { isQuotaError } from '../../database/indexed-db.ts';
import { ClocheError } from '../../errors.ts';
import type { InstallOptions } from '../../options.ts';
import { asksMore } from '../../permissions/asks-more.ts';
import { checkRequests } from '../../permissions/describe-requests.ts';
import { checkedGrant, followsManifest, type GrantQuestion } from '../../permissions/grants.ts';
import { canKeep, keptVersion } from '../../registry/read-versions.ts';
import type { PluginRecord, StagedUpdate } from '../../registry/record.ts';
import type { NextVersion } from '../../registry/registry.ts';
import { firstVersion, type HistoryAction, type PackageOrigin, packageOf } from '../../registry/versions.ts';
import type { ModuleFacts } from '../../runtime/wire/protocol.ts';
import { assertTakesOver } from '../../trust/owners.ts';
import type { PackageSignature } from '../../trust/package-signature.ts';
import { mergedSecrets } from '../config/late-configs.ts';
import type { HostContext } from '../host-context.ts';
import type { Plugin } from '../plugin.ts';
import type { PluginSettings, SettingsChange } from '../settings/plugin-settings.ts';
import { ownRecord, settingsOf } from '../storage/registry-sync.ts';
import type { ReadPlugin, ReadSettings } from './read-plugin.ts';
import { inPlaceOf, tryOut } from './try-out.ts';

export { assertTakesOver };

/** A new version of a plugin: its data, and what the user has set for it, stay. */
export async function update(
  context: HostContext,
  before: Plugin,
  { manifest, settings: given, files, sha256, from, seal }: ReadPlugin,
  options: InstallOptions,
): Promise<Plugin> {
  const { signature } = given;
  // Also where it takes all away.
  if (options.grant !== undefined) context.trust.assertMay?.('grant');
  // Before anything of it runs; and once more when it is stored, since another tab may have been faster.
  takesOver(context, before, before.settings, signature);
  const changes = updateOf(given, options);
  const entered = await seal(before.installation);
  const changed = ({ secrets }: Pick<PluginSettings, 'secrets'>) => ({
    ...changes,
    secrets: mergedSecrets(secrets, entered),
  });
  // Tried under its own runner first: a new version that cannot start must not take the old one's place.
  const trial = context.make(manifest, trialSettings(before.settings, changed(before.settings)), files);
  const more = await askedInVain(before, trial, options);
  if (more.length > 0) {
    const { grant, config, limits, isolation, missing } = changes;
    const staged = await stagedUpdate(trial, {
      sha256,
      signature,
      grant,
      config,
      secrets: entered,
      limits,
      isolation,
      missing,
      more,
    });
    await trial.close();
    const stage = (record: PluginRecord) => takesOver(context, before, record, signature) && { pending: staged };
    const noted = { action: 'staged', version: manifest.version, sha256, from } as const;
    await context.registry.update(before.id, stage, { manifest, files }, noted);
    before.current.stage(staged);
    return before;
  }
  await tryOut(trial, context, options.signal);
  await assertSameName(context, before, trial);
  // What another tab has changed meanwhile stays as well.
  await swap(context, before, trial, {
    action: 'updated',
    sha256,
    from,
    change: (record) => changed(takesOver(context, before, record, signature)),
    next: { manifest: trial.manifest, files },
  });
  return before;
}

/** Swaps in the update that waits, after it was tried out. */
export async function accept(context: HostContext, plugin: Plugin, hash: string): Promise<void> {
  const { registry } = context;
  const record = await registry.get(plugin.id);
  const { manifest, ...staged } = stagedIn(plugin, record && ownRecord(plugin, record), hash);
  takesOver(context, plugin, plugin.settings, staged.signature);
  await context.dialects.load(manifest.dialect, staged.missing);
  const changed = ({ secrets }: Pick<PluginSettings, 'secrets'>) => ({
    ...changesOf(staged, context),
    secrets: mergedSecrets(secrets, staged.secrets ?? new Map()),
  });
  const files = await registry.files.of({ manifest });
  const trial = context.make(manifest, trialSettings(plugin.settings, changed(plugin.settings)), files);
  await tryOut(trial, context, undefined);
  await assertSameName(context, plugin, trial);
  const change = (newest: PluginRecord) => {
    const { signature } = stagedIn(plugin, ownRecord(plugin, newest), hash);
    return changed(takesOver(context, plugin, newest, signature));
  };
  await swap(context, plugin, trial, { action: 'accepted', sha256: hash, change });
}

/** Drops the update that waits, and its files. @throws {ClocheError} UPDATE_CHANGED where it is another by now, which nobody has seen */
export async function dismiss({ registry }: HostContext, plugin: Plugin): Promise<void> {
  const { pending } = plugin.settings;
  if (!pending) return;
  const noted = { action: 'dismissed', version: pending.manifest.version, sha256: pending.sha256 } as const;
  const drop = (record: PluginRecord) => {
    if (ownRecord(plugin, record).pending) stagedIn(plugin, record, pending.sha256);
    return { pending: undefined };
  };
  await registry.update(plugin.id, drop, {}, noted);
  plugin.current.stage(undefined);
}

/** What an update changes. What a user decided stays: a revoked grant stays revoked, a plugin that is off stays off. */
export function updateOf(
  { grant, config, limits, isolation, missing, signature, sha256 }: ReadSettings,
  options: InstallOptions,
): SettingsChange {
  return {
    signature,
    sha256,
    ...(options.grant !== undefined && { grant, accepted: [] }),
    ...(options.config !== undefined && { config }),
    ...(options.limits !== undefined && { limits }),
    ...((options.isolation !== undefined || options.requireOwnProcess !== undefined) && { isolation }),
    ...(options.missing !== undefined && { missing }),
    quarantined: false,
  };
}

/** Holds that an update is of whoever the plugin is of. @throws {ClocheError} SIGNATURE_INVALID, SIGNER_CHANGED, CLOSED */
export function takesOver<T extends Pick<PluginRecord, 'installation' | 'signature'>>(
  { publishers }: HostContext,
  plugin: Plugin,
  record: T,
  next: PackageSignature,
): T {
  const own = ownRecord(plugin, record);
  assertTakesOver(plugin.id, publishers, own.signature, next);
  return own;
}

/** Where only the started plugin knows its id, an update may be of another one, whoever installs it. @throws {ClocheError} ID_CHANGED */
async function assertSameName({ dialects }: HostContext, before: Plugin, trial: Plugin): Promise<void> {
  const [own, other] = [before.manifest.name, trial.manifest.name];
  if (own === other || !dialects.get(trial.manifest.dialect).code.tellsId) return;
  await trial.close();
  const message = `The update of plugin "${before.id}" calls itself "${other}", and what is installed "${own}": it is another plugin, which keeps none of its data`;
  throw new ClocheError('ID_CHANGED', message, { plugin: before.id });
}

/** One version that takes another's place. */
interface Swap {
  readonly action: HistoryAction;
  /** Of the package that takes the place. */
  readonly sha256: string | undefined;
  /** Where that came from, where it came now. */
  readonly from?: PackageOrigin | undefined;
  /** Checks the newest record, and says what else of it changes. */
  change(record: PluginRecord): Partial<PluginRecord>;
  /** @param stored what is kept of its versions, as it is now; throws where it must not be that */
  checkVersions?(stored: unknown): void;
  /** Files that are not stored yet. @default none */
  readonly next?: Pick<NextVersion, 'manifest' | 'files'>;
}

/** Puts what `trial` has shown to start in the place of what runs. What was there is kept, as far as there is room for it. */
export async function swap(context: HostContext, before: Plugin, trial: Plugin, given: Swap): Promise<void> {
  const { registry, say } = context;
  const { action, sha256, from, change, checkVersions, next } = given;
  const { id, manifest } = trial;
  let isKept = true;
  const versions: NextVersion['versions'] = (stored, old, after) => {
    checkVersions?.(stored);
    // The same once more: the version before is still the one before.
    if (sha256 !== undefined && packageOf(stored, old.installation) === sha256) return stored;
    isKept &&= canKeep(old.manifest, after.manifest);
    return isKept ? keptVersion(stored, old, sha256) : firstVersion(old.installation, sha256);
  };
  const store = () =>
    registry.update(
      id,
      (record) => ({ ...change(record), manifest, pending: undefined }),
      { ...next, versions },
      { action, sha256, from },
    );
  const stored = await inPlaceOf(before, trial, context, async () => {
    try {
      return await store();
    } catch (thrown) {
      if (!isQuotaError(thrown)) throw thrown;
      isKept = false;
      return store();
    }
  });
  await trial.close();
  await before.saveState();
  if (!isKept) say(id, 'warn', 'The version before could not be kept, for want of room: there is no way back to it');
  before.adopt(manifest, settingsOf(stored, context));
  context.tell(id, 'updated');
}

/** Of what nobody has said yes to: an explicit grant is that yes, and one that was kept gives nothing more than before. */
async function askedInVain(before: Plugin, trial: Plugin, { grant = 'manifest', signal }: InstallOptions) {
  try {
    await trial.inspect(signal);
    const { question, decided } = trial.current.effective;
    // What waits is looked at and accepted later: nobody could read it then.
    checkRequests(question);
    if (!followsManifest(grant) || !followsManifest(decided.grant)) return [];
    return await asksMore(question, await grantedTo(before, signal));
  } catch (thrown) {
    await trial.close();
    throw thrown;
  }
}

/** What it asks for and was granted for good. Where it cannot be read any more it was granted nothing by its imports. */
export async function grantedTo(plugin: Plugin, signal?: AbortSignal): Promise<GrantQuestion> {
  await plugin.inspect(signal).catch(() => undefined);
  signal?.throwIfAborted();
  const { question, decided } = plugin.current.effective;
  return { ...question, ...decided };
}

async function stagedUpdate(trial: Plugin, rest: Omit<StagedUpdate, 'manifest' | 'imports'>): Promise<StagedUpdate> {
  return { manifest: trial.manifest, imports: importsOf(await trial.inspect()), ...rest };
}

/** Each once. */
function importsOf(facts: readonly ModuleFacts[]): [string, string][] {
  const functions = facts.flatMap(({ imports }) => imports).filter(({ kind }) => kind === 'function');
  const pairs = functions.map(({ module, name }): [string, string] => [module, name]);
  return [...new Map(pairs.map((pair) => [JSON.stringify(pair), pair])).values()];
}

function stagedIn(plugin: Plugin, record: PluginRecord | undefined, hash: string): StagedUpdate {
  const staged = record?.pending;
  if (staged?.sha256 === hash) return staged;
  const what = staged ? 'Another update' : 'No update';
  throw new ClocheError('UPDATE_CHANGED', `${what} of plugin "${plugin.id}" waits; look at its \`pending\` again`, {
    plugin: plugin.id,
  });
}

export function changesOf(
  { signature, sha256, grant, config, limits, isolation, missing }: Omit<StagedUpdate, 'manifest' | 'imports' | 'more'>,
  { capabilities, trust }: HostContext,
) {
  return {
    signature,
    sha256: trust.keepsHash ? sha256 : undefined,
    ...(grant !== undefined && { grant: checkedGrant(grant, capabilities), accepted: [] }),
    ...(config && { config }),
    ...(limits && { limits }),
    ...(isolation && { isolation }),
    ...(missing && { missing }),
    quarantined: false,
  };
}

export function trialSettings(settings: PluginSettings, changes: Partial<PluginSettings>): PluginSettings {
  return { ...settings, ...changes, pending: undefined, enabled: true };
}
