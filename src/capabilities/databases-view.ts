// SQL databases of a plugin, for people to look at. Comes late: only a person asks.

import { ClocheError } from '../errors.ts';
import type { LateDriver } from '../sql/databases.ts';
import type { DatabaseOf } from '../sql/sql-driver.ts';
import { look } from '../sql/view/look.ts';
import { rows } from '../sql/view/rows.ts';
import { tables } from '../sql/view/tables.ts';
import type { DatabasesOwner, DatabasesView } from './services.ts';

/** @param names that a database may have @param isAllowed by a grant */
export function databasesView(
  databases: LateDriver,
  names: readonly string[],
  isAllowed: (grant: unknown, name: string) => boolean,
): DatabasesView {
  const databaseOf = (owner: DatabasesOwner, name: string): DatabaseOf => ({ ...owner, name });
  const isNothing = async (of: DatabaseOf): Promise<boolean> => {
    const [found] = (await databases.list([of])).databases;
    return found?.state === 'empty';
  };
  return {
    names,
    async list(owner, grant) {
      const all = await databases.list(names.map((name) => databaseOf(owner, name)));
      const shown = all.databases.filter(
        ({ name, state }) => (grant && isAllowed(grant.value, name)) || (state !== 'empty' && state !== 'server'),
      );
      return { ...all, databases: shown };
    },
    async tables(owner, name, { offset, signal }) {
      const of = databaseOf(owner, name);
      // Nothing is loaded for what is not there, nor made on a server.
      if (await isNothing(of)) return { tables: [], offset, hasMore: false };
      await databases.ready();
      const driver = await databases.load(of);
      return look(driver, of, signal, (read) => tables(read, offset));
    },
    async rows(owner, name, table, { offset, signal }) {
      const of = databaseOf(owner, name);
      if (await isNothing(of)) throw new ClocheError('OPTION_INVALID', `The database "${name}" has no tables`);
      await databases.ready();
      const driver = await databases.load(of);
      return look(driver, of, signal, (read) => rows(read, table, offset));
    },
  };
}
