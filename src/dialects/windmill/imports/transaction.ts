// `plugins-manager:transactions-manager/transaction`: one transaction on each of two databases.

import { checkDatabase } from '../databases.ts';
import { unavailable } from './import.ts';

export const transaction = unavailable(
  'plugins-manager:transactions-manager/transaction',
  [
    'create-hasura-transaction',
    'create-keycloak-transaction',
    'execute-hasura-query',
    'execute-keycloak-query',
    'commit-hasura-transaction',
    'commit-keycloak-transaction',
  ],
  checkDatabase,
);
