// Sizes as people read them, in the units that go by 1,024.

/** Keeps a number and its unit on one line. */
export const GAP = '\u00a0';

const SIZES = [
  { unit: 'GiB', bytes: 1 << 30 },
  { unit: 'MiB', bytes: 1 << 20 },
  { unit: 'KiB', bytes: 1 << 10 },
] as const;

/** The largest unit of which there is one; undefined for less than the smallest. */
export function sizeFor(bytes: number): (typeof SIZES)[number] | undefined {
  return SIZES.find((size) => bytes >= size.bytes);
}

/** How many decimals leave a number three digits. */
export function decimalsOf(value: number): number {
  return value < 9.995 ? 2 : value < 99.95 ? 1 : 0;
}
