// Bytes as text, with pauses: they may have tens of MiB.

import type { Steps } from '../pauses.ts';

/** Bytes that are decoded in one step. */
const STEP_BYTES = 1 << 20;

/** @param decoder a new one, which says how; those that are fatal throw a TypeError */
export function* textSteps(bytes: Uint8Array, decoder = new TextDecoder()): Steps<string> {
  let text = '';
  for (let at = 0; at < bytes.length; at += STEP_BYTES) {
    text += decoder.decode(bytes.subarray(at, at + STEP_BYTES), { stream: true });
    yield;
  }
  return text + decoder.decode();
}
