// How much memory instances beside the first are given: together no more than is left, and something for each of them.

import assert from 'node:assert/strict';
import { it } from 'node:test';
import { BackgroundInstances } from '../../../src/host/background/instances.ts';
import type { Runner } from '../../../src/runtime/runner.ts';
import type { RunnerContext } from '../../../src/runtime/runner-context.ts';
import { dispose } from '../../../src/util/dispose.ts';

/** What each of so many is given where the first uses so much of 1,000 bytes. */
function given(used: number, count: number): number[] {
  const shares: number[] = [];
  const main = {
    stats: { use: { memoryBytes: used } },
    beside(contextOf: (own: RunnerContext) => RunnerContext) {
      const { memoryBytes } = contextOf({ guest: {}, limits: { memoryBytes: 1_000 } } as RunnerContext).limits;
      shares.push(memoryBytes);
      return { memoryBytes, live: true, start: async () => undefined, [dispose]: () => undefined };
    },
  };
  const instances = new BackgroundInstances(main as unknown as Runner);
  for (let i = 0; i < count; i++) instances.start('');
  return shares;
}

it('each has half of what the others have left, or as much as the first has, which is of the same module', () => {
  assert.deepEqual(given(200, 4), [400, 200, 200, 0]);
  assert.deepEqual(given(40, 4), [480, 240, 120, 60]);
  assert.deepEqual(given(700, 2), [300, 0]);
  assert.throws(() => given(0, 5), /at most 4 instances/);
});
