// Which installations have used a database on a server, and as which plugin: so that another page knows whom to ask about.

import { openDatabase } from '../../database/open-database.ts';
import { isPlainObject } from '../../util/given-options.ts';
import type { DatabaseOf } from '../sql-driver.ts';

type Plugin = DatabaseOf['plugin'];

export interface UsedDatabases {
  /** @throws {ClocheError} STORAGE_FAILED, as the others */
  note(installation: string, plugin: Plugin): Promise<void>;
  pluginOf(installation: string): Promise<Plugin | undefined>;
  forget(installation: string): Promise<void>;
}

export function usedDatabases(storage: string): UsedDatabases {
  const database = openDatabase(storage, `${storage}-sql-server`, 'installations');
  return {
    note: (installation, plugin) =>
      database.transact('readwrite', async (objects) => objects.put({ ...plugin }, installation)),
    pluginOf: async (installation) =>
      readPlugin(await database.transact('readonly', (objects) => objects.get(installation))),
    forget: (installation) => database.transact('readwrite', async (objects) => objects.delete(installation)),
  };
}

function readPlugin(value: unknown): Plugin | undefined {
  const { id, version } = isPlainObject(value) ? value : {};
  return typeof id === 'string' && typeof version === 'string' ? { id, version } : undefined;
}
