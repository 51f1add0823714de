// What of an input leaves the page, and when it is read.

import { assert } from 'chai';
import { inputBytes } from '../../src/output.ts';

describe('the input of a call', () => {
  it('is a copy of what a view shows, never of the buffer around it', () => {
    const whole = new Uint8Array([1, 2, 3, 4, 5, 6, 7, 8]);
    for (const view of [whole.subarray(2, 5), new DataView(whole.buffer, 2, 3), new Uint16Array(whole.buffer, 2, 1)]) {
      const input = inputBytes(view);
      assert.deepEqual([...input], [...whole.slice(2, 2 + view.byteLength)]);
      assert.equal(input.buffer.byteLength, view.byteLength);
    }
  });

  it('does not follow what the caller writes after the call', () => {
    const given = new Uint8Array([1, 2, 3]);
    const inputs = [inputBytes(given), inputBytes(given.buffer)];
    given.fill(9);
    for (const input of inputs) assert.deepEqual([...input], [1, 2, 3]);
  });
});
