// Large inputs and outputs for tests: chai looks at bytes one by one, and at half a second a megabyte.

import { assert } from 'chai';

/** No power of two, so that a piece that is moved, lost or doubled shows. */
const PERIOD = 251;

/** Bytes from `first` on, again and again. */
export function patterned(size: number, first = 0): Uint8Array<ArrayBuffer> {
  const bytes = new Uint8Array(size);
  for (let i = 0; i < Math.min(size, PERIOD); i++) bytes[i] = (first + i) % PERIOD;
  for (let filled = PERIOD; filled < size; filled *= 2) bytes.copyWithin(filled, 0, filled);
  return bytes;
}

export function assertSameBytes(actual: Uint8Array, expected: Uint8Array): void {
  assert.lengthOf(actual, expected.length);
  let same = 0;
  while (same < expected.length && actual[same] === expected[same]) same++;
  assert.equal(same, expected.length, 'bytes that are the same');
}
