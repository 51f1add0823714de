// A channel that the page keeps, of which an app may hold an end.

import { Channel } from '../../../runtime/wire/abi/channel.ts';

export class PageChannel extends Channel<number> {
  /** Called once, when its reading end is gone. */
  onAbandoned: (() => void) | undefined;

  override abandon(): void {
    super.abandon();
    this.onAbandoned?.();
  }
}
