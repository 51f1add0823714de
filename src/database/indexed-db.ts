// A database with one store, and the way every access goes: a transaction, a time limit, one retry on a fresh
// connection (S7). Nothing here knows what is stored.
//
// idb-keyval's `createStore` keeps its connection to itself. Here it must be closed: when another tab
// wants to delete the database, when it does not answer, and when its owner ends. An open waits for ever while another
// tab holds a connection that a deletion waits for.

import { promisifyRequest } from 'idb-keyval';
import { ClocheError, messageOf } from '../errors.ts';
import { within } from '../util/time/deadline.ts';

/** In this order: strings by their code units, then arrays, part by part. */
export type StoredKey = string | readonly StoredKey[];

/** Keys from `from` on, or after it, up to `to`, which is not among them. */
export interface KeyRange {
  readonly from: StoredKey;
  readonly to: StoredKey;
  readonly after?: boolean;
}

/** What a transaction can do; whatever goes in or out is copied. */
export interface Objects {
  get(key: StoredKey): Promise<unknown>;
  put(value: unknown, key: StoredKey): void;
  delete(key: StoredKey): void;
  clear(): void;
  /** Sorted. */
  keys(range: KeyRange, most?: number): Promise<StoredKey[]>;
  /** In the order of their keys. */
  values(range: KeyRange, most?: number): Promise<unknown[]>;
}

export interface Database {
  /**
   * Runs `work` in one transaction and returns once it is committed. `work` may run twice, and awaits
   * nothing but what it asks of its objects.
   * @param mostMs how long one attempt may take. @default that of the database
   * @throws {ClocheError} STORAGE_FAILED; then nothing was changed.
   */
  transact<T>(mode: IDBTransactionMode, work: (objects: Objects) => Promise<T>, mostMs?: number): Promise<T>;
  /**
   * Deletes the database, at the latest when a connection that is not ours lets go of it.
   * @throws {ClocheError} STORAGE_FAILED
   */
  remove(): Promise<void>;
  /** Closes the connection; the next access opens another. */
  close(): void;
}

/** Name of the cause where there is nothing to open. */
export const NO_INDEXED_DB = 'NotSupportedError';

/** Two attempts stay below the default deadline of a call, so that the plugin's call gets the reason. */
const WAIT_MS = 2_000;

/**
 * In IndexedDB. Most callers want `openDatabase` of `open-database.ts`, which knows of pages without it.
 * @param waitMs how long one attempt may take: IndexedDB waits for ever behind a tab that does not let
 * go of the database. Default 2,000.
 */
export function indexedDatabase(name: string, store: string, waitMs = WAIT_MS): Database {
  let connection: Promise<IDBDatabase> | undefined;

  function connect(): Promise<IDBDatabase> {
    const request = factory().open(name);
    request.onupgradeneeded = () => {
      request.result.createObjectStore(store);
    };
    const opening = promisifyRequest(request).then((db) => {
      // Open connections block every tab that wants to delete the database.
      db.onversionchange = () => letGo(opening);
      // Safari closes connections on its own: https://github.com/jakearchibald/idb-keyval/blob/main/src/index.ts
      db.onclose = () => letGo(opening);
      return db;
    });
    return opening;
  }

  function letGo(opened: Promise<IDBDatabase>): void {
    if (connection === opened) connection = undefined;
    opened.then(
      (db) => db.close(),
      () => {
        // It never opened, and whoever waited for it was told.
      },
    );
  }

  async function attempt<T>(
    mode: IDBTransactionMode,
    work: (objects: Objects) => Promise<T>,
    mostMs: number,
  ): Promise<T> {
    connection ??= connect();
    const current = connection;
    let transaction: IDBTransaction | undefined;
    let isOver = false;
    const run = async (): Promise<T> => {
      const db = await current;
      // It opened late, and the caller has been told that nothing is written.
      if (isOver) throw new Error('too late');
      transaction = db.transaction(store, mode);
      const [result] = await Promise.all([work(objectsOf(transaction.objectStore(store))), committed(transaction)]);
      return result;
    };
    try {
      return await within(run(), mostMs, () => silent(mostMs));
    } catch (error) {
      isOver = true;
      abortIfRunning(transaction);
      letGo(current);
      throw error;
    }
  }

  return {
    async transact(mode, work, mostMs = waitMs) {
      try {
        return await attempt(mode, work, mostMs);
      } catch (error) {
        // The browser's own quota does not grow by asking again.
        if (isQuotaError(error)) throw failed(name, error);
      }
      try {
        return await attempt(mode, work, mostMs);
      } catch (error) {
        throw failed(name, error);
      }
    },
    async remove() {
      if (connection) letGo(connection);
      try {
        await within(deleted(name), waitMs, () => silent(waitMs));
      } catch (error) {
        throw failed(name, error);
      }
    },
    close() {
      if (connection) letGo(connection);
    },
  };
}

/** Whether a failed transaction had met the quota that the browser sets for the site. */
export function isQuotaError(error: unknown): boolean {
  const cause = error instanceof ClocheError ? error.cause : error;
  return cause instanceof DOMException && cause.name === 'QuotaExceededError';
}

function objectsOf(store: IDBObjectStore): Objects {
  return {
    get: (key) => promisifyRequest(store.get(key as IDBValidKey)),
    put: (value, key) => void store.put(value, key as IDBValidKey),
    delete: (key) => void store.delete(key as IDBValidKey),
    clear: () => void store.clear(),
    // Whatever else an altered database holds is for its readers to pass over.
    keys: (range, most) => promisifyRequest(store.getAllKeys(idbRange(range), most)) as Promise<StoredKey[]>,
    values: (range, most) => promisifyRequest<unknown[]>(store.getAll(idbRange(range), most)),
  };
}

function idbRange({ from, to, after }: KeyRange): IDBKeyRange {
  return IDBKeyRange.bound(from, to, after, true);
}

/** Unlike idb-keyval's, it waits for the abort after a failed request: only then is the reason known. */
function committed(transaction: IDBTransaction): Promise<void> {
  return new Promise((resolve, reject) => {
    transaction.oncomplete = () => resolve();
    transaction.onabort = () => reject(transaction.error ?? new Error('the transaction was aborted'));
  });
}

function deleted(name: string): Promise<void> {
  return new Promise((resolve, reject) => {
    const request = factory().deleteDatabase(name);
    request.onsuccess = () => resolve();
    // Somebody else holds it. The browser deletes it when they let go.
    request.onblocked = () => resolve();
    request.onerror = () => reject(request.error ?? new Error('it cannot be deleted'));
  });
}

function abortIfRunning(transaction: IDBTransaction | undefined): void {
  try {
    transaction?.abort();
  } catch (error) {
    // InvalidStateError: it is over already.
    if (!(error instanceof DOMException && error.name === 'InvalidStateError')) throw error;
  }
}

function silent(ms: number): Error {
  return new Error(`no answer in ${ms} ms; another tab may hold it`);
}

/** Typed as always there, and absent or null in engines that have none, or none for this page. */
function factory(): IDBFactory {
  const found = globalThis.indexedDB as IDBFactory | null | undefined;
  if (found) return found;
  throw new DOMException('this page has no IndexedDB', NO_INDEXED_DB);
}

function failed(name: string, cause: unknown): ClocheError {
  const why = messageOf(cause) || (cause instanceof DOMException ? cause.name : 'unknown error');
  return new ClocheError('STORAGE_FAILED', `Database \`${name}\`: ${why}`, { cause });
}
