// The ABIs that a worker speaks, by the key that a dialect names them by (`GuestContract.abi`).

import { extism } from './extism/abi.ts';
import type { Abi } from './guest.ts';

export const GUESTS: ReadonlyMap<string, Abi> = new Map([['extism', extism]]);
