// Bytes as they come out of a message, in whatever realm it was read: that of a frame, for a worker of a compartment. They
// are known by what the engine says of them, never by a prototype or a property, which could be anybody's.

const TYPED_ARRAY: object = Object.getPrototypeOf(Uint8Array.prototype);

const tagOf = getterOf<string | undefined>(Symbol.toStringTag);
const bufferOf = getterOf<ArrayBuffer>('buffer');
const offsetOf = getterOf<number>('byteOffset');
const lengthOf = getterOf<number>('length');
const { transferToFixedLength } = ArrayBuffer.prototype;
const byteLengthOf = getterOf<number>('byteLength', ArrayBuffer.prototype);

/** Where bytes lie. To be asked of all in a message before any is taken over: two views may lie in one buffer. */
export interface Span {
  readonly buffer: ArrayBuffer;
  readonly offset: number;
  readonly length: number;
  /** Of the whole buffer: a view may show less than what was sent along with it. */
  readonly bufferBytes: number;
}

/** The buffers of one message that were taken over already. */
export type TakenBuffers = Map<ArrayBuffer, ArrayBuffer>;

/** Undefined for what is not a `Uint8Array`, of whatever realm, and for shared memory, which could change after it was checked. */
export function spanOf(value: unknown): Span | undefined {
  if (!ArrayBuffer.isView(value) || tagOf(value) !== 'Uint8Array') return undefined;
  const buffer = bufferOf(value);
  try {
    return { buffer, offset: offsetOf(value), length: lengthOf(value), bufferBytes: byteLengthOf(buffer) };
  } catch {
    // The getter is for memory of one owner alone.
    return undefined;
  }
}

/** Of a whole buffer. Up to this, in bytes, a copy costs less than taking it over. */
const COPIED_BYTES = 4_096;

/**
 * Bytes in this realm: copied where their buffer is small, else taken over with it.
 * @returns undefined for memory that cannot be handed over
 */
export function ownBytes(span: Span, taken: TakenBuffers): Uint8Array<ArrayBuffer> | undefined {
  const { buffer, offset, length, bufferBytes } = span;
  if (bufferBytes <= COPIED_BYTES) return new Uint8Array(buffer, offset, length).slice();
  const own = taken.get(buffer) ?? takenOver(buffer);
  if (!own) return undefined;
  taken.set(buffer, own);
  return new Uint8Array(own, offset, length);
}

/**
 * The memory itself in this realm; the buffer is empty afterwards.
 * @returns undefined for memory that cannot be handed over
 */
export function takenOver(buffer: ArrayBuffer): ArrayBuffer | undefined {
  try {
    return transferToFixedLength.call(buffer);
  } catch {
    return undefined;
  }
}

function getterOf<T>(key: PropertyKey, prototype = TYPED_ARRAY): (view: object) => T {
  const get = Object.getOwnPropertyDescriptor(prototype, key)?.get;
  return (view) => get?.call(view);
}
