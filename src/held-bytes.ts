// The bytes of files, blobs and responses, which give them only when they are asked.

import { ClocheError, messageOf } from './errors.ts';
import { readResponse } from './package/fetch-bytes.ts';

export type BytesHolder = Blob | Response;

export function holdsBytes(value: unknown): value is BytesHolder {
  return value instanceof Blob || value instanceof Response;
}

/**
 * @param what it is, for messages, such as `The input`
 * @throws {ClocheError} INPUT_TOO_LARGE; OPTION_INVALID for a body that was read before, a response that failed, and a
 * file that cannot be read any more; ABORTED
 */
export async function heldBytes(
  holder: BytesHolder,
  what: string,
  maxBytes: number,
  signal: AbortSignal | undefined,
): Promise<Uint8Array> {
  try {
    if (holder instanceof Response) return await readResponse(holder, { maxBytes, signal });
    if (holder.size > maxBytes) throw tooLarge(`${what} has ${holder.size} bytes`, maxBytes);
    return new Uint8Array(await unlessAborted(holder.arrayBuffer(), signal));
  } catch (cause) {
    if (signal?.aborted)
      throw new ClocheError('ABORTED', `${what} was not read: it was aborted`, { cause: signal.reason });
    const code = cause instanceof ClocheError && cause.code;
    if (code === 'INPUT_TOO_LARGE') throw cause;
    if (code === 'PACKAGE_REJECTED') throw tooLarge(`${what} has more bytes`, maxBytes);
    throw new ClocheError('OPTION_INVALID', `${what} cannot be read: ${messageOf(cause)}`, { cause });
  }
}

function tooLarge(what: string, maxBytes: number): ClocheError {
  return new ClocheError('INPUT_TOO_LARGE', `${what}; \`exchangeBytes\` allows ${maxBytes}`);
}

async function unlessAborted<T>(work: Promise<T>, signal: AbortSignal | undefined): Promise<T> {
  const { promise: aborted, reject } = Promise.withResolvers<never>();
  const abort = (): void => reject(signal?.reason);
  signal?.addEventListener('abort', abort, { once: true });
  try {
    if (signal?.aborted) abort();
    return await Promise.race([work, aborted]);
  } finally {
    signal?.removeEventListener('abort', abort);
  }
}
