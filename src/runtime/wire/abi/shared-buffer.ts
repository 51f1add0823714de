// Bytes that several handles of one plugin share.

import type { Budget } from './budget.ts';

export class SharedBuffer {
  readonly #bytes: Uint8Array;
  readonly #budget: Budget;
  #handles = 1;

  /** Zeroed. @param size in bytes, not below 0 @throws {WebAssembly.RuntimeError} where there is no room for it */
  constructor(size: number, budget: Budget) {
    budget.take(size, 'a shared buffer');
    this.#budget = budget;
    this.#bytes = new Uint8Array(size);
  }

  get length(): number {
    return this.#bytes.length;
  }

  /** One handle more. */
  retain(): this {
    this.#handles++;
    return this;
  }

  /** One handle less. */
  release(): void {
    if (--this.#handles === 0) this.#budget.give(this.#bytes.length);
  }

  /** Nothing is written where not all of it fits. @returns whether it was */
  write(index: number, bytes: Uint8Array): boolean {
    const fits = index >= 0 && index + bytes.length <= this.#bytes.length;
    if (fits) this.#bytes.set(bytes, index);
    return fits;
  }

  /** Undefined where not all of it is there. */
  read(index: number, length: number): Uint8Array | undefined {
    const isThere = index >= 0 && length > 0 && index + length <= this.#bytes.length;
    return isThere ? this.#bytes.subarray(index, index + length) : undefined;
  }
}
