// Host calls that a worker has answered itself: run in their order, before all that comes after them.

import assert from 'node:assert/strict';
import { beforeEach, describe, it } from 'node:test';
import { ClocheError } from '../../../src/errors.ts';
import { CallEnd } from '../../../src/runtime/calls/call-end.ts';
import { OneWayCalls } from '../../../src/runtime/calls/one-way-calls.ts';
import { RunningCall } from '../../../src/runtime/calls/running-call.ts';
import { dispose } from '../../../src/util/dispose.ts';
import { settled } from './runner-rig.ts';

const FULL = new ClocheError('STORAGE_FAILED', 'full');

/** One that is done when it is told to. */
function held() {
  let end = (): void => undefined;
  const promise = new Promise<void>((resolve) => {
    end = resolve;
  });
  return { run: () => promise, end: () => end() };
}

describe('host calls one-way', () => {
  let end: CallEnd;
  let calls: OneWayCalls;
  let run: string[];
  const noting = (name: string) => async () => {
    run.push(name);
  };

  beforeEach(() => {
    end = new CallEnd();
    calls = new OneWayCalls(end);
    run = [];
  });

  it('are run one after the other', async () => {
    const first = held();
    calls.add(first.run);
    calls.add(noting('second'));
    calls.add(noting('third'));
    await settled();
    assert.deepEqual(run, []);
    first.end();
    await calls.settle();
    assert.deepEqual(run, ['second', 'third']);
    assert.equal(calls.concern, false);
  });

  it('are of the call that they were made in', async () => {
    let signal: AbortSignal | undefined;
    calls.add(async (given) => {
      signal = given;
    });
    await calls.settle();
    assert.equal(signal && CallEnd.of(signal), end);
    assert.equal(signal?.aborted, false);
    await calls.close();
    assert.equal(signal?.aborted, true);
  });

  it('are not run any more after one that failed, and the end of the call says so', async () => {
    calls.add(noting('first'));
    calls.add(() => Promise.reject(FULL));
    calls.add(noting('third'));
    await assert.rejects(calls.settle(), FULL);
    assert.equal(calls.concern, true);
    await calls.close();
    assert.deepEqual(run, ['first']);
    await assert.rejects(end.run(), FULL);
  });

  it("fail the call whatever they fail with, and say nothing of what is only the page's business", async () => {
    calls.add(() => Promise.reject(new TypeError('/home/me')));
    await calls.close();
    await assert.rejects(end.run(), { code: 'HOST_FUNCTION_FAILED', message: 'a host function failed' });
  });
});

describe('a running call', () => {
  it('is finished when what was written one-way is, though its guest was ended', async () => {
    const call = new RunningCall({ exportName: 'run', chain: [], sandbox: {} as never }, 1_000, () => undefined);
    const write = held();
    const run: string[] = [];
    call.oneWay.add((signal) => write.run().finally(() => run.push(signal.aborted ? 'given up' : 'written')));
    call.end.add(async () => void run.push('ended'));
    call[dispose]();
    const finished = Promise.resolve(call.oneWay.close()).then(() => call.end.run());
    await settled();
    assert.deepEqual([run, call.waiting], [[], true]);
    write.end();
    await finished;
    assert.deepEqual(run, ['written', 'ended']);
  });
});
