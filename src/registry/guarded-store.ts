// A store in the shape of idb-keyval's that cannot hang, and forgets a connection that fails (S7).
// idb-keyval's own `createStore` gives no hold on the connection: it could not be closed when another
// tab waits for that, or when it opens after we gave up on it.
//
// What happens in browsers: Safari closes connections by itself; an open waits for ever while another
// tab holds a connection that a deletion or an upgrade waits for; a database of the name may be of
// another version, without our store. Each operation is tried a second time over a new connection.

import { promisifyRequest, type UseStore } from 'idb-keyval';
import { ClocheError, messageOf } from '../errors.ts';

export interface GuardedStore {
  /** Rejects with STORAGE_FAILED, or CLOSED after `close()`. */
  readonly use: UseStore;
  close(): void;
}

type Operation<T> = [mode: IDBTransactionMode, work: (store: IDBObjectStore) => T | PromiseLike<T>];

const TRIES = 2;

/** @param timeoutMs for opening and the operation together, each time it is tried */
export function guardedStore(database: string, store: string, timeoutMs: number): GuardedStore {
  let current: Promise<IDBDatabase> | undefined;
  let closed = false;

  const forget = (connection: Promise<IDBDatabase> | undefined) => {
    if (current === connection) current = undefined;
    connection?.then(
      (db) => db.close(), // also when it only opens later
      () => undefined, // its failure was told to whoever waited for it
    );
  };

  const connect = () => {
    const connection = open(database, store);
    connection.then(
      (db) => {
        // Otherwise this page would block every other tab that deletes or upgrades the database.
        db.onversionchange = () => forget(connection);
        db.onclose = () => forget(connection);
      },
      () => forget(connection),
    );
    return connection;
  };

  const attempt = <T>(connection: Promise<IDBDatabase>, ...[mode, work]: Operation<T>) =>
    inTime(timeoutMs, async (late) => {
      const db = await connection;
      if (late.aborted) throw new Error('opened too late');
      const transaction = db.transaction(store, mode);
      // The caller is told that it failed, so it must not happen later.
      late.addEventListener('abort', () => abort(transaction));
      return work(transaction.objectStore(store));
    });

  return {
    async use(mode, work) {
      for (let tried = 1; ; tried++) {
        if (closed) throw new ClocheError('CLOSED', 'The registry is closed');
        current ??= connect();
        // Others may use a newer one by the time that this one fails.
        const connection = current;
        try {
          return await attempt(connection, mode, work);
        } catch (cause) {
          forget(connection);
          if (tried < TRIES) continue;
          const message = `IndexedDB failed: ${messageOf(cause)}`;
          throw new ClocheError('STORAGE_FAILED', message, { cause });
        }
      }
    },
    close() {
      closed = true;
      forget(current);
    },
  };
}

async function open(database: string, store: string): Promise<IDBDatabase> {
  const request = indexedDB.open(database);
  request.onupgradeneeded = () => request.result.createObjectStore(store);
  return promisifyRequest(request);
}

function abort(transaction: IDBTransaction): void {
  try {
    transaction.abort();
  } catch (error) {
    // It is over already: then there is nothing left to stop.
    if (!(error instanceof DOMException && error.name === 'InvalidStateError')) throw error;
  }
}

async function inTime<T>(timeoutMs: number, work: (late: AbortSignal) => Promise<T>): Promise<T> {
  const late = new AbortController();
  let timer: ReturnType<typeof setTimeout> | undefined;
  const deadline = new Promise<never>((_, reject) => {
    timer = setTimeout(() => {
      reject(new Error(`no answer within ${timeoutMs} ms; another tab may hold the database`));
      late.abort();
    }, timeoutMs);
  });
  try {
    return await Promise.race([work(late.signal), deadline]);
  } finally {
    clearTimeout(timer);
  }
}
