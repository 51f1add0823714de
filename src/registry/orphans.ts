// The notes of data whose plugins are gone: listed, taken over, and on their way out. Comes late: few pages ask.

import { ClocheError } from '../errors.ts';
import { newInstallation } from './installation-id.ts';
import { decodeOrphan } from './orphan.ts';
import type { OrphanRecord } from './orphan-of.ts';
import type { RecordStore } from './store.ts';

export type Notes = Pick<RecordStore, 'orphans' | 'change'>;

/** Newest first. One that cannot be read is left out, and told. */
export async function listOrphans(notes: Notes, onBroken: (error: ClocheError) => void): Promise<OrphanRecord[]> {
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
  await notes.change((_records, orphans) => {
    isNoted = orphans.has(installation);
    return isNoted ? { orphan: { ...decodeOrphan(orphans.get(installation)), wiping: true } } : {};
  });
  return isNoted;
}

/**
 * The installation that the next plugin of this id would take over: the last that was left, else the id itself, under
 * which data stood before installations had ids.
 */
export async function leftBy(notes: Notes, id: string): Promise<string> {
  const orphans = await listOrphans(notes, () => undefined);
  const left = orphans.find((orphan) => orphan.id === id && !orphan.wiping);
  if (left) return left.installation;
  return orphans.some(({ installation }) => installation === id) ? newInstallation() : id;
}

function readNote(installation: string, stored: unknown): OrphanRecord {
  const orphan = decodeOrphan(stored);
  if (orphan.installation === installation) return orphan;
  throw new ClocheError('STORAGE_FAILED', 'The note of left data is that of another installation');
}
