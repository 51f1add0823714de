// Whose a plugin is, where several dialects may say that it is theirs, and its reader.

import type { ClocheError } from '../errors.ts';
import type { Bytes, Certainty, Evidence, PluginFormat, PluginFormats, PluginReader } from '../manifest/dialect.ts';
import type { ManifestDraft, ReadOptions } from '../manifest/manifest-draft.ts';
import { loadChunk } from '../util/load-chunk.ts';

/** A draft, and what else its dialect makes of the plugin. */
export interface ReadManifest {
  readonly draft: ManifestDraft;
  readonly reader: PluginReader;
}

/** The first that sees a mark of its own; else the first whose plugins stand there without one; else undefined. */
export function recognised(dialects: readonly PluginFormat[], evidence: Evidence): PluginFormat | undefined {
  const seen = dialects.map((dialect): [PluginFormat, Certainty | undefined] => [dialect, dialect.recognise(evidence)]);
  const by = (wanted: Certainty): PluginFormat | undefined => seen.find(([, certainty]) => certainty === wanted)?.[0];
  return by('mark') ?? by('place');
}

/**
 * Reads what was recognised.
 * @param refusal what to throw where nobody takes it. @default MANIFEST_INVALID, which tells what is known
 */
export async function readBy(
  dialect: PluginFormat | undefined,
  dialects: readonly PluginFormat[],
  evidence: Evidence,
  options: ReadOptions,
  refusal?: ClocheError,
): Promise<ReadManifest> {
  const reader = await dialect?.load?.();
  if (!reader) throw refusal ?? (await loadChunk(() => import('./dialect-error.ts'))).dialectError(dialect, dialects);
  const foreignKeys = new Set(dialects.flatMap((other) => (other === dialect ? [] : (other.keys ?? []))));
  return { draft: await reader.read(evidence, { ...options, foreignKeys }), reader };
}

/** Reads what has no manifest. @param refusal as of {@link readBy} */
export async function readBytes(
  bytes: Bytes,
  dialects: PluginFormats,
  options: ReadOptions,
  refusal?: ClocheError,
): Promise<ReadManifest> {
  const evidence = { kind: 'bytes', bytes } as const;
  const bare = recognised(dialects.bare, evidence);
  if (bare) return readBy(bare, dialects.bare, evidence, options);
  const all = await dialects.all();
  return readBy(recognised(all, evidence), all, evidence, options, refusal);
}
