// Runs one statement on a connection, and reads its answer as it comes: never more of it than it may have.

import pg from 'pg';
import type { SqlAnswer, SqlRefusal } from '../../functions/sql.ts';

/** Around what a row has, as the server sends it: a head, and the names of columns. */
const MESSAGE_BYTES = 65_536;
/** Of all rows, and one for each without columns: in memory each is many times what the server sends. */
const MOST_VALUES = 1 << 20;

export interface Statement {
  readonly sql: string;
  readonly params: readonly (string | null)[];
  readonly mostBytes: number;
}

export function isCommit(sql: string): boolean {
  return /^\s*commit\s*$/i.test(sql);
}

/** @param end ends the connection, with what runs on it */
export function runStatement(
  client: pg.Client,
  { sql, params, mostBytes }: Statement,
  end: () => void,
): Promise<SqlAnswer> {
  const rows: (string | null)[][] = [];
  let [bytes, values] = [0, 0];
  let columns: readonly { name: string; type: number }[] = [];
  return new Promise((resolve, reject) => {
    const large = (): void => {
      end();
      resolve({ ended: 'large' });
    };
    // One row alone may have a gigabyte, and is a row only when all of it is here.
    const { stream } = client.connection;
    let received = 0;
    const count = (chunk: Buffer): void => {
      received += chunk.length;
      if (received > mostBytes * 2 + MESSAGE_BYTES) {
        stream.off('data', count);
        stream.destroy();
        large();
      }
    };
    stream.on('data', count);
    // In the extended protocol, which takes one statement. Rows come one by one, so that too many are never all there.
    const query = new pg.Query({
      text: sql,
      values: [...params],
      rowMode: 'array',
      queryMode: 'extended',
    } as pg.QueryConfig);
    query.on('row', (row: unknown, result) => {
      columns = (result?.fields ?? []).map(({ name, dataTypeID }) => ({ name, type: dataTypeID }));
      const cells = row as (string | null)[];
      bytes += cells.reduce((sum, value) => sum + (value?.length ?? 0) + 4, 8);
      values += Math.max(cells.length, 1);
      if (bytes <= mostBytes && values <= MOST_VALUES) rows.push(cells);
      else large();
    });
    query.on('end', (result) => {
      stream.off('data', count);
      columns = (result.fields ?? []).map(({ name, dataTypeID }) => ({ name, type: dataTypeID }));
      if (isCommit(sql) && result.command !== 'COMMIT') {
        resolve({
          refused: { severity: 'ERROR', code: '25P02', message: 'current transaction is aborted, and was rolled back' },
          isOver: true,
        });
      } else resolve({ columns, rows });
    });
    query.on('error', (error: Error & Partial<SqlRefusal>) => {
      stream.off('data', count);
      const { severity, code, message, detail, hint } = error;
      // Of the connection, and not of the database.
      if (severity === undefined || code === undefined || code === '57P01') resolve({ ended: 'late' });
      else resolve({ refused: { severity, code, message, detail, hint }, isOver: isCommit(sql) });
    });
    try {
      client.query(query);
    } catch (error) {
      reject(error);
    }
  });
}
