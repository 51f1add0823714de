// A plugin makes schemas in its database, and nothing else that takes the right to create there: with it, it could install extensions,
// which run code of the server's own. So the database is the relay's, and a function of it makes schemas.

import type pg from 'pg';
import type { Statement } from './run-statement.ts';

/** The relay's own, in each database. */
const SCHEMA = 'cloche';

/** To be run by the relay's role, in a database of this role's. Again does no harm. */
export async function prepareSchemas(client: pg.Client, role: string): Promise<void> {
  await client.query(`create schema if not exists ${SCHEMA}`);
  // Its name and whether it may be there come from the plugin; whose it is, from the connection.
  await client.query(`create or replace function ${SCHEMA}.create_schema(name text, may_be_there boolean) returns void
    language plpgsql security definer set search_path = pg_catalog, pg_temp as $$ begin
      if may_be_there then execute format('create schema if not exists %I authorization %I', name, session_user);
      else execute format('create schema %I authorization %I', name, session_user); end if;
    end $$`);
  await client.query(`revoke all on function ${SCHEMA}.create_schema from public`);
  await client.query(`grant execute on function ${SCHEMA}.create_schema to ${role}`);
  await client.query(`grant usage on schema ${SCHEMA} to ${role}`);
  await client.query(`alter schema public owner to ${role}`);
}

const CREATE = /^\s*create\s+schema\s+(if\s+not\s+exists\s+)?(?:"((?:[^"]|"")+)"|([a-z_][a-z0-9_$]*))\s*;?\s*$/i;

/** A statement that does the same by the function; undefined for any other. */
export function schemaStatement({ sql, params, mostBytes }: Statement): Statement | undefined {
  const [found, mayBeThere, quoted, plain] = CREATE.exec(sql) ?? [];
  if (found === undefined || params.length > 0) return undefined;
  const name = quoted?.replaceAll('""', '"') ?? plain?.toLowerCase() ?? '';
  return { sql: `select ${SCHEMA}.create_schema($1, $2)`, params: [name, String(mayBeThere !== undefined)], mostBytes };
}
