// All databases of a plugin at once, for whoever takes along what it keeps. Those on a server stay there.

import type { DatabasesData, DatabasesOwner } from '../../capabilities/services.ts';
import { ClocheError } from '../../errors.ts';
import type { LateDriver } from '../../sql/databases.ts';
import type { DatabaseOf, SqlDriver } from '../../sql/sql-driver.ts';
import { shown } from '../../util/text/shown.ts';

/** @param names that a database may have */
export function databasesData(databases: LateDriver, quotaBytes: number, names: readonly string[]): DatabasesData {
  const ofAll = (owner: DatabasesOwner): DatabaseOf[] => names.map((name) => ({ ...owner, name }));
  const driverFor = ([first]: readonly DatabaseOf[]): Promise<SqlDriver> => databases.load(first as DatabaseOf);
  return {
    quotaBytes: quotaBytes * names.length,
    async readAll(owner) {
      const all = ofAll(owner);
      const driver = await driverFor(all);
      const found = new Map<string, Uint8Array>();
      for (const of of all) {
        const bytes = await driver.dump?.(of);
        if (bytes) found.set(of.name, bytes);
      }
      return found;
    },
    async replaceAll(owner, given, meanwhile) {
      const unknown = [...given.keys()].find((name) => !names.includes(name));
      if (unknown !== undefined) {
        throw new ClocheError(
          'DATA_INVALID',
          `The file holds a database ${shown(unknown)}, and there is none of that name`,
        );
      }
      const all = ofAll(owner);
      const driver = await driverFor(all);
      if (!driver.replaceAll)
        throw new ClocheError('OPTION_INVALID', 'Databases on a server cannot be replaced by a file');
      await driver.replaceAll(
        all.map((of) => ({ of, bytes: given.get(of.name) })),
        meanwhile,
      );
    },
  };
}
