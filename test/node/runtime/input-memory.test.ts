// The memory that large inputs are copied into.

import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { InputMemory, LARGE_INPUT_BYTES } from '../../../src/runtime/calls/input-memory.ts';

const large = (byte: number, length = LARGE_INPUT_BYTES): Uint8Array => new Uint8Array(length).fill(byte);

describe('the memory of inputs', () => {
  it('takes the next large input that fits', () => {
    const memory = new InputMemory();
    const first = memory.copyOf(large(1, LARGE_INPUT_BYTES + 8));
    memory.giveBack(first.buffer);
    const second = memory.copyOf(large(2));
    assert.equal(second.buffer, first.buffer);
    assert.deepEqual(second, large(2));
  });

  it('is lent once at a time', () => {
    const memory = new InputMemory();
    memory.giveBack(memory.copyOf(large(1)).buffer);
    const [one, other] = [memory.copyOf(large(2)), memory.copyOf(large(3))];
    assert.notEqual(one.buffer, other.buffer);
    assert.deepEqual(one, large(2));
  });

  it('takes no input that is small, or larger than it is', () => {
    const memory = new InputMemory();
    const given = memory.copyOf(large(1));
    memory.giveBack(given.buffer);
    for (const length of [1, LARGE_INPUT_BYTES - 1, LARGE_INPUT_BYTES + 1]) {
      const copy = memory.copyOf(large(2, length));
      assert.notEqual(copy.buffer, given.buffer);
      assert.equal(copy.buffer.byteLength, length);
    }
  });

  it('keeps the larger of two', () => {
    const memory = new InputMemory();
    const [small, wide] = [new ArrayBuffer(LARGE_INPUT_BYTES), new ArrayBuffer(2 * LARGE_INPUT_BYTES)];
    for (const buffer of [wide, small]) memory.giveBack(buffer);
    assert.equal(memory.copyOf(large(1)).buffer, wide);
  });
});
