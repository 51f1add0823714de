import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { ClocheError } from '../../../src/errors.ts';
import { CallEnd } from '../../../src/runtime/calls/call-end.ts';
import { RunnerRig, settled } from './runner-rig.ts';

describe('what host functions have left to do at the end of a call', () => {
  it('is found by the signal of a host call, and nowhere else', () => {
    const end = new CallEnd();
    const { signal } = new AbortController();
    end.governs(signal);
    assert.equal(CallEnd.of(signal), end);
    assert.equal(CallEnd.of(new AbortController().signal), undefined);
  });

  it('is done once, however often it was added', async () => {
    const end = new CallEnd();
    const done: string[] = [];
    const task = async () => void done.push('task');
    end.add(task);
    end.add(task);
    end.add(async () => void done.push('other'));
    assert.deepEqual(done, []);
    await end.run();
    assert.deepEqual(done, ['task', 'other']);
  });

  it('is all done, also where some of it fails', async () => {
    const end = new CallEnd();
    const done: string[] = [];
    end.add(() => Promise.reject(new Error('first')));
    end.add(async () => void done.push('second'));
    end.add(() => Promise.reject(new Error('third')));
    await assert.rejects(end.run(), /first/);
    assert.deepEqual(done, ['second']);
  });

  it('is refused with ABORTED once that end has begun', async () => {
    const end = new CallEnd();
    let finish = (): void => undefined;
    end.add(
      () =>
        new Promise((resolve) => {
          finish = resolve;
        }),
    );
    const ended = end.run();
    assert.throws(() => end.add(async () => undefined), { code: 'ABORTED' });
    assert.equal(end.hasBegun, true);
    finish();
    await ended;
  });
});

describe('a call whose host functions have something left to do', () => {
  it('resolves when that is done, and keeps the next one waiting until then', async () => {
    const rig = new RunnerRig();
    let finish = (): void => undefined;
    rig.endTasks.push(
      () =>
        new Promise((resolve) => {
          finish = resolve;
        }),
    );
    const outcomes: string[] = [];
    const calls = ['first', 'second'].map(async (name) => void outcomes.push(`${name} ${await rig.call()}`));
    await settled();
    assert.deepEqual(outcomes, []);
    finish();
    await settled();
    assert.deepEqual(outcomes, ['first answered']);
    finish();
    await Promise.all(calls);
    assert.deepEqual(outcomes, ['first answered', 'second answered']);
  });

  it('rejects where that fails, and its worker lives on', async () => {
    const rig = new RunnerRig();
    rig.endTasks.push(() => Promise.reject(new ClocheError('STORAGE_FAILED', 'full')));
    await assert.rejects(rig.runner.call({ export: 'run', input: new Uint8Array() }, {}), {
      code: 'STORAGE_FAILED',
      plugin: 'p',
      message: 'Plugin "p": full',
    });
    assert.deepEqual([rig.runner.state, rig.runner.stats.failures, rig.told], ['ready', 1, []]);
    rig.endTasks.length = 0;
    assert.equal(await rig.call(), 'answered');
    assert.equal(rig.sandboxes.length, 1);
  });

  it('rejects with HOST_FUNCTION_FAILED where that is none of our errors', async () => {
    const rig = new RunnerRig();
    rig.endTasks.push(() => Promise.reject(new Error('odd')));
    assert.equal(await rig.call(), 'HOST_FUNCTION_FAILED');
  });

  it('rejects with what has ended it where that fails as well, of which the log hears', async () => {
    const rig = new RunnerRig();
    await rig.call();
    rig.hold();
    rig.endTasks.push(() => Promise.reject(new ClocheError('STORAGE_FAILED', 'full')));
    await rig.begin();
    rig.abort();
    assert.equal(await rig.begun, 'ABORTED');
    assert.deepEqual([rig.told, rig.runner.stats.failures], [['unfinished'], 1]);
  });
});
