// All databases of a plugin, as far as is known of them without opening any.

import { ClocheError, messageOf } from '../../errors.ts';
import { loadChunk } from '../../util/load-chunk.ts';
import type { ChangeStores } from '../pglite/change-store.ts';
import type { PgliteDriver } from '../pglite/pglite-driver.ts';
import type { RelayDriver } from '../relay/relay-driver.ts';
import type { DatabaseOf } from '../sql-driver.ts';
import { describedInPage, NEVER_USED, unknownInPage } from './standing.ts';
import type { DatabaseList, PluginDatabase } from './view.ts';

interface Page extends Pick<PluginDatabase, 'placement' | 'quotaBytes'> {
  stored(): Promise<ChangeStores>;
  /** Undefined where no database was used yet. */
  readonly driver: PgliteDriver | undefined;
}

export async function listInPage(
  all: readonly DatabaseOf[],
  { stored, driver, ...facts }: Page,
): Promise<DatabaseList> {
  const standing = async (of: DatabaseOf) => {
    if (driver) return driver.standing(of);
    if (of.temporary) return NEVER_USED;
    return { ...NEVER_USED, ...(await (await stored()).look(of.installation, of.name)) };
  };
  const databases = await Promise.all(
    all.map((of) =>
      standing(of).then(
        (found) => describedInPage(of, found, facts),
        (thrown: unknown) => unknownInPage(of, thrown, facts),
      ),
    ),
  );
  const sizes = databases.map(({ bytes }) => bytes);
  const { bytesToLoad } = await loadChunk(() => import('../pglite/program.ts'));
  return {
    databases,
    bytes: sizes.reduce((sum, size) => (sum === undefined || size === undefined ? undefined : sum + size), 0),
    problem: undefined,
    programBytes: bytesToLoad(),
  };
}

/** A relay knows the sum of all. One is asked only where the plugin has used a database. */
export async function listOnServer(
  all: readonly DatabaseOf[],
  driver: () => Promise<RelayDriver>,
): Promise<DatabaseList> {
  const described = (state: PluginDatabase['state']): PluginDatabase[] =>
    all.map(({ name }) => {
      const bytes = state === 'empty' ? 0 : undefined;
      return { name, state, placement: 'server', bytes, quotaBytes: undefined, problem: undefined };
    });
  const [first] = all;
  try {
    const loaded = await driver();
    if (!first || !(await loaded.isUsed(first.installation))) {
      return { databases: described('empty'), bytes: 0, problem: undefined, programBytes: 0 };
    }
    const bytes = await loaded.size(first.installation);
    return { databases: described('server'), bytes, problem: undefined, programBytes: 0 };
  } catch (thrown) {
    const problem =
      thrown instanceof ClocheError ? thrown : new ClocheError('RELAY_FAILED', messageOf(thrown), { cause: thrown });
    return { databases: described('server'), bytes: undefined, problem, programBytes: 0 };
  }
}
