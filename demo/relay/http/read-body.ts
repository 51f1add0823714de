// Reads the body of an answer as it comes, and cuts it off: what counts are its bytes on the way and, of a compressed one,
// those it becomes.

import { joined, readCapped } from '../../../src/util/capped-body.ts';
import type { UpstreamAnswer } from './upstream.ts';

/** Whether the body is compressed in the one way that a request of ours asks for. */
export function isGzip({ status, headers }: UpstreamAnswer, method: string): boolean {
  const hasBody = method !== 'HEAD' && status !== 204 && status !== 304 && headers.get('content-length') !== '0';
  return hasBody && /^\s*(?:x-)?gzip\s*$/i.test(headers.get('content-encoding') ?? '');
}

/**
 * @returns undefined for a body of more than `maxBytes`, or one that becomes as much
 * @throws what the stream fails with
 */
export async function readBody(
  { body }: UpstreamAnswer,
  maxBytes: number,
  compressed: boolean,
): Promise<Uint8Array<ArrayBuffer> | undefined> {
  const cap = capping(maxBytes);
  const counted = body.pipeThrough(cap.stream);
  // What is compressed may go on for ever and become nothing.
  const decoded = compressed ? counted.pipeThrough(new DecompressionStream('gzip')) : counted;
  try {
    const chunks = await readCapped(decoded as typeof body, maxBytes);
    return chunks && joined(chunks);
  } catch (error) {
    if (cap.isOver()) return undefined;
    throw error;
  }
}

function capping(maxBytes: number) {
  let left = maxBytes;
  const stream = new TransformStream<Uint8Array<ArrayBuffer>, Uint8Array<ArrayBuffer>>({
    transform(chunk, controller) {
      left -= chunk.byteLength;
      if (left < 0) controller.error(new Error(`More than ${maxBytes} bytes`));
      else controller.enqueue(chunk);
    },
  });
  return { stream, isOver: () => left < 0 };
}
