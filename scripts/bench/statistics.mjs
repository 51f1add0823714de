// What is made of samples. Pure.

/**
 * @param {readonly number[]} values
 * @param {number} part 0.5 is the median, 0.95 what 19 of 20 are below; between two samples it is interpolated
 */
export function quantile(values, part) {
  const sorted = [...values].sort((a, b) => a - b);
  const at = (sorted.length - 1) * part;
  const low = sorted[Math.floor(at)] ?? Number.NaN;
  const high = sorted[Math.ceil(at)] ?? Number.NaN;
  return low + (high - low) * (at - Math.floor(at));
}

/** @param {readonly number[]} values */
export function median(values) {
  return quantile(values, 0.5);
}

/**
 * Samples of two versions from one launch of a browser: those of one index were taken next to each other.
 * @typedef {{ readonly before: readonly number[], readonly after: readonly number[] }} Launch
 * @typedef {object} Comparison
 * @property {number} ratio of after to before: the median of all pairs
 * @property {number} low end of the interval that holds the ratio of 99 in 100 such measurements
 * @property {number} high
 * @property {'noise' | 'faster' | 'slower'} verdict noise: the interval spans 1
 */

const RESAMPLES = 2_000;
const OUTSIDE = 0.01;

/**
 * A bootstrap: the measurement is repeated on paper, 2,000 times, each time with launches drawn from those there were, and
 * pairs drawn from theirs. What the medians do then is what they would have done. Pairs, as both met the same moment of
 * the machine; launches first, as samples of one launch agree with each other more than with those of the next.
 * @param {readonly Launch[]} launches
 * @returns {Comparison}
 */
export function compare(launches) {
  const ratios = launches.map(({ before, after }) => {
    if (before.length !== after.length) throw new Error('Expected as many samples before as after');
    return after.map((value, i) => value / (before[i] ?? Number.NaN));
  });
  const random = generator();
  const medians = Array.from({ length: RESAMPLES }, () => {
    const drawn = draw(ratios, random).flatMap((pairs) => draw(pairs, random));
    return median(drawn);
  });
  const [low, high] = [quantile(medians, OUTSIDE / 2), quantile(medians, 1 - OUTSIDE / 2)];
  const verdict = high < 1 ? 'faster' : low > 1 ? 'slower' : 'noise';
  return { ratio: median(ratios.flat()), low, high, verdict };
}

/**
 * As many as there are, some twice, some never.
 * @template T
 * @param {readonly T[]} from
 * @param {() => number} random
 * @returns {T[]}
 */
function draw(from, random) {
  return from.map(() => /** @type {T} */ (from[Math.floor(random() * from.length)]));
}

/** Always the same numbers in [0, 1), so that a report can be made again: mulberry32. */
function generator() {
  let state = 0x9e3779b9;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}
