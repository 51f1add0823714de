// A clock, and a check that what is measured does what is said of it.

/** Several calls in one sample where one is near the clock's resolution (5 to 20 µs); returns ms for one. */
export async function timed(action: () => Promise<unknown>, times = 1): Promise<number> {
  const began = performance.now();
  for (let i = 0; i < times; i++) await action();
  return (performance.now() - began) / times;
}

/** @throws {Error} when what is measured does not do what is said of it. */
export function expectEqual(actual: unknown, expected: unknown, what: string): void {
  if (actual !== expected) throw new Error(`Expected ${what} to be ${String(expected)}, got ${String(actual)}`);
}

export function pause(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}

/** The `i64` that a guest has output. */
export function wordOf(bytes: Uint8Array = new Uint8Array(8)): bigint {
  return new DataView(bytes.buffer, bytes.byteOffset).getBigInt64(0, true);
}

/** Does something for each, so many at a time as the machine has cores. */
export async function inParallel<T>(items: readonly T[], action: (item: T) => Promise<unknown>): Promise<void> {
  const left = items.values();
  const lane = async (): Promise<void> => {
    for (const item of left) await action(item);
  };
  await Promise.all(Array.from({ length: navigator.hardwareConcurrency }, lane));
}
