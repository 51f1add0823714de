import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { CallEnd } from '../../../src/runtime/calls/call-end.ts';

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
