// The plugins of one host, and what keeps them: makes them, tells what becomes of them, and lets go of them.

import { PluginChangeEvent } from '../events.ts';
import type { InstallOptions, VerifyLicense } from '../options.ts';
import type { PluginSource } from '../package/package-source.ts';
import type { Registry } from '../registry/registry.ts';
import { asyncDispose, dispose } from '../util/dispose.ts';
import { loadChunk } from '../util/load-chunk.ts';
import type { HostContext } from './host-context.ts';
import { askedInstall } from './install/asked-install.ts';
import type { Installer } from './install/installer.ts';
import type { PluginReview } from './install/plugin-review.ts';
import { Plugin } from './plugin.ts';
import type { PluginContext } from './plugin-context.ts';
import type { SharedContext } from './shared-context.ts';
import { PluginData } from './storage/plugin-data.ts';
import { PluginFiles } from './storage/plugin-files.ts';
import { RegistrySync } from './storage/registry-sync.ts';

interface PluginSetDeps {
  readonly registry: Registry;
  readonly verifyLicense: VerifyLicense | undefined;
  /** A plugin is not in the set any more. */
  gone(): void;
}

export class PluginSet implements AsyncDisposable {
  readonly plugins = new Map<string, Plugin>();
  readonly data: PluginData;
  readonly sync: RegistrySync;
  readonly #files: PluginFiles;
  readonly #shared: SharedContext;
  readonly #context: HostContext;
  readonly #gone: () => void;

  constructor(shared: SharedContext, { registry, verifyLicense, gone }: PluginSetDeps) {
    const { plugins } = this;
    this.#gone = gone;
    this.#shared = shared;
    this.#files = new PluginFiles(registry.files);
    this.data = new PluginData({ ...shared, registry });
    this.#context = {
      ...shared,
      registry,
      verifyLicense,
      plugins,
      files: this.#files,
      data: this.data,
      make: this.#make,
      retire: this.#retire,
      tell: this.#tell,
    };
    this.sync = new RegistrySync(this.#context);
  }

  /** See `host.install`. */
  async install(source: PluginSource, options: InstallOptions): Promise<Plugin> {
    const asked = askedInstall(source, options, this.#shared);
    return this.#shared.perform({ name: 'install', plugin: options.id, given: options }, async () =>
      (await this.#installer()).install(asked),
    );
  }

  /** See `host.open`. */
  async open(source: PluginSource, options: InstallOptions): Promise<Plugin> {
    const asked = askedInstall(source, options, this.#shared);
    return this.#shared.perform({ name: 'open', plugin: options.id, given: options }, async () =>
      (await this.#installer()).open(asked),
    );
  }

  /** See `host.review`. */
  async review(source: PluginSource, options: InstallOptions): Promise<PluginReview> {
    const asked = askedInstall(source, options, this.#shared);
    return (await this.#installer()).review(asked);
  }

  /** What may run is settled anew. */
  judge(): void {
    for (const plugin of this.#all()) plugin.judge();
  }

  /** Ends all plugins in this page. */
  async [asyncDispose](): Promise<void> {
    this.sync[dispose]();
    await Promise.all([...this.#all()].map((plugin) => plugin.close()));
  }

  readonly #make: HostContext['make'] = (manifest, settings, files) => {
    const context: PluginContext = {
      ...this.#shared,
      files: () => this.#files.modulesOf(plugin),
      keepFacts: async (facts) => {
        if (this.sync.isInstalled(plugin)) await this.#files.keepFacts(plugin, facts);
      },
      asset: (entry) => this.#files.assetOf(plugin, entry),
      save: (change) => this.sync.save(plugin, change),
      uninstall: (wipe) => this.#uninstall(plugin, wipe),
      versions: async () =>
        (await loadChunk(() => import('./install/versions-of.ts'))).versionsOf(this.#context, plugin),
      note: async (action) => {
        const { id, installation } = plugin;
        if (this.sync.isInstalled(plugin)) await this.#context.registry.note(id, installation, { action });
      },
      closed: () => this.#letGo(plugin),
      changed: (change) => this.#tell(plugin.id, change),
    };
    const plugin = new Plugin(context, manifest, settings);
    if (files) this.#files.add(plugin, files);
    return plugin;
  };

  readonly #tell: HostContext['tell'] = (id, change) => {
    this.#shared.dispatch(new PluginChangeEvent(id, change));
  };

  readonly #retire: HostContext['retire'] = async (plugin) => {
    if (plugin.state === 'closed') return plugin.close();
    await plugin.close();
    this.#shared.log.forget(plugin.id);
    this.#tell(plugin.id, 'uninstalled');
  };

  async #installer(): Promise<Installer> {
    const { Installer } = await loadChunk(() => import('./install/installer.ts'));
    return new Installer(this.#context, this.sync);
  }

  /** Those that are only being started have their files here already. */
  #all(): Set<Plugin> {
    return new Set([...this.plugins.values(), ...this.#files.plugins]);
  }

  async #uninstall(plugin: Plugin, wipe: boolean): Promise<void> {
    await this.sync.remove(plugin, wipe);
    await this.#retire(plugin);
    if (wipe) await this.data.wipe(plugin.installation);
    else await this.data.leave(plugin.installation);
  }

  #letGo(plugin: Plugin): void {
    this.#files.delete(plugin);
    this.data.discard(plugin, this.#all());
    if (this.plugins.get(plugin.id) !== plugin) return;
    this.plugins.delete(plugin.id);
    this.#gone();
  }
}
