import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { atOnce } from '../../../src/util/pauses.ts';
import { textSteps } from '../../../src/util/text/decode-text.ts';

const MIB = 1 << 20;
const encode = (text: string): Uint8Array => new TextEncoder().encode(text);

describe('text that is decoded in steps', () => {
  for (const text of ['', 'x', '\ufeffx', `${'x'.repeat(MIB - 1)}é`, `${'x'.repeat(MIB - 2)}😀${'x'.repeat(MIB)}`]) {
    it(`is the same as in one go: ${text.length} characters`, () => {
      assert.equal(atOnce(textSteps(encode(text))), new TextDecoder().decode(encode(text)));
    });
  }

  it('has a replacement for a character that is cut off', () => {
    assert.equal(atOnce(textSteps(new Uint8Array([0x78, 0xf0, 0x9f]))), 'x\ufffd');
  });

  it('H11: lets the page have a turn after each MiB', () => {
    const steps = textSteps(new Uint8Array(3 * MIB));
    let count = 0;
    while (!steps.next().done) count++;
    assert.equal(count, 3);
  });
});
