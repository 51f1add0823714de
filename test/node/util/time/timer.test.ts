// One timeout of the browser for all timers: it is counted here, and time is moved by hand.

import assert from 'node:assert/strict';
import { afterEach, beforeEach, describe, it } from 'node:test';
import { dispose } from '../../../../src/util/dispose.ts';
import { messageTurns } from '../../../../src/util/pauses.ts';
import { Timer } from '../../../../src/util/time/timer.ts';

const real = { setTimeout: globalThis.setTimeout, clearTimeout: globalThis.clearTimeout, now: performance.now };

let now = 0;
let sets = 0;
let timeout: { readonly at: number; readonly run: () => void } | undefined;
let heard: string[] = [];

beforeEach(() => {
  sets = 0;
  heard = [];
  performance.now = () => now;
  globalThis.setTimeout = ((run: () => void, ms: number) => {
    sets++;
    timeout = { at: now + ms, run };
  }) as unknown as typeof setTimeout;
  globalThis.clearTimeout = () => {
    timeout = undefined;
  };
});

afterEach(async () => {
  await pass(60_000);
  performance.now = real.now;
  Object.assign(globalThis, { setTimeout: real.setTimeout, clearTimeout: real.clearTimeout });
});

/** Lets time pass; what is due comes at its time. */
async function pass(ms: number): Promise<void> {
  const end = now + ms;
  while (timeout && timeout.at <= end) {
    const { at, run } = timeout;
    timeout = undefined;
    now = Math.max(now, at);
    run();
    // The next timeout is set from a message.
    await messageTurns(5);
  }
  now = end;
}

const timer = (ms: number, name: string): Timer => new Timer(ms, () => heard.push(name));

describe('timers', () => {
  it('run once, in the order of their times', async () => {
    timer(300, 'late');
    timer(100, 'early');
    await pass(99);
    assert.deepEqual(heard, []);
    await pass(100);
    assert.deepEqual(heard, ['early']);
    await pass(60_000);
    assert.deepEqual(heard, ['early', 'late']);
  });

  it('do not run when they are disposed of, also by one that runs with them', async () => {
    const other = timer(101, 'other');
    new Timer(100, () => other[dispose]());
    timer(50, 'gone')[dispose]();
    await pass(60_000);
    assert.deepEqual(heard, []);
  });

  it('leave the timeout that is set to a later one: a hundred that are disposed of set one', async () => {
    for (let i = 0; i < 100; i++) {
      timer(5_000, 'call')[dispose]();
      now++;
    }
    assert.equal(sets, 1);
  });

  it('are looked for at least once a second, and no timeout is left when there are none', async () => {
    timer(3_500, 'far');
    await pass(3_499);
    assert.equal(sets, 4);
    await pass(2_000);
    assert.deepEqual(heard, ['far']);
    assert.equal(timeout, undefined);
  });
});
