// Checks a signature, by WebCrypto; by a library where the engine has no Ed25519, as Chromium had not before 137.
// https://www.rfc-editor.org/rfc/rfc8032 https://w3c.github.io/webcrypto/#ed25519

import { ClocheError, messageOf } from '../errors.ts';
import { loadChunk } from '../util/load-chunk.ts';

type Bytes = Uint8Array<ArrayBuffer>;
type Verifier = Pick<SubtleCrypto, 'importKey' | 'verify'>;

export interface SignedBytes {
  /** 32 bytes. */
  readonly key: Bytes;
  /** 64 bytes. */
  readonly signature: Bytes;
  readonly message: Bytes;
}

/**
 * Whether the key has signed the message.
 * @param subtle of the page
 * @throws {ClocheError} SIGNATURE_UNREADABLE where the engine fails, FETCH_FAILED where the library cannot be loaded: neither
 * is a no
 */
export async function isSignedBy(signed: SignedBytes, subtle: Verifier = crypto.subtle): Promise<boolean> {
  try {
    const key = await subtle.importKey('raw', signed.key, 'Ed25519', false, ['verify']);
    return await subtle.verify('Ed25519', key, signed.signature, signed.message);
  } catch (thrown) {
    const name = thrown instanceof Error ? thrown.name : '';
    if (name === 'NotSupportedError') return isSignedByLibrary(signed);
    // Not a point of the curve: nobody can have signed with it.
    if (name === 'DataError') return false;
    throw new ClocheError('SIGNATURE_UNREADABLE', `The engine cannot check a signature: ${messageOf(thrown)}`, {
      cause: thrown,
    });
  }
}

/** The same by the rules of FIPS 186-5, and not the wider ones of ZIP-215. */
export async function isSignedByLibrary({ key, signature, message }: SignedBytes): Promise<boolean> {
  const { verifyAsync } = await loadChunk(() => import('@noble/ed25519'));
  return verifyAsync(signature, message, key, { zip215: false });
}
