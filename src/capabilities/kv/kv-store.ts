// What one installation of a plugin has stored: keys, values and their total, which is kept in the same transaction.

import { isQuotaError, type KeyRange, type Objects } from '../../database/indexed-db.ts';
import { memoryDatabase } from '../../database/memory-db.ts';
import { openDatabase } from '../../database/open-database.ts';
import { ClocheError } from '../../errors.ts';
import { utf8Bytes } from '../../util/text/visible-text.ts';

/** Bytes of keys (UTF-8) and values together, and the number of keys. */
export interface KvUsage {
  readonly bytes: number;
  readonly keys: number;
}

export interface KvEntry {
  readonly key: string;
  /** Of key (UTF-8) and value. */
  readonly bytes: number;
}

/** How an update ended, and the value that the key has now: null where it is absent. */
export interface KvUpdate {
  /** `over`: it would not fit into the quota. `changed`: the key had another value than was expected. */
  readonly outcome: 'done' | 'over' | 'changed';
  readonly current: Uint8Array | null;
}

/** One plugin's store; every method may throw STORAGE_FAILED, and then nothing was changed. */
export interface KvStore {
  /** A copy, or null when the key is absent. */
  get(key: string): Promise<Uint8Array | null>;
  /** Whether it was stored; `quota` bytes hold keys and values together. */
  set(key: string, value: Uint8Array, quota: number): Promise<boolean>;
  /** Gives a key another value if it has the expected one, in one step; null stands for an absent key, on both sides. */
  update(key: string, expected: Uint8Array | null, value: Uint8Array | null, quota: number): Promise<KvUpdate>;
  /** Whether the key existed. */
  delete(key: string): Promise<boolean>;
  /** Keys that start with `prefix`, sorted by UTF-16 code units, at most {@link MAX_KEYS}. */
  keys(prefix?: string): Promise<string[]>;
  /** Every key with its size, sorted. */
  entries(): Promise<KvEntry[]>;
  usage(): Promise<KvUsage>;
  /** Deletes everything, and the database. */
  wipe(): Promise<void>;
  /** Lets go of the connection; the next access opens another. */
  close(): void;
}

export const MAX_KEYS = 10_000;
/** Of UTF-8. */
const MAX_KEY_BYTES = 1_024;

const BATCH = 500;

/** An installation, or the id of a plugin that was installed before installations had ids of their own. */
const OWNER = /^@?[A-Za-z0-9_-]{1,64}$/;

/** Under an array, which equals no key of a plugin: those are strings. */
const TOTAL_KEY = ['total'];

/**
 * The database of an installation. Its id holds no colon, so the last one ends the part that the host chose, and no
 * two pairs of host and installation share a name.
 */
export function kvDatabaseName(storage: string, installation: string): string {
  if (OWNER.test(installation)) return `${storage}:kv:${installation}`;
  throw new ClocheError('OPTION_INVALID', 'Expected an installation: "@" and its id, or the id of a plugin');
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
export function openKv(installation: string, { storage = 'cloche', temporary = false, waitMs }: KvPlace = {}): KvStore {
  const name = kvDatabaseName(storage, installation);
  const database = temporary ? memoryDatabase() : openDatabase(storage, name, 'kv', waitMs);

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
    wipe,
    close: () => database.close(),
  };
}

async function read(store: Objects, key: string): Promise<Uint8Array | null> {
  const value = await store.get(key);
  return value instanceof Uint8Array ? value : null;
}

async function put(store: Objects, key: string, value: Uint8Array, quota: number): Promise<boolean> {
  if (utf8Bytes(key) > MAX_KEY_BYTES) return false;
  const total = await totalOf(store);
  const old = await read(store, key);
  const next: KvUsage = {
    bytes: total.bytes - (old ? sizeOf(key, old) : 0) + sizeOf(key, value),
    keys: total.keys + (old ? 0 : 1),
  };
  // What shrinks may stay above a quota that was lowered meanwhile.
  const isOver = next.bytes > quota && next.bytes > total.bytes;
  if (isOver || (next.keys > MAX_KEYS && next.keys > total.keys)) return false;
  store.put(value, key);
  store.put(next, TOTAL_KEY);
  return true;
}

async function exchange(
  store: Objects,
  key: string,
  expected: Uint8Array | null,
  value: Uint8Array | null,
  quota: number,
): Promise<KvUpdate> {
  const current = await read(store, key);
  if (!isSame(current, expected)) return { outcome: 'changed', current };
  if (value === null) await remove(store, key);
  else if (!(await put(store, key, value, quota))) return { outcome: 'over', current };
  return { outcome: 'done', current: value };
}

function isSame(a: Uint8Array | null, b: Uint8Array | null): boolean {
  if (a === null || b === null) return a === b;
  return a.length === b.length && a.every((byte, i) => byte === b[i]);
}

async function remove(store: Objects, key: string): Promise<boolean> {
  const total = await totalOf(store);
  const old = await read(store, key);
  if (!old) return false;
  store.delete(key);
  store.put({ bytes: total.bytes - sizeOf(key, old), keys: total.keys - 1 }, TOTAL_KEY);
  return true;
}

async function listKeys(store: Objects, prefix: string): Promise<string[]> {
  const keys = await store.keys(stringsFrom(prefix), MAX_KEYS);
  return keys.filter((key) => typeof key === 'string').filter((key) => key.startsWith(prefix));
}

/** In batches: a cursor takes seconds for 10,000 keys in WebKit, and all values at once may be much memory. */
async function listEntries(store: Objects): Promise<KvEntry[]> {
  const entries: KvEntry[] = [];
  for (let range = stringsFrom(''); ; ) {
    const [keys, values] = await Promise.all([store.keys(range, BATCH), store.values(range, BATCH)]);
    for (const [i, key] of keys.entries()) {
      const value = values[i];
      if (typeof key === 'string' && value instanceof Uint8Array) entries.push({ key, bytes: sizeOf(key, value) });
    }
    const last = keys.at(-1);
    if (keys.length < BATCH || typeof last !== 'string') return entries;
    range = stringsFrom(last, true);
  }
}

/** The stored total, or a recount where there is none, or none that can be true. */
async function totalOf(store: Objects): Promise<KvUsage> {
  const stored = await store.get(TOTAL_KEY);
  if (isUsage(stored)) return stored;
  const entries = await listEntries(store);
  return { bytes: entries.reduce((sum, { bytes }) => sum + bytes, 0), keys: entries.length };
}

function isUsage(value: unknown): value is KvUsage {
  if (typeof value !== 'object' || value === null) return false;
  return 'bytes' in value && isCount(value.bytes) && 'keys' in value && isCount(value.keys);
}

function isCount(value: unknown): boolean {
  return Number.isSafeInteger(value) && (value as number) >= 0;
}

/** Strings from `first` on, or after it: every array comes after them. */
function stringsFrom(first: string, after = false): KeyRange {
  return { from: first, to: [], after };
}

function sizeOf(key: string, value: Uint8Array): number {
  return utf8Bytes(key) + value.byteLength;
}
