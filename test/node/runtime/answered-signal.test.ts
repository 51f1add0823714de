// How long the signal of a host call outlives its answer. In a file of its own: the one timeout of all deadlines must not have been
// set by another clock before.

import '../with-resolvers.ts';
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { RunningCall } from '../../../src/runtime/calls/running-call.ts';
import { dispose } from '../../../src/util/dispose.ts';

describe('a host function that was answered for', () => {
  it('has a signal that stands for some tasks after its answer, its call has ended or not, and then is aborted', async (t) => {
    const now = t.mock.timers;
    now.enable({ apis: ['setTimeout'] });
    let at = performance.now();
    t.mock.method(performance, 'now', () => at);
    const wait = (ms: number): Promise<void> => {
      at += ms;
      now.tick(ms);
      return new Promise((resolve) => setImmediate(resolve));
    };
    const call = new RunningCall({ chain: [], sandbox: { instance: {} as never } }, 60_000, () => undefined);
    const signals: AbortSignal[] = [];
    const ask = () => call.hostCall(async ({ signal }) => void signals.push(signal));
    await ask();
    await wait(40);
    await ask();
    call[dispose]();
    for (let i = 0; i < 4; i++) await wait(10);
    assert.deepEqual(
      signals.map(({ aborted }) => aborted),
      [false, false],
    );
    // Timers are set anew after a message of the page to itself, which a busy machine is late with.
    for (let i = 0; i < 100 && !signals.every(({ aborted }) => aborted); i++) await wait(10);
    assert.deepEqual(
      signals.map(({ aborted }) => aborted),
      [true, true],
    );
  });
});
