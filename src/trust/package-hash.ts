// One hash for all of a package: what a person was shown, and says yes to, is known by it.

import { ClocheError } from '../errors.ts';
import type { PluginManifest } from '../manifest/plugin-manifest.ts';
import type { FileHasher } from '../util/hash/hashed-files.ts';
import { sha256 } from '../util/hash/sha256.ts';
import { packageDigest } from './package-contents.ts';
import { contentsOf, type PackageParts } from './package-parts.ts';

/**
 * The digest that a signature of the package is over, see docs/signatures.md: the same in every version of Cloche. What cannot be
 * signed, as a manifest that holds bytes, has the hash of what was read of it, which names the hashes of all files.
 * @throws {ClocheError} START_FAILED outside secure contexts
 */
export async function packageHash(
  parts: PackageParts,
  hash: FileHasher['hash'],
  manifest: PluginManifest,
): Promise<string> {
  try {
    return await packageDigest(await contentsOf(parts, hash));
  } catch (thrown) {
    if (!(thrown instanceof ClocheError) || !UNSIGNABLE.has(thrown.code)) throw thrown;
    const text = JSON.stringify({ ...manifest, config: [...manifest.config] });
    return sha256(new TextEncoder().encode(text));
  }
}

const UNSIGNABLE: ReadonlySet<string> = new Set(['PACKAGE_REJECTED', 'SIGNATURE_UNREADABLE']);
