// SQL databases of a plugin, for people to look at. Comes late: only a person asks.

import { ClocheError } from '../errors.ts';
import type { LateDriver } from '../sql/databases.ts';
import type { DatabaseOf, SqlDriver } from '../sql/sql-driver.ts';
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
  /** Undefined for what is not there: nothing is loaded for that, nor made on a server. */
  const driverOf = async (of: DatabaseOf): Promise<SqlDriver | undefined> => {
    if (await isNothing(of)) return undefined;
    const loading = databases.ready();
    if (loading) {
      await loading;
      // It may be deleted by now, and would be made again.
      if (await isNothing(of)) return undefined;
    }
    return databases.load(of);
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
      const driver = await driverOf(of);
      if (!driver) return { tables: [], offset, hasMore: false };
      return look(driver, of, signal, (read) => tables(read, offset));
    },
    async rows(owner, name, table, { offset, signal }) {
      const of = databaseOf(owner, name);
      const driver = await driverOf(of);
      if (!driver) throw new ClocheError('OPTION_INVALID', `The database "${name}" has no tables`);
      return look(driver, of, signal, (read) => rows(read, table, offset));
    },
  };
}
