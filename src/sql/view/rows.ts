// Rows of one table. Each value is cut in the database, since an answer that is too large ends that.

import { ClocheError } from '../../errors.ts';
import { shown } from '../../util/text/shown.ts';
import { quoted, type Read, tableName } from './look.ts';
import type { Cell, RowList } from './view.ts';

const MOST_ROWS = 50;
const MOST_COLUMNS = 60;
/** Of a value, in characters. */
const MOST_TEXT = 200;

const TEXTS: ReadonlySet<string | null | undefined> = new Set(['25', '1043']);
const BYTES = '17';

const COLUMNS = `
  select a.attname::text, format_type(a.atttypid, a.atttypmod), a.atttypid::text
  from pg_catalog.pg_attribute a
    join pg_catalog.pg_class c on c.oid = a.attrelid join pg_catalog.pg_namespace n on n.oid = c.relnamespace
  where n.nspname::text = $1::text and c.relname::text = $2::text and c.relkind in ('r', 'p', 'v', 'm', 'f')
    and a.attnum > 0 and not a.attisdropped
  order by a.attnum limit ${MOST_COLUMNS + 1}`;

const EXISTS = `
  select 1 from pg_catalog.pg_class c join pg_catalog.pg_namespace n on n.oid = c.relnamespace
  where n.nspname::text = $1::text and c.relname::text = $2::text and c.relkind in ('r', 'p', 'v', 'm', 'f')`;

/** @throws {ClocheError} OPTION_INVALID where there is no such table (any more) */
export async function rows(
  read: Read,
  { schema, name }: { readonly schema: string; readonly name: string },
  offset: number,
): Promise<RowList> {
  // One without columns has rows as well.
  if ((await read(EXISTS, schema, name)).length === 0) {
    throw new ClocheError('OPTION_INVALID', `The database has no table ${shown(name)} in the schema ${shown(schema)}`);
  }
  const found = await read(COLUMNS, schema, name);
  const columns = found.slice(0, MOST_COLUMNS);
  const values = columns.map(([column, , type]) => textOf(`t.${quoted(column ?? '')}`, type));
  const sql = `select ${values.join(', ')} from ${tableName(schema, name)} as t limit ${MOST_ROWS + 1} offset $1::bigint`;
  const list = await read(sql, String(offset));
  return {
    columns: columns.map(([column, type]) => ({ name: column ?? '', type: type ?? '' })),
    hasMoreColumns: found.length > MOST_COLUMNS,
    rows: list.slice(0, MOST_ROWS).map((row) => row.map(cellOf)),
    offset,
    hasMore: list.length > MOST_ROWS,
  };
}

/**
 * By the functions that write types out: a cast would run what the plugin has written as one. Of long texts and bytes only the start
 * is read at all. `is null` holds for a row of nulls too.
 */
function textOf(column: string, type: string | null | undefined): string {
  const text = TEXTS.has(type)
    ? `${column}::text`
    : type === BYTES
      ? `concat(E'\\\\x', encode(substr(${column}, 1, ${MOST_TEXT / 2}), 'hex'))`
      : `format('%s', ${column})`;
  return `case when num_nulls(${column}) = 0 then pg_catalog.left(${text}, ${MOST_TEXT + 1}) end`;
}

function cellOf(text: string | null): Cell {
  if (text === null) return { text, isCut: false };
  const characters = [...text];
  const isCut = characters.length > MOST_TEXT;
  return { text: isCut ? characters.slice(0, MOST_TEXT).join('') : text, isCut };
}
