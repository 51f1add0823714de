// What `<cloche-databases>` needs of a plugin. `Plugin` fits; tests bring their own.

export interface ShownDatabase {
  readonly name: string;
  readonly state: 'empty' | 'asleep' | 'open' | 'elsewhere' | 'damaged' | 'server';
  readonly placement: 'memory' | 'durable' | 'server';
  /** Undefined where nobody could say. */
  readonly bytes: number | undefined;
  readonly quotaBytes: number | undefined;
  readonly problem: Error | undefined;
}

export interface ShownDatabases {
  readonly databases: readonly ShownDatabase[];
  readonly bytes: number | undefined;
  readonly problem: Error | undefined;
  /** What has to be loaded before one is opened. */
  readonly programBytes: number;
}

export interface ShownTable {
  readonly schema: string;
  readonly name: string;
  readonly kind: 'table' | 'partitioned' | 'view' | 'stored-view' | 'foreign';
  readonly bytes: number | undefined;
  readonly count: { readonly rows: number; readonly how: 'exact' | 'estimated' | 'at-least' } | undefined;
}

export interface ShownTables {
  readonly tables: readonly ShownTable[];
  readonly offset: number;
  readonly hasMore: boolean;
}

export interface ShownRows {
  readonly columns: readonly { readonly name: string; readonly type: string }[];
  readonly hasMoreColumns: boolean;
  readonly rows: readonly (readonly { readonly text: string | null; readonly isCut: boolean }[])[];
  readonly offset: number;
  readonly hasMore: boolean;
}

export interface ReadableDatabases {
  list(): Promise<ShownDatabases>;
  tables(database: string, options: { offset: number; signal: AbortSignal }): Promise<ShownTables>;
  rows(
    database: string,
    table: Pick<ShownTable, 'schema' | 'name'>,
    options: { offset: number; signal: AbortSignal },
  ): Promise<ShownRows>;
}

export interface PluginWithDatabases {
  /** Undefined where its host offers none. */
  databases(): Promise<ReadableDatabases | undefined>;
}
