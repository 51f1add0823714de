// What the values of a host call have in common, whatever its function.

import type { WireValue } from './protocol.ts';

export function isSame(a: WireValue, b: WireValue): boolean {
  if (!(a instanceof Uint8Array) || !(b instanceof Uint8Array)) return a === b;
  return a.length === b.length && a.every((byte, i) => byte === b[i]);
}

/** Of all values together. */
export function byteCount(values: readonly WireValue[]): number {
  return values.reduce<number>(
    (sum, value) => sum + (value instanceof Uint8Array ? value.length : value === null ? 0 : 8),
    0,
  );
}
