// `plugins-manager:transactions-manager/transaction`: one transaction on each of two databases. Its texts are the contract's.

import type { HostCallContext } from '../../../capabilities/host-function.ts';
import { rowsJson } from '../../../sql/columns.ts';
import type { LateDriver } from '../../../sql/databases.ts';
import { refusalOf } from '../../../sql/statement.ts';
import { causeOf, checkDatabase, type DatabaseName, transactionsOf } from '../databases.ts';
import { type Answer, type ImportedCall, importedInterface, unavailable } from './import.ts';

const NAMESPACE = 'plugins-manager:transactions-manager/transaction';
const DATABASES: readonly (readonly [name: DatabaseName, word: string])[] = [
  ['hasura', 'Hasura'],
  ['keycloak', 'Keycloak'],
];
export const NO_TRANSACTION = 'No transaction';

/** Which the text form of UUIDs allows, and PostgreSQL does not read. */
const URN = /^urn:uuid:(?=[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$)/i;

/** @param databases undefined where the app offers none */
export function transaction(databases: LateDriver | undefined) {
  const calls = DATABASES.flatMap(([database, word]) => (databases ? callsOf(databases, database, word) : []));
  if (databases) {
    const first = DATABASES.map(([database]) => [namesOf(database)[0], () => databases.ready()] as const);
    return importedInterface(NAMESPACE, Object.fromEntries(calls), Object.fromEntries(first));
  }
  const names = DATABASES.flatMap(([database]) => namesOf(database));
  return unavailable(NAMESPACE, names, checkDatabase);
}

function namesOf(database: DatabaseName): readonly [create: string, execute: string, commit: string] {
  return [`create-${database}-transaction`, `execute-${database}-query`, `commit-${database}-transaction`];
}

function callsOf(databases: LateDriver, database: DatabaseName, word: string): [string, ImportedCall][] {
  const [create, execute, commit] = namesOf(database);
  /** What fails is the plugin's to hear, each time behind the words of the contract. */
  const call = (
    name: string,
    prefix: string,
    run: (args: readonly unknown[], context: HostCallContext) => Promise<Answer<unknown>>,
  ): [string, ImportedCall] => [
    name,
    async (args, context) => {
      checkDatabase(name, context);
      try {
        return await run(args, context);
      } catch (thrown) {
        return { err: `${prefix}: ${causeOf(thrown)}` };
      }
    },
  ];
  return [
    call(create, `Failed to get ${database} client`, async (_, context) => {
      const { transactions, rules, of } = await transactionsOf(databases, context);
      await transactions.begin(of(database), rules);
      return { ok: null };
    }),
    call(execute, `${word} query failed`, async ([sql, params], context) => {
      const { transactions, rules } = await transactionsOf(databases, context);
      const open = transactions.get(database);
      if (!open) return { err: NO_TRANSACTION };
      const refusal = refusalOf(sql as string);
      if (refusal !== undefined) return { err: `${word} query failed: ${refusal}` };
      const texts = (params as readonly string[]).map((text) => text.replace(URN, ''));
      return { ok: rowsJson(await open.execute(sql as string, texts, rules), rules.mostBytes) };
    }),
    call(commit, `${word} commit failed`, async (_, context) => {
      const { transactions, rules } = await transactionsOf(databases, context);
      return (await transactions.commit(database, rules)) ? { ok: null } : { err: NO_TRANSACTION };
    }),
  ];
}
