// What an app talks to: installs plugins, keeps them, runs them, and tells what they do.

import type { Capability } from './capabilities/capability.ts';
import { ringOf } from './capabilities/log.ts';
import { LogBook } from './capabilities/log-book.ts';
import { ClocheError, messageOf } from './errors.ts';
import {
  type Delivery,
  HostEventTarget,
  LogEvent,
  type LogRecord,
  type PluginChange,
  PluginChangeEvent,
} from './events.ts';
import type { Extension } from './extensions/extension-board.ts';
import type { Say } from './extensions/extension-grounds.ts';
import { Extensions } from './extensions/extensions.ts';
import { type CheckedOptions, checkedOptions } from './host-options.ts';
import { alreadyInstalled, keptSettings, readInstallation, tryOut } from './installation.ts';
import type { AssetEntry, PluginManifest } from './manifest/plugin-manifest.ts';
import { type CallOptions, givenInstall, type HostOptions, type InstallOptions, type Limits } from './options.ts';
import type { PluginSource } from './package/package-source.ts';
import type { PluginPackage } from './package/read-package.ts';
import { checkedGrant } from './permissions/grants.ts';
import { Plugin } from './plugin.ts';
import { fingerprint, recordOf } from './plugin-record.ts';
import { makeRunner, type RunnerGrounds } from './plugin-runner.ts';
import type { PluginSettings, PluginSurroundings, SettingsChange } from './plugin-surroundings.ts';
import type { PluginRecord } from './registry/record.ts';
import { openRegistry, type Registry } from './registry/registry.ts';
import { type Environment, findGround, type Ground, switchedOff } from './sandbox/environment.ts';
import { Roster } from './sandbox/roster.ts';

/**
 * Makes a host. Never throws for a missing engine feature, or where nothing may be stored: `host.environment` says so.
 * @throws {ClocheError} OPTION_INVALID for an option out of range; STORAGE_FAILED when the registry cannot be read.
 */
export async function createHost(options: HostOptions = {}): Promise<Host> {
  const settings = checkedOptions(options);
  const ground = settings.disabled ? switchedOff() : await findGround(settings);
  const broken: [string, ClocheError][] = [];
  let host: Host | undefined;
  const registry = await openRegistry({
    storage: settings.storage,
    onBroken: (id, error) => (host ? host.reportBroken(id, error) : broken.push([id, error])),
  });
  host = new Host(settings, ground, registry);
  try {
    await host.restore();
  } catch (thrown) {
    await host.close();
    throw thrown;
  }
  for (const [id, error] of broken) host.reportBroken(id, error);
  return host;
}

export class Host extends HostEventTarget {
  readonly #options: CheckedOptions;
  readonly #ground: Ground;
  readonly #registry: Registry;
  readonly #roster: Roster;
  readonly #grounds: RunnerGrounds;
  readonly #log: LogBook;
  readonly #plugins = new Map<string, Plugin>();
  /** Modules of plugins that are open and not installed, by SHA-256. */
  readonly #openFiles = new Map<Plugin, PluginPackage['files']>();
  readonly #stopListening: () => void;
  readonly #extensions: Extensions;
  readonly #say: Say = (id, level, text) => this.#log.write(id, { level, source: 'host', text }, this.#options.limits);
  #closed = false;

  /** @internal Use `createHost`. */
  constructor(options: CheckedOptions, ground: Ground, registry: Registry) {
    super();
    this.#options = options;
    this.#ground = ground;
    this.#registry = registry;
    this.#roster = new Roster(ground, options.live, options.idleMs);
    this.#log = new LogBook({
      ring: ringOf(options.capabilities),
      emit: (record) => this.dispatchEvent(new LogEvent(record)),
    });
    this.#grounds = {
      roster: this.#roster,
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
      if (change !== 'called' && change !== 'settings') this.#extensions.refresh();
    });
    this.#stopListening = registry.onChange((id) => {
      // Nobody waits for this: what goes wrong is told where people look.
      this.#follow(id).catch((thrown: unknown) => {
        this.reportBroken(id, new ClocheError('STORAGE_FAILED', messageOf(thrown), { cause: thrown }));
      });
    });
    // Whoever starts a plugin hears why the cell did not open; warming is only a favour.
    if (!options.disabled) this.#roster.warm().catch(() => undefined);
  }

  /** How plugins are isolated here, how they wait for host functions, whether anything is kept, and why. */
  get environment(): Environment {
    return { ...this.#ground.environment, ...this.#registry.place };
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

  /** What plugins have logged, oldest first; of one plugin or of all. */
  logs(id?: string): readonly LogRecord[] {
    if (id !== undefined) return this.#log.records(id);
    return this.plugins.flatMap((plugin) => this.#log.records(plugin.id)).sort((a, b) => a.time - b.time);
  }

  /**
   * Installs a plugin: it is kept with its config and state, and is the same in every tab of the origin.
   * Resolves when it has been started once, so that what cannot start is not installed.
   * @throws {ClocheError} among others PACKAGE_REJECTED, MANIFEST_INVALID, MODULE_REJECTED, IMPORT_MISSING,
   * ALREADY_INSTALLED, START_FAILED, STORAGE_FAILED. Nothing is changed then.
   * An update (`replace`) keeps what the user has set, but for what the options name, and lifts a quarantine.
   */
  async install(source: PluginSource, given?: InstallOptions): Promise<Plugin> {
    const options = givenInstall('install', given);
    const { manifest: read, settings: wanted, files } = await this.#read(source, options);
    const before = this.#plugins.get(read.id);
    const settings = before ? keptSettings(before.settings, wanted, options) : { ...wanted, installedAt: Date.now() };
    if (before && !(this.#isKept(before) && options.replace)) throw alreadyInstalled(read.id);
    // Tried under its own runner first: a new version that cannot start must not take the old one's place.
    const trial = await this.#started(read, { ...settings, enabled: true }, files, options.signal);
    const { manifest } = trial;
    try {
      if (this.#plugins.get(manifest.id) !== before) throw alreadyInstalled(manifest.id);
      await this.#registry.put(recordOf(manifest, settings), files, options.replace ?? false);
    } catch (thrown) {
      await trial.close();
      throw thrown;
    }
    if (before) {
      await trial.close();
      before.adopt(manifest, settings);
      this.#tell(manifest.id, 'updated');
      return before;
    }
    this.#openFiles.delete(trial);
    this.#plugins.set(manifest.id, trial);
    this.#tell(manifest.id, 'installed');
    return trial;
  }

  /** Opens a plugin without keeping it: for tests and one-off runs. Otherwise as `install`. */
  async open(source: PluginSource, given?: InstallOptions): Promise<Plugin> {
    const options = givenInstall('open', given);
    const { manifest, settings, files } = await this.#read(source, options);
    const before = this.#plugins.get(manifest.id);
    if (before && !(options.replace && this.#openFiles.has(before))) throw alreadyInstalled(manifest.id);
    const plugin = await this.#started(manifest, settings, files, options.signal);
    // Somebody else may have been faster while this one started.
    if (this.#plugins.get(manifest.id) !== before) {
      await plugin.close();
      throw alreadyInstalled(manifest.id);
    }
    await before?.close();
    this.#plugins.set(manifest.id, plugin);
    this.#tell(manifest.id, 'installed');
    return plugin;
  }

  /**
   * Answers a request below `/api/plugins`, in this page: by a plugin's routes (`/api/plugins/<id>/<path>`) and assets
   * (`…/assets/<file>`), and as Windshift's admin API. It can do all that a host can do, and what a plugin answers is that
   * plugin's: give its pages `plugin.fetch` instead, and never show an answer as a page of your own origin.
   * Headers go to the plugin as given here; the cookies of this page do not.
   * @throws {TypeError} for what is no request; the reason of its signal, when it is aborted
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
    await this.#roster.close();
    this.#log.close();
    this.#registry.close();
  }

  /** @internal Workers at present; for tests of leaks. */
  population(): Promise<number> {
    return this.#roster.population();
  }

  /** @internal Brings back what is installed. */
  async restore(): Promise<void> {
    for (const record of await this.#registry.list()) this.#bringBack(record);
    this.#extensions.refresh();
  }

  /** @internal A record that cannot be read is skipped, and somebody should know. */
  reportBroken(id: string, error: ClocheError): void {
    this.#say(id, 'error', error.message);
  }

  async #read(source: PluginSource, options: InstallOptions) {
    if (this.#closed) throw new ClocheError('CLOSED', 'The host is closed; make a new one with `createHost`');
    if (this.disabled) throw new ClocheError('DISABLED', 'Plugins are switched off here as a whole');
    const { capabilities, limits } = this.#options;
    return readInstallation(source, options, { capabilities, limits, say: this.#say });
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
    const surroundings: PluginSurroundings = {
      limits: this.#options.limits,
      capabilities: this.#options.capabilities,
      policy: this.#options.policy,
      disabled: this.disabled,
      makeRunner: (plugin) => makeRunner(this.#grounds, plugin),
      asset: (plugin, entry) => this.#asset(plugin, entry),
      save: (plugin, changes) => this.#save(plugin, changes),
      remove: (plugin) => this.#remove(plugin),
      wipe: (id) => this.#wipe(id),
      closed: (plugin) => this.#letGo(plugin),
      changed: (id, change) => this.#tell(id, change),
      say: this.#say,
    };
    const plugin = new Plugin(surroundings, manifest, settings);
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
    return this.#settingsOf(await this.#registry.update(plugin.id, () => changes));
  }

  async #remove(plugin: Plugin): Promise<void> {
    if (this.#isKept(plugin)) await this.#registry.remove(plugin.id);
  }

  async #wipe(id: string): Promise<void> {
    this.#log.forget(id);
    await Promise.all(this.#options.capabilities.map((capability) => capability.wipe?.(id)));
  }

  #letGo(plugin: Plugin): void {
    this.#openFiles.delete(plugin);
    if (this.#plugins.get(plugin.id) !== plugin) return;
    this.#plugins.delete(plugin.id);
    if (!this.#closed) this.#extensions.refresh();
  }

  /** Another tab, or this one, has changed what is stored. */
  async #follow(id: string): Promise<void> {
    if (this.#closed) return;
    let record: PluginRecord | undefined;
    try {
      record = await this.#registry.get(id);
    } catch (thrown) {
      if (!(thrown instanceof ClocheError)) throw thrown;
      return this.reportBroken(id, thrown);
    }
    const plugin = this.#plugins.get(id);
    // What is only open here is nobody else's to change.
    if (plugin && this.#openFiles.has(plugin)) return;
    if (!record) {
      if (!plugin) return;
      await plugin.close();
      return this.#tell(id, 'uninstalled');
    }
    if (!plugin) {
      this.#bringBack(record);
      return this.#tell(id, 'installed');
    }
    if (fingerprint(recordOf(plugin.manifest, plugin.settings)) !== fingerprint(record)) {
      plugin.adopt(record.manifest, this.#settingsOf(record));
      this.#tell(id, 'updated');
    }
  }

  /** A stored grant may name what this host does not offer any more; then nothing is granted until somebody says so. */
  #settingsOf({ manifest, schema: _, grant, ...rest }: PluginRecord): PluginSettings {
    try {
      return { grant: checkedGrant(grant, this.#options.capabilities), ...rest };
    } catch (thrown) {
      const text = `Its stored grant cannot be used, so nothing is granted: ${messageOf(thrown)}`;
      this.#say(manifest.id, 'error', text);
      return { grant: 'none', ...rest };
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
