// The ABI of Nev's plugins: docs/nev.md.

import type { Abi } from '../guest.ts';
import { NevGuest } from './nev-guest.ts';

export const nev: Abi = { newGuest: (deps) => new NevGuest(deps) };
