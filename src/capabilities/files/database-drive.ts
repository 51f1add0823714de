// Files in a database: in IndexedDB, or in memory.

import type { Database } from '../../database/indexed-db.ts';
import type { Drive } from './drive.ts';

/** Of all names. */
const ALL = { from: '', to: '\uffff' };
/** How long it may take to store what one call has written. */
const WRITE_MS = 30_000;

export function databaseDrive(database: Database): Drive {
  return {
    names: () => database.transact('readonly', async (objects) => (await objects.keys(ALL)).map(String)),
    read: (name) =>
      database.transact('readonly', async (objects) => {
        const found = await objects.get(name);
        return found instanceof Uint8Array ? new Uint8Array(found) : undefined;
      }),
    write: (pieces, last, gone) =>
      database.transact(
        'readwrite',
        async (objects) => {
          for (const [name, bytes] of [...pieces, last]) objects.put(bytes, name);
          for (const name of gone) objects.delete(name);
        },
        WRITE_MS,
      ),
    async wipe() {
      // Emptied first: deleting waits for other tabs, and what is gone must not wait with it.
      await database.transact('readwrite', async (objects) => objects.clear());
      await database.remove();
    },
  };
}
