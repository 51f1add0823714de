// A libSQL file, one transaction after the other, patient with other processes that write to it.

import { setTimeout as delay } from 'node:timers/promises';
import { type Client, createClient, LibsqlError } from '@libsql/client';
import type { OpenDatabase, Rows, Statement } from '../database.ts';

/** The client waits for a lock on the thread of the event loop, so never for long. */
const BLOCK_MS = 100;
const PAUSE_MS = 50;
const TRIES = 50;

/**
 * @throws {LibsqlError} when the file cannot be opened or made.
 */
export async function openFile(url: string): Promise<OpenDatabase> {
  const client = createClient({ url, concurrency: 1, timeout: BLOCK_MS });
  // Readers then never wait for the writer. `synchronous` stays FULL: an answer that was given outlives a power cut.
  await client.execute('PRAGMA journal_mode = WAL');
  let last: Promise<unknown> = Promise.resolve();
  return {
    batch(statements, mode) {
      const turn = () => patiently(client, statements, mode);
      const rows = last.then(turn, turn);
      last = rows;
      return rows;
    },
    close: () => client.close(),
  };
}

async function patiently(client: Client, statements: Statement[], mode: 'write' | 'read'): Promise<Rows[]> {
  for (let tries = 1; ; tries++) {
    try {
      return await client.batch(statements, mode);
    } catch (error) {
      if (!(error instanceof LibsqlError) || error.code !== 'SQLITE_BUSY') throw error;
      // The statement that met the lock is never finalised, and its connection cannot commit any more
      // (tursodatabase/libsql-client-ts#352).
      await client.reconnect();
      if (tries === TRIES) throw error;
      await delay(PAUSE_MS);
    }
  }
}
