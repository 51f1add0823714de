// What an app gives to a call, or a host function gives back, as bytes.

import { ClocheError, messageOf } from '../errors.ts';
import { jsonOf } from '../util/json/plain-json.ts';
import { loadChunk } from '../util/load-chunk.ts';

/** What gives its bytes only when it is asked. */
export type BodyHolder = Blob | Response;

export function hasBody(value: unknown): value is BodyHolder {
  return value instanceof Blob || value instanceof Response;
}

/** @throws {ClocheError} INPUT_TOO_LARGE; ABORTED; OPTION_INVALID for what was read before, has failed or cannot be read */
export async function bodyBytes(
  holder: BodyHolder,
  maxBytes: number,
  signal: AbortSignal | undefined,
): Promise<Uint8Array> {
  return (await loadChunk(() => import('./read-body.ts'))).readBody(holder, maxBytes, signal);
}

export interface InputTaking {
  /** Whether its buffer is handed over rather than copied. */
  readonly transfer: boolean;
  /** Most bytes that are read or taken over. */
  readonly maxBytes: number;
  /** Makes the copy of bytes. */
  readonly copy: CopyBytes;
  readonly signal: AbortSignal | undefined;
}

/** The bytes of what a call is given, at once where nothing has to be read. @throws {ClocheError} what is thrown below */
export function takeInput(
  input: unknown,
  { transfer, maxBytes, copy, signal }: InputTaking,
): Uint8Array | Promise<Uint8Array> {
  if (transfer) return handedOverBytes(input, maxBytes);
  return hasBody(input) ? bodyBytes(input, maxBytes, signal) : inputBytes(input, copy);
}

/**
 * The bytes of an input: text as UTF-8, bytes as they are, anything else as JSON. Always a copy: a view may show a
 * part of its buffer and posting it would send the whole, and the caller may write to it while the call waits.
 * @param copy makes the copy of bytes
 * @throws {ClocheError} OPTION_INVALID when it cannot be written as JSON.
 */
export function inputBytes(input: unknown, copy: CopyBytes = sliceOf): Uint8Array {
  if (input === undefined) return new Uint8Array();
  if (typeof input === 'string') return new TextEncoder().encode(input);
  try {
    return copyOfBytes(input, copy) ?? new TextEncoder().encode(jsonOf(input));
  } catch (cause) {
    throw new ClocheError('OPTION_INVALID', `The input cannot be written: ${messageOf(cause)}`, { cause });
  }
}

/**
 * The bytes of an input that is handed over. It stays with the caller where it is larger than a call may have.
 * @throws {ClocheError} OPTION_INVALID for what is not an `ArrayBuffer`, nor a view of all of one, that can be handed over
 */
function handedOverBytes(input: unknown, maxBytes: number): Uint8Array {
  const buffer = ArrayBuffer.isView(input) ? input.buffer : input;
  if (!(buffer instanceof ArrayBuffer) || (input as ArrayBufferLike | ArrayBufferView).byteLength < buffer.byteLength) {
    throw new ClocheError(
      'OPTION_INVALID',
      '`transfer: true` takes an `ArrayBuffer`, or bytes that are all of one; leave it out to have the input copied',
    );
  }
  if (buffer.byteLength > maxBytes) return new Uint8Array(buffer);
  try {
    return new Uint8Array(buffer.transferToFixedLength());
  } catch (cause) {
    // That of a WebAssembly memory, or one that was handed on before.
    throw new ClocheError('OPTION_INVALID', `The input cannot be handed over: ${messageOf(cause)}`, { cause });
  }
}

/** Undefined for what is not bytes. @throws {TypeError} for a buffer that was handed on to somebody else */
export function copyOfBytes(value: unknown, copy: CopyBytes = sliceOf): Uint8Array | undefined {
  if (ArrayBuffer.isView(value)) return copy(new Uint8Array(value.buffer, value.byteOffset, value.byteLength));
  const isShared = typeof SharedArrayBuffer === 'function' && value instanceof SharedArrayBuffer;
  return value instanceof ArrayBuffer || isShared ? copy(new Uint8Array(value as ArrayBufferLike)) : undefined;
}

type CopyBytes = (bytes: Uint8Array) => Uint8Array;

function sliceOf(bytes: Uint8Array): Uint8Array {
  return bytes.slice();
}
