// `plugins-manager:transactions-manager/postgres-queries`: ready-made queries in the transaction on the database of `hasura`.

import { checkDatabase } from '../databases.ts';
import { unavailable } from './import.ts';

export const postgresQueries = unavailable(
  'plugins-manager:transactions-manager/postgres-queries',
  [
    'get-election-event-by-election-area',
    'get-election-by-id',
    'get-tally-session-by-id',
    'get-document',
    'get-area-by-id',
    'get-last-tally-session-execution',
    'get-results-event-by-id',
    'update-tally-session-annotation',
    'update-election-event-annotations',
    'get-election-event-by-id',
  ],
  checkDatabase,
);
