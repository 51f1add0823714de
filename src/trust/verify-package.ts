// Whether a package is what its signature says. Comes late: most have none.

import { isSignedBy } from './ed25519.ts';
import { packageDigest, signedMessage } from './package-contents.ts';
import { contentsOf, type PackageParts } from './package-parts.ts';
import type { PackageSignature } from './package-signature.ts';
import { readSignatureDocument } from './signature-document.ts';

/**
 * @param document as it lies in the package, or beside it
 * @param hash as of {@link contentsOf}
 * @throws {ClocheError} SIGNATURE_UNREADABLE, FETCH_FAILED: it is not known whether it holds
 */
export async function verifyPackage(
  document: Uint8Array,
  parts: PackageParts,
  hash: (bytes: Uint8Array<ArrayBuffer>) => Promise<string>,
): Promise<PackageSignature> {
  const signed = await readSignatureDocument(document);
  if (!signed) return 'broken';
  const message = signedMessage(await packageDigest(await contentsOf(parts, hash)));
  const { key, keyBytes, signature } = signed;
  return (await isSignedBy({ key: keyBytes, signature, message })) ? key : 'broken';
}
