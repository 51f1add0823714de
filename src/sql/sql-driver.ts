// SQL databases of plugins, whatever stands behind them: one of each name for each installation, never shared. Types only.

import type { Column } from '../runtime/wire/sql/messages.ts';

/** Which database: nobody else has it. */
export interface DatabaseOf {
  /** Whose it is, see `HostCallContext`. */
  readonly installation: string;
  readonly plugin: { readonly id: string; readonly version: string };
  /** Such as `hasura`. */
  readonly name: string;
  /** Nothing of it outlives this page. */
  readonly temporary: boolean;
}

/** What a call may take of it. */
export interface SqlRules {
  /** Aborted when nobody waits any more: what runs then is ended, and with it what it has not committed. */
  readonly signal: AbortSignal;
  /** Of an answer, in bytes. */
  readonly mostBytes: number;
  /** Of a transaction that begins: what was committed before is stored first, whatever the placement. @default false */
  readonly settled?: boolean;
}

/** As the database sends them: text, of types by number. `columns.ts` reads them. */
export interface SqlRows {
  readonly columns: readonly Column[];
  readonly rows: readonly (readonly (string | null)[])[];
}

/** One at a time of each database. It ends with its commit, its rollback, or the database. */
export interface SqlTransaction {
  readonly isOpen: boolean;
  /**
   * Runs one statement.
   * @param params of `$1` and so on, each of the type that the statement has for it
   * @throws {SqlError} what the database refuses; the transaction can only be rolled back then
   * @throws {ClocheError} ABORTED, QUOTA_EXCEEDED, OUTPUT_TOO_LARGE, STORAGE_FAILED, RELAY_FAILED and so on: it has ended
   */
  execute(sql: string, params: readonly (string | null)[], rules: SqlRules): Promise<SqlRows>;
  /** @throws as {@link execute}; nothing of it is there then, unless nobody could say (RELAY_FAILED) */
  commit(rules: SqlRules): Promise<void>;
  /** Of what is open; what cannot be rolled back is ended. Never rejects. */
  rollback(): Promise<void>;
}

export interface Replacement {
  readonly of: DatabaseOf;
  readonly bytes: Uint8Array | undefined;
}

export interface SqlDriver {
  /**
   * A right to use so many databases at a time, which all that a call uses are opened under: whoever waits holds none, so that
   * calls cannot wait for one another without end. Undefined where there is no such limit.
   * @throws the reason of the signal
   */
  claim?(databases: number, signal: AbortSignal): Promise<Disposable>;
  /** Begins a transaction; opens the database where it is not. @throws as {@link SqlTransaction.execute} */
  begin(database: DatabaseOf, rules: SqlRules): Promise<SqlTransaction>;
  /** All of it, as bytes that only {@link replaceAll} reads; undefined where there is none. @throws {ClocheError} STORAGE_FAILED, BUSY */
  dump?(database: DatabaseOf): Promise<Uint8Array | undefined>;
  /**
   * Puts these in the place of what the databases have, undefined for nothing: all of them, or none. What is open on them ends.
   * @param meanwhile begins when that is done; where it fails, all are as they were
   * @throws {ClocheError} DATA_INVALID, QUOTA_EXCEEDED, STORAGE_FAILED, BUSY, and what `meanwhile` throws
   */
  replaceAll?(databases: readonly Replacement[], meanwhile: () => Promise<void>): Promise<void>;
  /** Deletes all databases of an installation. @throws {ClocheError} STORAGE_FAILED, RELAY_FAILED */
  wipe(installation: string): Promise<void>;
  /** Bytes of all that is stored of an installation. @throws as {@link wipe} */
  size(installation: string): Promise<number>;
}

/** What a database says is wrong with a statement. */
export class SqlError extends Error {
  /** Of five letters and digits. https://www.postgresql.org/docs/18/errcodes-appendix.html */
  readonly code: string;

  constructor(failure: {
    readonly severity: string;
    readonly code: string;
    readonly message: string;
    readonly detail?: string | undefined;
    readonly hint?: string | undefined;
  }) {
    const { severity, code, message, detail, hint } = failure;
    const more = [detail !== undefined && `DETAIL: ${detail}`, hint !== undefined && `HINT: ${hint}`].filter(Boolean);
    super([`${severity}: ${message}`, ...more].join('\n'));
    this.name = 'SqlError';
    this.code = code;
  }
}
