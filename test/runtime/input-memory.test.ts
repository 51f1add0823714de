// The memory of a large input comes back with the answer where that costs nothing, and takes the next one.

import { assert } from 'chai';
import type { IsolationChoice } from '../../src/runtime/environment.ts';
import { guest } from '../helpers/guests.ts';
import { call, closePools, makePool, started } from './fake-abi/stage.ts';

const LENT = 200_000;
const NEXT = 100_000;

afterEach(closePools);

/** How much memory a smaller input lies in, after one of 200,000 bytes was answered. */
async function memoryOfNext(isolation: IsolationChoice, name: string): Promise<number> {
  const pool = await makePool('real', 1, isolation);
  const contract = { abi: 'extism', instance: 'persistent', afterTrap: 'discard', start: [] } as const;
  const sandbox = await started(await guest(), { pool, guest: contract });
  await call(sandbox, { export: name, input: sandbox.inputs.copyOf(new Uint8Array(LENT)) });
  return sandbox.inputs.copyOf(new Uint8Array(NEXT)).buffer.byteLength;
}

describe('the memory of a large input', () => {
  it('comes back from a compartment, whether the call succeeds or traps', async () => {
    assert.equal(await memoryOfNext('origin', 'echo'), LENT);
    assert.equal(await memoryOfNext('origin', 'trap'), LENT);
  });

  it('does not from a cell, where it would be copied on its way', async () => {
    assert.equal(await memoryOfNext('process', 'echo'), NEXT);
  });
});
