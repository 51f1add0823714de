// The plugins that an app ships.

import type { PluginSource } from '../package/package-source.ts';
import type { ListedPlugin, PluginCatalog } from './catalog.ts';
import { checkedList, missing } from './read-listed.ts';

export interface BuiltInPlugin extends ListedPlugin {
  /** What `host.install` takes, such as a URL. */
  readonly source: PluginSource;
}

/** @param name @default 'app://plugins' @throws {ClocheError} CATALOG_INVALID */
export function builtInCatalog(plugins: readonly BuiltInPlugin[], name = 'app://plugins'): PluginCatalog {
  const own = new Map(checkedList(name, plugins).map((plugin) => [plugin.id, { ...plugin }]));
  return {
    name,
    list: async () => [...own.values()].map(({ source: _, ...listed }) => listed),
    async read(id) {
      const found = own.get(id);
      if (!found) throw missing(name, id);
      return found.source;
    },
  };
}
