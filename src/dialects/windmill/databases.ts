// The two databases of Windmill: which of them an imported function is of, and who may use it.

import type { HostCallContext } from '../../capabilities/host-function.ts';
import { checkAllowed } from '../../capabilities/scopes/check-allowed.ts';
import { nameScope } from '../../capabilities/scopes/name-scope.ts';
import { sentence } from '../../capabilities/sentences.ts';

/** The capability that is granted by their names. */
export const DATABASE = 'database';
const [HASURA, KEYCLOAK] = ['hasura', 'keycloak'] as const;

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
  return [HASURA, KEYCLOAK].filter((database) => functions.some((name) => databaseOf(name) === database));
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
