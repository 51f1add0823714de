// The newest blocklist of each source, kept: what it blocks stays blocked where no list can be fetched.

import type { Objects, StoredKey } from '../../database/indexed-db.ts';
import { openDatabase } from '../../database/open-database.ts';
import { isPlainObject } from '../../util/given-options.ts';

const LISTS: StoredKey = ['blocklist'];
/** Of pages that share a storage and have lists of their own. */
const MOST_SOURCES = 4;

export interface StoredList {
  /** Where it is from, and who signs those: of another source numbers mean something else. */
  readonly source: string;
  readonly sequence: number;
  /** Its JSON. Who signed it was found out before it was stored. */
  readonly text: string;
}

export class BlocklistStore {
  readonly #database;

  constructor(storage: string) {
    this.#database = openDatabase(storage, `${storage}-trust`, 'trust');
  }

  /**
   * @returns the list of a source; where it has none yet, the one of any other that was stored last; undefined where there is none
   * @throws {ClocheError} STORAGE_FAILED
   */
  async read(source: string): Promise<StoredList | 'unreadable' | undefined> {
    const lists = await this.#database.transact('readonly', readIn);
    return lists === 'unreadable' ? lists : (lists.find((list) => list.source === source) ?? lists[0]);
  }

  /** Stores a list unless a newer one of its source is there. @returns the one that is stored now @throws {ClocheError} STORAGE_FAILED */
  keep(list: StoredList): Promise<StoredList> {
    return this.#database.transact('readwrite', async (objects) => {
      const stored = await readIn(objects);
      const lists = stored === 'unreadable' ? [] : stored;
      const before = lists.find(({ source }) => source === list.source);
      if (before && before.sequence >= list.sequence) return before;
      objects.put({ lists: [list, ...lists.filter((one) => one !== before)].slice(0, MOST_SOURCES) }, LISTS);
      return list;
    });
  }

  close(): void {
    this.#database.close();
  }
}

/** The list that was stored last comes first. */
async function readIn(objects: Objects): Promise<readonly StoredList[] | 'unreadable'> {
  const stored = await objects.get(LISTS);
  if (stored === undefined) return [];
  if (!isPlainObject(stored) || !Array.isArray(stored.lists)) return 'unreadable';
  const lists = stored.lists.map(listIn);
  return lists.every((list) => list !== undefined) ? lists : 'unreadable';
}

function listIn(stored: unknown): StoredList | undefined {
  if (!isPlainObject(stored)) return undefined;
  const { source, sequence, text } = stored;
  const isRead = typeof source === 'string' && Number.isSafeInteger(sequence) && typeof text === 'string';
  return isRead ? { source, sequence: sequence as number, text } : undefined;
}
