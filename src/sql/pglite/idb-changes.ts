// Changes of databases in IndexedDB, one database of it for each installation: for the placement in memory.

import type { Database, Objects } from '../../database/indexed-db.ts';
import { openDatabase } from '../../database/open-database.ts';
import { ClocheError } from '../../errors.ts';
import { dispose } from '../../util/dispose.ts';
import type { ChangeStore, ChangeStores } from './change-store.ts';
import { isDatabaseHeld, lockDatabase } from './database-lock.ts';
import { hearWiped, tellWiped, type WipedNews } from './wiped-news.ts';

interface Sizes {
  readonly bytes: number;
  readonly count: number;
  /** Of the write that has left it so, and of no other; undefined before the first, and for those of earlier versions. */
  readonly mark: string | undefined;
}

const NOTHING: Sizes = { bytes: 0, count: 0, mark: undefined };
const ALL_SIZES = { from: ['size'], to: ['size\0'] } as const;

export function idbChanges(storage: string): ChangeStores {
  const databaseOf = (installation: string): Database =>
    openDatabase(storage, `${storage}:sql:${installation}`, 'changes');
  return {
    async open(installation, name, signal) {
      const lock = await lockDatabase(storage, installation, name, signal);
      const news = hearWiped(storage, installation);
      return new IdbChanges(databaseOf(installation), name, news, () => lock?.[dispose]());
    },
    async wipe(installation) {
      const news = tellWiped(storage, installation);
      const database = databaseOf(installation);
      try {
        await database.remove();
      } finally {
        database.close();
        news.close();
      }
    },
    async size(installation) {
      const database = databaseOf(installation);
      try {
        const sizes = await database.transact('readonly', (objects) => objects.values(ALL_SIZES));
        return sizes.reduce((sum: number, size) => sum + sizesIn(size).bytes, 0);
      } finally {
        database.close();
      }
    },
    async look(installation, name) {
      const isHeld = await isDatabaseHeld(storage, installation, name);
      const database = databaseOf(installation);
      try {
        const [keys, size] = await database.transact('readonly', async (objects) =>
          Promise.all([objects.keys(recordsOf(name)), objects.get(['size', name])]),
        );
        const { bytes, count } = sizesIn(size);
        return { bytes, isHeld, isDamaged: keys.length !== count };
      } finally {
        database.close();
      }
    },
  };
}

class IdbChanges implements ChangeStore {
  readonly #database: Database;
  readonly #name: string;
  readonly #news: WipedNews;
  readonly #closed: () => void;
  #sizes = NOTHING;

  constructor(database: Database, name: string, news: WipedNews, closed: () => void) {
    this.#database = database;
    this.#name = name;
    this.#news = news;
    this.#closed = closed;
  }

  get bytes(): number {
    return this.#sizes.bytes;
  }

  get count(): number {
    return this.#sizes.count;
  }

  get wiped(): AbortSignal {
    return this.#news.signal;
  }

  async read(): Promise<readonly Uint8Array[]> {
    const [values, sizes] = await this.#database.transact('readonly', async (objects) =>
      Promise.all([objects.values(recordsOf(this.#name)), objects.get(['size', this.#name])]),
    );
    this.#sizes = sizesIn(sizes);
    const records = values.filter((value) => value instanceof Uint8Array);
    if (records.length === this.#sizes.count) return records;
    throw new ClocheError('STORAGE_FAILED', `Records of the SQL database "${this.#name}" are missing`);
  }

  async append(records: readonly Uint8Array[]): Promise<void> {
    const { bytes, count } = this.#sizes;
    await this.#write({ bytes: bytes + bytesOf(records), count: count + records.length }, async (objects) => {
      for (const [index, record] of records.entries()) objects.put(record, this.#keyOf(count + index));
    });
  }

  async replace(records: readonly Uint8Array[]): Promise<void> {
    await this.#write({ bytes: bytesOf(records), count: records.length }, async (objects) => {
      for (const key of await objects.keys(recordsOf(this.#name))) objects.delete(key);
      for (const [index, record] of records.entries()) objects.put(record, this.#keyOf(index));
    });
  }

  /** Only onto what was read or written here last: a page may hold no locks, and any script may steal one. */
  async #write(after: Omit<Sizes, 'mark'>, change: (objects: Objects) => Promise<void>): Promise<void> {
    const before = this.#sizes;
    const sizes = { ...after, mark: crypto.randomUUID() };
    const isDone = await this.#database.transact('readwrite', async (objects) => {
      const now = sizesIn(await objects.get(['size', this.#name]));
      // An attempt that seemed to fail may have been committed.
      if (now.mark === sizes.mark) return true;
      if (now.mark !== before.mark || now.count !== before.count || now.bytes !== before.bytes) return false;
      await change(objects);
      objects.put(sizes, ['size', this.#name]);
      return true;
    });
    if (!isDone) {
      const message = `Since it was read, another tab has written the SQL database "${this.#name}", or deleted it; nothing was written over`;
      throw new ClocheError('STORAGE_FAILED', message);
    }
    this.#sizes = sizes;
  }

  async close(): Promise<void> {
    this.#database.close();
    this.#news.close();
    this.#closed();
  }

  /** Keys are sorted as text. */
  #keyOf(index: number): readonly string[] {
    return ['record', this.#name, String(index).padStart(12, '0')];
  }
}

function bytesOf(records: readonly Uint8Array[]): number {
  return records.reduce((sum, { length }) => sum + length, 0);
}

function recordsOf(name: string) {
  return { from: ['record', name], to: ['record', `${name}\0`] };
}

function sizesIn(value: unknown): Sizes {
  if (typeof value !== 'object' || value === null) return NOTHING;
  const { bytes, count, mark } = value as Partial<Sizes>;
  if (typeof bytes !== 'number' || typeof count !== 'number') return NOTHING;
  return { bytes, count, mark: typeof mark === 'string' ? mark : undefined };
}
