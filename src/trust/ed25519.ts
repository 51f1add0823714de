// Checks a signature, by a library in every engine. A package brings its own key, and engines are not made for hostile ones:
// Chromium 156 and Firefox 153 take the key of order 1, for which anybody can sign, and in WebKitGTK 2.50 it ends the process
// of the page. https://www.rfc-editor.org/rfc/rfc8032#section-5.1.7

import { verifyAsync } from '@noble/ed25519';
import { ClocheError, messageOf } from '../errors.ts';

export interface SignedBytes {
  /** 32 bytes. */
  readonly key: Uint8Array;
  /** 64 bytes. */
  readonly signature: Uint8Array;
  readonly message: Uint8Array;
}

/**
 * Whether the key has signed the message, by the rules of FIPS 186-5 and not the wider ones of ZIP-215.
 * @throws {ClocheError} SIGNATURE_UNREADABLE where that cannot be computed: this is no no
 */
export async function isSignedBy({ key, signature, message }: SignedBytes): Promise<boolean> {
  try {
    return await verifyAsync(signature, message, key, { zip215: false });
  } catch (cause) {
    throw new ClocheError('SIGNATURE_UNREADABLE', `The signature cannot be checked: ${messageOf(cause)}`, { cause });
  }
}
