// SQL databases on a PostgreSQL server: one role for each plugin, which may connect to its databases and to no other, and one connection
// for each transaction, so that nothing of one is left for the next.

import { randomUUID } from 'node:crypto';
import pg from 'pg';
import type { SqlAnswer, SqlSessions } from '../../functions/sql.ts';
import { Problem } from '../../problem.ts';
import type { PostgresConfig } from './config.ts';
import { Ended } from './ended.ts';
import { databaseOf, Provider, roleOf } from './provide.ts';
import { isCommit, runStatement, type Statement } from './run-statement.ts';
import { schemaStatement } from './schemas.ts';

export interface PostgresSessions extends SqlSessions {
  /** Deletes what is temporary and was not used for a day, as it does each hour. @param now in ms since 1970 */
  sweep(now?: number): Promise<void>;
  close(): Promise<void>;
}

interface Session {
  readonly role: string;
  readonly database: string;
  readonly client: pg.Client;
  readonly pid: number;
  /** Of its database, when it began. */
  readonly bytes: number;
  timer: NodeJS.Timeout;
  /** The last statement, by the key of its call. */
  last?: { readonly key: string; readonly answer: Promise<SqlAnswer> };
  isRunning: boolean;
}

const CONNECT_MS = 10_000;
/** How often the disk is looked at while a statement runs, in ms. */
const LOOK_MS = 250;
/** What `truncate`, `delete` and `vacuum` write before anything is free. */
const CLEANING_BYTES = 1 << 20;
const SWEEP_MS = 60 * 60_000;

export function createPostgres(config: PostgresConfig, report: (error: unknown) => void): PostgresSessions {
  const { url, connections, totalConnections, databaseBytes, answerBytes, silentMs } = config;
  const admin = new pg.Pool({ connectionString: url, max: 4, connectionTimeoutMillis: CONNECT_MS });
  admin.on('error', report);
  const provider = new Provider(config, admin, report);
  const sessions = new Map<string, Session>();
  const over = new Ended();
  /** Begun or beginning, by the role. */
  const counts = new Map<string, number>();
  let total = 0;

  const uncount = (role: string): void => {
    total--;
    const left = (counts.get(role) ?? 1) - 1;
    if (left > 0) counts.set(role, left);
    else counts.delete(role);
  };
  const ended = (id: string, session: Session): void => {
    if (!sessions.delete(id)) return;
    clearTimeout(session.timer);
    uncount(session.role);
    if (session.last) over.add(id, { role: session.role, ...session.last });
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
  /** Whether it has grown beyond what it may have. One that is too large may still be made smaller, which takes some room at first. */
  const isFull = async ({ role, database, bytes }: Session): Promise<boolean> => {
    const now = await provider.size([databaseOf(role, database)]);
    if (now <= databaseBytes) return false;
    return now > bytes + CLEANING_BYTES || now > databaseBytes * 2;
  };
  /** What was not committed is on the disk until somebody cleans up. */
  const reclaim = async ({ role, database }: Session): Promise<void> => {
    const client = await provider.connect(role, database);
    await client.query('vacuum').finally(() => client.end().catch(report));
  };
  const sweep = (now?: number): Promise<void> => provider.sweep((role) => counts.has(role), now);
  const sweeping = setInterval(() => void sweep().catch(report), SWEEP_MS);
  sweeping.unref();
  sweep().catch(report);

  return {
    sweep,

    async begin(owner, database, { signal, isTemporary }) {
      const role = roleOf(owner);
      const count = counts.get(role) ?? 0;
      if (count >= connections) throw new Problem('unavailable', 'The plugin has all its connections', 1);
      if (total >= totalConnections) throw new Problem('unavailable', 'The relay has all its SQL connections', 1);
      counts.set(role, count + 1);
      total++;
      let client: pg.Client | undefined;
      try {
        client = await provider.connect(role, database);
        signal.throwIfAborted();
        if (isTemporary) await provider.noteTemporary(role);
        const id = randomUUID();
        const { rows } = await client.query(
          'select pg_backend_pid() as pid, pg_database_size(current_database()) as bytes',
        );
        await client.query('begin');
        const begun = client;
        const session: Session = {
          role,
          database,
          client: begun,
          pid: Number(rows[0].pid),
          bytes: Number(rows[0].bytes),
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
      const role = roleOf(owner);
      const session = sessions.get(id);
      if (!session || session.role !== role) return over.answer(id, role, key);
      if (session.last?.key === key) return session.last.answer;
      if (session.isRunning) throw new Problem('bad_request', 'A statement of this transaction is running');
      session.isRunning = true;
      // Its page waits for this one, and the deadline of its call ends it.
      clearTimeout(session.timer);
      const late = (): void => ended(id, session);
      signal.addEventListener('abort', late, { once: true });
      const answer = answered(id, session, { sql, params, mostBytes: Math.min(mostBytes, answerBytes) }, signal);
      session.last = { key, answer };
      try {
        const outcome = await answer;
        if (/^\s*(?:commit|rollback)\s*$/i.test(sql) || ('isOver' in outcome && outcome.isOver)) {
          session.isRunning = false;
          ended(id, session);
        }
        return outcome;
      } finally {
        session.isRunning = false;
        signal.removeEventListener('abort', late);
        if (sessions.has(id)) heard(id, session);
      }
    },

    async rollback(owner, id) {
      const session = sessions.get(id);
      if (!session || session.role !== roleOf(owner)) return false;
      ended(id, session);
      return true;
    },

    size: (owner, databases) => provider.size(databases.map((database) => databaseOf(roleOf(owner), database))),

    async wipe(owner, databases) {
      const role = roleOf(owner);
      for (const [id, session] of sessions) if (session.role === role) ended(id, session);
      await provider.drop(
        role,
        databases.map((database) => databaseOf(role, database)),
      );
    },

    async close() {
      clearInterval(sweeping);
      over.close();
      for (const [id, session] of sessions) ended(id, session);
      await admin.end();
    },
  };

  async function answered(id: string, session: Session, given: Statement, signal: AbortSignal): Promise<SqlAnswer> {
    let isOverFull = false;
    if (isCommit(given.sql) && (await isFull(session))) {
      await session.client.query('rollback');
      reclaim(session).catch(report);
      return { refused: full(databaseBytes), isOver: true };
    }
    const look = setInterval(() => {
      isFull(session).then((isSo) => {
        if (!isSo || !session.isRunning) return;
        isOverFull = true;
        ended(id, session);
      }, report);
    }, LOOK_MS);
    try {
      const schema = schemaStatement(given);
      const answer = await runStatement(session.client, schema ?? given, () => ended(id, session));
      if (isOverFull) {
        reclaim(session).catch(report);
        return { ended: 'full' };
      }
      if (signal.aborted) return { ended: 'late' };
      return schema && 'rows' in answer ? { columns: [], rows: [] } : answer;
    } finally {
      clearInterval(look);
    }
  }
}

function full(most: number) {
  return { severity: 'ERROR', code: '53100', message: `the database has more than ${most} bytes, and was rolled back` };
}
