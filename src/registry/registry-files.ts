// The files of installed plugins, each of them what its hash says, and what is known of modules.

import type { AssetEntry, PluginManifest } from '../manifest/plugin-manifest.ts';
import { fileHasher, type HashedFiles } from '../util/hash/hashed-files.ts';
import { sha256 } from '../util/hash/sha256.ts';
import { shown } from '../util/text/shown.ts';
import { loadRecords } from './late-records.ts';
import { checkFile } from './named-files.ts';
import type { PluginRecord } from './record.ts';
import type { RecordReader } from './record-reader.ts';
import type { RecordStore } from './store.ts';

export interface KeptModules {
  readonly files: HashedFiles;
  readonly facts: ReadonlyMap<string, unknown>;
}

export class RegistryFiles {
  readonly #store: () => RecordStore;
  readonly #reader: RecordReader;

  /** @param store throws where the registry is closed */
  constructor(store: () => RecordStore, reader: RecordReader) {
    this.#store = store;
    this.#reader = reader;
  }

  /** All modules of a record by SHA-256. @throws {ClocheError} STORAGE_FAILED for one that is gone or altered */
  async of({ manifest: { id, modules } }: Pick<PluginRecord, 'manifest'>): Promise<HashedFiles> {
    const store = this.#store();
    const { files, add } = fileHasher();
    for (const { name, sha256: hash } of modules) {
      await checkFile(await store.file(hash), hash, `Module ${shown(name)}`, id, add);
    }
    return files;
  }

  /**
   * The modules, and what is known of them: stored data like any other. Undefined where the plugin's record does not name
   * them all: another tab has changed it, or removed it.
   * @throws {ClocheError} STORAGE_FAILED for one that is gone or altered
   */
  async modules({ id, modules }: PluginManifest): Promise<KeptModules | undefined> {
    const hashes = [...new Set(modules.map((module) => module.sha256))];
    const stored = await this.#store().modules(id, hashes);
    const record = stored.record === undefined ? undefined : this.#reader.one(await loadRecords(), id, stored.record);
    if (!record || !hashes.every((hash) => record.manifest.modules.some((module) => module.sha256 === hash))) {
      return undefined;
    }
    const { files, add } = fileHasher();
    for (const { name, sha256: hash } of modules) {
      if (!files.has(hash)) await checkFile(stored.files.get(hash), hash, `Module ${shown(name)}`, id, add);
    }
    return { files, facts: stored.facts };
  }

  /** Keeps what modules import and export, by SHA-256, for as long as the plugin names them. */
  async keepFacts(id: string, facts: ReadonlyMap<string, unknown>): Promise<void> {
    const store = this.#store();
    const code = await loadRecords();
    await store.change(({ records }) => {
      const record = records.has(id) ? this.#reader.one(code, id, records.get(id)) : undefined;
      const own = new Set(record?.manifest.modules.map((module) => module.sha256));
      return { facts: new Map([...facts].filter(([hash]) => own.has(hash))) };
    });
  }

  /** One asset. @throws {ClocheError} STORAGE_FAILED when it is gone or altered */
  async asset(plugin: string, { path, sha256: hash }: AssetEntry): Promise<Uint8Array<ArrayBuffer>> {
    return checkFile(await this.#store().file(hash), hash, `Asset ${shown(path)}`, plugin, sha256);
  }
}
