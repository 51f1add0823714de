// What a call returns.

import { ClocheError, messageOf } from '../errors.ts';
import { jsonOf } from '../util/json/plain-json.ts';
import { loadChunk } from '../util/load-chunk.ts';

/** The output of an export: bytes, and what they can be read as. */
export class Output {
  readonly #bytes: Uint8Array;
  readonly #plugin: string;

  constructor(bytes: Uint8Array, plugin: string) {
    this.#bytes = bytes;
    this.#plugin = plugin;
  }

  /** The bytes themselves, not a copy; empty when the plugin set no output. */
  bytes(): Uint8Array {
    return this.#bytes;
  }

  /** As UTF-8; what is not becomes U+FFFD. */
  text(): string {
    return new TextDecoder().decode(this.#bytes);
  }

  /**
   * As JSON. `T` is the caller's word and nothing checks it: a plugin may answer anything.
   * @throws {ClocheError} PLUGIN_ERROR when the output is not JSON.
   */
  json<T = unknown>(): T {
    try {
      return JSON.parse(this.text()) as T;
    } catch (thrown) {
      throw new ClocheError(
        'PLUGIN_ERROR',
        `The output of plugin "${this.#plugin}" is not JSON: ${messageOf(thrown)}`,
        {
          plugin: this.#plugin,
          cause: thrown,
        },
      );
    }
  }
}

/** What gives its bytes only when it is asked. */
export type BytesHolder = Blob | Response;

export function holdsBytes(value: unknown): value is BytesHolder {
  return value instanceof Blob || value instanceof Response;
}

/** @throws {ClocheError} INPUT_TOO_LARGE; ABORTED; OPTION_INVALID for what was read before, has failed or cannot be read */
export async function heldBytes(
  holder: BytesHolder,
  maxBytes: number,
  signal: AbortSignal | undefined,
): Promise<Uint8Array> {
  return (await loadChunk(() => import('./held-bytes.ts'))).readHeld(holder, maxBytes, signal);
}

/**
 * The bytes of an input: text as UTF-8, bytes as they are, anything else as JSON. Always a copy: a view may show a
 * part of its buffer and posting it would send the whole, and the caller may write to it while the call waits.
 * @throws {ClocheError} OPTION_INVALID when it cannot be written as JSON.
 */
export function inputBytes(input: unknown): Uint8Array {
  if (input === undefined) return new Uint8Array();
  if (typeof input === 'string') return new TextEncoder().encode(input);
  try {
    return copyOfBytes(input) ?? new TextEncoder().encode(jsonOf(input));
  } catch (cause) {
    throw new ClocheError('OPTION_INVALID', `The input cannot be written: ${messageOf(cause)}`, { cause });
  }
}

/** Undefined for what is not bytes. @throws {TypeError} for a buffer that was handed on to somebody else */
export function copyOfBytes(value: unknown): Uint8Array | undefined {
  if (ArrayBuffer.isView(value)) return new Uint8Array(value.buffer, value.byteOffset, value.byteLength).slice();
  const isShared = typeof SharedArrayBuffer === 'function' && value instanceof SharedArrayBuffer;
  return value instanceof ArrayBuffer || isShared ? new Uint8Array(value as ArrayBufferLike).slice() : undefined;
}
