// The memory that large inputs of a plugin are copied into. It comes back with the answer, and the next input finds it mapped:
// with fresh memory that takes longer than the copy. It holds what was sent, so it is never another plugin's.

/** Inputs from this size on, in bytes. */
export const LARGE_INPUT_BYTES = 65_536;

export class InputMemory {
  #spare: ArrayBuffer | undefined;

  /** The bytes in memory of their own; what lies behind them in its buffer is of an earlier input. */
  copyOf(bytes: Uint8Array): Uint8Array<ArrayBuffer> {
    const spare = this.#spare;
    if (bytes.length < LARGE_INPUT_BYTES || !spare || spare.byteLength < bytes.length) {
      return new Uint8Array(bytes);
    }
    this.#spare = undefined;
    const copy = new Uint8Array(spare, 0, bytes.length);
    copy.set(bytes);
    return copy;
  }

  /** The memory of an input, when its call is over. */
  giveBack(buffer: ArrayBuffer): void {
    if (!this.#spare || this.#spare.byteLength < buffer.byteLength) this.#spare = buffer;
  }
}
