// JSPI: the engine suspends the guest's stack while the page answers. The worker's event loop stays free.
// https://github.com/WebAssembly/js-promise-integration

import type { WireValue } from '../../src/runtime/wire/protocol.ts';
import { valuesOf } from '../failures.ts';
import type { PagePort } from '../page-port.ts';
import entry from './entry.wat';
import entryVoid from './entry-void.wat';
import type { HostCalls } from './host-calls.ts';
import type { LeasedData } from './leased-data.ts';

type Entered = (...args: (number | bigint)[]) => Promise<unknown>;

interface Jspi {
  promising(run: CallableFunction): Entered;
  readonly Suspending: new (run: CallableFunction) => WebAssembly.ImportValue;
}

/**
 * Firefox rejects what `promising` returns when it ends a worker in its guest, and that is before anybody can have it:
 * each kill would be an "uncaught exception: undefined" in the console of the app.
 */
const endsLoudly = 'InternalError' in globalThis;

export function jspi(page: PagePort, leased: LeasedData): HostCalls {
  const { promising, Suspending } = WebAssembly as unknown as Jspi;
  const entered = new WeakMap<CallableFunction, Entered>();
  /** Whether it has an import that waits; one that has none is simply called, which costs less. */
  let mayWait = false;

  /** A guest that is entered only when its promise is in good hands. */
  const paused = (guest: CallableFunction): CallableFunction => {
    if (!endsLoudly || guest.length > 0) return guest;
    const imports = { '': { pause: new Suspending(async () => undefined), guest: guest as WebAssembly.ImportValue } };
    for (const bytes of [entry, entryVoid]) {
      try {
        const { exports } = new WebAssembly.Instance(new WebAssembly.Module(bytes), imports);
        return exports.run as CallableFunction;
      } catch (thrown) {
        // Of another type, as its result is.
        if (!(thrown instanceof WebAssembly.LinkError)) throw thrown;
      }
    }
    return guest;
  };

  const ask = async (index: number, args: readonly WireValue[]): Promise<readonly WireValue[]> => {
    leased.asks();
    return leased.heard(valuesOf(await page.hostCall(index, args)));
  };
  const asking = (run: CallableFunction): WebAssembly.ImportValue => {
    mayWait = true;
    // What is no promise does not suspend the guest.
    return new Suspending(run);
  };

  return {
    ask,
    asking,
    bind: (index, read, write) =>
      asking((...raw: Parameters<typeof read>[0]) => {
        const args = read(raw);
        const known = leased.answer(index, args);
        return known ? write(known) : ask(index, args).then(write);
      }),

    enter(run) {
      if (!mayWait) return (...args) => run(...args);
      const wrapped = entered.get(run) ?? promising(paused(run));
      entered.set(run, wrapped);
      return wrapped;
    },
  };
}
