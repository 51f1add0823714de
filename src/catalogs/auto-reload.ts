// Installs again what has changed in a catalog, of plugins whose manifest wants that (`autoReload`).

import type { PluginManifest } from '../manifest/plugin-manifest.ts';
import type { PluginSource } from '../package/package-source.ts';
import { dispose } from '../util/dispose.ts';
import type { PluginCatalog } from './catalog.ts';

/** As much of a host as it takes. */
export interface ReloadingHost {
  get(id: string): { readonly manifest: PluginManifest; readonly state: string } | undefined;
  install(source: PluginSource, options: { readonly id: string; readonly replace: 'keep' }): Promise<unknown>;
}

/**
 * An update keeps what people have set, and asks where it asks for more than was granted. A plugin in quarantine waits until
 * somebody lets it out: else a catalog that offers something else each time would end the quarantine each time.
 * @param failed hears what kept a plugin from being reloaded; the one before runs on, and the next change is tried again
 * @returns ends it. Undefined for a catalog that cannot be watched
 */
export function autoReload(
  host: ReloadingHost,
  catalog: PluginCatalog,
  failed: (id: string, error: unknown) => void,
): Disposable | undefined {
  const revisions = new Map<string, string | undefined>();
  let isOver = false;
  let hasLooked = false;
  const isHeld = (id: string): boolean => host.get(id)?.state === 'quarantined';
  const isWanted = (id: string): boolean => !isOver && host.get(id)?.manifest.autoReload === true && !isHeld(id);
  const reload = async (id: string): Promise<void> => {
    const source = await catalog.read(id);
    // It may have been removed meanwhile.
    if (isWanted(id)) await host.install(source, { id, replace: 'keep' });
  };
  const look = async (reloads: boolean): Promise<void> => {
    const listed = await catalog.list();
    // Nobody knows what there was where looking has failed before: all of it may be news.
    const isAllNews = !hasLooked;
    hasLooked = true;
    for (const { id, revision } of listed) {
      // What it has missed stays news.
      if (isHeld(id)) continue;
      const isNews = isAllNews || (revisions.has(id) && revisions.get(id) !== revision);
      revisions.set(id, revision);
      if (isNews && reloads && isWanted(id)) await reload(id).catch((thrown: unknown) => failed(id, thrown));
    }
  };
  // One after the other: two changes in a row are two reloads, of which the last is the newest.
  let turn = look(false).catch((thrown: unknown) => failed('', thrown));
  const watching = catalog.watch?.(() => {
    turn = turn.then(() => look(true)).catch((thrown: unknown) => failed('', thrown));
  });
  if (!watching) return undefined;
  return {
    [dispose]() {
      isOver = true;
      watching[dispose]();
    },
  } as Disposable;
}
