// H11: how much a page may say. Time is moved by hand, and the numbers are those that are promised.

import assert from 'node:assert/strict';
import { afterEach, beforeEach, describe, it, mock } from 'node:test';
import { RateLimit } from '../../../src/frames/rate-limit.ts';

describe('the rate limit of a page', () => {
  let now = 0;
  let limit: RateLimit;

  beforeEach(() => {
    now = 0;
    mock.method(performance, 'now', () => now);
    limit = new RateLimit();
  });
  afterEach(() => mock.restoreAll());

  /** How many messages are covered, one after the other. */
  const covered = (length = 0, ms = 0): number => {
    let count = 0;
    while (limit.covers(length, ms)) count++;
    return count;
  };

  it('H11: covers a thousand messages at once, and not one more', () => {
    assert.equal(covered(), 1_000);
  });

  it('H11: covers 250 a second after that', () => {
    for (let i = 0; i < 1_000; i++) limit.covers(0);
    now = 1_000;
    assert.equal(covered(), 250);
  });

  it('H11: takes 4,096 units of text, and each millisecond of reading, for one message more', () => {
    assert.equal(covered(3 * 4_096), 250);
    limit = new RateLimit();
    assert.equal(covered(0, 9), 100);
  });
});
