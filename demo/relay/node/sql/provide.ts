// Roles and databases of plugins on a PostgreSQL server: made with their first use, each role may connect to its own alone.

import { createHash, createHmac, randomBytes } from 'node:crypto';
import pg from 'pg';
import type { SqlOwner } from '../../functions/sql.ts';
import { Problem } from '../../problem.ts';
import type { PostgresConfig } from './config.ts';
import { prepareSchemas } from './schemas.ts';

const CONNECT_MS = 10_000;
/** A role or database that is not there (any more), or has another password: another relay deleted it, or its plugin did. */
const NOT_PROVIDED: ReadonlySet<unknown> = new Set(['28P01', '28000', '3D000']);
/** Values as text, whatever their type. */
const AS_TEXT = { getTypeParser: () => (text: string) => text } as unknown as pg.CustomTypesConfig;

/** What is temporary is kept for so long after it was used last: a page says no word when it ends. In ms. */
const TEMPORARY_MS = 24 * 60 * 60_000;
const TEMPORARY = 'temporary, used last at ';

export class Provider {
  readonly #config: PostgresConfig;
  readonly #admin: pg.Pool;
  readonly #report: (error: unknown) => void;
  readonly #key: string | Buffer;
  readonly #made = new Map<string, Promise<void>>();

  constructor(config: PostgresConfig, admin: pg.Pool, report: (error: unknown) => void) {
    this.#config = config;
    this.#admin = admin;
    this.#report = report;
    this.#key = passwordKey(config);
  }

  /** A connection as its role, in its database. @throws {Problem} UNAVAILABLE where there may be no more */
  async connect(role: string, database: string): Promise<pg.Client> {
    await this.#provided(role, database);
    try {
      return await this.#connected(role, database);
    } catch (error) {
      if (!NOT_PROVIDED.has((error as { code?: unknown }).code)) throw error;
      this.#made.delete(databaseOf(role, database));
      await this.#provided(role, database);
      return this.#connected(role, database);
    }
  }

  async size(names: readonly string[]): Promise<number> {
    const { rows } = await this.#admin.query(
      'select coalesce(sum(pg_database_size(oid)), 0)::text as bytes from pg_database where datname = any($1)',
      [names],
    );
    return Number(rows[0].bytes);
  }

  async drop(role: string, databases: readonly string[]): Promise<void> {
    for (const name of databases) {
      this.#made.delete(name);
      await this.#admin.query(`drop database if exists ${name} with (force)`);
    }
    await this.#admin.query(`drop role if exists ${role}`);
  }

  /** Notes that nothing of this role outlives its page, and when that was heard of last. */
  async noteTemporary(role: string): Promise<void> {
    await this.#admin.query(`comment on role ${role} is '${TEMPORARY}${Date.now()}'`);
  }

  /** Deletes what is temporary and was not used for a day. @param isUsed whether a transaction of it is open */
  async sweep(isUsed: (role: string) => boolean, now = Date.now()): Promise<void> {
    const { rows } = await this.#admin.query(
      `select rolname as role, shobj_description(oid, 'pg_authid') as note,
        array(select datname::text from pg_database where starts_with(datname, rolname || '_')) as databases
        from pg_roles where rolname like 'cloche\\_%' and shobj_description(oid, 'pg_authid') like '${TEMPORARY}%'`,
    );
    for (const { role, note, databases } of rows as { role: string; note: string; databases: string[] }[]) {
      const usedAt = Number(note.slice(TEMPORARY.length));
      // One that cannot be deleted keeps no other.
      if (now - usedAt > TEMPORARY_MS && !isUsed(role)) await this.drop(role, databases).catch(this.#report);
    }
  }

  /** Made once, and again where it failed. */
  #provided(role: string, database: string): Promise<void> {
    const name = databaseOf(role, database);
    const known = this.#made.get(name) ?? this.#provide(role, name);
    this.#made.set(name, known);
    known.catch(() => this.#made.delete(name));
    return known;
  }

  async #provide(role: string, name: string): Promise<void> {
    const { connections, databases } = this.#config;
    const found = await this.#admin.query(
      `select (select count(*)::int from pg_roles where rolname = $1) as role, count(*)::int as all,
        (count(*) filter (where datname = $2))::int as this from pg_database where datname like 'cloche\\_%'`,
      [role, name],
    );
    const there = found.rows[0] as { role: number; all: number; this: number };
    if (there.this === 0 && there.all >= databases)
      throw new Problem('unavailable', 'The relay has all the databases that it may have', 60);
    // Without any of the rights that a new role does not have: only who has them may even take them away. One connection is for the
    // moment in which another ends.
    const rights = `login connection limit ${connections + 1} password '${this.#passwordOf(role)}'`;
    await this.#admin.query(`${there.role > 0 ? 'alter' : 'create'} role ${role} ${rights}`);
    await this.#admin.query(`grant ${role} to current_user`);
    if (there.this === 0) await this.#admin.query(`create database ${name}`);
    // Those of an earlier version are its own.
    else await this.#admin.query(`alter database ${name} owner to current_user`);
    await this.#admin.query(`revoke all on database ${name} from public, ${role}`);
    await this.#admin.query(`grant connect, temporary on database ${name} to ${role}`);
    const client = await this.#client(connectionTo(this.#config.url, name));
    try {
      await prepareSchemas(client, role);
    } finally {
      client.end().catch(this.#report);
    }
  }

  #connected(role: string, database: string): Promise<pg.Client> {
    const as = { user: role, password: this.#passwordOf(role) };
    return this.#client(connectionTo(this.#config.url, databaseOf(role, database), as));
  }

  async #client(connectionString: string): Promise<pg.Client> {
    const client = new pg.Client({
      connectionString,
      types: AS_TEXT,
      connectionTimeoutMillis: CONNECT_MS,
      options: '-c timezone=UTC -c datestyle=ISO,MDY -c intervalstyle=iso_8601',
    });
    // Heard by whoever waits; one that ends while nobody does is told to its session.
    client.on('error', () => undefined);
    try {
      await client.connect();
    } catch (error) {
      client.end().catch(this.#report);
      throw error;
    }
    return client;
  }

  /** The same in every relay that has the same secret, so that none takes it from another. */
  #passwordOf(role: string): string {
    return createHmac('sha256', this.#key).update(role).digest('hex');
  }
}

/**
 * A database of the same server. Who connects stands in the query, which `pg` puts before all else: a URL without a host, as for a
 * socket, has no place for a name, and one that the operator has in the query would be the plugin's.
 */
export function connectionTo(
  url: string,
  database: string,
  as: { readonly user?: string; readonly password?: string } = {},
): string {
  const server = new URL(url);
  server.pathname = `/${database}`;
  for (const [key, value] of Object.entries(as)) server.searchParams.set(key, value);
  return server.href;
}

/** A URL without a password is no secret: whoever may reach the server could make up what follows from it. */
export function passwordKey({ url, secret }: Pick<PostgresConfig, 'url' | 'secret'>): string | Buffer {
  return secret ?? (new URL(url).password === '' ? randomBytes(32) : url);
}

export function roleOf({ caller, plugin, installation }: SqlOwner): string {
  return `cloche_${createHash('sha256')
    .update(JSON.stringify([caller, plugin, installation]))
    .digest('hex')
    .slice(0, 24)}`;
}

export function databaseOf(role: string, database: string): string {
  return `${role}_${database}`;
}
