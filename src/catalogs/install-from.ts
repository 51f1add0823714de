// Installs a plugin of a catalog, so that it is known as that catalog's.

import type { PluginSource } from '../package/package-source.ts';
import type { PluginCatalog } from './catalog.ts';

/** As much of a host as it takes: `O` are the options of its `install`. */
interface InstallingHost<O, P> {
  install(source: PluginSource, options: O & Named): Promise<P>;
}

interface Named {
  readonly id: string;
  readonly catalog: string;
}

/**
 * `host.install(await catalog.read(id), { ...options, id, catalog: catalog.name })`.
 * @throws {ClocheError} what `catalog.read` and `host.install` throw
 */
export async function installFrom<O extends { readonly signal?: AbortSignal }, P>(
  host: InstallingHost<O, P>,
  catalog: PluginCatalog,
  id: string,
  options?: O,
): Promise<P> {
  const source = await catalog.read(id, options?.signal);
  return host.install(source, { ...(options as O), id, catalog: catalog.name });
}
