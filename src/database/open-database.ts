// Where the databases of a host live. Settled once, by the first of them that is asked: in IndexedDB, or in memory where
// the page may never store anything. What only fails now is an error (S7, X6): memory would look like an empty storage.

import { ClocheError } from '../errors.ts';
import { type Database, indexedDatabase, NO_INDEXED_DB } from './indexed-db.ts';
import { lateMemoryDatabase } from './late-memory.ts';

export interface StoragePlace {
  /** Whether what is stored outlives this page. */
  readonly storage: 'durable' | 'memory';
  /** One sentence: why it is so. */
  readonly storageReason: string;
}

const DURABLE: StoragePlace = {
  storage: 'durable',
  storageReason: 'What is installed and stored is kept in IndexedDB, and outlives this page.',
};

/** By the name of the storage: two hosts of one name share their plugins, in memory too. */
const places = new Map<string, StoragePlace>();
/** Those in memory, by the name of the database. */
const inMemory = new Map<string, Database>();

/** Undefined before any database of this storage was asked. */
export function placeOf(storage: string): StoragePlace | undefined {
  return places.get(storage);
}

/**
 * @param storage the host's, or the capability's
 * @param name of the database; see {@link indexedDatabase} for the rest
 */
export function openDatabase(storage: string, name: string, store: string, waitMs?: number): Database {
  const durable = indexedDatabase(name, store, waitMs);
  const isMemory = (): boolean => placeOf(storage)?.storage === 'memory';
  return {
    async transact(mode, work, mostMs) {
      if (isMemory()) return memoryOf(name).transact(mode, work);
      try {
        const result = await durable.transact(mode, work, mostMs);
        if (!places.has(storage)) places.set(storage, DURABLE);
        return result;
      } catch (error) {
        settle(storage, error);
        if (!isMemory()) throw error;
        return memoryOf(name).transact(mode, work);
      }
    },
    async remove() {
      if (!isMemory()) return durable.remove();
      inMemory.delete(name);
    },
    close: () => durable.close(),
  };
}

function memoryOf(name: string): Database {
  const database = inMemory.get(name) ?? lateMemoryDatabase();
  inMemory.set(name, database);
  return database;
}

/** A storage that has worked once is not taken for a forbidden one later: what it holds would seem to be gone. */
function settle(storage: string, error: unknown): void {
  if (places.has(storage) || !(error instanceof ClocheError)) return;
  const why = whyForbidden(error.cause);
  if (why === undefined) return;
  places.set(storage, {
    storage: 'memory',
    storageReason: `Nothing that is installed or stored outlives this page: ${why}.`,
  });
}

/** Why the page can never store anything; undefined for what may be otherwise the next time. */
function whyForbidden(cause: unknown): string | undefined {
  const name = cause instanceof DOMException ? cause.name : '';
  if (name === NO_INDEXED_DB) return 'the engine has no IndexedDB';
  // Chromium says UnknownError where the user blocks site data, and of a database that is broken too.
  if (name !== 'SecurityError' && !(name === 'UnknownError' && isLocalStorageForbidden())) return undefined;
  return globalThis.origin === 'null'
    ? 'its origin is opaque, as in a sandboxed frame without `allow-same-origin`'
    : 'the browser is set to store no data of this site';
}

/** The setting that closes IndexedDB makes engines throw here; a broken database does not. */
function isLocalStorageForbidden(): boolean {
  try {
    void globalThis.localStorage;
    return false;
  } catch (error) {
    return error instanceof DOMException && error.name === 'SecurityError';
  }
}
