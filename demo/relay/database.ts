// The tables, and the little of libSQL's client that the relay uses: `@libsql/client` fits, its `web` build too.
// Only batches: each is one transaction, begun and ended in one step, so nothing ever holds the lock while waiting.

export type SqlValue = string | number | null;

export interface Statement {
  readonly sql: string;
  readonly args: Record<string, SqlValue>;
}

export interface Rows {
  readonly rows: readonly Readonly<Record<string, unknown>>[];
  readonly rowsAffected: number;
}

export interface Database {
  batch(statements: Statement[], mode: 'write' | 'read'): Promise<Rows[]>;
}

/** A database that somebody has to close. */
export interface OpenDatabase extends Database {
  close(): void;
}

const TABLES = [
  // `id` is made by the relay, so that other rows can name the call that made them in the same transaction.
  `CREATE TABLE IF NOT EXISTS calls (
    id TEXT PRIMARY KEY,
    caller TEXT NOT NULL,
    key TEXT NOT NULL,
    hash TEXT NOT NULL,
    state TEXT NOT NULL CHECK (state IN ('begun', 'done', 'unknown')),
    owner TEXT NOT NULL,
    begun_at INTEGER NOT NULL,
    over_at INTEGER NOT NULL,
    result TEXT,
    UNIQUE (caller, key)
  )`,
  'CREATE INDEX IF NOT EXISTS calls_begun_at ON calls (begun_at)',
  'CREATE TABLE IF NOT EXISTS items (id INTEGER PRIMARY KEY, title TEXT NOT NULL)',
  'CREATE TABLE IF NOT EXISTS authors (id INTEGER PRIMARY KEY, name TEXT NOT NULL)',
  `CREATE TABLE IF NOT EXISTS comments (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    item_id INTEGER NOT NULL REFERENCES items,
    author_id INTEGER NOT NULL REFERENCES authors,
    content TEXT NOT NULL,
    plugin TEXT NOT NULL,
    created_at INTEGER NOT NULL,
    call_id TEXT NOT NULL UNIQUE
  )`,
  'CREATE INDEX IF NOT EXISTS comments_item ON comments (item_id)',
  `CREATE TABLE IF NOT EXISTS item_scm_links (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    item_id INTEGER NOT NULL REFERENCES items,
    workspace_repository_id INTEGER NOT NULL,
    link_type TEXT NOT NULL,
    external_id TEXT NOT NULL,
    external_url TEXT NOT NULL,
    title TEXT NOT NULL,
    plugin TEXT NOT NULL,
    created_at INTEGER NOT NULL,
    UNIQUE (item_id, workspace_repository_id, link_type, external_id)
  )`,
];

/** Makes what is missing. Call it once before the relay takes calls. */
export async function createTables(database: Database): Promise<void> {
  await database.batch(
    TABLES.map((sql) => ({ sql, args: {} })),
    'write',
  );
}

/** Rows that comments and links can refer to; those that exist stay as they are. */
export async function addRows(
  database: Database,
  rows: {
    readonly items: readonly { id: number; title: string }[];
    readonly authors: readonly { id: number; name: string }[];
  },
): Promise<void> {
  const items = rows.items.map(({ id, title }) => ({
    sql: 'INSERT INTO items (id, title) VALUES (:id, :title) ON CONFLICT DO NOTHING',
    args: { id, title },
  }));
  const authors = rows.authors.map(({ id, name }) => ({
    sql: 'INSERT INTO authors (id, name) VALUES (:id, :name) ON CONFLICT DO NOTHING',
    args: { id, name },
  }));
  if (items.length + authors.length > 0) await database.batch([...items, ...authors], 'write');
}
