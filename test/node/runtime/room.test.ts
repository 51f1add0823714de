// What becomes of a start that the engine has no room for.

import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { RunnerRig } from './runner-rig.ts';

function rig(refusals: number, idle: number): RunnerRig {
  return Object.assign(new RunnerRig(), { refusals, idle });
}

describe('a start that the engine has no room for', () => {
  it('is tried again in a new worker when another plugin has gone to sleep', async () => {
    const made = rig(2, 5);
    assert.equal(await made.call(), 'answered');
    assert.equal(made.idle, 3);
    assert.equal(made.places, 1);
    assert.deepEqual(
      made.sandboxes.map(({ alive }) => alive),
      [false, false, true],
    );
  });

  it('fails when nobody is idle any more, and counts as no kill', async () => {
    const made = rig(9, 2);
    assert.equal(await made.call(), 'ENGINE_FULL');
    assert.equal(made.idle, 0);
    assert.equal(made.places, 0);
    assert.deepEqual(made.told, []);
    assert.equal(made.runner.state, 'asleep');
  });

  it('puts no more to sleep than one plugin can need the room of', async () => {
    const made = rig(1_000, 50);
    assert.equal(await made.call(), 'ENGINE_FULL');
    assert.equal(made.idle, 41);
  });
});
