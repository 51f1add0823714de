// How it stands with a database in the page, before anything of it is opened.

import { ClocheError } from '../../errors.ts';
import type { StoredDatabase } from '../pglite/change-store.ts';
import type { DatabaseOf } from '../sql-driver.ts';
import type { PluginDatabase } from './view.ts';

export interface DatabaseStanding extends StoredDatabase {
  readonly isOpen: boolean;
  /** Why it could not be opened last. */
  readonly failure: ClocheError | undefined;
}

export const NEVER_USED: DatabaseStanding = {
  bytes: 0,
  isHeld: false,
  isDamaged: false,
  isOpen: false,
  failure: undefined,
};

export function describedInPage(
  { name, plugin }: DatabaseOf,
  { bytes, isHeld, isDamaged, isOpen, failure }: DatabaseStanding,
  facts: Pick<PluginDatabase, 'placement' | 'quotaBytes'>,
): PluginDatabase {
  const damage = (): ClocheError =>
    new ClocheError(
      'STORAGE_FAILED',
      `What is stored of the SQL database "${name}" of plugin "${plugin.id}" is damaged, and is left as it is`,
      { plugin: plugin.id },
    );
  const problem = isOpen ? undefined : (failure ?? (isDamaged ? damage() : undefined));
  const state = isOpen ? 'open' : problem ? 'damaged' : isHeld ? 'elsewhere' : bytes > 0 ? 'asleep' : 'empty';
  return { name, ...facts, state, bytes, problem };
}

/** One of which nobody could say how it stands. */
export function unknownInPage(
  { name, plugin }: DatabaseOf,
  thrown: unknown,
  facts: Pick<PluginDatabase, 'placement' | 'quotaBytes'>,
): PluginDatabase {
  const problem =
    thrown instanceof ClocheError
      ? thrown
      : new ClocheError('STORAGE_FAILED', `What is stored of the SQL database "${name}" cannot be read`, {
          plugin: plugin.id,
          cause: thrown,
        });
  return { name, ...facts, state: 'damaged', bytes: undefined, problem };
}
