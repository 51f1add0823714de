// Between an installed plugin and what is stored of it.

import type { PluginSettings } from '../host/plugin-context.ts';
import type { PluginManifest } from '../manifest/plugin-manifest.ts';
import { decodeRecord, encodeRecord, type PluginRecord } from './record.ts';

export function recordOf(manifest: PluginManifest, { temporary: _, ...settings }: PluginSettings): PluginRecord {
  return { schema: 1, manifest, ...settings, installedAt: settings.installedAt ?? Date.now() };
}

/**
 * Two records of one fingerprint say the same of what runs of a plugin, whenever they were written. Read back before they are
 * compared: a record that has not been stored yet has its keys in another order, and some that mean nothing.
 */
export function fingerprint(record: PluginRecord): string {
  return JSON.stringify(encodeRecord(decodeRecord(encodeRecord({ ...record, installedAt: 0, pending: undefined }))));
}
