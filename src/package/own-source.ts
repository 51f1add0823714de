// What is to be installed, taken in the very task that hands it over: whatever the app changes afterwards changes nothing.

import { ClocheError } from '../errors.ts';
import type { Limits } from '../limits.ts';
import { isPlainObject, read } from '../util/given-options.ts';
import { copyData } from '../util/json/untrusted-json.ts';

/** A source that nobody else can change. What has its bytes elsewhere, as a blob and a response, stays what it is. */
export class OwnSource {
  readonly value: unknown;

  private constructor(value: unknown) {
    this.value = value;
  }

  /** @throws {ClocheError} PACKAGE_REJECTED over the cap; SOURCE_INVALID, MANIFEST_INVALID for what cannot be copied */
  static of(given: unknown, limits: Pick<Limits, 'moduleBytes' | 'packageBytes'>): OwnSource {
    if (given instanceof OwnSource) return given;
    // A URL can be changed, too.
    if (given instanceof URL) return new OwnSource(given.href);
    const most = mostBytes(limits);
    const isLeaf = (value: object): boolean => !Array.isArray(value) && !isPlainObject(value);
    const copy = read('The source', () =>
      isPlainObject(given) ? copyData(given, { maxLength: limits.packageBytes, isLeaf }) : given,
    );
    if (isBytes(copy)) return new OwnSource(copyOf(copy, most));
    const isPair = isPlainObject(copy) && isBytes(copy.wasm);
    return new OwnSource(isPair ? { ...copy, wasm: copyOf(copy.wasm as ArrayBufferView, most) } : copy);
  }
}

/** What one source may have: a package or a module, which only its bytes tell apart. */
export function mostBytes({ moduleBytes, packageBytes }: Pick<Limits, 'moduleBytes' | 'packageBytes'>): number {
  return Math.max(moduleBytes, packageBytes);
}

/** A view covers its own bytes, not its buffer; and a copy cannot change after it was checked. */
export function copyOf(source: ArrayBufferLike | ArrayBufferView, maxBytes: number): Uint8Array<ArrayBuffer> {
  if (source.byteLength > maxBytes) throw tooLarge('The source', maxBytes);
  const view = ArrayBuffer.isView(source)
    ? new Uint8Array(source.buffer, source.byteOffset, source.byteLength)
    : new Uint8Array(source);
  return new Uint8Array(view);
}

export function tooLarge(what: string, maxBytes: number): ClocheError {
  return new ClocheError('PACKAGE_REJECTED', `${what} is larger than ${maxBytes} bytes`);
}

function isBytes(source: unknown): source is ArrayBufferLike | ArrayBufferView {
  const isShared = typeof SharedArrayBuffer === 'function' && source instanceof SharedArrayBuffer;
  return isShared || source instanceof ArrayBuffer || ArrayBuffer.isView(source);
}
