// Records and files in a database. Both live in one object store under structured keys, since a database here
// has one store and only one transaction makes a plugin and its files appear together.

import type { KeyRange, Objects, StoredKey } from '../database/indexed-db.ts';
import { openDatabase, placeOf } from '../database/open-database.ts';
import type { Decide, RecordStore, RecordWrites } from './store.ts';
import { FILE, joinedFile, readFile, turnOfPage, writeFiles } from './stored-files.ts';

const RECORD = 'record';
const ORPHAN = 'orphan';
/** Beside the file: in a record it would be a key that an earlier version refuses, and with it the plugin. */
const FACTS = 'facts';
/** Beside the record, for the same reason. */
const VERSIONS = 'versions';
const HISTORY = 'history';
/** Files that are deleted in one turn of the page: a package may have 2,000. */
const PART = 50;

/** @param timeoutMs see {@link openDatabase} */
export function openRecordStore(storage: string, timeoutMs: number): RecordStore {
  const database = openDatabase(storage, `${storage}-plugins`, 'plugins', timeoutMs);
  return {
    get place() {
      return placeOf(storage);
    },
    records: () => database.transact('readonly', (objects) => readAll(objects, RECORD)),
    orphans: () => database.transact('readonly', (objects) => readAll(objects, ORPHAN)),
    versions: (id) =>
      database.transact('readonly', async (objects) => {
        const [versions, history] = await Promise.all([objects.get([VERSIONS, id]), objects.get([HISTORY, id])]);
        return { versions, history };
      }),
    file: async (hash) => joinedFile(await database.transact('readonly', (objects) => readFile(objects, hash))),
    async modules(id, hashes) {
      const read = await database.transact('readonly', (objects) => readModules(objects, id, hashes));
      const files = read.files.map(([hash, pieces]) => [hash, joinedFile(pieces)] as const);
      return { ...read, files: new Map(files.filter(isThere)) };
    },
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

/** What `decide` throws is not a failure of the store, and must not be tried again as one. */
async function decided(objects: Objects, decide: Decide): Promise<{ writes: RecordWrites } | { error: unknown }> {
  const [records, orphans, versions] = await Promise.all([
    readAll(objects, RECORD),
    readAll(objects, ORPHAN),
    readAll(objects, VERSIONS),
  ]);
  try {
    return { writes: decide({ records, orphans, versions }) };
  } catch (error) {
    return { error };
  }
}

async function write(objects: Objects, writes: RecordWrites): Promise<void> {
  const { put, remove, orphan, claim, versions, note, files, facts, keep } = writes;
  if (files) await writeFiles(objects, files);
  for (const [hash, known] of facts ?? []) objects.put(known, [FACTS, hash]);
  if (remove !== undefined) for (const kind of [RECORD, VERSIONS, HISTORY]) objects.delete([kind, remove]);
  if (orphan) objects.put(orphan, [ORPHAN, orphan.installation]);
  if (claim !== undefined) objects.delete([ORPHAN, claim]);
  if (put) objects.put(put[1], [RECORD, put[0]]);
  if (versions) setOrDelete(objects, [VERSIONS, versions[0]], versions[1]);
  if (note) objects.put(note[1](await objects.get([HISTORY, note[0]])), [HISTORY, note[0]]);
  if (keep) await sweep(objects, keep);
}

function setOrDelete(objects: Objects, key: StoredKey, value: unknown): void {
  if (value === undefined) objects.delete(key);
  else objects.put(value, key);
}

/** All asked for at once: each answer takes a turn of the page. Files last, since what is behind one waits for its bytes. */
async function readModules(objects: Objects, id: string, hashes: readonly string[]) {
  const [record, facts, files] = await Promise.all([
    objects.get([RECORD, id]),
    Promise.all(hashes.map(async (hash) => [hash, await objects.get([FACTS, hash])] as const)),
    Promise.all(hashes.map(async (hash) => [hash, await readFile(objects, hash)] as const)),
  ]);
  return { record, files, facts: new Map(facts.filter(isThere)) };
}

function isThere<T>(entry: readonly [string, T | undefined]): entry is readonly [string, T] {
  return entry[1] !== undefined;
}

async function readAll(objects: Objects, kind: string): Promise<Map<string, unknown>> {
  const range = keysOf(kind);
  const [keys, values] = await Promise.all([objects.keys(range), objects.values(range)]);
  return new Map(keys.map((key, index) => [nameIn(key), values[index]]));
}

async function sweep(objects: Objects, keep: ReadonlySet<string>): Promise<void> {
  const stored = await Promise.all([objects.keys(keysOf(FILE)), objects.keys(keysOf(FACTS))]);
  const gone = stored.flat().filter((key) => !keep.has(nameIn(key)));
  for (const [index, key] of gone.entries()) {
    if (index > 0 && index % PART === 0) await turnOfPage(objects);
    objects.delete(key);
  }
}

/** All keys that begin with the kind: an array sorts after every string. */
function keysOf(kind: string): KeyRange {
  return { from: [kind], to: [kind, []] };
}

function nameIn(key: StoredKey): string {
  return Array.isArray(key) ? String(key[1]) : '';
}
