// Asks a plugin that has been started what its manifest does not say.

import type { Dialect, PluginManifest } from '../manifest/plugin-manifest.ts';
import { loadChunk } from '../util/load-chunk.ts';

/** Calls an export without input; undefined where it is missing or fails. */
export type Ask = (name: string) => Promise<Uint8Array | undefined>;

/** Takes one sentence for the plugin's log. */
export type Note = (text: string) => void;

type Complete = (manifest: PluginManifest, ask: Ask, note: Note) => Promise<PluginManifest>;

/** The dialects whose plugins say more of themselves once they run. Apart from what reads manifests, which comes late. */
const COMPLETE: Partial<Record<Dialect, Complete>> = {
  windshift: async (...given) => (await loadChunk(() => import('./windshift/metadata.ts'))).completeWindshift(...given),
};

export async function completeManifest(
  manifest: PluginManifest,
  ask: Ask,
  note: Note = () => undefined,
): Promise<PluginManifest> {
  return (await COMPLETE[manifest.dialect]?.(manifest, ask, note)) ?? manifest;
}
