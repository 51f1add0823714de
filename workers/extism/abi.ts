// The ABI of Extism's PDKs: an input and an output of bytes, and a kernel in between.

import type { Abi } from '../guest.ts';
import { ExtismGuest } from './extism-guest.ts';
import example from './warm-up.wat';

export const extism: Abi = {
  newGuest: (deps) => new ExtismGuest(deps),
  example: {
    request: {
      modules: [{ name: 'main', key: '', bytes: example }],
      limits: { memoryPages: 1, growthPages: 1, tableElements: 0 },
      inspectOnly: false,
      functions: [],
      config: [],
      varBytes: 0,
      // The default one: the kernel is compiled for it, and kept.
      exchangeBytes: 16 << 20,
      logLevel: 'off',
      logLineBytes: 64,
      guest: { abi: 'extism', instance: 'persistent', afterTrap: 'discard', start: [] },
      wasi: 'none',
      wait: { way: 'none' },
    },
    call: { export: 'run', input: new Uint8Array(1) },
  },
};
