// The two databases of Windmill: which of them an imported function is of, who may use it, and the transactions of the call.

import type { HostCallContext } from '../../capabilities/host-function.ts';
import { checkAllowed } from '../../capabilities/scopes/check-allowed.ts';
import { nameScope } from '../../capabilities/scopes/name-scope.ts';
import { sentence } from '../../capabilities/sentences.ts';
import { ClocheError, messageOf } from '../../errors.ts';
import { CallTransactions } from '../../sql/call-transactions.ts';
import type { LateDriver } from '../../sql/databases.ts';
import { type DatabaseOf, SqlError, type SqlRules } from '../../sql/sql-driver.ts';

/** The capability that is granted by their names. */
export const DATABASE = 'database';
const [HASURA, KEYCLOAK] = ['hasura', 'keycloak'] as const;
/** Names of all. */
export const ALL_DATABASES = [HASURA, KEYCLOAK] as const;

export type DatabaseName = typeof HASURA | typeof KEYCLOAK;

/** Asked about by `{ database }`. */
export const databaseScope = nameScope({
  subject: 'database',
  example: HASURA,
  sentence: (list) =>
    list
      ? list.length > 0
        ? sentence('databases', 'Read and change all that is in these databases of this site: {names}.', {
            names: list,
          })
        : sentence('nothingInDatabases', 'Read and change nothing in the databases of this site.')
      : sentence('everyDatabase', 'Read and change all that is in every database of this site.'),
});

/** Those of functions of the capability, by the functions' names. */
export function databasesOf(functions: readonly string[]): DatabaseName[] {
  return ALL_DATABASES.filter((database) => functions.some((name) => databaseOf(name) === database));
}

/** Ready-made queries, which name none, are of the first. */
export function databaseOf(name: string): DatabaseName {
  return name.includes(`-${KEYCLOAK}-`) ? KEYCLOAK : HASURA;
}

/** @param name of the function that is called @throws {ClocheError} PERMISSION_DENIED */
export function checkDatabase(name: string, context: HostCallContext): void {
  const database = databaseOf(name);
  const text = `\`${name}\` needs the database "${database}", which plugin "${context.plugin.id}" was not granted`;
  checkAllowed(DATABASE, databaseScope, context, { database }, text);
}

/** Of the call that a host function runs for. */
export interface OpenTransactions {
  readonly transactions: CallTransactions;
  readonly rules: SqlRules;
  of(name: DatabaseName): DatabaseOf;
}

/** @throws {ClocheError} ABORTED where no call waits for it, FETCH_FAILED */
export async function transactionsOf(databases: LateDriver, context: HostCallContext): Promise<OpenTransactions> {
  const { plugin, limits, log, signal } = context;
  const { id, version, installation, temporary } = plugin;
  const of = (name: DatabaseName): DatabaseOf => ({ installation, plugin: { id, version }, name, temporary });
  const driver = await databases.load(of(HASURA), log);
  const transactions = context.describing
    ? undefined
    : CallTransactions.of(signal, () => ({
        driver,
        databases: ALL_DATABASES.filter((database) => databaseScope.decide(context.grant, { database }).allowed).length,
        note: (text) => log('warn', text),
      }));
  if (!transactions) throw new ClocheError('ABORTED', 'a transaction belongs to a call, and there is none');
  return { transactions, rules: { signal, mostBytes: limits.exchangeBytes }, of };
}

/** What went wrong in the words of the database's client: docs/contracts/windmill.md. */
export function causeOf(thrown: unknown): string {
  return thrown instanceof SqlError ? `db error: ${thrown.message}` : messageOf(thrown);
}
