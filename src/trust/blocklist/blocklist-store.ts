// The newest blocklist, kept: what it blocks stays blocked where no list can be fetched.

import type { Objects, StoredKey } from '../../database/indexed-db.ts';
import { openDatabase } from '../../database/open-database.ts';
import { isPlainObject } from '../../util/given-options.ts';

const LIST: StoredKey = ['blocklist'];

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
   * @returns undefined where none was ever stored
   * @throws {ClocheError} STORAGE_FAILED
   */
  read(): Promise<StoredList | 'unreadable' | undefined> {
    return this.#database.transact('readonly', readIn);
  }

  /** Stores a list unless a newer one of its source is there. @returns the one that is stored now @throws {ClocheError} STORAGE_FAILED */
  keep(list: StoredList): Promise<StoredList> {
    return this.#database.transact('readwrite', async (objects) => {
      const before = await readIn(objects);
      if (before && before !== 'unreadable' && before.source === list.source && before.sequence >= list.sequence) {
        return before;
      }
      objects.put({ ...list }, LIST);
      return list;
    });
  }

  close(): void {
    this.#database.close();
  }
}

async function readIn(objects: Objects): Promise<StoredList | 'unreadable' | undefined> {
  const stored = await objects.get(LIST);
  if (stored === undefined) return undefined;
  if (!isPlainObject(stored)) return 'unreadable';
  const { source, sequence, text } = stored;
  const isRead = typeof source === 'string' && Number.isSafeInteger(sequence) && typeof text === 'string';
  return isRead ? { source, sequence: sequence as number, text } : 'unreadable';
}
