import { lengthOf } from '../runtime/call-durations.ts';

/**
 * The length that a part of all calls stays within, in ms and to a fifth of it; undefined where there were none.
 * @param part 0.5 for the median
 */
export function percentileOf(durations: readonly number[], part: number): number | undefined {
  const total = durations.reduce((sum, count) => sum + count, 0);
  if (total === 0) return undefined;
  let left = Math.ceil(total * part);
  const bucket = durations.findIndex((count) => {
    left -= count;
    return left <= 0;
  });
  return lengthOf(bucket);
}
