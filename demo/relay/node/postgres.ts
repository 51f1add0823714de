// SQL databases on a PostgreSQL server: one role for each plugin, which owns its databases and may connect to no other, and one connection
// for each transaction, so that nothing of one is left for the next.

import { createHash, createHmac, randomUUID } from 'node:crypto';
import pg from 'pg';
import type { SqlAnswer, SqlOwner, SqlRefusal, SqlSessions } from '../functions/sql.ts';
import { Problem } from '../problem.ts';

export interface PostgresConfig {
  /** Of a role that may create roles and databases. */
  readonly url: string;
  /** Of one plugin at a time. */
  readonly connections: number;
  /** After which a transaction that nothing is heard of is rolled back, in ms. */
  readonly silentMs: number;
}

export interface PostgresSessions extends SqlSessions {
  close(): Promise<void>;
}

interface Session {
  readonly owner: string;
  readonly client: pg.Client;
  readonly pid: number;
  timer: NodeJS.Timeout;
  /** The last statement, by the key of its call. */
  last?: { readonly key: string; readonly answer: Promise<SqlAnswer> };
  isRunning: boolean;
}

const CONNECT_MS = 10_000;
/** Around what a row has, as the server sends it: a head, and the names of columns. */
const MESSAGE_BYTES = 65_536;
/** A role or database that is not there (any more), or has another password: another relay deleted it, or its plugin did. */
const NOT_PROVIDED: ReadonlySet<unknown> = new Set(['28P01', '28000', '3D000']);
/** Values as text, whatever their type. */
const AS_TEXT = { getTypeParser: () => (text: string) => text } as unknown as pg.CustomTypesConfig;

export function createPostgres(
  { url, connections, silentMs }: PostgresConfig,
  report: (error: unknown) => void,
): PostgresSessions {
  const admin = new pg.Pool({ connectionString: url, max: 4, connectionTimeoutMillis: CONNECT_MS });
  admin.on('error', report);
  const sessions = new Map<string, Session>();
  /** Begun or beginning, by the role. */
  const counts = new Map<string, number>();
  const made = new Map<string, Promise<void>>();

  const uncount = (role: string): void => {
    const left = (counts.get(role) ?? 1) - 1;
    if (left > 0) counts.set(role, left);
    else counts.delete(role);
  };
  const ended = (id: string, session: Session): void => {
    if (!sessions.delete(id)) return;
    clearTimeout(session.timer);
    uncount(session.owner);
    // A statement that runs would go on without its connection.
    const killing = session.isRunning
      ? admin.query('select pg_terminate_backend($1)', [session.pid])
      : Promise.resolve();
    killing.catch(report).finally(() => session.client.end().catch(report));
  };
  const heard = (id: string, session: Session): void => {
    clearTimeout(session.timer);
    session.timer = setTimeout(() => ended(id, session), silentMs);
  };

  return {
    async begin(owner, database, signal) {
      const role = roleOf(owner);
      const count = counts.get(role) ?? 0;
      if (count >= connections) throw new Problem('unavailable', 'The plugin has all its connections', 1);
      counts.set(role, count + 1);
      let client: pg.Client | undefined;
      try {
        await provided(role, database);
        signal.throwIfAborted();
        client = await connectedAgain(role, database);
        const id = randomUUID();
        const { rows } = await client.query('select pg_backend_pid() as pid');
        await client.query('begin');
        const begun = client;
        const session: Session = {
          owner: role,
          client: begun,
          pid: Number(rows[0].pid),
          timer: setTimeout(() => undefined, 0),
          isRunning: false,
        };
        sessions.set(id, session);
        // The server may end it.
        begun.on('error', () => ended(id, session));
        heard(id, session);
        return id;
      } catch (error) {
        uncount(role);
        client?.end().catch(report);
        if (error instanceof Problem || signal.aborted) throw error;
        report(error);
        throw new Problem('unavailable', 'The relay cannot use its SQL server', 1);
      }
    },

    async execute(owner, id, { sql, params, key, mostBytes }, signal) {
      const session = sessions.get(id);
      if (!session || session.owner !== roleOf(owner)) return undefined;
      if (session.last?.key === key) return session.last.answer;
      if (session.isRunning) throw new Problem('bad_request', 'A statement of this transaction is running');
      session.isRunning = true;
      // Its page waits for this one, and the deadline of its call ends it.
      clearTimeout(session.timer);
      const late = (): void => ended(id, session);
      signal.addEventListener('abort', late, { once: true });
      const answer = run(session.client, sql, params, mostBytes, () => ended(id, session));
      session.last = { key, answer };
      try {
        const outcome = await answer;
        if (/^\s*(?:commit|rollback)\s*$/i.test(sql) || ('isOver' in outcome && outcome.isOver)) {
          session.isRunning = false;
          // Whoever asks again with this key is still answered.
          setTimeout(() => ended(id, session), 0);
        }
        return signal.aborted ? { ended: 'late' } : outcome;
      } finally {
        session.isRunning = false;
        signal.removeEventListener('abort', late);
        if (sessions.has(id)) heard(id, session);
      }
    },

    async rollback(owner, id) {
      const session = sessions.get(id);
      if (!session || session.owner !== roleOf(owner)) return false;
      ended(id, session);
      return true;
    },

    async size(owner, databases) {
      const names = databases.map((database) => databaseOf(roleOf(owner), database));
      const { rows } = await admin.query(
        'select coalesce(sum(pg_database_size(oid)), 0)::text as bytes from pg_database where datname = any($1)',
        [names],
      );
      return Number(rows[0].bytes);
    },

    async wipe(owner, databases) {
      const role = roleOf(owner);
      for (const [id, session] of sessions) if (session.owner === role) ended(id, session);
      for (const database of databases) {
        const name = databaseOf(role, database);
        made.delete(name);
        await admin.query(`drop database if exists ${name} with (force)`);
      }
      await admin.query(`drop role if exists ${role}`);
    },

    async close() {
      for (const [id, session] of sessions) ended(id, session);
      await admin.end();
    },
  };

  /** Made once, and again where it failed. */
  function provided(role: string, database: string): Promise<void> {
    const name = databaseOf(role, database);
    const known = made.get(name) ?? provide(role, name);
    made.set(name, known);
    known.catch(() => made.delete(name));
    return known;
  }

  async function provide(role: string, name: string): Promise<void> {
    const roles = await admin.query('select 1 from pg_roles where rolname = $1', [role]);
    // Without any of the rights that a new role does not have: only who has them may even take them away. One connection is for the
    // moment in which another ends.
    const rights = `login connection limit ${connections + 1} password '${passwordOf(role)}'`;
    await admin.query(`${roles.rows.length > 0 ? 'alter' : 'create'} role ${role} ${rights}`);
    const found = await admin.query('select 1 from pg_database where datname = $1', [name]);
    if (found.rows.length > 0) return;
    await admin.query(`grant ${role} to current_user`);
    await admin.query(`create database ${name} owner ${role}`);
    await admin.query(`revoke all on database ${name} from public`);
  }

  /** Once more, where what was made here is not there. */
  async function connectedAgain(role: string, database: string): Promise<pg.Client> {
    try {
      return await connected(role, database);
    } catch (error) {
      if (!NOT_PROVIDED.has((error as { code?: unknown }).code)) throw error;
      made.delete(databaseOf(role, database));
      await provided(role, database);
      return connected(role, database);
    }
  }

  async function connected(role: string, database: string): Promise<pg.Client> {
    const server = new URL(url);
    server.username = role;
    server.password = passwordOf(role);
    server.pathname = `/${databaseOf(role, database)}`;
    const options = '-c timezone=UTC -c datestyle=ISO,MDY -c intervalstyle=iso_8601';
    const client = new pg.Client({
      connectionString: server.href,
      types: AS_TEXT,
      connectionTimeoutMillis: CONNECT_MS,
      options,
    });
    // Heard by whoever waits; one that ends while nobody does is told by `ended`.
    client.on('error', () => undefined);
    try {
      await client.connect();
    } catch (error) {
      client.end().catch(report);
      throw error;
    }
    return client;
  }

  /** The same in every relay of one server, so that none takes it from another. */
  function passwordOf(role: string): string {
    return createHmac('sha256', url).update(role).digest('hex');
  }
}

function roleOf({ caller, plugin, installation }: SqlOwner): string {
  return `cloche_${createHash('sha256')
    .update(JSON.stringify([caller, plugin, installation]))
    .digest('hex')
    .slice(0, 24)}`;
}

function databaseOf(role: string, database: string): string {
  return `${role}_${database}`;
}

async function run(
  client: pg.Client,
  sql: string,
  params: readonly (string | null)[],
  mostBytes: number,
  end: () => void,
): Promise<SqlAnswer> {
  const rows: (string | null)[][] = [];
  let bytes = 0;
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
      const values = row as (string | null)[];
      bytes += values.reduce((sum, value) => sum + (value?.length ?? 0) + 4, 8);
      if (bytes <= mostBytes) rows.push(values);
      else large();
    });
    query.on('end', (result) => {
      stream.off('data', count);
      columns = (result.fields ?? []).map(({ name, dataTypeID }) => ({ name, type: dataTypeID }));
      if (/^\s*commit\s*$/i.test(sql) && result.command !== 'COMMIT') {
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
      else resolve({ refused: { severity, code, message, detail, hint }, isOver: /^\s*commit\s*$/i.test(sql) });
    });
    try {
      client.query(query);
    } catch (error) {
      reject(error);
    }
  });
}
