// Opens the relay's database: a local file, or a libSQL server by its URL.

import { type Client, createClient } from '@libsql/client';
import { addRows, createTables, type Database } from '../database.ts';
import { groupCommits } from './group-commit.ts';
import type { ServerConfig } from './server-config.ts';

/** A file is locked by other processes for the time of one short transaction only. */
const BUSY_MS = 5_000;

export interface OpenDatabase extends Database {
  close(): void;
}

export async function openDatabase({ database, items, authors }: ServerConfig): Promise<OpenDatabase> {
  const isFile = database.url.startsWith('file:');
  const client: Client = createClient({
    url: database.url,
    ...(database.authToken && { authToken: database.authToken }),
    // One connection: transactions on a file run one after the other anyway, and never meet a lock of our own.
    ...(isFile && { concurrency: 1, timeout: BUSY_MS }),
  });
  // Readers then never wait for the writer. `synchronous` stays FULL: an answer that was given outlives a power cut.
  if (isFile) await client.execute('PRAGMA journal_mode = WAL');
  const direct: Database = { batch: (statements, mode) => client.batch(statements, mode) };
  await createTables(direct);
  await addRows(direct, { items, authors });
  return { ...(isFile ? groupCommits(direct) : direct), close: () => client.close() };
}
