// How Windshift's admin API writes plugins and their extensions.

import type { ManagedPlugin } from '../../../extensions/context.ts';
import type { Contribution, Route } from '../../../manifest/contributions.ts';

interface ExtensionInfo {
  readonly point: string;
  readonly id: string;
  readonly label: string;
  readonly description: string;
  readonly icon?: string;
  readonly component: string;
  readonly styles?: string;
  readonly group?: string;
  readonly order?: number;
  readonly pluginName: string;
}

interface PluginInfo {
  /** Its place among the installed ones, and 0 for one that is only open: good for this answer and no longer. */
  readonly id: number;
  readonly name: string;
  readonly version: string;
  readonly description: string;
  readonly author: string;
  readonly enabled: boolean;
  readonly routes: readonly Route[];
  readonly extensions?: readonly ExtensionInfo[];
  /** RFC 3339; empty for one that is only open. */
  readonly installed_at: string;
}

/** Installed plugins by name, then those that are only open; null for none, as Go writes an empty slice. */
export function pluginInfos(plugins: readonly ManagedPlugin[]): PluginInfo[] | null {
  if (plugins.length === 0) return null;
  const installed = plugins.filter(({ installedAt }) => installedAt !== undefined);
  const infos = plugins.map((plugin) => pluginInfo(plugin, installed.indexOf(plugin) + 1));
  return infos.sort((a, b) => Number(a.id === 0) - Number(b.id === 0) || (a.name < b.name ? -1 : 1));
}

function pluginInfo({ id: name, manifest, active, installedAt }: ManagedPlugin, id: number): PluginInfo {
  const { version, description, author, routes, contributions } = manifest;
  return {
    id,
    name,
    version,
    description,
    author,
    enabled: active,
    routes: routes.map(({ description, method, path }) => ({ description, method, path })),
    ...(contributions.length > 0 && { extensions: contributions.map((item) => extensionInfo(item, name)) }),
    installed_at: installedAt === undefined ? '' : new Date(installedAt).toISOString(),
  };
}

/** What enabled plugins add, by point: also for points that this app does not have. */
export function extensionsByPoint(plugins: readonly ManagedPlugin[]): ReadonlyMap<string, readonly ExtensionInfo[]> {
  const byPoint = new Map<string, ExtensionInfo[]>();
  for (const { id, contributed } of plugins.filter(({ active }) => active)) {
    for (const contribution of contributed.contributions) {
      const infos = byPoint.get(contribution.point) ?? [];
      infos.push(extensionInfo(contribution, id));
      byPoint.set(contribution.point, infos);
    }
  }
  return byPoint;
}

function extensionInfo(contribution: Contribution, pluginName: string): ExtensionInfo {
  const { point, id, label, description, icon, component = '', styles, group, order } = contribution;
  return {
    point,
    id,
    label,
    description,
    ...(icon && { icon }),
    component,
    ...(styles && { styles }),
    ...(group && { group }),
    ...(order && { order }),
    pluginName,
  };
}
