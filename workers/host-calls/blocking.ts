// The ways that block the worker: a guest that waits stands still in an ordinary call, and nothing of it is suspended.

import type { WireValue } from '../../src/runtime/wire/protocol.ts';
import type { HostCalls } from './host-calls.ts';
import type { LeasedData } from './leased-data.ts';

/**
 * @param ask blocks until the page has answered
 * @param leased what needs no asking. @default all is asked
 */
export function blocking(
  ask: (index: number, args: readonly WireValue[]) => readonly WireValue[],
  leased?: LeasedData,
): HostCalls {
  return {
    ask,
    asking: (run) => run as WebAssembly.ImportValue,
    bind:
      (index, read, write) =>
      (...raw: Parameters<typeof read>[0]) => {
        const args = read(raw);
        return write(leased?.answer(index, args) ?? ask(index, args));
      },
    enter:
      (run) =>
      (...args) =>
        run(...args),
  };
}
