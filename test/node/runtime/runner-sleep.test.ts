// What a guest keeps over its sleep, where its contract says how, and over nothing else that ends it.

import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { ClocheError } from '../../../src/errors.ts';
import { dispose } from '../../../src/util/dispose.ts';
import { RunnerRig, settled } from './runner-rig.ts';

const SLEEP = { save: 'save', load: 'load' };
const STATE = new Uint8Array([7, 7, 7]);
const STOPPED = new ClocheError('ABORTED', 'stopped', { plugin: 'p' });

/** A rig whose plugin runs, and gives this as its state. */
async function awake(state: RunnerRig['stateOf'] = STATE): Promise<RunnerRig> {
  const rig = new RunnerRig({ sleep: SLEEP });
  await rig.runner.start();
  rig.stateOf = state;
  return rig;
}

/** The same, which has fallen asleep. */
async function asleep(): Promise<RunnerRig> {
  const rig = await awake();
  await rig.runner.sleep();
  assert.equal(rig.runner.state, 'asleep');
  return rig;
}

const calledIn = ({ sandbox }: RunnerRig) => sandbox?.called ?? [];

describe('a guest that saves its state', () => {
  it('saves it before its worker goes, and gets it back once it was started again', async () => {
    const rig = await asleep();
    assert.deepEqual(calledIn(rig), [{ export: 'save', args: [] }]);
    assert.equal(rig.places, 0);
    assert.equal(await rig.call(), 'answered');
    assert.equal(rig.sandboxes.length, 2);
    assert.deepEqual(calledIn(rig), [{ export: 'load', args: [STATE] }]);
  });

  it('gets it back once', async () => {
    const rig = await asleep();
    await rig.call();
    rig.runner.stop(STOPPED);
    await rig.call();
    assert.deepEqual(calledIn(rig), []);
  });

  it('keeps it while it is only waited for a worker, or the worker is lost before it has it', async () => {
    const rig = await asleep();
    rig.hold();
    await rig.begin();
    rig.abort();
    assert.equal(await rig.begun, 'ABORTED');
    const lost = rig.call();
    await settled();
    rig.sandbox?.die('FRAME_REMOVED');
    assert.equal(await lost, 'FRAME_REMOVED');
    rig.release();
    assert.equal(await rig.call(), 'answered');
    assert.deepEqual(calledIn(rig), [{ export: 'load', args: [STATE] }]);
  });

  const ends: [what: string, end: (rig: RunnerRig) => void][] = [
    ['was stopped, as by `reset` or an update', ({ runner }) => runner.stop(STOPPED)],
    [
      'was quarantined',
      ({ runner }) => {
        runner.quarantine(STOPPED);
        runner.forgive();
      },
    ],
  ];
  for (const [what, end] of ends) {
    it(`begins anew where it ${what} in its sleep`, async () => {
      const rig = await asleep();
      end(rig);
      assert.equal(await rig.call(), 'answered');
      assert.deepEqual(calledIn(rig), []);
    });
  }

  it('is called after it has fallen asleep, where it was called while it saved', async () => {
    const rig = await awake();
    const sleeping = rig.runner.sleep();
    const call = rig.call();
    await sleeping;
    assert.equal(await call, 'answered');
    assert.equal(rig.sandboxes.length, 2);
    assert.deepEqual(calledIn(rig), [{ export: 'load', args: [STATE] }]);
  });

  it('sleeps without its state where it gives none, and the log says so', async () => {
    const rig = await awake(null);
    await rig.runner.sleep();
    assert.equal(rig.runner.state, 'asleep');
    assert.match(rig.told.join(), /state is lost.*`save` did not give bytes/);
    await rig.call();
    assert.deepEqual(calledIn(rig), []);
  });

  it('sleeps without its state where its worker dies while it saves', async () => {
    const rig = await awake();
    rig.hold();
    const sleeping = rig.runner.sleep();
    await settled();
    assert.equal(rig.runner.state, 'calling');
    rig.sandbox?.die('PROTOCOL_VIOLATION');
    await sleeping;
    assert.equal(rig.runner.state, 'asleep');
    assert.match(rig.told.join(), /killed PROTOCOL_VIOLATION.*state is lost/);
  });

  it('is not asked for it when the plugin is closed', async () => {
    const rig = await awake();
    rig.runner[dispose]();
    await rig.runner.sleep();
    assert.deepEqual(calledIn(rig), []);
    assert.deepEqual(rig.told, []);
  });

  it('the twin: one whose contract names no such exports falls asleep at once', async () => {
    const rig = new RunnerRig();
    await rig.runner.start();
    void rig.runner.sleep();
    assert.equal(rig.runner.state, 'asleep');
    assert.deepEqual(calledIn(rig), []);
  });
});
