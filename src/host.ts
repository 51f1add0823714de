// What an app talks to: installs plugins, keeps them, runs them, and tells what they do.

import type { Capability } from './capabilities/capability.ts';
import { ringOf } from './capabilities/log.ts';
import { LogBook } from './capabilities/log-book.ts';
import { ClocheError, messageOf } from './errors.ts';
import {
  HostCallEvent,
  type HostEventMap,
  KillEvent,
  LogEvent,
  type LogRecord,
  type PluginChange,
  PluginChangeEvent,
} from './events.ts';
import { answerHostCall, type OfferedFunction, offeredFunctions } from './host-call-desk.ts';
import { type CheckedOptions, checkedOptions } from './host-options.ts';
import type { PluginManifest } from './manifest/plugin-manifest.ts';
import { checkedConfig, type HostOptions, type InstallOptions, type Limits } from './options.ts';
import type { PluginSource } from './package/package-source.ts';
import { type PluginPackage, readPackage } from './package/read-package.ts';
import { checkGrant } from './permissions/grants.ts';
import { onlyGiven, Plugin } from './plugin.ts';
import { fingerprint, recordOf } from './plugin-record.ts';
import type { PluginSettings, PluginSurroundings } from './plugin-surroundings.ts';
import type { PluginRecord } from './registry/record.ts';
import { openRegistry, type Registry } from './registry/registry.ts';
import { type Environment, findGround, type Ground } from './sandbox/environment.ts';
import { Roster } from './sandbox/roster.ts';
import { Runner } from './sandbox/runner.ts';

/**
 * Makes a host. Never throws for a missing engine feature: `host.environment` says what is missing.
 * @throws {ClocheError} OPTION_INVALID for an option out of range; STORAGE_FAILED when the registry cannot be read.
 */
export async function createHost(options: HostOptions = {}): Promise<Host> {
  const settings = checkedOptions(options);
  const ground = await findGround(settings);
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

export class Host extends EventTarget {
  readonly #options: CheckedOptions;
  readonly #ground: Ground;
  readonly #registry: Registry;
  readonly #roster: Roster;
  readonly #functions: readonly OfferedFunction[];
  readonly #log: LogBook;
  readonly #plugins = new Map<string, Plugin>();
  /** Modules of plugins that are open and not installed, by SHA-256. */
  readonly #openFiles = new Map<Plugin, PluginPackage['files']>();
  readonly #stopListening: () => void;
  #closed = false;

  /** @internal Use `createHost`. */
  constructor(options: CheckedOptions, ground: Ground, registry: Registry) {
    super();
    this.#options = options;
    this.#ground = ground;
    this.#registry = registry;
    this.#roster = new Roster(ground, options.live, options.idleMs);
    this.#functions = offeredFunctions(options.capabilities);
    this.#log = new LogBook({
      ring: ringOf(options.capabilities),
      emit: (record) => this.dispatchEvent(new LogEvent(record)),
    });
    this.#stopListening = registry.onChange((id) => void this.#follow(id));
    // Whoever starts a plugin hears why the cell did not open; warming is only a favour.
    this.#roster.warm().catch(() => undefined);
  }

  /** How plugins are isolated here, how they wait for host functions, and why. */
  get environment(): Environment {
    return this.#ground.environment;
  }

  get limits(): Limits {
    return { ...this.#options.limits };
  }

  get capabilities(): readonly Capability[] {
    return this.#options.capabilities;
  }

  /** Whether installed plugins outlive this page. */
  get durable(): boolean {
    return this.#registry.durable;
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
   */
  async install(source: PluginSource, options: InstallOptions = {}): Promise<Plugin> {
    const { manifest, settings, files } = await this.#read(source, options);
    const before = this.#plugins.get(manifest.id);
    const replaced = before !== undefined && !this.#openFiles.has(before);
    if (before && !(replaced && options.replace)) throw alreadyInstalled(manifest.id);
    // Tried under its own runner first: a new version that cannot start must not take the old one's place.
    const trial = await this.#started(manifest, settings, files, options.signal);
    try {
      const record = recordOf(manifest, settings);
      await this.#registry.put(record, files, options.replace ?? false);
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
  async open(source: PluginSource, options: InstallOptions = {}): Promise<Plugin> {
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

  /** Ends all plugins in this page and lets go of everything. What is installed stays installed. */
  async close(): Promise<void> {
    if (this.#closed) return;
    this.#closed = true;
    this.#stopListening();
    // Those that are only being started have their files here already.
    const all = new Set([...this.#plugins.values(), ...this.#openFiles.keys()]);
    await Promise.all([...all].map((plugin) => plugin.close()));
    await this.#roster.close();
    this.#log.close();
    this.#registry.close();
  }

  override addEventListener<K extends keyof HostEventMap>(
    type: K,
    listener: (event: HostEventMap[K]) => void,
    options?: boolean | AddEventListenerOptions,
  ): void;
  override addEventListener(
    type: string,
    listener: EventListenerOrEventListenerObject | null,
    options?: boolean | AddEventListenerOptions,
  ): void;
  override addEventListener(
    type: string,
    listener: EventListenerOrEventListenerObject | null,
    options?: boolean | AddEventListenerOptions,
  ): void {
    super.addEventListener(type, listener, options);
  }

  /** @internal Workers at present; for tests of leaks. */
  population(): Promise<number> {
    return this.#roster.population();
  }

  /** @internal Brings back what is installed. */
  async restore(): Promise<void> {
    for (const record of await this.#registry.list()) this.#bringBack(record);
  }

  /** @internal A record that cannot be read is skipped, and somebody should know. */
  reportBroken(id: string, error: ClocheError): void {
    this.#log.write(id, { level: 'error', source: 'host', text: error.message }, this.#options.limits);
  }

  async #read(source: PluginSource, options: InstallOptions) {
    if (this.#closed) throw new ClocheError('CLOSED', 'The host is closed; make a new one with `createHost`');
    const grant = options.grant ?? 'manifest';
    checkGrant(grant, this.#options.capabilities);
    const limits = onlyGiven(options.limits ?? {});
    const { manifest, files, warnings } = await readPackage(source, {
      limits: this.#options.limits,
      signal: options.signal,
      id: options.id,
    });
    for (const text of warnings)
      this.#log.write(manifest.id, { level: 'warn', source: 'host', text }, this.#options.limits);
    const config = checkedConfig(options.config);
    const settings: PluginSettings = { grant, config, limits, enabled: true, quarantined: false };
    return { manifest, settings, files };
  }

  async #started(
    manifest: PluginManifest,
    settings: PluginSettings,
    files: PluginPackage['files'],
    signal: AbortSignal | undefined,
  ): Promise<Plugin> {
    const plugin = this.#make(manifest, settings, files);
    try {
      await plugin.inspect(signal);
      // Imports are known now, and with them what an Extism plugin asks for: a bad scope shows here.
      void plugin.grants;
      await plugin.start(signal);
      return plugin;
    } catch (thrown) {
      await plugin.close();
      throw thrown;
    }
  }

  #make(manifest: PluginManifest, settings: PluginSettings, files?: PluginPackage['files']): Plugin {
    const surroundings: PluginSurroundings = {
      limits: this.#options.limits,
      capabilities: this.#options.capabilities,
      policy: this.#options.policy,
      makeRunner: (plugin) => this.#makeRunner(plugin),
      save: (id, changed) => this.#save(id, changed),
      remove: (plugin, wipe) => this.#remove(plugin, wipe),
      closed: (plugin) => this.#letGo(plugin),
      changed: (id, change) => this.#tell(id, change),
    };
    const plugin = new Plugin(surroundings, manifest, settings);
    if (files) this.#openFiles.set(plugin, files);
    return plugin;
  }

  #makeRunner(plugin: Plugin): Runner {
    const writeLog = (level: LogRecord['level'], source: LogRecord['source'], text: string): void =>
      this.#log.write(plugin.id, { level, source, text }, plugin.limits);
    const runner: Runner = new Runner(
      this.#roster,
      () => ({
        id: plugin.id,
        limits: plugin.limits,
        functions: this.#functions.map(({ namespace, name, params, result }) => ({ namespace, name, params, result })),
        config: plugin.config,
        instance: plugin.manifest.instance,
        logLevel: this.#options.logLevel,
        refusal: plugin.refusal,
        modules: plugin.manifest.modules,
        bytes: (sha256) => this.#bytes(plugin, sha256),
      }),
      {
        hostCall: (call, index, args) => {
          const { id, name, version } = plugin.manifest;
          const { limits, grants } = plugin;
          const owner = {
            plugin: { id, name, version },
            limits,
            grants,
            policy: this.#options.policy,
            log: (level: LogRecord['level'], text: string) => writeLog(level, 'host', text),
            called: (record: HostCallEvent['record']) => this.dispatchEvent(new HostCallEvent(record)),
          };
          return answerHostCall(owner, this.#functions, call, index, args);
        },
        log: ({ level, source, text }) => writeLog(level, source, text),
        killed: (error, call) => {
          writeLog('error', 'host', error.message);
          this.dispatchEvent(
            new KillEvent({
              plugin: plugin.id,
              time: Date.now(),
              code: error.code,
              exportName: call?.exportName,
              message: error.message,
              afterMs: call?.elapsedMs ?? 0,
            }),
          );
          if (runner.quarantined) this.#keepQuarantine(plugin);
        },
        changed: () => this.#tell(plugin.id, 'state'),
      },
    );
    return runner;
  }

  /** A quarantine that cannot be stored still holds in this page; the log says that it will not outlive it. */
  #keepQuarantine(plugin: Plugin): void {
    plugin.keepQuarantine().catch((thrown: unknown) => {
      const text = `its quarantine could not be stored: ${messageOf(thrown)}`;
      this.#log.write(plugin.id, { level: 'error', source: 'host', text }, plugin.limits);
    });
  }

  async #bytes(plugin: Plugin, sha256: string): Promise<Uint8Array> {
    const files = this.#openFiles.get(plugin) ?? (await this.#storedFiles(plugin.id));
    const bytes = files.get(sha256);
    // A file that is missing is the registry's to report. This is news of another tab that is not here yet.
    if (!bytes) {
      throw new ClocheError('ABORTED', `Plugin "${plugin.id}" was changed in another tab just now; call it again`, {
        plugin: plugin.id,
      });
    }
    return bytes;
  }

  async #storedFiles(id: string): Promise<ReadonlyMap<string, Uint8Array>> {
    const record = await this.#registry.get(id);
    return record ? this.#registry.files(record) : new Map();
  }

  async #save(id: string, settings: PluginSettings): Promise<void> {
    const plugin = this.#plugins.get(id);
    if (plugin && !this.#openFiles.has(plugin)) await this.#registry.update(id, () => settings);
  }

  async #remove(plugin: Plugin, wipe: boolean): Promise<void> {
    if (!this.#openFiles.has(plugin)) await this.#registry.remove(plugin.id);
    if (wipe) await Promise.all(this.#options.capabilities.map((capability) => capability.wipe?.(plugin.id)));
  }

  #letGo(plugin: Plugin): void {
    this.#openFiles.delete(plugin);
    if (this.#plugins.get(plugin.id) === plugin) this.#plugins.delete(plugin.id);
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
    if (!record) {
      if (!plugin || this.#openFiles.has(plugin)) return;
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
  #settingsOf({ manifest, grant, config, limits, enabled, quarantined }: PluginRecord): PluginSettings {
    const rest = { config, limits, enabled, quarantined };
    try {
      checkGrant(grant, this.#options.capabilities);
      return { grant, ...rest };
    } catch (thrown) {
      const text = `Its stored grant cannot be used, so nothing is granted: ${messageOf(thrown)}`;
      this.#log.write(manifest.id, { level: 'error', source: 'host', text }, this.#options.limits);
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

function alreadyInstalled(id: string): ClocheError {
  return new ClocheError(
    'ALREADY_INSTALLED',
    `A plugin "${id}" is there already; pass \`replace: true\` to update an installed one, or another \`id\``,
    {
      plugin: id,
    },
  );
}
