// A look at a database: a transaction that can only read, waits as any other, and is rolled back. It runs in the plugin's own role, and
// what the plugin has written (views, rules for rows) may run in it, as far as a deadline.

import { ClocheError } from '../../errors.ts';
import { dispose } from '../../util/dispose.ts';
import type { DatabaseOf, SqlDriver, SqlRows } from '../sql-driver.ts';

/** Until a call lets go of it, or it has opened; in ms. */
const WAIT_MS = 30_000;
/** Of reading, in ms: nothing but its end ends a statement in the page. */
const READ_MS = 10_000;
/** More than an answer can have by the limits of `tables.ts` and `rows.ts`, as going beyond ends the database. */
const MOST_BYTES = 16 << 20;

export type Read = (sql: string, ...params: readonly (string | null)[]) => Promise<SqlRows['rows']>;

const BEFORE = [
  'set transaction read only',
  // Whatever the plugin has called as the database calls its own is not found.
  'set local search_path to pg_catalog',
  // Heeded on a server only.
  `set local statement_timeout to ${READ_MS}`,
  'set local lock_timeout to 2000',
];

/**
 * @param signal of the person: what has begun ends by itself, so that leaving a view ends no database
 * @throws {ClocheError} BUSY where a call has the database for too long; what opening it throws
 * @throws {SqlError} what the database refuses
 */
export async function look<T>(
  driver: SqlDriver,
  of: DatabaseOf,
  signal: AbortSignal | undefined,
  work: (read: Read) => Promise<T>,
): Promise<T> {
  const late = AbortSignal.timeout(WAIT_MS);
  const waiting = signal ? AbortSignal.any([signal, late]) : late;
  let claim: Disposable | undefined;
  try {
    claim = await driver.claim?.(1, waiting);
    // Else what was committed a moment ago would go with a database that is ended for being slow.
    const transaction = await driver.begin(of, { signal: waiting, mostBytes: MOST_BYTES, settled: true });
    try {
      const rules = { signal: AbortSignal.timeout(READ_MS), mostBytes: MOST_BYTES };
      const read: Read = async (sql, ...params) => {
        signal?.throwIfAborted();
        return (await transaction.execute(sql, params, rules)).rows;
      };
      for (const sql of BEFORE) await read(sql);
      return await work(read);
    } finally {
      await transaction.rollback();
    }
  } catch (thrown) {
    if (signal?.aborted || !late.aborted || thrown instanceof ClocheError) throw thrown;
    const message = `The SQL database "${of.name}" of plugin "${of.plugin.id}" was in use for ${WAIT_MS} ms: try again`;
    throw new ClocheError('BUSY', message, { plugin: of.plugin.id, cause: thrown });
  } finally {
    claim?.[dispose]();
  }
}

/** A name as it is, whatever is in it. */
export function quoted(name: string): string {
  return `"${name.replaceAll('"', '""')}"`;
}

export function tableName(schema: string, name: string): string {
  return `${quoted(schema)}.${quoted(name)}`;
}
