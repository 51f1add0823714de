// JSPI: the engine suspends the guest's stack while the page answers. The worker's event loop stays free.

import { wrap } from 'comlink';
import type { PageApi } from '../../src/sandbox/protocol.ts';
import { valuesOf } from '../failures.ts';
import type { HostCalls } from './host-calls.ts';

type Promising = (run: CallableFunction) => (...args: number[]) => Promise<unknown>;

export function jspi(port: MessagePort): HostCalls {
  // Taken once: each property of a Comlink proxy is another proxy.
  const { hostCall } = wrap<PageApi>(port);
  const promising = (WebAssembly as unknown as { promising: Promising }).promising;
  const entered = new WeakMap<CallableFunction, (...args: number[]) => Promise<unknown>>();
  return {
    // The SDK tells functions that wait by their constructor: this one must stay a native `async` function.
    bind:
      (index, read, write) =>
      async (_sdk, ...raw) =>
        write(valuesOf(await hostCall(index, read(raw)))),

    enter(run) {
      const wrapped = entered.get(run) ?? promising(run);
      entered.set(run, wrapped);
      return wrapped;
    },
  };
}
