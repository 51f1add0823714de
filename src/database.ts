// A database with one store, and the way every access goes: a transaction, a time limit, one retry on a fresh
// connection (S7). Nothing here knows what is stored.
//
// idb-keyval's `createStore` keeps its connection to itself. Here it must be closed: when another tab
// wants to delete the database, when it does not answer, and when its owner ends. An open waits for ever while another
// tab holds a connection that a deletion waits for.

import { promisifyRequest } from 'idb-keyval';
import { ClocheError, messageOf } from './errors.ts';

export interface Database {
  /**
   * Runs `work` in one transaction and returns once it is committed. `work` may run twice, and awaits
   * nothing but requests of its store.
   * @throws {ClocheError} STORAGE_FAILED; then nothing was changed.
   */
  transact<T>(mode: IDBTransactionMode, work: (objects: IDBObjectStore) => Promise<T>): Promise<T>;
  /**
   * Deletes the database, at the latest when a connection that is not ours lets go of it.
   * @throws {ClocheError} STORAGE_FAILED
   */
  remove(): Promise<void>;
  /** Closes the connection; the next access opens another. */
  close(): void;
}

/** Two attempts stay below the default deadline of a call, so that the plugin's call gets the reason. */
const WAIT_MS = 2_000;

/**
 * @param waitMs how long one attempt may take: IndexedDB waits for ever behind a tab that does not let
 * go of the database. Default 2,000.
 */
export function openDatabase(name: string, store: string, waitMs = WAIT_MS): Database {
  let connection: Promise<IDBDatabase> | undefined;

  function connect(): Promise<IDBDatabase> {
    const request = indexedDB.open(name);
    request.onupgradeneeded = () => {
      request.result.createObjectStore(store);
    };
    const opening = promisifyRequest(request).then((db) => {
      // Open connections block every tab that wants to delete the database.
      db.onversionchange = () => letGo(opening);
      // Safari closes connections on its own.
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

  async function attempt<T>(mode: IDBTransactionMode, work: (objects: IDBObjectStore) => Promise<T>): Promise<T> {
    connection ??= connect();
    const current = connection;
    let transaction: IDBTransaction | undefined;
    let isOver = false;
    const run = async (): Promise<T> => {
      const db = await current;
      // It opened late, and the caller has been told that nothing is written.
      if (isOver) throw new Error('too late');
      transaction = db.transaction(store, mode);
      const [result] = await Promise.all([work(transaction.objectStore(store)), committed(transaction)]);
      return result;
    };
    try {
      return await within(run(), waitMs);
    } catch (error) {
      isOver = true;
      abortIfRunning(transaction);
      letGo(current);
      throw error;
    }
  }

  return {
    async transact(mode, work) {
      requireIndexedDb();
      try {
        return await attempt(mode, work);
      } catch (error) {
        // The browser's own quota does not grow by asking again.
        if (isQuotaError(error)) throw failed(name, error);
      }
      try {
        return await attempt(mode, work);
      } catch (error) {
        throw failed(name, error);
      }
    },
    async remove() {
      requireIndexedDb();
      if (connection) letGo(connection);
      try {
        await within(deleted(name), waitMs);
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

/** Unlike idb-keyval's, it waits for the abort after a failed request: only then is the reason known. */
function committed(transaction: IDBTransaction): Promise<void> {
  return new Promise((resolve, reject) => {
    transaction.oncomplete = () => resolve();
    transaction.onabort = () => reject(transaction.error ?? new Error('the transaction was aborted'));
  });
}

function deleted(name: string): Promise<void> {
  return new Promise((resolve, reject) => {
    const request = indexedDB.deleteDatabase(name);
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

async function within<T>(promise: Promise<T>, ms: number): Promise<T> {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error(`no answer in ${ms} ms; another tab may hold it`)), ms);
  });
  try {
    return await Promise.race([promise, late]);
  } finally {
    clearTimeout(timer);
  }
}

function requireIndexedDb(): void {
  if (typeof indexedDB !== 'undefined') return;
  throw new ClocheError(
    'STORAGE_FAILED',
    'This page has no IndexedDB: allow it to store site data, and load it outside of a sandboxed frame',
  );
}

function failed(name: string, cause: unknown): ClocheError {
  const why = messageOf(cause) || (cause instanceof DOMException ? cause.name : 'unknown error');
  return new ClocheError('STORAGE_FAILED', `Database \`${name}\`: ${why}`, { cause });
}
