// SHA-256 of modules, by WebCrypto.

import { ClocheError } from '../errors.ts';

/**
 * SHA-256 as 64 lower-case hex digits.
 *
 * WebCrypto exists only in secure contexts (https://w3c.github.io/webappsec-secure-contexts/): https, and http on
 * localhost. On another page whoever sits on
 * the network can change Cloche itself, so a hash computed by a library there would prove nothing.
 * @throws {ClocheError} START_FAILED where there is no WebCrypto
 */
export async function sha256(bytes: Uint8Array<ArrayBuffer>): Promise<string> {
  // Typed as always there, and absent outside secure contexts.
  const subtle = globalThis.crypto?.subtle as SubtleCrypto | undefined;
  if (!subtle) {
    throw new ClocheError(
      'START_FAILED',
      'Modules cannot be checked: this page is not a secure context. Serve it by https, or from localhost',
    );
  }
  const digest = new Uint8Array(await subtle.digest('SHA-256', bytes));
  return Array.from(digest, (byte) => byte.toString(16).padStart(2, '0')).join('');
}
