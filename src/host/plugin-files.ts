// The files of plugins: of those that are open, which only this page has, and of those that are stored.

import { ClocheError } from '../errors.ts';
import type { AssetEntry } from '../manifest/plugin-manifest.ts';
import type { Registry } from '../registry/registry.ts';
import type { HashedFiles } from '../util/hash/hashed-files.ts';
import type { Plugin } from './plugin.ts';

export class PluginFiles {
  readonly #registry: Pick<Registry, 'get' | 'files' | 'asset'>;
  readonly #byPlugin = new Map<Plugin, HashedFiles>();

  constructor(registry: Pick<Registry, 'get' | 'files' | 'asset'>) {
    this.#registry = registry;
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

  /** Modules by SHA-256. @throws {ClocheError} STORAGE_FAILED; ABORTED when another tab has just changed the plugin */
  async modulesOf(plugin: Plugin): Promise<ReadonlyMap<string, Uint8Array>> {
    const open = this.#byPlugin.get(plugin);
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

  /** A copy. @throws {ClocheError} STORAGE_FAILED */
  async assetOf(plugin: Plugin, entry: AssetEntry): Promise<Uint8Array> {
    const open = this.#byPlugin.get(plugin)?.get(entry.sha256);
    return open?.slice() ?? this.#registry.asset(plugin.id, entry);
  }
}
