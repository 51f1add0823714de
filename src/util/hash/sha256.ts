// SHA-256 of modules, by WebCrypto.

import { ClocheError } from '../../errors.ts';
import { loadChunk } from '../load-chunk.ts';
import { withPauses } from '../pauses.ts';

/**
 * Larger files are hashed in steps. WebCrypto is some five times as fast, and takes a file at one go: in Chromium on the
 * page's own thread (27 ms for 16 MiB), elsewhere it is copied there (H11).
 */
const MOST_AT_ONCE_BYTES = 16 << 20;

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
  const digest = bytes.length > MOST_AT_ONCE_BYTES ? await inSteps(bytes) : await subtle.digest('SHA-256', bytes);
  return Array.from(new Uint8Array(digest), (byte) => byte.toString(16).padStart(2, '0')).join('');
}

async function inSteps(bytes: Uint8Array): Promise<ArrayLike<number>> {
  const { sha256Steps } = await loadChunk(() => import('./sha256-steps.ts'));
  return withPauses(sha256Steps(bytes));
}
