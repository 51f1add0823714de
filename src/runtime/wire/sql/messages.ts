// What passes between the page and the worker of one database. No logic.

/** Starts it; the first message, and answered as number 0. */
export interface OpenDatabase {
  readonly type: 'OPEN';
  /** The program. */
  readonly wasm: Uint8Array;
  /** Its own files, such as those of time zones. */
  readonly files: Uint8Array;
  /** What is stored of the database, oldest first; the first is all of it as it then was. */
  readonly changes: readonly Uint8Array[];
  /** Of all files of the database together, in bytes; what would be more is refused as a full disk. */
  readonly mostDataBytes: number;
}

/** Runs one statement. */
export interface RunStatement {
  readonly type: 'RUN';
  readonly id: number;
  readonly sql: string;
  /** As text; each is of the type that the statement has for it. */
  readonly params: readonly (string | null)[];
  /** Of the answer, as the database sends it. */
  readonly mostBytes: number;
}

/** Asks for what has changed since it was asked last, to be stored. */
export interface TakeChanges {
  readonly type: 'TAKE';
  readonly id: number;
  /** All of it, in the place of everything that was stored before. */
  readonly whole: boolean;
}

export type ToDatabase = OpenDatabase | RunStatement | TakeChanges;

export interface Column {
  readonly name: string;
  /** OID of its type. */
  readonly type: number;
}

/** How the session stands: in no transaction, in one, or in one that has failed. */
export type SessionState = 'I' | 'T' | 'E';

export interface StatementResult {
  readonly columns: readonly Column[];
  /** As text; null is NULL. */
  readonly rows: readonly (readonly (string | null)[])[];
  /** Such as `INSERT 0 1`; empty for a statement without words. */
  readonly tag: string;
  readonly state: SessionState;
}

/** What the database says is wrong, in its own fields. */
export interface DatabaseFailure {
  readonly severity: string;
  /** Of five letters and digits. */
  readonly code: string;
  readonly message: string;
  readonly detail?: string;
  readonly hint?: string;
  readonly state: SessionState;
}

export type FromDatabase =
  | { readonly id: number; readonly type: 'OPENED' }
  | { readonly id: number; readonly type: 'RESULT'; readonly result: StatementResult }
  | { readonly id: number; readonly type: 'REFUSED'; readonly failure: DatabaseFailure }
  /** `bytes` is undefined where nothing has changed. */
  | { readonly id: number; readonly type: 'CHANGES'; readonly bytes: Uint8Array | undefined }
  /** Nothing can be done with it any more. `large`: an answer would have had more than it may. */
  | { readonly id: number; readonly type: 'BROKEN'; readonly why: 'large' | 'failed'; readonly message: string };
