import assert from 'node:assert/strict';
import { describe, it, type TestContext } from 'node:test';
import { TokenBucket } from '../../../../src/util/time/token-bucket.ts';

/** `performance.now()` as the test says. */
function clockOf(t: TestContext) {
  const clock = { now: 0 };
  t.mock.method(performance, 'now', () => clock.now);
  return clock;
}

describe('a token bucket', () => {
  it('has a burst at once, and then no more', (t) => {
    clockOf(t);
    const bucket = new TokenBucket(3, 1);
    assert.deepEqual(
      [1, 2, 3, 4].map(() => bucket.take()),
      [true, true, true, false],
    );
  });

  it('fills at its rate, and never above the burst', (t) => {
    const clock = clockOf(t);
    const bucket = new TokenBucket(2, 10);
    bucket.take(2);
    clock.now = 99;
    assert.equal(bucket.take(), false);
    clock.now = 10_000;
    assert.deepEqual([bucket.take(2), bucket.take()], [true, false]);
  });

  it('counts what was more than it had as a debt', (t) => {
    const clock = clockOf(t);
    const bucket = new TokenBucket(1, 1);
    assert.equal(bucket.take(3), false);
    clock.now = 2_000;
    assert.equal(bucket.take(1), false);
    clock.now = 5_000;
    assert.equal(bucket.take(1), true);
  });
});
