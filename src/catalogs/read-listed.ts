// What every catalog checks: what it was told is not its own.

import { ClocheError } from '../errors.ts';
import { ID_RULE, isPluginId } from '../manifest/plugin-id.ts';
import { shown } from '../util/text/shown.ts';

const MOST_PLUGINS = 10_000;

/** @throws {ClocheError} CATALOG_INVALID for what is no list, for ids that are none, or there twice, and for too many */
export function checkedList<T extends { readonly id: unknown }>(catalog: string, items: readonly T[]): readonly T[] {
  if (!Array.isArray(items)) throw invalid(catalog, 'gives no list of plugins');
  if (items.length > MOST_PLUGINS) throw invalid(catalog, `has more than ${MOST_PLUGINS} plugins`);
  const ids = new Set<unknown>();
  for (const item of items) {
    const { id } = Object(item) as { readonly id?: unknown };
    if (!isPluginId(id)) throw invalid(catalog, `has a plugin with the id ${shown(id)}; expected ${ID_RULE}`);
    if (ids.size === ids.add(id).size) throw invalid(catalog, `has two plugins with the id ${shown(id)}`);
  }
  return items;
}

export function missing(catalog: string, id: string): ClocheError {
  return invalid(catalog, `has no plugin ${shown(id)}; look at its list`);
}

export function invalid(catalog: string, problem: string): ClocheError {
  return new ClocheError('CATALOG_INVALID', `Catalog "${catalog}" ${problem}`);
}
