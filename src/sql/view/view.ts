// What people see of the SQL databases of a plugin. Names and values in it are the plugin's words. Types only.

import type { ClocheError } from '../../errors.ts';

/**
 * `empty`: nothing was ever stored, or nobody has used it. `asleep`: stored, and not in memory. `open`: in memory of this page.
 * `elsewhere`: another tab has it, and nobody else can open it meanwhile. `damaged`: it could not be opened, as `problem` says. `server`:
 * only the relay could tell.
 */
export type DatabaseState = 'empty' | 'asleep' | 'open' | 'elsewhere' | 'damaged' | 'server';

export interface PluginDatabase {
  readonly name: string;
  readonly state: DatabaseState;
  /** Where its commits are, see `PageDatabases`. */
  readonly placement: 'memory' | 'durable' | 'server';
  /** Of what is stored of it, compressed. Undefined where nobody could say: on a server, and where `problem` says why. */
  readonly bytes: number | undefined;
  /** What it may have of that; undefined on a server, which decides for itself. */
  readonly quotaBytes: number | undefined;
  readonly problem: ClocheError | undefined;
}

export interface DatabaseList {
  readonly databases: readonly PluginDatabase[];
  /** Of all of them together, in bytes; undefined where `problem` says why nobody could say. */
  readonly bytes: number | undefined;
  readonly problem: ClocheError | undefined;
  /** What has to be loaded before one is opened in this page, in bytes: 0 where that was done, and for those on a server. */
  readonly programBytes: number;
}

export type TableKind = 'table' | 'partitioned' | 'view' | 'stored-view' | 'foreign';

/**
 * `exact`: counted. `estimated`: there are more than are counted, and so many by the database's own statistics. `at-least`: there are
 * more, and no statistics.
 */
export interface RowCount {
  readonly rows: number;
  readonly how: 'exact' | 'estimated' | 'at-least';
}

export interface DatabaseTable {
  readonly schema: string;
  readonly name: string;
  readonly kind: TableKind;
  /** With its indexes; what is deleted counts until the database has cleaned up. Undefined for what stores nothing. */
  readonly bytes: number | undefined;
  /** Undefined where it is not counted, as that would run what the plugin has written: views, rules for rows. */
  readonly count: RowCount | undefined;
}

/** A part of all. */
export interface Part {
  readonly offset: number;
  /** Whether there is any behind it. */
  readonly hasMore: boolean;
}

export interface TableList extends Part {
  /** By schema and name, `public` first. Of the database's own there are none. */
  readonly tables: readonly DatabaseTable[];
}

export interface TableColumn {
  readonly name: string;
  /** As SQL has it, such as `timestamp with time zone`. */
  readonly type: string;
}

/** A value, as text of the database; null for NULL. */
export interface Cell {
  readonly text: string | null;
  /** There is more of it. */
  readonly isCut: boolean;
}

export interface RowList extends Part {
  readonly columns: readonly TableColumn[];
  /** There are more columns than are shown. */
  readonly hasMoreColumns: boolean;
  /** In the order in which they are stored. */
  readonly rows: readonly (readonly Cell[])[];
}

export interface PartOptions {
  /** How many to leave out before. 0 to 100,000. @default 0 */
  offset?: number;
  /** Whoever waits no more. What runs by then is ended by its own deadline. */
  signal?: AbortSignal;
}
