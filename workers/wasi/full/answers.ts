// What comes back of an operation on files: an errno in two bytes, and what it gives.

import { ENOTCAPABLE } from '../../../src/files/errno.ts';
import type { WireValue } from '../../../src/runtime/wire/protocol.ts';

/** What of an answer is not its bytes. */
export const ERRNO_BYTES = 2;

export function errnoOf(answer: Uint8Array): number {
  return new DataView(answer.buffer, answer.byteOffset).getUint16(0, true);
}

/** Of what the page has said. */
export function bytesOf(answer: WireValue | undefined): Uint8Array {
  return answer instanceof Uint8Array && answer.length >= ERRNO_BYTES ? answer : refusedWith(ENOTCAPABLE);
}

export function refusedWith(errno: number): Uint8Array<ArrayBuffer> {
  const refused = new Uint8Array(ERRNO_BYTES);
  new DataView(refused.buffer).setUint16(0, errno, true);
  return refused;
}
