// Answers of host calls as bytes, for the two ways in which the worker blocks and cannot take a structured clone.
// Used on both sides, so it stands beside the protocol.

import type { HostAnswer, WireValue } from './protocol.ts';

const NULL = 0;
const BYTES = 1;
const BIGINT = 2;
const NUMBER = 3;

const OK = 0;
const FAILED = 1;

/** One byte says whether it worked; then the values, or the error as JSON. */
export function writeAnswer(answer: HostAnswer): Uint8Array<ArrayBuffer> {
  if (answer.ok) return writeValues(1, answer.values, (view) => view.setUint8(0, OK));
  const text = new TextEncoder().encode(JSON.stringify(answer.error));
  const bytes = new Uint8Array(1 + text.length);
  bytes[0] = FAILED;
  bytes.set(text, 1);
  return bytes;
}

/**
 * Read in the worker, which takes the page's word for its errors: the list of codes with their texts would weigh more than
 * all of this file. What comes the other way is checked.
 * @throws {RangeError} when the bytes end early or a tag is unknown.
 */
export function readAnswer(bytes: Uint8Array): HostAnswer {
  if (bytes[0] === OK) return { ok: true, values: readValues(bytes, 1) };
  return { ok: false, error: JSON.parse(new TextDecoder().decode(bytes.subarray(1))) };
}

function writeValues(
  start: number,
  values: readonly WireValue[],
  head: (view: DataView) => void,
): Uint8Array<ArrayBuffer> {
  const bytes = new Uint8Array(values.reduce<number>((size, value) => size + sizeOf(value), start));
  const view = new DataView(bytes.buffer);
  head(view);
  let at = start;
  for (const value of values) {
    if (value instanceof Uint8Array) {
      view.setUint8(at, BYTES);
      view.setUint32(at + 1, value.length, true);
      bytes.set(value, at + 5);
    } else if (typeof value === 'bigint') {
      view.setUint8(at, BIGINT);
      view.setBigInt64(at + 1, value, true);
    } else if (typeof value === 'number') {
      view.setUint8(at, NUMBER);
      view.setFloat64(at + 1, value, true);
    } else {
      view.setUint8(at, NULL);
    }
    at += sizeOf(value);
  }
  return bytes;
}

function readValues(bytes: Uint8Array, start: number): WireValue[] {
  const view = viewOf(bytes);
  const values: WireValue[] = [];
  let at = start;
  while (at < bytes.length) {
    const tag = view.getUint8(at);
    let value: WireValue = null;
    if (tag === BYTES) {
      const length = view.getUint32(at + 1, true);
      if (at + 5 + length > bytes.length) throw new RangeError('a value is longer than its message');
      value = bytes.slice(at + 5, at + 5 + length);
    } else if (tag === BIGINT) {
      value = view.getBigInt64(at + 1, true);
    } else if (tag === NUMBER) {
      value = view.getFloat64(at + 1, true);
    } else if (tag !== NULL) {
      throw new RangeError(`unknown tag ${tag} in a host call`);
    }
    values.push(value);
    at += sizeOf(value);
  }
  return values;
}

function sizeOf(value: WireValue): number {
  if (value === null) return 1;
  return value instanceof Uint8Array ? 5 + value.length : 9;
}

function viewOf(bytes: Uint8Array): DataView {
  return new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}
