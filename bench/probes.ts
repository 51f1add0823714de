// What a page cannot see and the script that opened it can: scripts/bench/probes.mjs.

import type { Probe } from './row.ts';

type Probes = { readonly [P in Probe]?: () => Promise<number> };

const probes = window as Probes;

/** Whether the script offers it: not in each browser, nor on each system. */
export function hasProbe(name: Probe): boolean {
  return probes[name] !== undefined;
}

/**
 * `browserKiB`: memory of all processes of the browser, with what they share counted once.
 * `pageHeapKiB`: what the page's own JavaScript keeps, after a collection.
 */
export async function probe(name: Probe): Promise<number> {
  const read = probes[name];
  if (!read) throw new Error(`Expected the script that opened the page to offer ${name}`);
  return read();
}
