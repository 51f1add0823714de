// The tables of a database, with how many rows each has.

import { SqlError, type SqlRows } from '../sql-driver.ts';
import { type Read, tableName } from './look.ts';
import type { DatabaseTable, RowCount, TableKind, TableList } from './view.ts';

const MOST_TABLES = 100;
/** So many rows are counted of each. */
const MOST_COUNTED = 10_000;

const KINDS: ReadonlyMap<string | null | undefined, TableKind> = new Map([
  ['r', 'table'],
  ['p', 'partitioned'],
  ['v', 'view'],
  ['m', 'stored-view'],
  ['f', 'foreign'],
]);

/** https://www.postgresql.org/docs/18/catalog-pg-class.html */
const LIST = `
  select n.nspname::text, c.relname::text, c.relkind::text,
    case when c.relkind in ('r', 'p', 'm') then pg_catalog.pg_total_relation_size(c.oid)::text end,
    c.reltuples::bigint::text,
    case when c.relkind in ('r', 'p', 'm') and not c.relrowsecurity and has_table_privilege(c.oid, 'select') then 'yes' end
  from pg_catalog.pg_class c join pg_catalog.pg_namespace n on n.oid = c.relnamespace
  where c.relkind in ('r', 'p', 'v', 'm', 'f') and n.nspname <> 'information_schema' and not starts_with(n.nspname::text, 'pg_')
  order by n.nspname <> 'public', 1, 2 limit ${MOST_TABLES + 1} offset $1::bigint`;

type Row = SqlRows['rows'][number];

export async function tables(read: Read, offset: number): Promise<TableList> {
  const found = await read(LIST, String(offset));
  const listed = found.slice(0, MOST_TABLES);
  const counts = await counted(read, listed.filter(isCounted));
  return {
    offset,
    hasMore: found.length > MOST_TABLES,
    tables: listed.map((row): DatabaseTable => {
      const [schema, name, kind, bytes] = row;
      return {
        schema: schema ?? '',
        name: name ?? '',
        kind: KINDS.get(kind) ?? 'table',
        bytes: bytes === null || bytes === undefined ? undefined : Number(bytes),
        count: countOf(row, counts.get(row)),
      };
    }),
  };
}

/** Of any other it would run what the plugin has written, or be refused. */
function isCounted(row: Row): boolean {
  return row[5] === 'yes';
}

/** All in one statement; none where that fails, as when one of them is locked. */
async function counted(read: Read, rows: readonly Row[]): Promise<ReadonlyMap<Row, number>> {
  if (rows.length === 0) return new Map();
  const parts = rows.map(([schema, name]) => {
    const limited = `select 1 from ${tableName(schema ?? '', name ?? '')} limit ${MOST_COUNTED + 1}`;
    return `(select count(*) from (${limited}) as rows)::text`;
  });
  await read('savepoint counting');
  try {
    const [numbers = []] = await read(`select ${parts.join(', ')}`);
    return new Map(rows.map((row, index) => [row, Number(numbers[index])]));
  } catch (thrown) {
    if (!(thrown instanceof SqlError)) throw thrown;
    await read('rollback to savepoint counting');
    return new Map();
  }
}

function countOf(row: Row, rows: number | undefined): RowCount | undefined {
  if (rows === undefined) return undefined;
  if (rows <= MOST_COUNTED) return { rows, how: 'exact' };
  // -1 for a table that the database has not looked at.
  const estimated = Number(row[4]);
  return estimated > MOST_COUNTED ? { rows: estimated, how: 'estimated' } : { rows: MOST_COUNTED, how: 'at-least' };
}
