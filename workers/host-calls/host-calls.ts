// The one interface behind four ways for a guest to wait for the page.

import type { WireValue } from '../../src/runtime/wire/protocol.ts';

export interface HostCalls {
  /**
   * Makes an import that calls host function `index` of the page.
   * @param read copies arguments out of the guest before anything waits
   * @param write turns the answer into the import's result
   */
  bind<R extends number | bigint>(
    index: number,
    read: (raw: R[]) => WireValue[],
    write: (values: readonly WireValue[]) => R | undefined,
  ): WebAssembly.ImportValue;

  /** Asks the page, while the guest waits: the answer at once where the way blocks, else a promise of it. */
  ask(index: number, args: readonly WireValue[]): readonly WireValue[] | Promise<readonly WireValue[]>;

  /** Makes an import that may `ask`, and promises something only where that does. */
  asking(run: CallableFunction): WebAssembly.ImportValue;

  /** Wraps a function of the guest so that imports may wait while it runs. */
  enter(run: CallableFunction): (...args: (number | bigint)[]) => unknown;
}
