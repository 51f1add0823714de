// A database for pages that may store nothing: it lasts as long as they do. Transactions come one after the other, and
// one that fails changes nothing, as in IndexedDB.

import type { Database, KeyRange, Objects, StoredKey } from './indexed-db.ts';

interface Entry {
  readonly key: StoredKey;
  readonly value: unknown;
}
type Entries = Map<string, Entry>;

export function memoryDatabase(): Database {
  let entries: Entries = new Map();
  let last: Promise<unknown> = Promise.resolve();
  return {
    transact(_mode, work) {
      const turn = last.then(async () => {
        const draft: Entries = new Map(entries);
        const result = await work(objectsOf(draft));
        entries = draft;
        return result;
      });
      // Whoever asked is told of a failure; the next one only waits.
      last = turn.catch(() => undefined);
      return turn;
    },
    async remove() {
      entries = new Map();
    },
    close: () => undefined,
  };
}

function objectsOf(entries: Entries): Objects {
  const inRange = (range: KeyRange, most: number | undefined): Entry[] =>
    [...entries.values()]
      .filter(({ key }) => isWithin(key, range))
      .sort((a, b) => compareKeys(a.key, b.key))
      .slice(0, most);
  return {
    get: async (key) => structuredClone(entries.get(JSON.stringify(key))?.value),
    put: (value, key) => void entries.set(JSON.stringify(key), { key, value: structuredClone(value) }),
    delete: (key) => void entries.delete(JSON.stringify(key)),
    clear: () => entries.clear(),
    keys: async (range, most) => inRange(range, most).map(({ key }) => key),
    values: async (range, most) => inRange(range, most).map(({ value }) => structuredClone(value)),
  };
}

function isWithin(key: StoredKey, { from, to, after = false }: KeyRange): boolean {
  return compareKeys(key, from) >= (after ? 1 : 0) && compareKeys(key, to) < 0;
}

/** The order of IndexedDB: -1, 0 or 1. */
export function compareKeys(a: StoredKey, b: StoredKey): number {
  if (typeof a === 'string') return typeof b !== 'string' || a < b ? -1 : Number(a > b);
  if (typeof b === 'string') return 1;
  for (const [i, part] of a.entries()) {
    const other = b[i];
    const order = other === undefined ? 1 : compareKeys(part, other);
    if (order !== 0) return order;
  }
  return a.length < b.length ? -1 : 0;
}
