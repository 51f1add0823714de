// Records to install, and databases that go away after a test.

import type { PluginManifest } from '../../src/manifest/plugin-manifest.ts';
import type { PluginRecord } from '../../src/registry/record.ts';
import { openRegistry, type Registry, type RegistryOptions } from '../../src/registry/registry.ts';
import { dispose } from '../../src/util/dispose.ts';
import { fileHasher, type HashedFiles } from '../../src/util/hash/hashed-files.ts';

export interface Sample {
  record: PluginRecord;
  files: HashedFiles;
}

/** A plugin with one file a text; the first is `main`. */
export async function sample(
  id: string,
  texts: readonly string[] = [id],
  changes: Partial<PluginRecord> & { manifest?: Partial<PluginManifest> } = {},
): Promise<Sample> {
  const { files, add } = fileHasher();
  const modules = [];
  for (const [index, text] of texts.entries()) {
    const bytes = new TextEncoder().encode(text);
    const hash = await add(bytes);
    modules.push({ name: index === 0 ? 'main' : `lib${index}`, sha256: hash, size: bytes.length });
  }
  return {
    files,
    record: {
      schema: 1,
      grant: { http: { allow: ['https://example.com'] } },
      accepted: [],
      config: new Map([['__proto__', 'x']]),
      secrets: new Map(),
      limits: { timeoutMs: 100 },
      isolation: 'auto',
      missing: 'refuse',
      enabled: true,
      quarantined: false,
      installedAt: 1_000,
      installation: id,
      signature: undefined,
      sha256: undefined,
      pending: undefined,
      ...changes,
      manifest: {
        id,
        name: `Plugin ${id}`,
        version: '1',
        description: '',
        author: '',
        homepage: undefined,
        dialect: 'cloche',
        modules,
        config: new Map([['constructor', 'y']]),
        permissions: [{ capability: 'http', scope: { allow: ['*'] }, reason: 'why' }],
        limits: {},
        instance: 'persistent',
        contributions: [],
        routes: [],
        subscriptions: [],
        schedules: [],
        handlers: [],
        commands: [],
        assets: [],
        defaultCall: undefined,
        ...changes.manifest,
      },
    },
  };
}

let count = 0;
const registries: Registry[] = [];
const databases: string[] = [];

/** A name of a storage that no other test has. */
export function freshStorage(): string {
  const storage = `test-${crypto.randomUUID()}-${count++}`;
  databases.push(`${storage}-plugins`);
  return storage;
}

export async function open(options: Partial<RegistryOptions> = {}): Promise<Registry> {
  const registry = await openRegistry({ storage: freshStorage(), ...options });
  registries.push(registry);
  return registry;
}

/** For `afterEach`. */
export async function cleanUp(): Promise<void> {
  for (const registry of registries.splice(0)) registry[dispose]();
  for (const database of databases.splice(0)) await deleted(database);
}

export function deleted(database: string): Promise<void> {
  return requested(() => indexedDB.deleteDatabase(database)).then(() => undefined);
}

/** One step in a database, past the registry. */
export async function tamper(storage: string, work: (objects: IDBObjectStore) => void): Promise<void> {
  const db = await requested(() => indexedDB.open(`${storage}-plugins`));
  try {
    const transaction = db.transaction('plugins', 'readwrite');
    work(transaction.objectStore('plugins'));
    await new Promise((resolve, reject) => {
      transaction.oncomplete = resolve;
      transaction.onabort = () => reject(transaction.error);
    });
  } finally {
    db.close();
  }
}

/** The keys in a database, as `record a` and `file 1234`. */
export async function keysIn(storage: string): Promise<string[]> {
  const db = await requested(() => indexedDB.open(`${storage}-plugins`));
  try {
    const keys = await requested(() => db.transaction('plugins').objectStore('plugins').getAllKeys());
    return keys.map((key) => (key as string[]).map((part) => part.slice(0, 8)).join(' '));
  } finally {
    db.close();
  }
}

export function requested<T>(start: () => IDBRequest<T>): Promise<T> {
  return new Promise((resolve, reject) => {
    const request = start();
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error);
  });
}
