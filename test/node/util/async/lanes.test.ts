import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { Lanes } from '../../../../src/util/async/lanes.ts';

/** Tasks that end when they are told to. */
function tasks(lanes: Lanes, count: number) {
  const begun: number[] = [];
  const ends: (() => void)[] = [];
  const runs = Array.from({ length: count }, (_, i) =>
    lanes.run(async () => {
      begun.push(i);
      await new Promise<void>((resolve) => {
        ends[i] = resolve;
      });
      if (i === 0) throw new Error('the first fails');
    }),
  );
  return { begun, ends, all: Promise.allSettled(runs) };
}

const turn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

describe('lanes', () => {
  it('take so many at a time, in the order in which they came, whatever becomes of each', async () => {
    const { begun, ends, all } = tasks(new Lanes(2, 60_000), 4);
    await turn();
    assert.deepEqual(begun, [0, 1]);
    ends[0]?.();
    await turn();
    assert.deepEqual(begun, [0, 1, 2]);
    for (const i of [1, 2]) ends[i]?.();
    await turn();
    ends[3]?.();
    assert.deepEqual(
      (await all).map(({ status }) => status),
      ['rejected', 'fulfilled', 'fulfilled', 'fulfilled'],
    );
  });

  it('are given on by who takes too long, once', async () => {
    const { begun, ends, all } = tasks(new Lanes(1, 20), 3);
    while (begun.length < 2) await turn();
    ends[0]?.();
    await turn();
    assert.deepEqual(begun, [0, 1]);
    while (begun.length < 3) await turn();
    for (const end of ends) end();
    await all;
  });
});
