// The files that a manifest names, and whether those that are there are what it names.

import { ClocheError } from '../errors.ts';
import type { PluginManifest } from '../manifest/plugin-manifest.ts';
import type { HashedFiles } from '../util/hash/hashed-files.ts';
import { shown } from '../util/text/shown.ts';

/** Any script of the origin can write to the database: a file is what its hash says, or nothing. */
export async function checkFile(
  stored: Uint8Array<ArrayBuffer> | undefined,
  hash: string,
  what: string,
  plugin: string,
  hashOf: (bytes: Uint8Array<ArrayBuffer>) => Promise<string>,
): Promise<Uint8Array<ArrayBuffer>> {
  if (stored && (await hashOf(stored)) === hash) return stored;
  const problem = stored ? 'was altered in storage' : 'is gone from storage';
  throw new ClocheError('STORAGE_FAILED', `${what} ${problem}; install the plugin again`, { plugin });
}

/** By the names that messages have for them. */
export function storedFiles({ modules, assets }: PluginManifest): { name: string; sha256: string }[] {
  return [
    ...modules.map((module) => ({ name: `module ${shown(module.name)}`, sha256: module.sha256 })),
    ...assets.map((asset) => ({ name: `asset ${shown(asset.path)}`, sha256: asset.sha256 })),
  ];
}

/** The files that a manifest names: one that is missing would only show at the next start. */
export function ownFiles(manifest: PluginManifest, files: HashedFiles | undefined): Map<string, Uint8Array> {
  const own = new Map<string, Uint8Array>();
  for (const { name, sha256: hash } of storedFiles(manifest)) {
    const bytes = files?.get(hash);
    if (!bytes) throw new ClocheError('HASH_MISMATCH', `Expected the bytes of ${name} under its hash ${hash}`);
    own.set(hash, bytes);
  }
  return own;
}
