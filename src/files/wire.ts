// How a worker asks the page for files: by one host function (`host-function.ts`), which takes a number of what is to be done, numbers,
// and bytes.

import { NUMBERS, OPERATIONS, type OperationName } from './operations.ts';

/**
 * Instead of an operation: a new instance begins. Bytes: JSON of its folders, `[[path, name], …]`. The first number is 1 where
 * the worker cannot wait for the page: then the answer has a copy of all that the plugin may read. The second says how real its
 * clocks are, as the place in `CLOCK_MODES`.
 */
export const BEGIN = -1;
/**
 * Instead of an operation: a call begins. The first number is the one of the copy. Gives another copy, or nothing where that is
 * still what is stored.
 */
export const RENEW = -3;
/** Instead of an operation: those that were done in the copy, as {@link writeOperations} has them. Gives the number of the copy. */
export const REPLAY = -2;

export type WireOperation = readonly [
  name: OperationName,
  numbers: readonly bigint[],
  one: Uint8Array,
  other: Uint8Array,
];

/** The values of one operation. */
export function operationValues([name, numbers, one, other]: WireOperation): (number | bigint | Uint8Array)[] {
  return [OPERATIONS.indexOf(name), ...padded(numbers), one, other];
}

export function padded(numbers: readonly bigint[]): bigint[] {
  return Array.from({ length: NUMBERS }, (_, i) => BigInt.asIntN(64, numbers[i] ?? 0n));
}

/** Undefined for a number that is none. */
export function operationNamed(index: number): OperationName | undefined {
  return OPERATIONS[index];
}

const HEAD_BYTES = 1 + NUMBERS * 8 + 8 + 2;

/** Operations one after the other, each with the errno that it gave. */
export function writeOperations(
  operations: readonly (readonly [WireOperation, errno: number])[],
): Uint8Array<ArrayBuffer> {
  const length = operations.reduce((sum, [[, , one, other]]) => sum + HEAD_BYTES + one.length + other.length, 0);
  const bytes = new Uint8Array(length);
  const view = new DataView(bytes.buffer);
  let at = 0;
  for (const [[name, numbers, one, other], errno] of operations) {
    view.setUint8(at, OPERATIONS.indexOf(name));
    for (const [i, number] of padded(numbers).entries()) view.setBigInt64(at + 1 + i * 8, number, true);
    view.setUint32(at + HEAD_BYTES - 10, one.length, true);
    view.setUint32(at + HEAD_BYTES - 6, other.length, true);
    view.setUint16(at + HEAD_BYTES - 2, errno, true);
    bytes.set(one, at + HEAD_BYTES);
    bytes.set(other, at + HEAD_BYTES + one.length);
    at += HEAD_BYTES + one.length + other.length;
  }
  return bytes;
}

/** @throws {RangeError} for what {@link writeOperations} does not write */
export function* readOperations(bytes: Uint8Array): Generator<readonly [WireOperation, errno: number]> {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  let at = 0;
  while (at < bytes.length) {
    const name = OPERATIONS[view.getUint8(at)];
    if (!name) throw new RangeError('an operation of no known number');
    const numbers = Array.from({ length: NUMBERS }, (_, i) => view.getBigInt64(at + 1 + i * 8, true));
    const one = view.getUint32(at + HEAD_BYTES - 10, true);
    const other = view.getUint32(at + HEAD_BYTES - 6, true);
    const errno = view.getUint16(at + HEAD_BYTES - 2, true);
    const from = at + HEAD_BYTES;
    if (from + one + other > bytes.length) throw new RangeError('an operation that is cut');
    yield [[name, numbers, bytes.subarray(from, from + one), bytes.subarray(from + one, from + one + other)], errno];
    at = from + one + other;
  }
}
