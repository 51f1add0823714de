// Records and files in IndexedDB. Both live in one object store under structured keys, since idb-keyval
// has one store a database and only one transaction makes a plugin and its files appear together.

import { promisifyRequest } from 'idb-keyval';
import { openDatabase } from '../database.ts';
import type { Shelf, ShelfWrites } from './shelf.ts';

const RECORD = 'record';
const FILE = 'file';

/** @param timeoutMs see {@link openDatabase} */
export function idbShelf(name: string, timeoutMs: number): Shelf {
  const database = openDatabase(name, 'plugins', timeoutMs);
  return {
    durable: true,
    records: () => database.transact('readonly', readRecords),
    file: (hash) => database.transact('readonly', (objects) => promisifyRequest(objects.get([FILE, hash]))),
    async change(decide) {
      const decision = await database.transact('readwrite', async (objects) => {
        const made = await decided(objects, decide);
        if ('writes' in made) await write(objects, made.writes);
        return made;
      });
      if ('error' in decision) throw decision.error;
    },
    close: () => database.close(),
  };
}

/** What `decide` throws is no failure of the store, and must not be tried again as one. */
async function decided(
  objects: IDBObjectStore,
  decide: Parameters<Shelf['change']>[0],
): Promise<{ writes: ShelfWrites } | { error: unknown }> {
  const records = await readRecords(objects);
  try {
    return { writes: decide(records) };
  } catch (error) {
    return { error };
  }
}

async function write(objects: IDBObjectStore, { put, remove, files, keep }: ShelfWrites): Promise<void> {
  for (const [hash, bytes] of files ?? []) objects.put(bytes, [FILE, hash]);
  if (remove !== undefined) objects.delete([RECORD, remove]);
  if (put) objects.put(put[1], [RECORD, put[0]]);
  if (keep) await sweep(objects, keep);
}

async function readRecords(objects: IDBObjectStore): Promise<Map<string, unknown>> {
  const range = keysOf(RECORD);
  const [keys, values] = await Promise.all([
    promisifyRequest(objects.getAllKeys(range)),
    promisifyRequest<unknown[]>(objects.getAll(range)),
  ]);
  return new Map(keys.map((key, index) => [nameIn(key), values[index]]));
}

async function sweep(objects: IDBObjectStore, keep: ReadonlySet<string>): Promise<void> {
  for (const key of await promisifyRequest(objects.getAllKeys(keysOf(FILE)))) {
    if (!keep.has(nameIn(key))) objects.delete(key);
  }
}

/** All `[kind, name]`: an array sorts after every string. */
function keysOf(kind: string): IDBKeyRange {
  return IDBKeyRange.bound([kind], [kind, []]);
}

function nameIn(key: IDBValidKey): string {
  return Array.isArray(key) ? String(key[1]) : '';
}
