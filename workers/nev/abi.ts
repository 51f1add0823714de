// The ABI of Nev's plugins: docs/nev.md.

import type { Abi, GuestDeps } from '../guest.ts';
import type { WasiSystem } from '../wasi/preview1.ts';
import { NevGuest } from './nev-guest.ts';

/** @param wasiOf what a plugin finds as its WASI. @default the part that every worker has */
export const nevWith = (wasiOf?: (deps: GuestDeps) => WasiSystem | undefined): Abi => ({
  newGuest: (deps) => new NevGuest(deps, wasiOf?.(deps)),
});

export const nev = nevWith();
