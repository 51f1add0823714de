// A channel that the page keeps: it knows whether anybody is left who can read it.

import { Channel } from '../../../runtime/wire/abi/channel.ts';

export class PageChannel extends Channel<number> {
  #isAbandoned = false;
  /** Called once, when its reading end is gone. */
  onAbandoned: (() => void) | undefined;

  get isAbandoned(): boolean {
    return this.#isAbandoned;
  }

  /** Its reading end is gone: what waits in it is nobody's, and neither is what is still written. */
  abandon(): void {
    this.#isAbandoned = true;
    this.read();
    this.onAbandoned?.();
  }

  override write(bytes: Uint8Array): void {
    if (!this.#isAbandoned) super.write(bytes);
  }
}
