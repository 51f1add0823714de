import { mkdirSync, renameSync, writeFileSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';

/** What PGlite's own creation of a database adds: smaller pieces of its log, which is stored with each. */
const INITDB = ['--wal-segsize=1', '--no-sync', '--no-instructions'];

/** One database, whose only schema belongs to a role that may do nothing else. Templates are for making others. */
const STATEMENTS = [
  'create role plugin nosuperuser nologin nocreatedb nocreaterole noreplication nobypassrls',
  'alter schema public owner to plugin',
  'grant create, temporary on database postgres to plugin',
  // Its log has to be cut at times, and the session is the plugin's.
  'grant pg_checkpoint to plugin',
  "update pg_database set datistemplate = false where datname like 'template%'",
  'drop database template0',
  'drop database template1',
  'vacuum full',
  'vacuum freeze',
  'checkpoint',
];

/** Grows with each change of what stands above, and of the form in which it is written. */
const VERSION = 2;

let made: Promise<string> | undefined;

/**
 * The files of a database that was just made, as the worker reads them: making one takes four seconds, and a start from them half
 * of one.
 * @returns where they are; made where they are not there
 */
export function sqlSnapshot(root: string): Promise<string> {
  made ??= snapshotAt(root);
  return made;
}

async function snapshotAt(root: string): Promise<string> {
  const about = await readFile(join(root, 'node_modules/@electric-sql/pglite/package.json'), 'utf8');
  const { version } = JSON.parse(about) as { version: string };
  const file = join(root, 'node_modules/.cache/cloche', `postgres-${version}-${VERSION}.bin`);
  const isThere = await readFile(file).then(
    () => true,
    () => false,
  );
  if (isThere) return file;
  mkdirSync(dirname(file), { recursive: true });
  // Of two builds at once either is whole.
  writeFileSync(`${file}.${process.pid}`, await snapshot());
  renameSync(`${file}.${process.pid}`, file);
  return file;
}

async function snapshot(): Promise<Uint8Array> {
  const [{ ChangedFiles }, { encodeChanges }, { FileTree }, { startPostgres }] = await Promise.all([
    import('../workers/sql/changed-files.ts'),
    import('../workers/sql/change-record.ts'),
    import('../workers/sql/file-tree.ts'),
    import('../workers/sql/start-postgres.ts'),
  ]);
  const files = new ChangedFiles();
  const pg = await startPostgres(files, { initDbStartParams: INITDB });
  for (const statement of STATEMENTS) await pg.exec(statement);
  // Shut down in order: what is started from it has nothing to repair.
  await pg.close();
  const tree = new FileTree();
  for (const change of files.taken()) tree.apply(change);
  return encodeChanges([tree.whole()]);
}
