// The ABI of Extism's PDKs: an input and an output of bytes, and a kernel in between.

import type { Abi, GuestDeps } from '../guest.ts';
import type { WasiSystem } from '../wasi/preview1.ts';
import { ExtismGuest } from './extism-guest.ts';
import { KernelMemory } from './kernel/kernel-memory.ts';
import example from './warm-up.wat';

/** Of the worker: its plugin goes on with that of the example. */
const kernelMemory = new KernelMemory();

/** @param wasiOf what a plugin finds as its WASI. @default the part that every worker has */
export const extismWith = (wasiOf?: (deps: GuestDeps) => WasiSystem | undefined): Abi => ({
  newGuest: (deps) => new ExtismGuest(deps, kernelMemory, wasiOf?.(deps)),
  example: {
    request: {
      modules: [{ name: 'main', key: '', bytes: example }],
      limits: { memoryPages: 1, growthPages: 1, tableElements: 0 },
      inspectOnly: false,
      assumed: null,
      functions: [],
      config: [],
      varBytes: 0,
      // The default one: the memory is made for it, and kept.
      exchangeBytes: 16 << 20,
      logLevel: 'off',
      logLineBytes: 64,
      guest: { abi: 'extism', instance: 'persistent', afterTrap: 'discard', start: [] },
      wasi: 'none',
      clock: 'none',
      wait: { way: 'none' },
    },
    call: { export: 'run', input: new Uint8Array(1) },
  },
});

export const extism = extismWith();
