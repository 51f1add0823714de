// Where the changes of databases are kept: as a list of records, of which the first is all that there was. What they hold is known to
// nobody but the worker that has made them. Types only.

export interface ChangeStore {
  /** Of the records, oldest first; empty for a database that never was written to. @throws {ClocheError} STORAGE_FAILED */
  read(): Promise<readonly Uint8Array[]>;
  /** Stored when it resolves: all of it, or nothing. @throws {ClocheError} STORAGE_FAILED */
  append(records: readonly Uint8Array[]): Promise<void>;
  /** These in the place of all; none, as if it never was written to. @throws as {@link append} */
  replace(records: readonly Uint8Array[]): Promise<void>;
  /** Bytes of what is stored, as far as it was read or written here. */
  readonly bytes: number;
  readonly count: number;
  /** Aborted when another tab deletes all of its installation; undefined where none can. */
  readonly wiped?: AbortSignal;
  close(): Promise<void>;
}

/** How a placement keeps databases of installations. */
export interface ChangeStores {
  /** Of one database, while nobody else has it. @throws {ClocheError} BUSY, STORAGE_FAILED */
  open(installation: string, name: string, signal: AbortSignal): Promise<ChangeStore>;
  /** Has other tabs let go of them first. @throws {ClocheError} STORAGE_FAILED, also where one does not */
  wipe(installation: string): Promise<void>;
  size(installation: string): Promise<number>;
  /** How it stands with one, which nothing is opened for. @throws as {@link wipe} */
  look(installation: string, name: string): Promise<StoredDatabase>;
}

export interface StoredDatabase {
  readonly bytes: number;
  /** A page has it open: this one, or another. */
  readonly isHeld: boolean;
  /** What is seen of it without reading all is not as it was written. */
  readonly isDamaged: boolean;
}
