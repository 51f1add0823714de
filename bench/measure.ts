// Medians of two things measured in turn, so that both meet the same drift of the machine.

export interface Rounds {
  /** Samples of each. @default 40 */
  readonly runs?: number;
  /** Samples of each that do not count. @default 5 */
  readonly warmUps?: number;
}

/** Takes one sample and returns it in ms; what must not count stays outside of its clock. */
export type Sample = () => Promise<number>;

export interface Medians {
  readonly first: number;
  readonly second: number;
}

/** Warms both up, then measures A B A B … */
export async function interleaved(
  first: Sample,
  second: Sample,
  { runs = 40, warmUps = 5 }: Rounds = {},
): Promise<Medians> {
  for (let i = 0; i < warmUps; i++) {
    await first();
    await second();
  }
  const firsts: number[] = [];
  const seconds: number[] = [];
  for (let i = 0; i < runs; i++) {
    firsts.push(await first());
    seconds.push(await second());
  }
  return { first: median(firsts), second: median(seconds) };
}

/** Several calls in one sample where one is near the clock's resolution (5 to 20 µs); returns ms for one. */
export async function timed(action: () => Promise<unknown>, times = 1): Promise<number> {
  const began = performance.now();
  for (let i = 0; i < times; i++) await action();
  return (performance.now() - began) / times;
}

export function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = sorted.length >> 1;
  const upper = sorted[middle] ?? Number.NaN;
  return sorted.length % 2 === 1 ? upper : (upper + (sorted[middle - 1] ?? Number.NaN)) / 2;
}

/** @throws {Error} when what is measured does not do what is said of it. */
export function expectEqual(actual: unknown, expected: unknown, what: string): void {
  if (actual !== expected) throw new Error(`Expected ${what} to be ${String(expected)}, got ${String(actual)}`);
}
