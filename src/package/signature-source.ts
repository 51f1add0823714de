// A signature that is given beside a package. Comes late: few are.

import { ClocheError } from '../errors.ts';
import { MOST_SIGNATURE_BYTES } from '../trust/package-signature.ts';
import { shown } from '../util/text/shown.ts';
import type { Bytes } from './fetch-bytes.ts';
import { findBytes } from './package-source.ts';

/**
 * @param given JSON text, or what {@link findBytes} takes
 * @throws {ClocheError} OPTION_INVALID, FETCH_FAILED, PACKAGE_REJECTED, ABORTED
 */
export async function readSignatureSource(given: unknown, signal: AbortSignal | undefined): Promise<Bytes> {
  if (typeof given === 'string' && given.trimStart().startsWith('{')) return new TextEncoder().encode(given);
  const limits = { moduleBytes: MOST_SIGNATURE_BYTES, packageBytes: MOST_SIGNATURE_BYTES };
  const found = await findBytes(given, { limits, signal });
  if (found) return found.bytes;
  const expected = 'the JSON text of a signature, a File, Blob, ArrayBuffer, Uint8Array, Response or URL';
  throw new ClocheError('OPTION_INVALID', `Expected \`signature\` to be ${expected}, got ${shown(given)}`);
}
