// Installs again what has changed in a catalog, of plugins that came from it and whose manifest wants that (`autoReload`).

import type { PluginChangeEvent } from '../events.ts';
import type { PluginManifest } from '../manifest/plugin-manifest.ts';
import type { PluginSource } from '../package/package-source.ts';
import { dispose } from '../util/dispose.ts';
import type { PluginCatalog } from './catalog.ts';

/** As much of a host as it takes. */
export interface ReloadingHost extends EventTarget {
  get(id: string): ReloadedPlugin | undefined;
  review(
    source: PluginSource,
    options: { readonly id: string; readonly replace: 'keep' },
  ): Promise<{ readonly sha256: string }>;
  install(
    source: PluginSource,
    options: { readonly id: string; readonly replace: 'keep'; readonly catalog: string },
  ): Promise<unknown>;
}

/** As much of an entry of a plugin's history. */
interface Entry {
  readonly action: string;
  readonly sha256: string | undefined;
  readonly from?: { readonly kind: string; readonly name: string } | undefined;
}

interface ReloadedPlugin {
  readonly manifest: PluginManifest;
  readonly state: string;
  history(): Promise<readonly Entry[]>;
}

/** What puts a package in the place of another. */
const REPLACING: ReadonlySet<string> = new Set(['installed', 'updated', 'accepted', 'rolled-back']);

/**
 * An update keeps what people have set, and asks where it asks for more than was granted. A plugin in quarantine waits until
 * somebody lets it out: else a catalog that offers something else each time would end the quarantine each time. What came from
 * elsewhere is left alone, whatever its id: see `catalog` of `host.install`. The catalog is watched while it has such a plugin. What it
 * has when it is first looked at is read, and compared with the last package that came from it.
 * @param failed hears what kept a plugin from being reloaded; the one before runs on, and the next change is tried again
 * @returns ends it. Undefined for a catalog that cannot be watched
 */
export function autoReload(
  host: ReloadingHost,
  catalog: PluginCatalog,
  failed: (id: string, error: unknown) => void,
): Disposable | undefined {
  if (!catalog.watch) return undefined;
  const revisions = new Map<string, string | undefined>();
  let watching: Disposable | undefined;
  let isOver = false;
  let hasLooked = false;
  const isHeld = (id: string): boolean => host.get(id)?.state === 'quarantined';
  const isWanted = (id: string): boolean => !isOver && host.get(id)?.manifest.autoReload === true;
  const reload = async (id: string, isSeen: boolean): Promise<void> => {
    const plugin = host.get(id);
    const history = (await plugin?.history()) ?? [];
    if (!plugin || originOf(history) !== catalog.name) return;
    const source = await catalog.read(id);
    if (!isSeen && (await host.review(source, { id, replace: 'keep' })).sha256 === lastFrom(catalog.name, history))
      return;
    // It may have been removed meanwhile, or another one have its id.
    if (isWanted(id) && !isHeld(id) && host.get(id) === plugin) {
      await host.install(source, { id, replace: 'keep', catalog: catalog.name });
    }
  };
  const look = async (): Promise<void> => {
    const listed = await catalog.list();
    hasLooked = true;
    for (const { id, revision } of listed) {
      // What it has missed stays news.
      if (isHeld(id)) continue;
      const isSeen = revisions.has(id);
      const isNews = !isSeen || revisions.get(id) !== revision;
      revisions.set(id, revision);
      if (isNews && isWanted(id)) await reload(id, isSeen).catch((thrown: unknown) => failed(id, thrown));
    }
    watchWhereNeeded();
  };
  // One after the other: two changes in a row are two reloads, of which the last is the newest.
  let turn = Promise.resolve();
  const lookNext = (): void => {
    turn = turn.then(() => (isOver ? undefined : look())).catch((thrown: unknown) => failed('', thrown));
  };
  const watchWhereNeeded = (): void => {
    const isNeeded = !isOver && (!hasLooked || [...revisions.keys()].some(isWanted));
    if (isNeeded) watching ??= catalog.watch?.(lookNext);
    else {
      watching?.[dispose]();
      watching = undefined;
    }
  };
  const onChange = (event: Event): void => {
    const { change, plugin } = event as PluginChangeEvent;
    if (change !== 'installed' && change !== 'updated' && change !== 'uninstalled') return;
    const wasWatched = watching !== undefined;
    watchWhereNeeded();
    if (!isWanted(plugin) || (wasWatched && revisions.has(plugin))) return;
    // It may be new there, and nobody has looked while nobody watched.
    revisions.delete(plugin);
    lookNext();
  };
  host.addEventListener('pluginchange', onChange);
  // In this order: what changes after the look is told.
  watchWhereNeeded();
  lookNext();
  return {
    [dispose]() {
      isOver = true;
      host.removeEventListener('pluginchange', onChange);
      watchWhereNeeded();
    },
  } as Disposable;
}

/** Name of the catalog that the installed package came from; undefined where it came from none. */
function originOf(history: readonly Entry[]): string | undefined {
  const replaced = history.findLast(({ action }) => REPLACING.has(action));
  const from = history.findLast((entry) => entry.from && entry.sha256 === replaced?.sha256)?.from;
  return from?.kind === 'catalog' ? from.name : undefined;
}

/** The last package that a catalog has given, whatever became of it: one that was rolled back, or waits, is no news. */
function lastFrom(catalog: string, history: readonly Entry[]): string | undefined {
  return history.findLast(({ from }) => from?.kind === 'catalog' && from.name === catalog)?.sha256;
}
