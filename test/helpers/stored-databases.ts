// Databases of a storage as JSON and back, past everything of Cloche: so that what one version wrote can be kept in a file
// and opened by another.

import { requested } from '../registry/records.ts';

interface StoredDatabase {
  /** What follows the storage's name in the database's. */
  readonly suffix: string;
  readonly version: number;
  readonly stores: Readonly<Record<string, readonly (readonly [key: unknown, value: unknown])[]>>;
}

export type StoredDatabases = readonly StoredDatabase[];

/** Every database whose name begins with `storage`, by name. */
export async function dumpDatabases(storage: string): Promise<StoredDatabases> {
  const found = await indexedDB.databases();
  const names = found.flatMap(({ name }) => (name?.startsWith(storage) ? [name] : [])).sort();
  return Promise.all(names.map((name) => dump(name, name.slice(storage.length))));
}

/** Writes them under the name of another storage, where none of them may be yet. */
export async function writeDatabases(databases: StoredDatabases, storage: string): Promise<void> {
  await Promise.all(databases.map((database) => write(database, `${storage}${database.suffix}`)));
}

async function dump(name: string, suffix: string): Promise<StoredDatabase> {
  const db = await requested(() => indexedDB.open(name));
  try {
    const stores = await Promise.all([...db.objectStoreNames].map(async (store) => [store, await entries(db, store)]));
    return { suffix, version: db.version, stores: Object.fromEntries(stores) };
  } finally {
    db.close();
  }
}

async function entries(db: IDBDatabase, name: string): Promise<[unknown, unknown][]> {
  const store = db.transaction(name).objectStore(name);
  const [keys, values] = await Promise.all([requested(() => store.getAllKeys()), requested(() => store.getAll())]);
  return keys.map((key, index) => [key, withBytesAsText(values[index])]);
}

async function write({ version, stores }: StoredDatabase, name: string): Promise<void> {
  const db = await requested(() => {
    const request = indexedDB.open(name, version);
    request.onupgradeneeded = () => {
      for (const store of Object.keys(stores)) request.result.createObjectStore(store);
    };
    return request;
  });
  const transaction = db.transaction(Object.keys(stores), 'readwrite');
  for (const [store, stored] of Object.entries(stores)) {
    for (const [key, value] of stored) transaction.objectStore(store).put(withTextAsBytes(value), key as IDBValidKey);
  }
  await new Promise((resolve, reject) => {
    transaction.oncomplete = resolve;
    transaction.onabort = () => reject(transaction.error);
  });
  db.close();
}

/** JSON has no bytes: they become `{ $bytes: base64 }`. */
function withBytesAsText(value: unknown): unknown {
  if (value instanceof Uint8Array) return { $bytes: btoa(String.fromCharCode(...value)) };
  return mapped(value, withBytesAsText);
}

function withTextAsBytes(value: unknown): unknown {
  const text = typeof value === 'object' && value !== null && '$bytes' in value ? value.$bytes : undefined;
  if (typeof text === 'string') return Uint8Array.from(atob(text), (char) => char.charCodeAt(0));
  return mapped(value, withTextAsBytes);
}

function mapped(value: unknown, each: (value: unknown) => unknown): unknown {
  if (Array.isArray(value)) return value.map(each);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, each(inner)]));
}
