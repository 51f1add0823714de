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
}

/** The buffers of one message that were taken over already. */
export type TakenBuffers = Map<ArrayBuffer, ArrayBuffer>;

/** Undefined for what is not a `Uint8Array`, of whatever realm. */
export function spanOf(value: unknown): Span | undefined {
  if (!ArrayBuffer.isView(value) || tagOf(value) !== 'Uint8Array') return undefined;
  return { buffer: bufferOf(value), offset: offsetOf(value), length: lengthOf(value) };
}

/** Up to this, in bytes, a copy costs less than taking a buffer over. */
const COPIED_BYTES = 4_096;

/**
 * Takes bytes over into this realm: few that fill their buffer are copied, and what more came in is empty afterwards.
 * @returns undefined for shared memory, which could change after it was checked
 */
export function ownBytes({ buffer, offset, length }: Span, taken: TakenBuffers): Uint8Array<ArrayBuffer> | undefined {
  try {
    // A view that shows less is taken over with all that was sent: that is what counts.
    const isWhole = length === byteLengthOf(buffer);
    if (isWhole && length <= COPIED_BYTES && !taken.has(buffer)) return new Uint8Array(buffer).slice();
    const own = taken.get(buffer) ?? transferToFixedLength.call(buffer);
    taken.set(buffer, own);
    return new Uint8Array(own, offset, length);
  } catch {
    return undefined;
  }
}

function getterOf<T>(key: PropertyKey, prototype = TYPED_ARRAY): (view: object) => T {
  const get = Object.getOwnPropertyDescriptor(prototype, key)?.get;
  return (view) => get?.call(view);
}
