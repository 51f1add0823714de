// What an app talks to: installs plugins, keeps them, runs them, and tells what they do.

import type { Capability } from '../capabilities/capability.ts';
import { ringOf } from '../capabilities/log/log.ts';
import { PluginLogs } from '../capabilities/log/plugin-logs.ts';
import { ClocheError, messageOf } from '../errors.ts';
import {
  type Delivery,
  HostEventTarget,
  LogEvent,
  type LogRecord,
  type PluginChange,
  PluginChangeEvent,
} from '../events.ts';
import type { Extension, LogWriter } from '../extensions/context.ts';
import { Extensions } from '../extensions/extensions.ts';
import type { Limits } from '../limits.ts';
import type { AssetEntry, PluginManifest } from '../manifest/plugin-manifest.ts';
import { givenInstall, givenWipe, type HostOptions, type InstallOptions } from '../options.ts';
import type { PluginSource } from '../package/package-source.ts';
import type { PluginPackage } from '../package/read-package.ts';
import { checkedGrant } from '../permissions/grants.ts';
import { alreadyInstalled } from '../registry/already-installed.ts';
import { newInstallation } from '../registry/installation-id.ts';
import { fingerprint, recordOf } from '../registry/plugin-record.ts';
import type { PluginRecord } from '../registry/record.ts';
import { openRegistry, type Registry } from '../registry/registry.ts';
import type { CallOptions } from '../runtime/call-options.ts';
import { chooseIsolation, type Environment, type Isolation, switchedOff } from '../runtime/environment.ts';
import { SandboxPool } from '../runtime/sandbox-pool.ts';
import { loadChunk } from '../util/load-chunk.ts';
import { type CheckedOptions, checkedOptions } from './checked-options.ts';
import { checkedReplace, type ReadPlugin, readInstallation, tryOut } from './installer.ts';
import type { Orphan } from './orphaned-data.ts';
import { Plugin } from './plugin.ts';
import type { PluginContext, PluginSettings, SettingsChange } from './plugin-context.ts';
import { makeRunner, type RunnerContext } from './runner-factory.ts';
import type { UpdateContext } from './updates.ts';

/**
 * Makes a host. Never throws for a missing engine feature, or where nothing may be stored: `host.environment` says so.
 * @throws {ClocheError} OPTION_INVALID for an option out of range; STORAGE_FAILED when the registry cannot be read.
 */
export async function createHost(options: HostOptions = {}): Promise<Host> {
  const settings = checkedOptions(options);
  const isolation = settings.disabled ? switchedOff() : await chooseIsolation(settings);
  const broken: [string, ClocheError][] = [];
  let host: Host | undefined;
  const registry = await openRegistry({
    storage: settings.storage,
    onBroken: (id, error) => (host ? host.noteUnreadable(id, error) : broken.push([id, error])),
  });
  host = new Host(settings, isolation, registry);
  try {
    await host.restore();
  } catch (thrown) {
    await host.close();
    throw thrown;
  }
  for (const [id, error] of broken) host.noteUnreadable(id, error);
  return host;
}

/** An installed plugin whose record cannot be read: it is not in `plugins`, and nothing of it runs. */
export interface UnreadablePlugin {
  readonly id: string;
  /** STORAGE_FAILED, with the field that cannot be read. */
  readonly error: ClocheError;
}

export class Host extends HostEventTarget {
  readonly #options: CheckedOptions;
  readonly #isolation: Isolation;
  readonly #registry: Registry;
  readonly #pool: SandboxPool;
  readonly #runnerContext: RunnerContext;
  readonly #log: PluginLogs;
  readonly #plugins = new Map<string, Plugin>();
  readonly #unreadable = new Map<string, ClocheError>();
  /** Modules of plugins that are open and not installed, by SHA-256. */
  readonly #openFiles = new Map<Plugin, PluginPackage['files']>();
  /** Installations that were made for plugins which are not stored, or not yet: their data goes with them. */
  readonly #unstored = new Set<string>();
  readonly #stopListening: () => void;
  readonly #extensions: Extensions;
  readonly #say: LogWriter = (id, level, text) =>
    this.#log.write(id, { level, source: 'host', text }, this.#options.limits);
  #closed = false;

  /** @internal Use `createHost`. */
  constructor(options: CheckedOptions, isolation: Isolation, registry: Registry) {
    super();
    this.#options = options;
    this.#isolation = isolation;
    this.#registry = registry;
    this.#pool = new SandboxPool(isolation, options.live, options.idleMs);
    this.#log = new PluginLogs({
      ring: ringOf(options.capabilities),
      emit: (record) => this.dispatchEvent(new LogEvent(record)),
    });
    this.#runnerContext = {
      pool: this.#pool,
      capabilities: options.capabilities,
      policy: options.policy,
      logLevel: options.logLevel,
      log: this.#log,
      files: (plugin) => this.#files(plugin),
      dispatch: (event) => this.dispatchEvent(event),
    };
    this.#extensions = new Extensions({
      host: this,
      points: options.extensionPoints,
      storage: options.storage,
      say: this.#say,
      dispatch: (event) => this.dispatchEvent(event),
    });
    // The first listener: when an app hears of a change, what plugins add to it is up to date.
    this.addEventListener('pluginchange', ({ change }) => {
      if (change !== 'called' && change !== 'settings' && change !== 'pending') this.#extensions.refresh();
    });
    this.#stopListening = registry.onChange((id) => {
      // Nobody waits for this: what goes wrong is told where people look.
      this.#follow(id).catch((thrown: unknown) => {
        this.reportBroken(id, new ClocheError('STORAGE_FAILED', messageOf(thrown), { cause: thrown }));
      });
    });
    // Whoever starts a plugin hears why the cell did not open; warming is only a favour.
    if (!options.disabled) this.#pool.warm().catch(() => undefined);
  }

  /** How plugins are isolated here, how they wait for host functions, whether anything is kept, and why. */
  get environment(): Environment {
    return { ...this.#isolation.environment, ...this.#registry.place };
  }

  get limits(): Limits {
    return { ...this.#options.limits };
  }

  get capabilities(): readonly Capability[] {
    return this.#options.capabilities;
  }

  /** Whether installed plugins outlive this page; `environment.storageReason` says why. */
  get durable(): boolean {
    return this.#registry.place.storage === 'durable';
  }

  /** Whether the plugin system as a whole is switched off. */
  get disabled(): boolean {
    return this.#options.disabled;
  }

  /** Installed and opened plugins, oldest first. */
  get plugins(): readonly Plugin[] {
    return [...this.#plugins.values()];
  }

  get(id: string): Plugin | undefined {
    return this.#plugins.get(id);
  }

  /**
   * What is installed and cannot be read, as after it was stored by a later version of Cloche. Remove it by
   * `removeUnreadable`, or install it again with `replace`.
   */
  get unreadable(): readonly UnreadablePlugin[] {
    return [...this.#unreadable].map(([id, error]) => ({ id, error }));
  }

  /**
   * Removes a plugin that `unreadable` lists. Its data is left for `orphans()`, unless `wipe` says otherwise.
   * @throws {ClocheError} OPTION_INVALID for any other; STORAGE_FAILED
   */
  async removeUnreadable(id: string, options?: { wipe?: boolean }): Promise<void> {
    const wiping = givenWipe('removeUnreadable', options);
    // Another tab may have replaced it a moment ago.
    await this.#follow(id);
    if (!this.#unreadable.has(id)) {
      throw new ClocheError('OPTION_INVALID', 'Expected `id` to be one that `unreadable` lists');
    }
    const installation = await this.#registry.installationOf(id);
    await this.#registry.remove(id, { wiping });
    this.#log.forget(id);
    // Told by the registry, the host may have said so by now.
    if (this.#unreadable.delete(id)) this.#tell(id, 'uninstalled');
    if (wiping && installation !== undefined) await this.#wipe(installation);
  }

  /** What plugins have logged, oldest first; of one plugin or of all. */
  logs(id?: string): readonly LogRecord[] {
    if (id !== undefined) return this.#log.records(id);
    const ids = [...this.#plugins.keys(), ...this.#unreadable.keys()];
    return ids.flatMap((one) => this.#log.records(one)).sort((a, b) => a.time - b.time);
  }

  /**
   * Installs a plugin: it is kept with its config and state, and is the same in every tab of the origin.
   * Resolves when it has been started once, so that what cannot start is not installed. It begins without data: what
   * another plugin of its id has stored is that plugin's, unless the options say otherwise.
   * @throws {ClocheError} among others PACKAGE_REJECTED, MANIFEST_INVALID, MODULE_REJECTED, IMPORT_MISSING,
   * ALREADY_INSTALLED, START_FAILED, STORAGE_FAILED. Nothing is changed then.
   * An update (`replace: 'keep'`) keeps what the user has set, but for what the options name, and lifts a quarantine.
   * Under the grant `'manifest'` one that asks for more than the plugin was granted only waits, as `plugin.pending`, and
   * the plugin runs on as it was; a grant that names capabilities, or `'all'`, is the yes to it.
   */
  async install(source: PluginSource, given?: InstallOptions): Promise<Plugin> {
    const options = givenInstall('install', given);
    const replace = checkedReplace(options);
    const read = await this.#read(source, options);
    const { id } = read.manifest;
    // Another tab may have installed one of this id a moment ago.
    if (replace) await this.#follow(id);
    const before = this.#plugins.get(id);
    if (before && !(this.#isKept(before) && replace)) throw alreadyInstalled(id);
    if (!before || replace === 'wipe') return this.#add(read, options, replace);
    return (await updates()).update(this.#updateContext(), before, read, options);
  }

  /**
   * Opens a plugin without keeping it: for tests and one-off runs. Otherwise as `install`. What it stores goes with it,
   * unless `data: 'keep'` gives it the data of the last plugin of its id.
   */
  async open(source: PluginSource, given?: InstallOptions): Promise<Plugin> {
    const options = givenInstall('open', given);
    const replace = checkedReplace(options);
    const { manifest, settings: wanted, files } = await this.#read(source, options);
    const { id } = manifest;
    const before = this.#plugins.get(id);
    if (before && !(replace && this.#openFiles.has(before))) throw alreadyInstalled(id);
    const kept = replace === 'keep' ? before?.settings : undefined;
    const { installation, temporary } = kept ?? (await this.#beginning(id, options));
    const settings = { ...wanted, installedAt: undefined, installation, temporary, pending: undefined };
    const plugin = await this.#started(manifest, settings, files, options.signal);
    // Somebody else may have been faster while this one started.
    if (this.#plugins.get(id) !== before) {
      await plugin.close();
      throw alreadyInstalled(id);
    }
    this.#plugins.set(id, plugin);
    await before?.close();
    this.#tell(id, 'installed');
    return plugin;
  }

  /**
   * What uninstalled plugins have left, newest first. A later plugin of the same id gets none of it, unless it is
   * installed with `data: 'keep'`.
   * @throws {ClocheError} STORAGE_FAILED
   */
  async orphans(): Promise<Orphan[]> {
    const { notes } = this.#registry;
    const { orphansOf } = await leftData();
    return orphansOf(notes, this.#options.capabilities, (error) => this.reportBroken('orphans', error));
  }

  /**
   * Deletes what an uninstalled plugin has left.
   * @param installation of one that `orphans()` lists
   * @throws {ClocheError} OPTION_INVALID for any other; STORAGE_FAILED: then it is still listed
   */
  async wipeOrphan(installation: string): Promise<void> {
    const { notes } = this.#registry;
    const { markWiping } = await leftData();
    if (!(await markWiping(notes, installation))) {
      throw new ClocheError('OPTION_INVALID', 'Expected `installation` to be one that `orphans()` lists');
    }
    await this.#wipe(installation);
  }

  /**
   * Answers a request below `/api/plugins`, in this page: by a plugin's routes (`/api/plugins/<id>/<path>`) and assets
   * (`…/assets/<file>`), and as Windshift's admin API. It can do all that a host can do, and what a plugin answers is that
   * plugin's: give its pages `plugin.fetch` instead, and never show an answer as a page of your own origin.
   * Headers go to the plugin as given here; the cookies of this page do not.
   * @throws {TypeError} for what is not a request; the reason of its signal, when it is aborted
   */
  fetch(input: RequestInfo | URL, init?: RequestInit): Promise<Response> {
    return this.#extensions.fetch(input, init);
  }

  /**
   * Tells plugins of an event: each enabled one that subscribes to exactly this name, all at the same time. Its handler
   * gets `{ event, payload }`, where `event`, `timestamp` and `webhook_id` are added to a payload that is an object.
   * @returns how each of them took it; those that failed kept nobody else from it
   * @throws {ClocheError} OPTION_INVALID for a payload that cannot be written as JSON
   */
  emit(event: string, payload?: unknown, options?: CallOptions): Promise<Delivery[]> {
    return this.#extensions.emit(event, payload, options);
  }

  /** What enabled plugins add to an extension point, or to all: by group, order, label and plugin. */
  extensions(point?: string): readonly Extension[] {
    return this.#extensions.list(point);
  }

  /** Ends all plugins in this page and lets go of everything. What is installed stays installed. */
  async close(): Promise<void> {
    if (this.#closed) return;
    this.#closed = true;
    this.#stopListening();
    this.#extensions.close();
    // Those that are only being started have their files here already.
    const all = new Set([...this.#plugins.values(), ...this.#openFiles.keys()]);
    await Promise.all([...all].map((plugin) => plugin.close()));
    await this.#pool.close();
    this.#log.close();
    this.#registry.close();
  }

  /** @internal Workers at present; for tests of leaks. */
  population(): Promise<number> {
    return this.#pool.workerCount();
  }

  /** @internal Brings back what is installed. */
  async restore(): Promise<void> {
    for (const record of await this.#registry.list()) this.#bringBack(record);
    this.#extensions.refresh();
  }

  /** @internal A record that cannot be read is skipped: it must not take the others with it. */
  noteUnreadable(id: string, error: ClocheError): void {
    if (!this.#unreadable.has(id)) this.reportBroken(id, error);
    this.#unreadable.set(id, error);
  }

  /** @internal Something of a plugin cannot be read, and somebody should know. */
  reportBroken(id: string, error: ClocheError): void {
    this.#say(id, 'error', error.message);
  }

  async #read(source: PluginSource, options: InstallOptions) {
    if (this.#closed) throw new ClocheError('CLOSED', 'The host is closed; make a new one with `createHost`');
    if (this.disabled) throw new ClocheError('DISABLED', 'Plugins are switched off here as a whole');
    const { capabilities, limits } = this.#options;
    return readInstallation(source, options, { capabilities, limits, say: this.#say });
  }

  /** A plugin that is new, or takes the place of one whose data goes. */
  async #add(read: ReadPlugin, options: InstallOptions, replace: 'keep' | 'wipe' | false): Promise<Plugin> {
    const { id } = read.manifest;
    const before = this.#plugins.get(id);
    // Only one whose record cannot be read is stored and not here.
    const damaged = replace === 'keep' ? await this.#registry.installationOf(id) : undefined;
    const installation = damaged ?? (await this.#beginning(id, options)).installation;
    const settings = { ...read.settings, installedAt: Date.now(), installation, temporary: false, pending: undefined };
    const plugin = await this.#started(read.manifest, settings, read.files, options.signal);
    await this.#store(plugin, before, () =>
      this.#registry.put(recordOf(plugin.manifest, settings), read.files, replace),
    );
    this.#unstored.delete(installation);
    this.#openFiles.delete(plugin);
    this.#unreadable.delete(id);
    this.#plugins.set(id, plugin);
    if (before) {
      await before.close();
      this.#tell(id, 'uninstalled');
    }
    this.#tell(id, 'installed');
    if (before) await this.#wipeReplaced(before);
    return plugin;
  }

  /** The new one is installed, whatever becomes of the data of the one before. */
  async #wipeReplaced({ id, installation }: Plugin): Promise<void> {
    try {
      await this.#wipe(installation);
    } catch (thrown) {
      const listed = '`orphans()` lists it now';
      this.#say(id, 'error', `What the plugin before it stored could not be wiped; ${listed}: ${messageOf(thrown)}`);
    }
  }

  /** Stores what `trial` has shown to start, unless another plugin has taken its place; else ends it. */
  async #store<T>(trial: Plugin, before: Plugin | undefined, work: () => Promise<T>): Promise<T> {
    try {
      if (this.#plugins.get(trial.id) !== before) throw alreadyInstalled(trial.id);
      return await work();
    } catch (thrown) {
      await trial.close();
      throw thrown;
    }
  }

  #updateContext(): UpdateContext {
    return {
      registry: this.#registry,
      make: (...given) => this.#make(...given),
      say: this.#say,
      settingsOf: (record) => this.#settingsOf(record),
      own: (...given) => this.#own(...given),
      store: (...given) => this.#store(...given),
      updated: ({ id }) => this.#tell(id, 'updated'),
    };
  }

  /** Whom the data of a plugin belongs to that takes nobody's place, and whether it goes with one that is only open. */
  async #beginning(id: string, { data }: InstallOptions): Promise<{ installation: string; temporary: boolean }> {
    if (data === 'keep') {
      const { leftBy } = await leftData();
      return { installation: await leftBy(this.#registry.notes, id), temporary: false };
    }
    const installation = newInstallation();
    this.#unstored.add(installation);
    return { installation, temporary: true };
  }

  async #started(
    manifest: PluginManifest,
    settings: PluginSettings,
    files: PluginPackage['files'],
    signal: AbortSignal | undefined,
  ): Promise<Plugin> {
    const plugin = this.#make(manifest, settings, files);
    await tryOut(plugin, this.#say, signal);
    return plugin;
  }

  #make(manifest: PluginManifest, settings: PluginSettings, files?: PluginPackage['files']): Plugin {
    const context: PluginContext = {
      limits: this.#options.limits,
      capabilities: this.#options.capabilities,
      policy: this.#options.policy,
      disabled: this.disabled,
      makeRunner: (plugin) => makeRunner(this.#runnerContext, plugin),
      asset: (plugin, entry) => this.#asset(plugin, entry),
      save: (plugin, changes) => this.#save(plugin, changes),
      remove: (plugin, wiping) => this.#remove(plugin, wiping),
      tidy: (plugin, wipe) => this.#tidy(plugin, wipe),
      accept: async (...given) => (await updates()).accept(this.#updateContext(), ...given),
      dismiss: async (plugin) => (await updates()).dismiss(this.#updateContext(), plugin),
      closed: (plugin) => this.#letGo(plugin),
      changed: (id, change) => this.#tell(id, change),
      say: this.#say,
    };
    const plugin = new Plugin(context, manifest, settings);
    if (files) this.#openFiles.set(plugin, files);
    return plugin;
  }

  async #files(plugin: Plugin): Promise<ReadonlyMap<string, Uint8Array>> {
    const open = this.#openFiles.get(plugin);
    if (open) return open;
    const record = await this.#registry.get(plugin.id);
    const files = record ? await this.#registry.files(record) : new Map<string, Uint8Array>();
    // A file that is missing is the registry's to report. This is news of another tab that is not here yet.
    if (!plugin.manifest.modules.every(({ sha256 }) => files.has(sha256))) {
      throw new ClocheError('ABORTED', `Plugin "${plugin.id}" was changed in another tab just now; call it again`, {
        plugin: plugin.id,
      });
    }
    return files;
  }

  async #asset(plugin: Plugin, entry: AssetEntry): Promise<Uint8Array> {
    const open = this.#openFiles.get(plugin)?.get(entry.sha256);
    return open?.slice() ?? this.#registry.asset(plugin.id, entry);
  }

  /** Whether it stands in the registry. One that is only open may share its id with one that another tab installs. */
  #isKept(plugin: Plugin): boolean {
    return this.#plugins.get(plugin.id) === plugin && !this.#openFiles.has(plugin);
  }

  async #save(plugin: Plugin, changes: SettingsChange): Promise<PluginSettings | undefined> {
    if (!this.#isKept(plugin)) return undefined;
    const stored = await this.#registry.update(plugin.id, (record) => this.#own(plugin, record) && changes);
    return this.#settingsOf(stored);
  }

  /** The record of a plugin. @throws {ClocheError} CLOSED for that of another one, which has its id since */
  #own(plugin: Plugin, record: PluginRecord): PluginRecord {
    if (record.installation === plugin.installation) return record;
    throw new ClocheError('CLOSED', `Plugin "${plugin.id}" was uninstalled, and another one has its id now`, {
      plugin: plugin.id,
    });
  }

  async #remove(plugin: Plugin, wiping: boolean): Promise<void> {
    const { id, installation } = plugin;
    if (this.#isKept(plugin)) await this.#registry.remove(id, { installation, wiping });
  }

  /** After a plugin is gone: its log, and its data where that is to go, or is none. */
  async #tidy(plugin: Plugin, wipe: boolean): Promise<void> {
    this.#log.forget(plugin.id);
    const { installation } = plugin;
    if (wipe || (await this.#storesNothing(installation))) await this.#wipe(installation);
  }

  async #storesNothing(installation: string): Promise<boolean> {
    try {
      return await (await leftData()).storesNothing(this.#options.capabilities, installation);
    } catch {
      // Where the part cannot be loaded it is not known either, and the note stays.
      return false;
    }
  }

  async #wipe(installation: string): Promise<void> {
    await wipeIn(this.#options.capabilities, installation);
    await this.#registry.forgetOrphan(installation);
  }

  #letGo(plugin: Plugin): void {
    this.#openFiles.delete(plugin);
    this.#discard(plugin);
    if (this.#plugins.get(plugin.id) !== plugin) return;
    this.#plugins.delete(plugin.id);
    if (!this.#closed) this.#extensions.refresh();
  }

  /** The data of a plugin that was never stored, once no other one has it: an opened one may have been replaced. */
  #discard({ id, installation, used }: Plugin): void {
    const others = [...this.#plugins.values(), ...this.#openFiles.keys()].filter(({ state }) => state !== 'closed');
    if (others.some((other) => other.installation === installation)) return;
    if (!this.#unstored.delete(installation)) return;
    const storing = this.#options.capabilities.filter(({ name }) => used.has(name));
    // Nobody waits for this: what goes wrong is told where people look.
    wipeIn(storing, installation).catch((thrown: unknown) => {
      this.#say(id, 'warn', `What it has stored could not be deleted: ${messageOf(thrown)}`);
    });
  }

  /** Another tab, or this one, has changed what is stored. */
  async #follow(id: string): Promise<void> {
    if (this.#closed) return;
    let record: PluginRecord | undefined;
    const noted = this.#unreadable.get(id);
    try {
      record = await this.#registry.get(id);
    } catch (thrown) {
      if (!(thrown instanceof ClocheError)) throw thrown;
      return this.reportBroken(id, thrown);
    }
    // Noted anew, by another error, where it still cannot be read.
    const isGone = noted !== undefined && this.#unreadable.get(id) === noted && this.#unreadable.delete(id);
    const plugin = this.#plugins.get(id);
    // What is only open here is nobody else's to change.
    if (plugin && this.#openFiles.has(plugin)) return;
    if (plugin && plugin.installation !== record?.installation) {
      await plugin.close();
      this.#log.forget(id);
      this.#tell(id, 'uninstalled');
    }
    if (!record) {
      if (isGone) this.#tell(id, 'uninstalled');
      else if (!noted && this.#unreadable.has(id)) this.#tell(id, 'unreadable');
      return;
    }
    // Told of one that has its id since: not the same plugin, whatever it says of itself.
    if (!this.#plugins.has(id)) {
      this.#bringBack(record);
      return this.#tell(id, 'installed');
    }
    if (plugin && fingerprint(recordOf(plugin.manifest, plugin.settings)) !== fingerprint(record)) {
      plugin.adopt(record.manifest, this.#settingsOf(record));
      this.#tell(id, 'updated');
    } else if (plugin && plugin.settings.pending?.sha256 !== record.pending?.sha256) {
      plugin.stage(record.pending);
    }
  }

  /** A stored grant may name what this host does not offer any more; then nothing is granted until somebody says so. */
  #settingsOf({ manifest, schema: _, grant, ...rest }: PluginRecord): PluginSettings {
    try {
      return { grant: checkedGrant(grant, this.#options.capabilities), ...rest, temporary: false };
    } catch (thrown) {
      const text = `Its stored grant cannot be used, so nothing is granted: ${messageOf(thrown)}`;
      this.#say(manifest.id, 'error', text);
      return { grant: 'none', ...rest, temporary: false };
    }
  }

  #bringBack(record: PluginRecord): void {
    if (this.#plugins.has(record.manifest.id)) return;
    this.#plugins.set(record.manifest.id, this.#make(record.manifest, this.#settingsOf(record)));
  }

  #tell(id: string, change: PluginChange): void {
    this.dispatchEvent(new PluginChangeEvent(id, change));
  }
}

const updates = () => loadChunk(() => import('./updates.ts'));

const leftData = () => loadChunk(() => import('./orphaned-data.ts'));

async function wipeIn(capabilities: readonly Capability[], installation: string): Promise<void> {
  await Promise.all(capabilities.map((capability) => capability.wipe?.(installation)));
}
