// How many bytes of a worker a guest holds beside its memory: in ropes, buffers and channels.

import { trap } from './trap.ts';

export class Budget {
  readonly #most: number;
  #held = 0;

  /** @param most in bytes */
  constructor(most: number) {
    this.#most = most;
  }

  get held(): number {
    return this.#held;
  }

  get room(): number {
    return this.#most - this.#held;
  }

  /** @throws {WebAssembly.RuntimeError} for more than there is room for; nothing is taken then */
  take(bytes: number, what: string): void {
    if (bytes <= this.#most - this.#held) {
      this.#held += bytes;
      return;
    }
    const others = this.#held > 0 ? ` beside ${this.#held} that are held` : '';
    throw trap(`${what} of ${bytes} bytes is too large${others}: \`exchangeBytes\` allows ${this.#most}`);
  }

  give(bytes: number): void {
    this.#held -= bytes;
  }
}
