// The plugins of one host, and what keeps them: makes them, tells what becomes of them, and lets go of them.

import type { ActWatch, Perform } from '../audit/act.ts';
import type { PluginLogs } from '../capabilities/log/plugin-logs.ts';
import { type PluginChange, PluginChangeEvent } from '../events.ts';
import type { LogWriter } from '../extensions/context.ts';
import type { LiveContributions } from '../extensions/live-contributions.ts';
import type { PluginManifest } from '../manifest/plugin-manifest.ts';
import type { InstallOptions } from '../options.ts';
import type { PluginSource } from '../package/package-source.ts';
import type { Registry } from '../registry/registry.ts';
import type { SandboxPool } from '../runtime/sandbox-pool.ts';
import type { Publishers, Trust } from '../trust/trust.ts';
import { asyncDispose, dispose } from '../util/dispose.ts';
import type { HashedFiles } from '../util/hash/hashed-files.ts';
import { loadChunk } from '../util/load-chunk.ts';
import type { CheckedOptions } from './checked-options.ts';
import type { LateConfigs } from './config/late-configs.ts';
import { HostDialects } from './dialects.ts';
import { makeQuestions } from './host-calls/questions.ts';
import type { HostContext } from './host-context.ts';
import { askedInstall } from './install/asked-install.ts';
import type { Installer } from './install/installer.ts';
import type { PluginReview } from './install/plugin-review.ts';
import { Plugin } from './plugin.ts';
import type { PluginContext, SharedContext } from './plugin-context.ts';
import type { PluginSettings } from './settings/plugin-settings.ts';
import { PluginData } from './storage/plugin-data.ts';
import { PluginFiles } from './storage/plugin-files.ts';
import { RegistrySync } from './storage/registry-sync.ts';

interface PluginSetDeps {
  readonly options: CheckedOptions;
  readonly registry: Registry;
  readonly trust: Trust;
  readonly audit: ActWatch | undefined;
  readonly configs: LateConfigs;
  readonly pool: SandboxPool;
  readonly log: PluginLogs;
  /** What plugins add while they run. */
  readonly live: LiveContributions;
  readonly say: LogWriter;
  dispatch(event: Event): void;
  /** A plugin is not in the set any more. */
  gone(): void;
}

export class PluginSet implements HostContext, AsyncDisposable {
  readonly limits;
  readonly capabilities;
  readonly dialects: HostDialects;
  readonly registry: Registry;
  readonly pool: SandboxPool;
  readonly trust: Trust;
  readonly publishers: Publishers;
  readonly configs: LateConfigs;
  readonly verifyLicense;
  readonly say: LogWriter;
  readonly plugins = new Map<string, Plugin>();
  readonly files: PluginFiles;
  readonly data: PluginData;
  readonly sync: RegistrySync;
  readonly #deps: PluginSetDeps;
  readonly #shared: SharedContext;

  constructor(deps: PluginSetDeps) {
    const { options, registry, trust, configs, say } = deps;
    this.#deps = deps;
    this.limits = options.limits;
    this.capabilities = options.capabilities;
    this.dialects = new HostDialects(options.dialects, options.capabilities, deps.live);
    this.registry = registry;
    this.pool = deps.pool;
    this.trust = trust;
    this.publishers = trust.publishers;
    this.configs = configs;
    this.verifyLicense = options.verifyLicense;
    this.say = say;
    this.files = new PluginFiles(registry);
    this.data = new PluginData(this);
    this.sync = new RegistrySync(this);
    this.#shared = this.#sharedContext();
  }

  /** See `host.install`. */
  async install(source: PluginSource, options: InstallOptions): Promise<Plugin> {
    const asked = askedInstall(source, options, this);
    return this.perform({ name: 'install', plugin: options.id, given: options }, async () =>
      (await this.#installer()).install(asked),
    );
  }

  /** See `host.open`. */
  async open(source: PluginSource, options: InstallOptions): Promise<Plugin> {
    const asked = askedInstall(source, options, this);
    return this.perform({ name: 'open', plugin: options.id, given: options }, async () =>
      (await this.#installer()).open(asked),
    );
  }

  /** See `host.review`. */
  async review(source: PluginSource, options: InstallOptions): Promise<PluginReview> {
    const asked = askedInstall(source, options, this);
    return (await this.#installer()).review(asked);
  }

  /** Whatever people do goes through here. */
  readonly perform: Perform = (act, work) => {
    const { audit, trust } = this.#deps;
    const allowed: typeof work = async () => {
      trust.assertMay?.(act);
      return work();
    };
    return audit ? audit.watch(act, allowed) : allowed();
  };

  make(manifest: PluginManifest, settings: PluginSettings, files?: HashedFiles): Plugin {
    const context: PluginContext = {
      ...this.#shared,
      files: () => this.files.modulesOf(plugin),
      keepFacts: async (facts) => {
        if (this.sync.isInstalled(plugin)) await this.files.keepFacts(plugin, facts);
      },
      asset: (entry) => this.files.assetOf(plugin, entry),
      save: (change) => this.sync.save(plugin, change),
      uninstall: (wipe) => this.#uninstall(plugin, wipe),
      versions: async () => (await loadChunk(() => import('./install/versions-of.ts'))).versionsOf(this, plugin),
      note: async (action) => {
        const { id, installation } = plugin;
        if (this.sync.isInstalled(plugin)) await this.registry.note(id, installation, { action });
      },
      closed: () => this.#letGo(plugin),
      changed: (change) => this.tell(plugin.id, change),
    };
    const plugin = new Plugin(context, manifest, settings);
    if (files) this.files.add(plugin, files);
    return plugin;
  }

  /** What may run is settled anew. */
  judge(): void {
    for (const plugin of this.#all()) plugin.judge();
  }

  tell(id: string, change: PluginChange): void {
    this.#deps.dispatch(new PluginChangeEvent(id, change));
  }

  async retire(plugin: Plugin): Promise<void> {
    if (plugin.state === 'closed') return plugin.close();
    await plugin.close();
    this.#deps.log.forget(plugin.id);
    this.tell(plugin.id, 'uninstalled');
  }

  /** Ends all plugins in this page. */
  async [asyncDispose](): Promise<void> {
    this.sync[dispose]();
    await Promise.all([...this.#all()].map((plugin) => plugin.close()));
  }

  async #installer(): Promise<Installer> {
    const { Installer } = await loadChunk(() => import('./install/installer.ts'));
    return new Installer(this, this.sync);
  }

  /** Those that are only being started have their files here already. */
  #all(): Set<Plugin> {
    return new Set([...this.plugins.values(), ...this.files.plugins]);
  }

  #sharedContext(): SharedContext {
    const { options, pool, log, live, trust, audit, configs, say } = this.#deps;
    const { limits, capabilities, policy, ask, logLevel, disabled, storage } = options;
    const dispatch = (event: Event): void => this.#deps.dispatch(event);
    return {
      limits,
      capabilities,
      policy,
      trust,
      publishers: trust.publishers,
      configs,
      dialects: this.dialects,
      live,
      questions: ask && trust.may?.('grant') !== false ? makeQuestions(audit?.asked(ask) ?? ask) : undefined,
      perform: this.perform,
      disabled,
      storage,
      pool,
      logLevel,
      log,
      say,
      dispatch,
    };
  }

  async #uninstall(plugin: Plugin, wipe: boolean): Promise<void> {
    await this.sync.remove(plugin, wipe);
    await this.retire(plugin);
    if (wipe) await this.data.wipe(plugin.installation);
    else await this.data.leave(plugin.installation);
  }

  #letGo(plugin: Plugin): void {
    this.files.delete(plugin);
    this.data.discard(plugin, this.#all());
    if (this.plugins.get(plugin.id) !== plugin) return;
    this.plugins.delete(plugin.id);
    this.#deps.gone();
  }
}
