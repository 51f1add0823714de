// Who does what a guest wants of files: the page, or a copy of them here.

import type { OperationName } from '../../../src/files/operations.ts';

export interface FileCalls {
  /** @returns the errno in two bytes, and behind a 0 what the operation gives; a promise only where the guest may wait for one */
  run(
    name: OperationName,
    numbers: readonly bigint[],
    one: Uint8Array,
    other: Uint8Array,
  ): Uint8Array | Promise<Uint8Array>;
}

/** What comes of a value, now or when it is there. */
export function then<T, R>(value: T | Promise<T>, next: (value: T) => R): R | Promise<R> {
  return value instanceof Promise ? value.then(next) : next(value);
}
