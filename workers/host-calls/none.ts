// No way to wait: plugins run, and a host function that must wait fails by name.

import { ClocheError } from '../../src/errors.ts';
import type { HostCalls } from './host-calls.ts';

export function none(): HostCalls {
  const ask = (): never => {
    throw new ClocheError(
      'HOST_CALLS_UNAVAILABLE',
      'this engine cannot wait for a host function: it has neither JSPI nor shared memory, and no service worker was set up',
    );
  };
  return {
    ask,
    asking: (run) => run as WebAssembly.ImportValue,
    bind:
      (_index, read) =>
      (...raw: Parameters<typeof read>[0]) => {
        read(raw);
        return ask();
      },
    enter:
      (run) =>
      (...args) =>
        run(...args),
  };
}
