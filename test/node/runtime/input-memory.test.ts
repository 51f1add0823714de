// The memory that large inputs are copied into, and what of it is taken back from a worker.

import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { InputMemory, LARGE_INPUT_BYTES } from '../../../src/runtime/calls/input-memory.ts';
import { returnedInput } from '../../../src/runtime/wire/read-answers.ts';

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

describe('what a worker sends back as the memory of an input', () => {
  it('is taken over where it has the size that was sent', () => {
    const input = large(5);
    const { buffer } = input;
    const taken = returnedInput({ input }, LARGE_INPUT_BYTES);
    assert.deepEqual(new Uint8Array(taken ?? new ArrayBuffer()), large(5));
    assert.equal(buffer.byteLength, 0, 'the worker, or whoever else has it, has it no more');
  });

  it('M11: is nothing where it has another size, or is something else', () => {
    const shared = new Uint8Array(new SharedArrayBuffer(LARGE_INPUT_BYTES));
    for (const input of [large(1, LARGE_INPUT_BYTES + 1), shared, new ArrayBuffer(LARGE_INPUT_BYTES), 'x', undefined]) {
      assert.equal(returnedInput({ input }, LARGE_INPUT_BYTES), undefined);
    }
  });
});
