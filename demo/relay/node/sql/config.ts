// What an operator decides of databases on a PostgreSQL server. Types only.

export interface PostgresConfig {
  /** Of a role that may create roles and databases. */
  readonly url: string;
  /** What passwords of roles are made of. */
  readonly secret?: string | undefined;
  /** Of one plugin at a time. */
  readonly connections: number;
  /** Of all plugins at a time. */
  readonly totalConnections: number;
  /** Of all plugins. */
  readonly databases: number;
  /** What one may have on the disk. */
  readonly databaseBytes: number;
  /** Of an answer, whatever the page asks for. */
  readonly answerBytes: number;
  /** After which a transaction that nothing is heard of is rolled back, in ms. */
  readonly silentMs: number;
}
