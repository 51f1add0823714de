// Glue that something has taken over: whatever is called, it answers with what no worker of ours answers with.

import type { GuestCall, GuestResult } from '../../../src/runtime/wire/protocol.ts';
import type { Abi, Guest } from '../../../workers/guest.ts';

const LIES: Readonly<Record<string, () => unknown>> = {
  output: () => ({ output: new Uint8Array(1) }),
  values: () => ({ values: [1] }),
  both: () => ({ output: new Uint8Array(1), values: 'none' }),
  many: () => ({ values: new Array(65).fill(0) }),
  text: () => ({ values: ['text'] }),
  nested: () => ({ values: [[1]] }),
  long: () => ({ values: [1n << 1_000_000n] }),
  large: () => ({ values: [new Uint8Array(4 << 20)] }),
  view: () => ({ values: [new Uint8Array(new ArrayBuffer(4 << 20), 0, 1)] }),
  together: () => ({ values: [new Uint8Array(1 << 20), new Uint8Array(1 << 20)] }),
};

export const liar: Abi = {
  newGuest: (): Guest => ({
    hasInstance: true,
    load: async () => [],
    start: async () => undefined,
    call: async ({ export: lie }: GuestCall) => LIES[lie]?.() as GuestResult,
    use: () => ({ memoryBytes: 0, exchangeBytes: 0, varBytes: 0 }),
  }),
};
