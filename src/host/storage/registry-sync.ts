// Keeps the plugins of a host as the registry has them: brings back what is installed, and follows what other tabs change.

import { ClocheError, messageOf } from '../../errors.ts';
import type { PluginManifest } from '../../manifest/plugin-manifest.ts';
import { checkedGrant } from '../../permissions/grants.ts';
import { loadRecords, type Records } from '../../registry/late-records.ts';
import type { PluginRecord } from '../../registry/record.ts';
import type { HistoryAction } from '../../registry/versions.ts';
import { dispose } from '../../util/dispose.ts';
import { isSame } from '../../util/same-data.ts';
import type { HostContext } from '../host-context.ts';
import type { Plugin } from '../plugin.ts';
import type { ChangeOfNewest, PluginSettings, SettingsChange } from '../settings/plugin-settings.ts';

export class RegistrySync implements Disposable {
  readonly #context: HostContext;
  readonly #unreadable = new Map<string, ClocheError>();
  readonly #changes: Disposable;
  #closed = false;

  constructor(context: HostContext) {
    this.#context = context;
    this.#changes = context.registry.onChange((id, isDecision) => {
      if (isDecision) return this.#decided(id);
      // Nobody waits for this: what goes wrong is told where people look.
      this.follow(id).catch((thrown: unknown) => context.say(id, 'error', messageOf(thrown)));
    });
  }

  /** What is installed and cannot be read, by id. */
  get unreadable(): ReadonlyMap<string, ClocheError> {
    return this.#unreadable;
  }

  /** Brings back what is installed. @throws {ClocheError} STORAGE_FAILED */
  async restore(): Promise<void> {
    for (const record of await this.#context.registry.list()) {
      if (await this.#loadDialects(record)) this.#bringBack(record);
    }
  }

  /** Takes over what is stored of a plugin: another tab has changed it, or may have. */
  async follow(id: string): Promise<void> {
    if (this.#closed) return;
    const { plugins, files } = this.#context;
    const noted = this.#unreadable.get(id);
    // First: nothing may come between what is read and what is made of it.
    const records = await loadRecords();
    const stored = await this.#context.registry.get(id);
    const record = stored && (await this.#loadDialects(stored)) ? stored : undefined;
    // Noted anew, by another error, where it still cannot be read.
    const isGone = noted !== undefined && this.#unreadable.get(id) === noted && this.#unreadable.delete(id);
    const plugin = plugins.get(id);
    // What is only open here is nobody else's to change.
    if (plugin && files.has(plugin)) return;
    // Told of one that has its id since: not the same plugin, whatever it says of itself.
    if (plugin && plugin.installation !== record?.installation) await this.#context.retire(plugin);
    if (record) this.#takeOver(record, records);
    else if (isGone) this.#context.tell(id, 'uninstalled');
    else if (!noted && this.#unreadable.has(id)) this.#context.tell(id, 'unreadable');
  }

  /** A record that cannot be read is skipped: it must not take the others with it. */
  noteUnreadable(id: string, error: ClocheError): void {
    if (!this.#unreadable.has(id)) this.#context.say(id, 'error', error.message);
    this.#unreadable.set(id, error);
  }

  /** Another plugin has taken its place. */
  forgetUnreadable(id: string): void {
    this.#unreadable.delete(id);
  }

  /** See `host.removeUnreadable`. @returns whom its data belongs to */
  async removeUnreadable(id: string, wiping: boolean): Promise<string | undefined> {
    const { registry } = this.#context;
    // Another tab may have replaced it a moment ago.
    await this.follow(id);
    if (!this.#unreadable.has(id)) {
      throw new ClocheError('OPTION_INVALID', 'Expected `id` to be one that `unreadable` lists');
    }
    const owner = await registry.ownerOf(id);
    await registry.remove(id, { wiping });
    // Another tab may have removed it meanwhile, and the host said so.
    if (this.#unreadable.delete(id)) this.#context.tell(id, 'uninstalled');
    return owner?.installation;
  }

  /** Stores changed settings. @returns all that is stored now; undefined for a plugin that is only open */
  async save(plugin: Plugin, change: ChangeOfNewest): Promise<PluginSettings | undefined> {
    if (!this.isInstalled(plugin)) return undefined;
    const { registry } = this.#context;
    // Which settings it changes does not depend on what is stored.
    const changes = change(plugin.settings);
    const noted = { action: actionOf(changes) };
    const stored = await registry.update(
      plugin.id,
      (record) => change(settingsOf(ownRecord(plugin, record), this.#context)),
      undefined,
      noted,
    );
    if (changes.grant !== undefined) registry.announceDecision(plugin.id);
    return settingsOf(stored, this.#context);
  }

  /** Removes the record of a plugin that has one. @param wiping its data goes too */
  async remove(plugin: Plugin, wiping: boolean): Promise<void> {
    const { id, installation } = plugin;
    if (this.isInstalled(plugin)) await this.#context.registry.remove(id, { installation, wiping });
  }

  /** Whether it stands in the registry. One that is only open may share its id with one that another tab installs. */
  isInstalled(plugin: Plugin): boolean {
    return this.#context.plugins.get(plugin.id) === plugin && !this.#context.files.has(plugin);
  }

  [dispose](): void {
    this.#closed = true;
    this.#changes[dispose]();
  }

  /** In another tab. What was answered here until the page is left stands in no record. */
  #decided(id: string): void {
    const plugin = this.#context.plugins.get(id);
    if (plugin && this.isInstalled(plugin)) plugin.forgetAnswers();
  }

  /** What a plugin of that record is made with; false where it cannot be loaded now, and then the plugin is unreadable. */
  async #loadDialects(record: PluginRecord): Promise<boolean> {
    const { manifest, pending } = record;
    try {
      for (const { manifest, missing } of pending ? [record, pending] : [record]) {
        await this.#context.dialects.load(manifest.dialect, missing);
      }
      return true;
    } catch (thrown) {
      if (!(thrown instanceof ClocheError)) throw thrown;
      this.noteUnreadable(manifest.id, thrown);
      return false;
    }
  }

  #takeOver(record: PluginRecord, records: Records): void {
    const { id } = record.manifest;
    const plugin = this.#context.plugins.get(id);
    if (!plugin) {
      this.#bringBack(record);
      this.#context.tell(id, 'installed');
    } else if (!isUpToDate(plugin, record, records)) {
      // Any script of the origin can claim a change, and two of them may be read as one: neither must end a call.
      plugin.adopt(record.manifest, settingsOf(record, this.#context));
      this.#context.tell(id, 'updated');
    } else if (plugin.settings.pending?.sha256 !== record.pending?.sha256) {
      plugin.current.stage(record.pending);
    }
  }

  #bringBack(record: PluginRecord): void {
    const { plugins } = this.#context;
    const { id } = record.manifest;
    if (!plugins.has(id)) plugins.set(id, this.#context.make(record.manifest, settingsOf(record, this.#context)));
  }
}

function actionOf({ quarantined, enabled, grant, accepted }: SettingsChange): HistoryAction {
  if (quarantined) return 'quarantined';
  if (enabled !== undefined) return enabled ? 'enabled' : 'disabled';
  return grant === undefined && accepted === undefined ? 'configured' : 'granted';
}

/** What is stored of a plugin. */
export function recordOf(manifest: PluginManifest, { temporary: _, ...settings }: PluginSettings): PluginRecord {
  return { schema: 1, manifest, ...settings, installedAt: settings.installedAt ?? Date.now() };
}

/** A stored grant may name what this host does not offer any more; then nothing is granted until somebody says so. */
export function settingsOf(
  { manifest, schema: _, grant, ...rest }: PluginRecord,
  { capabilities, say }: Pick<HostContext, 'capabilities' | 'say'>,
): PluginSettings {
  try {
    return { grant: checkedGrant(grant, capabilities), ...rest, temporary: false };
  } catch (thrown) {
    const text = `Its stored grant cannot be used, so nothing is granted: ${messageOf(thrown)}`;
    say(manifest.id, 'error', text);
    return { grant: 'none', ...rest, temporary: false };
  }
}

/** The record of a plugin. @throws {ClocheError} CLOSED for that of another one, which has its id since */
export function ownRecord<T extends Pick<PluginRecord, 'installation'>>(plugin: Plugin, record: T): T {
  if (record.installation === plugin.installation) return record;
  throw new ClocheError('CLOSED', `Plugin "${plugin.id}" was uninstalled, and another one has its id now`, {
    plugin: plugin.id,
  });
}

/** Whether a record says of what runs of a plugin what the plugin itself knows, whenever it was written. */
function isUpToDate({ manifest, settings }: Plugin, record: PluginRecord, records: Records): boolean {
  return isSame(comparable(recordOf(manifest, settings), records), comparable(record, records));
}

/** As stored, so that keys that mean nothing, and maps, are alike. */
function comparable(record: PluginRecord, { encodeRecord }: Records): object {
  return encodeRecord({ ...record, installedAt: 0, pending: undefined }).stored;
}
