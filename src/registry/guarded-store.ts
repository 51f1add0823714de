// An idb-keyval store that cannot hang, and forgets a connection that fails (S7).
//
// What happens in browsers: Safari closes connections by itself; an open waits for ever while another
// tab holds a connection that a deletion or an upgrade waits for; a database of the name may be of
// another version, without our store. Each operation is tried a second time over a new connection.

import { createStore, type UseStore } from 'idb-keyval';
import { ClocheError, messageOf } from '../errors.ts';

export interface GuardedStore {
  readonly use: UseStore;
  close(): void;
}

const TRIES = 2;

/** @param timeoutMs for opening and the operation together, each time it is tried */
export function guardedStore(database: string, store: string, timeoutMs: number): GuardedStore {
  let current: UseStore | undefined;
  let connection: IDBDatabase | undefined;
  let closed = false;

  const forget = () => {
    connection?.close();
    connection = undefined;
    current = undefined;
  };

  const attempt = <T>(mode: IDBTransactionMode, work: (store: IDBObjectStore) => T | PromiseLike<T>) => {
    current ??= createStore(database, store);
    const open = current;
    return inTime(timeoutMs, (late) =>
      open(mode, (objects) => {
        const { transaction } = objects;
        // The caller is told that it failed, so it must not happen later.
        late.addEventListener('abort', () => abort(transaction));
        if (late.aborted) {
          abort(transaction);
          transaction.db.close();
          throw new Error('opened too late');
        }
        connection = transaction.db;
        // Otherwise this page would block every other tab that deletes or upgrades the database.
        connection.onversionchange = forget;
        return work(objects);
      }),
    );
  };

  return {
    async use(mode, work) {
      for (let tried = 1; ; tried++) {
        if (closed) throw new ClocheError('CLOSED', 'The registry is closed');
        try {
          return await attempt(mode, work);
        } catch (cause) {
          forget();
          if (tried < TRIES) continue;
          const message = `IndexedDB failed: ${messageOf(cause)}`;
          throw new ClocheError('STORAGE_FAILED', message, { cause });
        }
      }
    },
    close() {
      closed = true;
      forget();
    },
  };
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
