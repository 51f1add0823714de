// SQL databases of plugins, on a server of the operator's: transactions that a page holds open from call to call. Each belongs to who
// has begun it, and is rolled back when nothing is heard of it.

import * as v from 'valibot';
import { Problem } from '../problem.ts';
import type { Result } from '../protocol.ts';
import { Turns } from '../turns.ts';
import { type Call, decode, defineFunction, type RelayFunction } from './relay-function.ts';

/** Whose database it is: one role, and one database of each name, which nobody else has. */
export interface SqlOwner {
  readonly caller: string;
  readonly plugin: string;
  /** Of the plugin in one browser; empty where the operator has one for all of them. */
  readonly installation: string;
}

/** What the database says is wrong, in its own fields. */
export interface SqlRefusal {
  readonly severity: string;
  readonly code: string;
  readonly message: string;
  readonly detail?: string | undefined;
  readonly hint?: string | undefined;
}

export type SqlAnswer =
  | {
      readonly columns: readonly { readonly name: string; readonly type: number }[];
      readonly rows: readonly (readonly (string | null)[])[];
    }
  | { readonly refused: SqlRefusal; readonly isOver: boolean }
  /** It has ended: an answer would have had more than it may, its time was over, or the database had no more room. */
  | { readonly ended: 'large' | 'late' | 'full' };

/** What a platform does with transactions, each by a name that nobody can guess. */
export interface SqlSessions {
  /** @throws {Problem} UNAVAILABLE where there may be no more connections or databases, or the server does not answer */
  begin(
    owner: SqlOwner,
    database: string,
    how: {
      readonly signal: AbortSignal;
      /** Its databases are deleted when nobody has used them for long. */
      readonly isTemporary: boolean;
    },
  ): Promise<string>;
  /** Undefined where there is no such transaction of this owner (any more). The same key gets the same answer, that of a commit too. */
  execute(
    owner: SqlOwner,
    transaction: string,
    statement: {
      readonly sql: string;
      readonly params: readonly (string | null)[];
      readonly key: string;
      readonly mostBytes: number;
    },
    signal: AbortSignal,
  ): Promise<SqlAnswer | undefined>;
  /** Whether it was there. */
  rollback(owner: SqlOwner, transaction: string): Promise<boolean>;
  size(owner: SqlOwner, databases: readonly string[]): Promise<number>;
  wipe(owner: SqlOwner, databases: readonly string[]): Promise<void>;
}

const Installation = v.pipe(v.string(), v.regex(/^@?[A-Za-z0-9_-]{1,64}$/));
const Transaction = v.pipe(v.string(), v.regex(/^[0-9a-f-]{36}$/));
const Of = v.object({ installation: Installation });
const Begin = v.object({
  installation: Installation,
  database: v.pipe(v.string(), v.regex(/^[a-z][a-z0-9_]{0,29}$/)),
  temporary: v.optional(v.boolean(), false),
});
const Execute = v.object({
  installation: Installation,
  transaction: Transaction,
  sql: v.string(),
  params: v.array(v.nullable(v.string())),
  most_bytes: v.pipe(v.number(), v.integer(), v.minValue(1), v.maxValue(64 << 20)),
});
const End = v.object({ installation: Installation, transaction: Transaction });

/** Statements at once; each is a connection of its own. */
const AT_ONCE = 256;

export function sqlFunctions(sessions: SqlSessions): RelayFunction[] {
  const turns = new Turns(AT_ONCE);
  const define = <S extends v.GenericSchema<unknown, { installation: string }>>(
    name: string,
    schema: S,
    run: (args: v.InferOutput<S>, owner: SqlOwner, call: Call, databases: readonly string[]) => Promise<Result>,
  ): RelayFunction =>
    defineFunction({
      name,
      capability: 'sql',
      prepare(given, grant, call) {
        const args = decode(schema, given);
        if (!args) throw new Problem('bad_request', `The arguments are not those of ${name}`);
        const owner = {
          caller: call.caller,
          plugin: call.plugin.id,
          installation: grant.shared ? '' : args.installation,
        };
        // Its record is the transaction's: what is done twice by one key is answered by that.
        return { kind: 'read', turns, run: () => run(args, owner, call, grant.databases) };
      },
    });
  const executed = async (asked: Promise<SqlAnswer | undefined>): Promise<Result> => {
    const answer = await asked;
    if (!answer) return { status: 'error', error: 'no transaction' };
    return { status: 'ok', ...answer };
  };
  return [
    define('sql_begin', Begin, async ({ database, temporary }, owner, call, databases) => {
      if (!databases.includes(database))
        throw new Problem('forbidden', 'The relay has not granted this database to this plugin');
      // What all browsers share outlives each of them.
      const how = { signal: call.deadline.signal, isTemporary: temporary && owner.installation !== '' };
      return { status: 'ok', transaction: await sessions.begin(owner, database, how) };
    }),
    define('sql_execute', Execute, ({ transaction, sql, params, most_bytes }, owner, { key, deadline }) =>
      executed(sessions.execute(owner, transaction, { sql, params, key, mostBytes: most_bytes }, deadline.signal)),
    ),
    define('sql_rollback', End, async ({ transaction }, owner) => ({
      status: 'ok',
      found: await sessions.rollback(owner, transaction),
    })),
    define('sql_size', Of, async (_, owner, __, databases) => ({
      status: 'ok',
      bytes: await sessions.size(owner, databases),
    })),
    define('sql_wipe', Of, async (_, owner, __, databases) => {
      // What one browser deletes others still use.
      if (owner.installation !== '') await sessions.wipe(owner, databases);
      return { status: 'ok' };
    }),
  ];
}
