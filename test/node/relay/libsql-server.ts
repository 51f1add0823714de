// A libSQL server on loopback: the part of Hrana over HTTP, version 2, that the client speaks, on a file of its own.

import { createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import { json } from 'node:stream/consumers';
import { type Client, createClient, type InValue, LibsqlError, type ResultSet, type Transaction } from '@libsql/client';

export interface LibsqlServer {
  readonly url: string;
  readonly authToken: string;
  /** Answers as if it were down. */
  broken: boolean;
  close(): Promise<void>;
}

type Value = { type: 'null' } | { type: 'integer' | 'text'; value: string } | { type: 'float'; value: number };
type Condition =
  | { type: 'ok'; step: number }
  | { type: 'error'; step: number }
  | { type: 'not'; cond: Condition }
  | { type: 'and'; conds: Condition[] }
  | { type: 'or'; conds: Condition[] };
interface Step {
  readonly condition?: Condition;
  readonly stmt: { sql?: string; sql_id?: number; named_args: { name: string; value: Value }[] };
}
type StreamRequest =
  | { type: 'store_sql'; sql_id: number; sql: string }
  | { type: 'batch'; batch: { steps: Step[] } }
  | { type: 'close' | 'close_sql' };

export async function startLibsqlServer(file: string): Promise<LibsqlServer> {
  const client = createClient({ url: `file:${file}`, concurrency: 1 });
  let last: Promise<unknown> = Promise.resolve();
  const http = createServer(async (request, response) => {
    if (server.broken) return request.destroy();
    if (request.headers.authorization !== `Bearer ${server.authToken}`) return response.writeHead(401).end();
    // One pipeline after the other, as a server with one writer does.
    last = last.then(() => answer(client, request));
    response.setHeader('Content-Type', 'application/json').end(JSON.stringify(await last));
  });
  await new Promise<void>((resolve) => http.listen(0, '127.0.0.1', resolve));
  const server: LibsqlServer = {
    url: `http://127.0.0.1:${(http.address() as AddressInfo).port}`,
    authToken: 'a-token-of-the-database',
    broken: false,
    async close() {
      http.closeAllConnections();
      await new Promise((resolve) => http.close(resolve));
      client.close();
    },
  };
  return server;
}

async function answer(client: Client, request: IncomingMessage): Promise<object> {
  const { requests } = (await json(request)) as { requests: StreamRequest[] };
  const texts = new Map<number, string>();
  const results = [];
  for (const one of requests) {
    if (one.type === 'store_sql') texts.set(one.sql_id, one.sql);
    const result = one.type === 'batch' ? await runBatch(client, one.batch.steps, texts) : undefined;
    results.push({ type: 'ok', response: { type: one.type, result } });
  }
  return { baton: null, base_url: null, results };
}

async function runBatch(client: Client, steps: readonly Step[], texts: ReadonlyMap<number, string>): Promise<object> {
  const stepResults: (object | null)[] = [];
  const stepErrors: (object | null)[] = [];
  let transaction: Transaction | undefined;
  const holds = (condition: Condition): boolean => {
    if (condition.type === 'not') return !holds(condition.cond);
    if (condition.type === 'and') return condition.conds.every(holds);
    if (condition.type === 'or') return condition.conds.some(holds);
    if (condition.type === 'ok') return stepResults[condition.step] !== null;
    return stepErrors[condition.step] !== null;
  };
  for (const { condition, stmt } of steps) {
    const at = stepResults.push(null) - 1;
    stepErrors.push(null);
    if (condition && !holds(condition)) continue;
    const sql = stmt.sql ?? texts.get(stmt.sql_id ?? -1) ?? '';
    const args = Object.fromEntries(
      stmt.named_args.map(({ name, value }) => [name.replace(/^:/, ''), fromValue(value)]),
    );
    try {
      if (sql.startsWith('BEGIN'))
        transaction = await client.transaction(sql.includes('IMMEDIATE') ? 'write' : 'deferred');
      const rows = /^(?:BEGIN|COMMIT|ROLLBACK)/.test(sql) ? undefined : await transaction?.execute({ sql, args });
      if (sql === 'COMMIT') await transaction?.commit();
      if (sql === 'ROLLBACK') await transaction?.rollback();
      stepResults[at] = toResult(rows);
    } catch (error) {
      stepErrors[at] = { message: String(error), code: error instanceof LibsqlError ? error.code : undefined };
    }
  }
  return { step_results: stepResults, step_errors: stepErrors };
}

function toResult(set: ResultSet | undefined): object {
  return {
    cols: (set?.columns ?? []).map((name) => ({ name, decltype: null })),
    rows: (set?.rows ?? []).map((row) => Array.from(row as ArrayLike<unknown>, toValue)),
    affected_row_count: set?.rowsAffected ?? 0,
    last_insert_rowid: null,
  };
}

function fromValue(value: Value): InValue {
  if (value.type === 'null') return null;
  return value.type === 'integer' ? BigInt(value.value) : value.value;
}

function toValue(value: unknown): Value {
  if (value === null) return { type: 'null' };
  if (typeof value === 'number')
    return Number.isInteger(value) ? { type: 'integer', value: String(value) } : { type: 'float', value };
  return { type: 'text', value: String(value) };
}
