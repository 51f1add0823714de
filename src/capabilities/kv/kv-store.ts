// What one installation of a plugin has stored, each access in a transaction of its own.

import { type Database, isQuotaError } from '../../database/indexed-db.ts';
import { lateMemoryDatabase } from '../../database/late-memory.ts';
import { openDatabase } from '../../database/open-database.ts';
import { kvDatabaseName } from './database-name.ts';
import {
  exchange,
  type KvEntry,
  type KvUpdate,
  type KvUsage,
  listEntries,
  listKeys,
  put,
  read,
  readAll,
  remove,
  replaceAll,
  totalOf,
  usageOf,
} from './records.ts';

export { kvDatabaseName } from './database-name.ts';
export { MAX_KEYS } from './records.ts';

/** How long it may take to read or write all there is: Chromium takes some seconds for 10,000 keys while it has other work. */
const ALL_MS = 30_000;

/** What plugins read and write. Every method may throw STORAGE_FAILED. */
export interface KvAccess {
  /** A copy, or null when the key is absent. */
  get(key: string): Promise<Uint8Array | null>;
  /** Whether it was accepted; `quota` bytes hold keys and values together. Nobody changes `value` after this. */
  set(key: string, value: Uint8Array, quota: number): Promise<boolean>;
  /** Whether the key existed. */
  delete(key: string): Promise<boolean>;
  /** Keys that start with `prefix`, sorted by UTF-16 code units, at most {@link MAX_KEYS}. */
  keys(prefix?: string): Promise<string[]>;
}

/** One plugin's store; where a method throws STORAGE_FAILED, nothing was changed. */
export interface KvStore extends KvAccess {
  /** Gives a key another value if it has the expected one, in one step; null stands for an absent key, on both sides. */
  update(key: string, expected: Uint8Array | null, value: Uint8Array | null, quota: number): Promise<KvUpdate>;
  /** Every key with its size, sorted. */
  entries(): Promise<KvEntry[]>;
  usage(): Promise<KvUsage>;
  /** All of it, at one time. */
  values(): Promise<ReadonlyMap<string, Uint8Array>>;
  /**
   * Puts this in the place of all that is stored.
   * @throws {ClocheError} QUOTA_EXCEEDED for more than a plugin may have
   */
  replace(values: ReadonlyMap<string, Uint8Array>, quota: number): Promise<void>;
  /** Deletes everything, and the database. */
  wipe(): Promise<void>;
  /** Lets go of the connection; the next access opens another. */
  close(): void;
}

export interface KvPlace {
  /** @default 'cloche' */
  storage?: string;
  /** In the page's memory, for this store alone. @default false */
  temporary?: boolean;
  /** See {@link openDatabase}. */
  waitMs?: number;
}

/**
 * What an installation has stored, for admin pages.
 * @throws {ClocheError} OPTION_INVALID unless `installation` is one.
 */
export function openKv(installation: string, place: KvPlace = {}): KvStore {
  return kvStore(openKvDatabase(installation, place));
}

/** @throws {ClocheError} OPTION_INVALID unless `installation` is one. */
export function openKvDatabase(installation: string, { storage = 'cloche', temporary, waitMs }: KvPlace): Database {
  const name = kvDatabaseName(storage, installation);
  return temporary ? lateMemoryDatabase() : openDatabase(storage, name, 'kv', waitMs);
}

export function kvStore(database: Database): KvStore {
  async function set(key: string, value: Uint8Array, quota: number): Promise<boolean> {
    // A view would be stored with its whole buffer.
    const copy = value.slice();
    try {
      return await database.transact('readwrite', (store) => put(store, key, copy, quota));
    } catch (error) {
      if (isQuotaError(error)) return false;
      throw error;
    }
  }

  async function update(...[key, expected, value, quota]: Parameters<KvStore['update']>): Promise<KvUpdate> {
    const copy = value?.slice() ?? null;
    try {
      return await database.transact('readwrite', (store) => exchange(store, key, expected, copy, quota));
    } catch (error) {
      if (isQuotaError(error))
        return { outcome: 'over', current: await database.transact('readonly', (store) => read(store, key)) };
      throw error;
    }
  }

  async function wipe(): Promise<void> {
    // Emptied first: deleting waits for other tabs, and what is gone must not wait with it.
    await database.transact('readwrite', async (store) => store.clear());
    await database.remove();
  }

  return {
    get: (key) => database.transact('readonly', (store) => read(store, key)),
    set,
    update,
    delete: (key) => database.transact('readwrite', (store) => remove(store, key)),
    keys: (prefix = '') => database.transact('readonly', (store) => listKeys(store, prefix)),
    entries: () => database.transact('readonly', listEntries),
    usage: () => database.transact('readonly', totalOf),
    async values() {
      const content = await database.transact('readonly', (store) => readAll(store, Infinity), ALL_MS);
      return content?.values ?? new Map();
    },
    async replace(values, quota) {
      const usage = usageOf(values, quota);
      await database.transact('readwrite', (store) => replaceAll(store, values, usage), ALL_MS);
    },
    wipe,
    close: () => database.close(),
  };
}
