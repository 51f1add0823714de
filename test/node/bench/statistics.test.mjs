import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { compare, median, quantile } from '../../../scripts/bench/statistics.mjs';

/** Always the same, between -1 and 1. */
function wave(/** @type {number} */ i) {
  return Math.sin(i * 12.9898) ** 3;
}

/** So many launches of 40 pairs, the second of each `ratio` times the first, but for noise of a tenth. */
function launches(/** @type {number} */ count, /** @type {(launch: number) => number} */ ratio) {
  return Array.from({ length: count }, (_, launch) => {
    const before = Array.from({ length: 40 }, (_, i) => 5 + launch + 0.5 * wave(launch * 100 + i));
    const after = before.map((value, i) => value * ratio(launch) * (1 + 0.1 * wave(launch * 100 + i + 50)));
    return { before, after };
  });
}

describe('a quantile', () => {
  it('is a sample, or between two, in whatever order they came', () => {
    assert.equal(median([3, 1, 2]), 2);
    assert.equal(median([4, 1, 3, 2]), 2.5);
    assert.equal(quantile([5, 1, 4, 2, 3], 0.95), 4.8);
    assert.equal(quantile([7], 0.95), 7);
  });

  it('is not a number of no samples', () => {
    assert.ok(Number.isNaN(median([])));
  });

  it('leaves the samples in their order', () => {
    const samples = [3, 1, 2];
    median(samples);
    assert.deepEqual(samples, [3, 1, 2]);
  });
});

describe('a comparison', () => {
  it('calls a version slower, or faster, when the launches agree', () => {
    const slower = compare(launches(4, () => 1.2));
    assert.equal(slower.verdict, 'slower');
    assert.ok(slower.low < 1.2 && 1.2 < slower.high, `${slower.low} to ${slower.high}`);
    assert.equal(compare(launches(4, () => 0.8)).verdict, 'faster');
  });

  it('calls it noise when nothing differs', () => {
    const same = compare(launches(4, () => 1));
    assert.equal(same.verdict, 'noise');
    assert.ok(same.low < 1 && same.high > 1);
  });

  it('calls it noise when launches contradict each other, however sure each is of itself', () => {
    assert.equal(compare(launches(4, (launch) => (launch % 2 === 0 ? 1.3 : 0.8))).verdict, 'noise');
    assert.equal(compare(launches(1, () => 1.3)).verdict, 'slower');
  });

  it('is not moved by drift that both versions meet', () => {
    const [launch] = launches(1, () => 1.1);
    const { before, after } = launch ?? { before: [], after: [] };
    const drift = (/** @type {number} */ value, /** @type {number} */ i) => value * (1 + i / 10);
    assert.equal(compare([{ before: before.map(drift), after: after.map(drift) }]).verdict, 'slower');
  });

  it('says the same each time', () => {
    assert.deepEqual(compare(launches(3, () => 1.05)), compare(launches(3, () => 1.05)));
  });

  it('refuses samples that are not in pairs', () => {
    assert.throws(() => compare([{ before: [1, 2], after: [1] }]), /as many samples/);
  });
});
