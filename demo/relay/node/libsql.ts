// Opens the relay's database with its tables: a local file, or a libSQL server by its URL.

import { createClient } from '@libsql/client';
import { addRows, createTables, type OpenDatabase } from '../database.ts';
import { openFile } from './file-database.ts';
import { groupCommits } from './group-commit.ts';
import type { ServerConfig } from './server-config.ts';

/** @throws {LibsqlError} when it cannot be opened. */
export async function openDatabase({ database, items, authors }: ServerConfig): Promise<OpenDatabase> {
  const open = database.url.startsWith('file:')
    ? groupCommits(await openFile(database.url))
    : openServer(database.url, database.authToken);
  await createTables(open);
  await addRows(open, { items, authors });
  return open;
}

function openServer(url: string, authToken: string | undefined): OpenDatabase {
  const client = createClient({ url, ...(authToken !== undefined && { authToken }) });
  return {
    batch: (statements, mode) => client.batch(statements, mode),
    close: () => client.close(),
  };
}
