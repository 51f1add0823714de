// The files of plugins: of those that are open, which only this page has, and of those that are stored.

import { ClocheError } from '../../errors.ts';
import type { AssetEntry } from '../../manifest/plugin-manifest.ts';
import type { RegistryFiles } from '../../registry/registry-files.ts';
import type { ModuleFiles } from '../../runtime/start/module-files.ts';
import type { ModuleFacts } from '../../runtime/wire/protocol.ts';
import type { HashedFiles } from '../../util/hash/hashed-files.ts';
import type { Plugin } from '../plugin.ts';

export class PluginFiles {
  readonly #stored: RegistryFiles;
  readonly #byPlugin = new Map<Plugin, HashedFiles>();

  constructor(stored: RegistryFiles) {
    this.#stored = stored;
  }

  /** Those that are not stored, or not yet. */
  get plugins(): Iterable<Plugin> {
    return this.#byPlugin.keys();
  }

  has(plugin: Plugin): boolean {
    return this.#byPlugin.has(plugin);
  }

  add(plugin: Plugin, files: HashedFiles): void {
    this.#byPlugin.set(plugin, files);
  }

  delete(plugin: Plugin): void {
    this.#byPlugin.delete(plugin);
  }

  /** @throws {ClocheError} STORAGE_FAILED; ABORTED when another tab has just changed the plugin */
  async modulesOf(plugin: Plugin): Promise<ModuleFiles> {
    const open = this.#byPlugin.get(plugin);
    if (open) return { bytes: open, areOwn: false, facts: new Map() };
    const kept = await this.#stored.modules(plugin.manifest);
    if (kept) return { bytes: kept.files, areOwn: true, facts: kept.facts };
    // A file that is missing is the registry's to report. This is news of another tab that is not here yet.
    throw new ClocheError('ABORTED', `Plugin "${plugin.id}" was changed in another tab just now; call it again`, {
      plugin: plugin.id,
    });
  }

  /** Keeps what its modules import and export, so that its next start need not look first. @throws {ClocheError} STORAGE_FAILED */
  async keepFacts({ id, manifest }: Plugin, facts: readonly ModuleFacts[]): Promise<void> {
    const entries = facts.map(({ name, ...known }) => {
      const module = manifest.modules.find((one) => one.name === name);
      return module && ([module.sha256, known] as const);
    });
    await this.#stored.keepFacts(id, new Map(entries.filter((entry) => entry !== undefined)));
  }

  /** A copy. @throws {ClocheError} STORAGE_FAILED */
  async assetOf(plugin: Plugin, entry: AssetEntry): Promise<Uint8Array> {
    const open = this.#byPlugin.get(plugin)?.get(entry.sha256);
    return open?.slice() ?? this.#stored.asset(plugin.id, entry);
  }
}
