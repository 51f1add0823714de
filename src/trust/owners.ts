// Whose the data, grants and config of a plugin are: nobody's but its signer's. Comes late: only what takes something over asks.

import { ClocheError } from '../errors.ts';
import type { LeftSignature, PackageSignature } from './package-signature.ts';
import type { Publishers } from './trust.ts';

/**
 * Holds that what a plugin has goes to nobody but its signer. What one has that nobody signed goes to whoever comes: who could
 * sign it with a key of his own could as well leave it unsigned.
 * @param left of the plugin that has it
 * @param next of the one that is to have it
 * @throws {ClocheError} SIGNATURE_INVALID, SIGNER_CHANGED
 */
export function assertTakesOver(
  plugin: string,
  publishers: Publishers,
  left: LeftSignature,
  next: PackageSignature,
): void {
  const help = "pass `replace: 'wipe'` to start empty, or another `id`";
  if (next === 'broken') {
    const message = `The package of plugin "${plugin}" was changed after it was signed. Get it anew from its publisher, or ${help}`;
    throw new ClocheError('SIGNATURE_INVALID', message, { plugin });
  }
  if (ownerOf(left, publishers) === '' || isOfSameSigner(left, next, publishers)) return;
  const [signer, other] = [ownerOf(left, publishers) ?? 'nobody knows whom', ownerOf(next, publishers) || 'nobody'];
  const message = `Plugin "${plugin}" was signed by ${signer}, and what is to have its data by ${other}; ${help}`;
  throw new ClocheError('SIGNER_CHANGED', message, { plugin });
}

/** Whether both are of one publisher or one unknown key, or both of nobody. */
export function isOfSameSigner(left: LeftSignature, next: PackageSignature, publishers: Publishers): boolean {
  return ownerOf(left, publishers) === ownerOf(next, publishers);
}

/** A publisher, a key of nobody we know, or nobody (''). Undefined where nobody can tell. */
function ownerOf(signature: LeftSignature, publishers: Publishers): string | undefined {
  if (signature === 'unknown') return undefined;
  if (signature === undefined || signature === 'broken') return '';
  const publisher = publishers.get(signature);
  // A name in quotes, so that no name can be a key.
  return publisher === undefined ? signature : `"${publisher}"`;
}
