import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { describe, it } from 'node:test';
import { sha256Steps } from '../../../../src/util/hash/sha256-steps.ts';
import { atOnce } from '../../../../src/util/pauses.ts';

/** Bytes that repeat nowhere soon. */
const noise = (length: number): Uint8Array =>
  Uint8Array.from({ length }, (_, i) => Math.imul(i + 1, 2_654_435_761) >>> 24);
const hex = (bytes: Uint8Array): string => Buffer.from(bytes).toString('hex');

describe('SHA-256 in steps', () => {
  it('gives what the standard gives (FIPS 180-4, "abc")', () => {
    const digest = hex(atOnce(sha256Steps(new TextEncoder().encode('abc'))));
    assert.equal(digest, 'ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad');
  });

  it('gives what others give, wherever the last block ends', () => {
    for (const length of [...Array(200).keys(), (1 << 18) - 1, 1 << 18, (1 << 18) + 1, 1_000_003]) {
      const bytes = noise(length);
      const expected = createHash('sha256').update(bytes).digest('hex');
      assert.equal(hex(atOnce(sha256Steps(bytes))), expected, `${length} bytes`);
    }
  });

  it('reads a view, not its buffer', () => {
    const bytes = noise(1_000);
    const expected = createHash('sha256').update(bytes.subarray(3, 700)).digest('hex');
    assert.equal(hex(atOnce(sha256Steps(bytes.subarray(3, 700)))), expected);
  });

  it('H11: lets the page have a turn after each 256 KiB', () => {
    const steps = sha256Steps(new Uint8Array(1 << 20));
    let count = 0;
    while (!steps.next().done) count++;
    assert.equal(count, 4);
  });
});
