// What uninstalled plugins have left: the notes in storage, and how much there is of it. Listed, taken over, and on its way
// out. Comes late: few pages ask.

import { ClocheError } from '../../errors.ts';
import { assertTakesOver, isOfSameSigner } from '../../trust/owners.ts';
import type { PackageSignature } from '../../trust/package-signature.ts';
import type { Publishers } from '../../trust/trust.ts';
import { newInstallation } from '../installation-id.ts';
import type { RecordStore } from '../store.ts';
import { decodeOrphan } from './orphan.ts';
import type { OrphanRecord } from './orphan-of.ts';

export type Notes = Pick<RecordStore, 'orphans' | 'change'>;

/** What keeps data by installation, as capabilities do. */
interface DataHolder {
  wipe?(installation: string): Promise<void>;
  /** In bytes. */
  usage?(installation: string): Promise<number>;
}

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
  capabilities: readonly DataHolder[],
  onBroken: (error: ClocheError) => void,
): Promise<Orphan[]> {
  const orphans = await listOrphans(notes, onBroken);
  return Promise.all(
    orphans.map(async ({ id, installation, name, since }) => {
      return { id, installation, name, since, bytes: await bytesOf(capabilities, installation) };
    }),
  );
}

/** Whether nothing is stored for it. @throws what a capability's `usage` throws */
export async function storesNothing(capabilities: readonly DataHolder[], installation: string): Promise<boolean> {
  return (await bytesOf(capabilities, installation)) === 0;
}

/** Newest first. One that cannot be read is left out, and told. */
async function listOrphans(notes: Notes, onBroken: (error: ClocheError) => void): Promise<OrphanRecord[]> {
  const orphans = [...(await notes.orphans())].flatMap(([installation, stored]) => {
    try {
      return [readNote(installation, stored)];
    } catch (error) {
      if (!(error instanceof ClocheError)) throw error;
      onBroken(error);
      return [];
    }
  });
  return orphans.sort((a, b) => b.since - a.since);
}

/** Notes that left data goes: nobody takes it over from now on. @returns whether there is a note of it at all */
export async function markWiping(notes: Notes, installation: string): Promise<boolean> {
  let isNoted = false;
  await notes.change(({ orphans }) => {
    isNoted = orphans.has(installation);
    return isNoted ? { orphan: { ...decodeOrphan(orphans.get(installation)), wiping: true } } : {};
  });
  return isNoted;
}

/**
 * The installation that the next plugin of this id takes over: the last that its own signer left, else the last that nobody
 * signed; else the id itself, under which data stood before installations had ids.
 * @throws {ClocheError} SIGNER_CHANGED where all that is left is somebody else's; SIGNATURE_INVALID
 */
export async function leftTo(
  notes: Notes,
  id: string,
  signature: PackageSignature,
  publishers: Publishers,
): Promise<string> {
  const orphans = await listOrphans(notes, () => undefined);
  const left = orphans.filter((orphan) => orphan.id === id && !orphan.wiping);
  const last =
    left.find((orphan) => isOfSameSigner(orphan.signature, signature, publishers)) ??
    left.find((orphan) => isOfSameSigner(orphan.signature, undefined, publishers)) ??
    left[0];
  if (last) {
    assertTakesOver(id, publishers, last.signature, signature);
    return last.installation;
  }
  return orphans.some(({ installation }) => installation === id) ? newInstallation() : id;
}

function readNote(installation: string, stored: unknown): OrphanRecord {
  const orphan = decodeOrphan(stored);
  if (orphan.installation === installation) return orphan;
  throw new ClocheError('STORAGE_FAILED', 'The note of left data is that of another installation');
}

async function bytesOf(capabilities: readonly DataHolder[], installation: string): Promise<number | undefined> {
  const storing = capabilities.filter(({ wipe }) => wipe);
  const sizes = await Promise.all(storing.map((capability) => capability.usage?.(installation)));
  return sizes.reduce<number | undefined>(
    (sum, size) => (sum === undefined || size === undefined ? undefined : sum + size),
    0,
  );
}
