// The bytes of files, blobs and responses: a part of its own, as most inputs are here already.

import { ClocheError, messageOf } from '../errors.ts';
import { readResponse } from '../package/fetch-bytes.ts';

/** @throws {ClocheError} INPUT_TOO_LARGE; ABORTED; OPTION_INVALID for what was read before, has failed or cannot be read */
export async function readBody(
  holder: Blob | Response,
  maxBytes: number,
  signal: AbortSignal | undefined,
): Promise<Uint8Array> {
  try {
    return await readResponse(holder instanceof Response ? holder : new Response(holder), { maxBytes, signal });
  } catch (cause) {
    const { code } = cause as ClocheError;
    const isTooLarge = code === 'PACKAGE_REJECTED';
    throw new ClocheError(
      isTooLarge ? 'INPUT_TOO_LARGE' : code === 'ABORTED' ? code : 'OPTION_INVALID',
      isTooLarge
        ? `It is larger than ${maxBytes} bytes, which is \`exchangeBytes\``
        : `It cannot be read: ${messageOf(cause)}`,
      { cause },
    );
  }
}
