// What uninstalled plugins have left, as a host tells it: what stands in storage, and how much the capabilities have.

import type { Capability } from '../capabilities/capability.ts';
import type { ClocheError } from '../errors.ts';
import { listOrphans, type Notes } from '../registry/orphans.ts';

export { leftBy, markWiping } from '../registry/orphans.ts';

/** Data that an uninstalled plugin has left. */
export interface Orphan {
  /** Id of the plugin that is gone. */
  readonly id: string;
  /** Whom the data belongs to: for `wipeOrphan`. */
  readonly installation: string;
  /** Name of the plugin that is gone, in its own words: show it as text. */
  readonly name: string;
  /** When it was uninstalled, in ms since 1970. */
  readonly since: number;
  /** Undefined where a capability does not say how much it has stored. */
  readonly bytes: number | undefined;
}

export async function orphansOf(
  notes: Notes,
  capabilities: readonly Capability[],
  onBroken: (error: ClocheError) => void,
): Promise<Orphan[]> {
  const orphans = await listOrphans(notes, onBroken);
  return Promise.all(
    orphans.map(async ({ id, installation, name, since }) => {
      return { id, installation, name, since, bytes: await bytesOf(capabilities, installation) };
    }),
  );
}

/** Whether nothing is stored for it; false where that cannot be told. */
export async function storesNothing(capabilities: readonly Capability[], installation: string): Promise<boolean> {
  try {
    return (await bytesOf(capabilities, installation)) === 0;
  } catch {
    return false;
  }
}

async function bytesOf(capabilities: readonly Capability[], installation: string): Promise<number | undefined> {
  const storing = capabilities.filter(({ wipe }) => wipe);
  const sizes = await Promise.all(storing.map((capability) => capability.usage?.(installation)));
  return sizes.reduce<number | undefined>(
    (sum, size) => (sum === undefined || size === undefined ? undefined : sum + size),
    0,
  );
}
