// `plugins-manager:transactions-manager/postgres-queries`: ready-made queries in the transaction on the database of `hasura`. Tables are
// those of the schema `sequent_backend`, and a row is the JSON object of its columns.

import type { LateDriver } from '../../../sql/databases.ts';
import { causeOf, checkDatabase, transactionsOf } from '../databases.ts';
import { parseJson } from '../parse-json.ts';
import { type ImportedCall, importedInterface, unavailable } from './import.ts';
import { NO_TRANSACTION } from './transaction.ts';

const NAMESPACE = 'plugins-manager:transactions-manager/postgres-queries';

interface Query {
  /** Behind `Failed to`, before the cause. */
  readonly what: string;
  readonly sql: string;
  /** Whether no row is a value, and not an error. @default false */
  readonly optional?: boolean;
  /** Changes a row, by a last argument that is JSON; behind `Failed to parse`. */
  readonly annotations?: string;
}

/** @param where of `$1` and so on, as text: what is no UUID is nobody's */
const one = (table: string, where: string, more = ''): string =>
  `select to_jsonb(found)::text as row from (select * from sequent_backend.${table} where ${where} ${more} limit 1) found`;
const BY_ID = 'tenant_id::text = $1 and id::text = $2';
const IN_EVENT = 'tenant_id::text = $1 and election_event_id::text = $2 and id::text = $3';

const QUERIES: Readonly<Record<string, Query>> = {
  'get-election-event-by-election-area': {
    what: 'get election event by election area',
    sql: one(
      'election_event',
      `tenant_id::text = $1 and id in (
        select e.election_event_id from sequent_backend.election e
        join sequent_backend.contest c on c.election_id = e.id
        join sequent_backend.area_contest a on a.contest_id = c.id
        where e.id::text = $2 and a.area_id::text = $3)`,
    ),
  },
  'get-election-by-id': { what: 'get election by id', sql: one('election', IN_EVENT), optional: true },
  'get-tally-session-by-id': { what: 'get tally session by id', sql: one('tally_session', IN_EVENT) },
  'get-document': {
    what: 'get document',
    sql: one(
      'document',
      'tenant_id::text = $1 and ($2::text is null or election_event_id::text = $2) and id::text = $3',
    ),
    optional: true,
  },
  'get-area-by-id': { what: 'get area by id', sql: one('area', BY_ID), optional: true },
  'get-last-tally-session-execution': {
    what: 'get last tally session execution',
    sql: one(
      'tally_session_execution',
      'tenant_id::text = $1 and election_event_id::text = $2 and tally_session_id::text = $3',
      'order by created_at desc',
    ),
    optional: true,
  },
  'get-results-event-by-id': { what: 'get results event by id', sql: one('results_event', IN_EVENT) },
  'get-election-event-by-id': { what: 'get election event by id', sql: one('election_event', BY_ID) },
  'update-tally-session-annotation': {
    what: 'update tally session annotation',
    sql: `update sequent_backend.tally_session set annotations = $4::jsonb where ${IN_EVENT} returning 'null' as row`,
    annotations: 'new tally annotations',
  },
  'update-election-event-annotations': {
    what: 'update election event annotations',
    sql: `update sequent_backend.election_event set annotations = $3::jsonb where ${BY_ID} returning 'null' as row`,
    annotations: 'election event annotations',
  },
};

/** @param databases undefined where the app offers none */
export function postgresQueries(databases: LateDriver | undefined) {
  if (!databases) return unavailable(NAMESPACE, Object.keys(QUERIES), checkDatabase);
  const calls = Object.entries(QUERIES).map(([name, query]) => [name, callOf(databases, name, query)]);
  return importedInterface(NAMESPACE, Object.fromEntries(calls));
}

function callOf(databases: LateDriver, name: string, { what, sql, optional, annotations }: Query): ImportedCall {
  return async (args, context) => {
    checkDatabase(name, context);
    const given = args as readonly (string | null)[];
    if (annotations !== undefined) {
      const parsed = parseJson(given.at(-1) ?? '');
      if ('error' in parsed) return { err: `Failed to parse ${annotations}: ${parsed.error}` };
    }
    try {
      const { transactions, rules } = await transactionsOf(databases, context);
      const open = transactions.get('hasura');
      if (!open) return { err: NO_TRANSACTION };
      const { rows } = await open.execute(sql, given, rules);
      const row = rows[0]?.[0];
      if (annotations !== undefined) return row === undefined ? missing(what) : { ok: null };
      if (typeof row === 'string') return { ok: row };
      return optional ? { ok: null } : missing(what);
    } catch (thrown) {
      return { err: `Failed to ${what}: ${causeOf(thrown)}` };
    }
  };
}

function missing(what: string): { readonly err: string } {
  return { err: `Failed to ${what}: no row was found` };
}
