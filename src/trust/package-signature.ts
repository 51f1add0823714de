// What was found out about the signature of a package, as it is stored with its plugin.

import type { Fields } from '../manifest/fields.ts';
import { isPublicKey, type PublicKey } from './public-key.ts';

/** Longest signature that is read, in bytes; one of today has some 240. */
export const MOST_SIGNATURE_BYTES = 4_096;

/** The custom section of a single module that its signature is in. */
export const SIGNATURE_SECTION = 'cloche.signature';

/**
 * The key that has signed exactly what is installed. `broken`: there is a signature, and it is not one of these contents.
 * Undefined where there is none.
 */
export type PackageSignature = PublicKey | 'broken' | undefined;

/** Of a plugin that is gone. Its record may have been damaged, and then nobody knows who signed it. */
export type LeftSignature = PackageSignature | 'unknown';

/** @throws {ClocheError} MANIFEST_INVALID with the path of the field */
export function readSignature(holder: Fields): PackageSignature {
  const signature = leftSignature(holder.raw('signature'));
  if (signature !== 'unknown') return signature;
  throw holder.wrong('signature', 'a public key, or "broken"');
}

/** Of anything at all. */
export function leftSignature(value: unknown): LeftSignature {
  return value === undefined || value === 'broken' || isPublicKey(value) ? value : 'unknown';
}
