// Where plugins come from, as an app and its users have them: the seam, and several of them as one. Types of sources are in
// `package/`; what a catalog hands out is one of these.

import type { PluginSource } from '../package/package-source.ts';

/** A plugin in a catalog. */
export interface ListedPlugin {
  /** What it is to be installed as. */
  readonly id: string;
  readonly name?: string | undefined;
  /** Changes with its content: a version, an ETag or a hash. Undefined where the catalog does not know. */
  readonly revision?: string | undefined;
}

/** A place that has plugins. Another one, such as a registry behind the relay, is an object of these. */
export interface PluginCatalog {
  /** As it is shown, such as `app://plugins`. */
  readonly name: string;
  /** All that it has. @throws {ClocheError} FETCH_FAILED, CATALOG_INVALID, STORAGE_FAILED, ABORTED */
  list(signal?: AbortSignal): Promise<readonly ListedPlugin[]>;
  /**
   * What `host.install` takes.
   * @throws {ClocheError} as `list`; HASH_MISMATCH where the catalog has said another hash; CATALOG_INVALID for what it does not have
   */
  read(id: string, signal?: AbortSignal): Promise<PluginSource>;
  /**
   * Calls `changed` whenever what it has may have changed, until it is disposed of.
   * @default it cannot tell
   */
  watch?(changed: () => void): Disposable;
}

/** A plugin, and whose it is. */
export interface FoundPlugin extends ListedPlugin {
  readonly catalog: PluginCatalog;
  /** An earlier catalog has one of this id: that one counts. */
  readonly isHidden: boolean;
}

/** What the catalogs have, in their order. Of two plugins with one id the first counts; the other is shown as hidden. */
export async function listAll(catalogs: readonly PluginCatalog[], signal?: AbortSignal): Promise<FoundPlugin[]> {
  const lists = await Promise.all(catalogs.map((catalog) => catalog.list(signal)));
  const seen = new Set<string>();
  return catalogs.flatMap((catalog, i) =>
    (lists[i] ?? []).map((plugin) => {
      const isHidden = seen.has(plugin.id);
      seen.add(plugin.id);
      return { ...plugin, catalog, isHidden };
    }),
  );
}
