// What passes between the page and the worker that makes a component ready to run, and the form in which the result is kept and
// handed to the plugin's worker.

import type { WireError } from '../protocol.ts';

/** How functions of the page are waited for: the engine suspends the guest, or the guest's thread blocks. */
export type TranspileMode = 'jspi' | 'sync';

export interface TranspileRequest {
  readonly type: 'TRANSPILE';
  readonly component: Uint8Array;
  readonly mode: TranspileMode;
  /** The transpiler's own modules. */
  readonly core: Uint8Array;
  readonly core2: Uint8Array;
}

export interface Transpiled {
  /** The JavaScript between its core modules, for the end of its worker's script. */
  readonly glue: string;
  /** Its core modules and its world, see {@link packParts}. */
  readonly parts: Uint8Array<ArrayBuffer>;
}

export type TranspileAnswer =
  | ({ readonly type: 'TRANSPILED'; readonly ok: true } & Transpiled)
  | { readonly type: 'TRANSPILED'; readonly ok: false; readonly error: WireError };

type Part = readonly [name: string, bytes: Uint8Array];

const MOST_PARTS = 200;

/** As one: the length of a list, the list of names and lengths as JSON, then all bytes. */
export function packParts(parts: readonly Part[]): Uint8Array<ArrayBuffer> {
  const list = new TextEncoder().encode(JSON.stringify(parts.map(([name, { length }]) => [name, length])));
  const packed = new Uint8Array(parts.reduce((sum, [, { length }]) => sum + length, 4 + list.length));
  new DataView(packed.buffer).setUint32(0, list.length);
  packed.set(list, 4);
  let at = 4 + list.length;
  for (const [, bytes] of parts) {
    packed.set(bytes, at);
    at += bytes.length;
  }
  return packed;
}

/** @returns views. @throws {RangeError} for what `packParts` did not make */
export function unpackParts(packed: Uint8Array<ArrayBuffer>): Map<string, Uint8Array<ArrayBuffer>> {
  if (packed.length < 4) throw broken();
  let at = 4 + new DataView(packed.buffer, packed.byteOffset).getUint32(0);
  const list: unknown = JSON.parse(new TextDecoder().decode(packed.subarray(4, at)));
  if (!Array.isArray(list) || list.length > MOST_PARTS) throw broken();
  const parts = list.map((item): [string, Uint8Array<ArrayBuffer>] => {
    const [name, length] = Array.isArray(item) ? (item as unknown[]) : [];
    if (typeof name !== 'string' || !isLength(length, packed.length - at)) throw broken();
    const bytes = packed.subarray(at, at + length);
    at += length;
    return [name, bytes];
  });
  return new Map(parts);
}

function isLength(value: unknown, most: number): value is number {
  return Number.isSafeInteger(value) && (value as number) >= 0 && (value as number) <= most;
}

function broken(): RangeError {
  return new RangeError('not the parts of a component');
}
