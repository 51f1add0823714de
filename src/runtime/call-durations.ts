// How long calls took, as counts by length: small, and added up over pages and tabs without loss.

/** Each the square root of two of the one before, as a length: from a sixteenth of a ms to twelve minutes. */
const BUCKETS = 48;

export function emptyDurations(): number[] {
  return new Array<number>(BUCKETS).fill(0);
}

/** Which count a call of this length adds to. */
export function bucketOf(ms: number): number {
  return Math.max(0, Math.min(BUCKETS - 1, Math.floor(2 * Math.log2(16 * ms))));
}

/** A length in the middle of what a count is of, in ms. */
export function lengthOf(bucket: number): number {
  return 2 ** ((bucket + 0.5) / 2) / 16;
}
