// What every driver of SQL databases does, whatever stands behind it.

import { assert } from 'chai';
import { rowsJson } from '../../src/sql/columns.ts';
import type { ChangeStores } from '../../src/sql/pglite/change-store.ts';
import type { PgliteDriver } from '../../src/sql/pglite/pglite-driver.ts';
import {
  type DatabaseOf,
  type SqlDriver,
  SqlError,
  type SqlRules,
  type SqlTransaction,
} from '../../src/sql/sql-driver.ts';
import { listInPage } from '../../src/sql/view/list.ts';
import { look } from '../../src/sql/view/look.ts';
import { rows } from '../../src/sql/view/rows.ts';
import { tables } from '../../src/sql/view/tables.ts';
import { rejectsCode } from '../helpers/expect-code.ts';

export const RULES: SqlRules = { signal: new AbortController().signal, mostBytes: 1 << 20 };

let count = 0;

/** A database that nobody has had. */
export function newDatabase(name = 'hasura', installation = `@sql${Date.now().toString(36)}${count++}`): DatabaseOf {
  return { installation, plugin: { id: 'ledger', version: '1' }, name, temporary: false };
}

/** How a list of databases has one in the page. @param driver of a page that has used a database */
export async function stateInPage(database: DatabaseOf, stores: ChangeStores, driver?: PgliteDriver): Promise<string> {
  const page = { placement: 'memory', quotaBytes: 1, stored: async () => stores, driver } as const;
  const [found] = (await listInPage([database], page)).databases;
  return found?.problem ? `${found.state} ${found.problem.code}` : `${found?.state}`;
}

export async function inTransaction<T>(
  driver: SqlDriver,
  database: DatabaseOf,
  run: (
    ask: (sql: string, ...params: (string | null)[]) => Promise<unknown[]>,
    transaction: SqlTransaction,
  ) => Promise<T>,
  end: 'commit' | 'rollback' = 'commit',
): Promise<T> {
  const transaction = await driver.begin(database, RULES);
  try {
    const value = await run(
      async (sql, ...params) =>
        JSON.parse(rowsJson(await transaction.execute(sql, params, RULES), RULES.mostBytes)) as unknown[],
      transaction,
    );
    if (end === 'commit') await transaction.commit(RULES);
    return value;
  } finally {
    await transaction.rollback();
  }
}

export async function failsWith(code: string, promise: Promise<unknown>): Promise<SqlError> {
  try {
    await promise;
  } catch (thrown) {
    assert.instanceOf(thrown, SqlError);
    assert.equal((thrown as SqlError).code, code);
    return thrown as SqlError;
  }
  throw new Error(`Expected the database to refuse with ${code}`);
}

type It = (title: string, run: () => Promise<void>) => unknown;

/** @param driver gives the same one each time */
export function sqlContract(it: It, driver: () => SqlDriver): void {
  const database = newDatabase();
  /** For what leaves something behind that those that look into the first one do not expect. */
  const own = newDatabase();

  it('keeps what is committed, and nothing of what is rolled back', async () => {
    await inTransaction(driver(), database, async (ask) => {
      assert.deepEqual(await ask('create table entries (id int primary key, name text not null)'), []);
      assert.deepEqual(await ask('insert into entries values ($1, $2) returning id', '1', 'one'), [{ id: 1 }]);
    });
    await inTransaction(driver(), database, (ask) => ask("insert into entries values (2, 'two')"), 'rollback');
    const rows = await inTransaction(driver(), database, (ask) => ask('select * from entries'));
    assert.deepEqual(rows, [{ id: 1, name: 'one' }]);
  });

  it('reads each type as JSON, with all digits', async () => {
    const rows = await inTransaction(driver(), database, async (ask) => {
      return ask(`select 9007199254740993::int8::text::int8 > 0 as big, 7::int2 as small, 1.5::float4 as single,
        'NaN'::float8 as nan, true as yes, 'a'::char(3) as padded, null::int4 as nothing,
        '{"a":[1,2.50]}'::jsonb as json, 'f47ac10b-58cc-4372-a567-0e02b2c3d479'::uuid as id,
        12345678901234567890.123456789::numeric as exact, date '2024-02-29' as day,
        timestamp '2024-02-29 12:00:00.5' as local, timestamptz '2024-02-29 12:00:00+02' as moment,
        array[1,null,3] as list, array[array['a,"b"','c'],array['NULL','']] as lists,
        array[timestamp '2024-01-01'] as moments, '\\x00ff'::bytea as bytes, 1 as twice, 2 as twice`);
    });
    assert.deepEqual(rows, [
      {
        big: true,
        small: 7,
        single: 1.5,
        nan: 'NaN',
        yes: true,
        padded: 'a  ',
        nothing: null,
        json: { a: [1, 2.5] },
        id: 'f47ac10b-58cc-4372-a567-0e02b2c3d479',
        exact: '12345678901234567890.123456789',
        day: '2024-02-29',
        local: '2024-02-29T12:00:00.5',
        moment: '2024-02-29T10:00:00+00:00',
        list: [1, null, 3],
        lists: [
          ['a,"b"', 'c'],
          ['NULL', ''],
        ],
        moments: ['2024-01-01T00:00:00'],
        bytes: '\\x00ff',
        twice: 2,
      },
    ]);
    const transaction = await driver().begin(database, RULES);
    const big = await transaction.execute('select 9007199254740993::int8 as big', [], RULES);
    await transaction.rollback();
    assert.equal(rowsJson(big, RULES.mostBytes), '[{"big":9007199254740993}]');
  });

  it('binds parameters by what the statement has for them', async () => {
    const id = 'f47ac10b-58cc-4372-a567-0e02b2c3d479';
    const rows = await inTransaction(driver(), database, (ask) =>
      ask(
        'select $1::int + 1 as sum, $2::uuid as id, $3::text as text, $4::text is null as nothing',
        '41',
        id,
        "'; --",
        null,
      ),
    );
    assert.deepEqual(rows, [{ sum: 42, id, text: "'; --", nothing: true }]);
  });

  it('says what is wrong with a statement, and refuses the transaction from then on, its commit too', async () => {
    const transaction = await driver().begin(own, RULES);
    const { message } = await failsWith('42P01', transaction.execute('select * from nowhere', [], RULES));
    assert.match(message, /^ERROR: relation "nowhere" does not exist$/);
    await failsWith('25P02', transaction.execute('select 1', [], RULES));
    let refusal: unknown;
    await transaction.commit(RULES).catch((thrown: unknown) => {
      refusal = thrown;
    });
    assert.match(String(refusal), /aborted/);
    assert.isFalse(transaction.isOpen);
    assert.deepEqual(await inTransaction(driver(), own, (ask) => ask('select 1 as one')), [{ one: 1 }]);
  });

  it('takes one statement at a time', async () => {
    const transaction = await driver().begin(database, RULES);
    await failsWith('42601', transaction.execute('select 1; select 2', [], RULES));
    await transaction.rollback();
  });

  it('refuses a commit that breaks a deferred constraint', async () => {
    await inTransaction(driver(), own, (ask) => ask('create table once (id int unique deferrable initially deferred)'));
    await failsWith(
      '23505',
      inTransaction(driver(), own, (ask) => ask('insert into once values (1), (1)')),
    );
    assert.deepEqual(await inTransaction(driver(), own, (ask) => ask('select * from once')), []);
  });

  it('makes schemas, also twice where it says so, and takes them back with their transaction', async () => {
    await inTransaction(driver(), own, (ask) => ask('create schema fleeting'), 'rollback');
    const rows = await inTransaction(driver(), own, async (ask) => {
      await ask('create schema if not exists sequent_backend');
      assert.deepEqual(await ask(' CREATE  SCHEMA IF NOT EXISTS "sequent_backend" ;'), []);
      await ask('create table sequent_backend.area (id int)');
      return ask("select nspname as name from pg_namespace where nspname in ('fleeting', 'sequent_backend')");
    });
    assert.deepEqual(rows, [{ name: 'sequent_backend' }]);
    await failsWith(
      '42P06',
      inTransaction(driver(), own, (ask) => ask('create schema sequent_backend')),
    );
  });

  it('forgets what a transaction has set in its session', async () => {
    await inTransaction(driver(), database, (ask) => ask("set datestyle = 'German'"));
    await inTransaction(driver(), database, (ask) => ask('create temporary table fleeting (id int)'));
    const rows = await inTransaction(driver(), database, (ask) =>
      ask("select current_setting('datestyle') as style, to_regclass('fleeting')::text as fleeting"),
    );
    assert.deepEqual(rows, [{ style: 'ISO, MDY', fleeting: null }]);
  });

  it('has one database for each name and installation', async () => {
    const other = newDatabase('keycloak', database.installation);
    const rows = await inTransaction(driver(), other, (ask) => ask("select to_regclass('entries')::text as entries"));
    assert.deepEqual(rows, [{ entries: null }]);
  });

  it('gives a plugin no way to be anybody else, nor to files, programs and other servers', async () => {
    const refused = [
      'set session authorization postgres',
      'set role postgres',
      "select set_config('session_authorization', 'postgres', false)",
      "do $$ begin execute 'set session authorization postgres'; end $$",
      "do $$ begin execute 'copy (select 1) to program ''true'''; end $$",
      "select pg_read_file('PG_VERSION')",
      "select pg_ls_dir('.')",
      "select lo_import('/etc/passwd')",
      'create extension file_fdw',
      // Which whoever may create in a database may have.
      'create extension hstore',
      "do $$ begin execute 'create extension pgcrypto'; end $$",
      "load '$libdir/plpgsql'",
      'create role other',
      'create database other',
      'alter system set fsync = off',
      "create function f() returns int language internal as 'int4in'",
      'select * from pg_authid',
      'grant pg_read_server_files to current_user',
    ];
    for (const sql of refused) {
      const transaction = await driver().begin(database, RULES);
      try {
        await transaction.execute(sql, [], RULES);
        assert.fail(`${sql} was run`);
      } catch (thrown) {
        assert.instanceOf(thrown, SqlError, sql);
        assert.match(
          (thrown as SqlError).message,
          /permission denied|must (?:be|have)|not allowed|does not exist|not available|cannot run inside/,
          sql,
        );
      } finally {
        await transaction.rollback();
      }
    }
    await inTransaction(driver(), database, (ask) => ask('reset role'));
    const rows = await inTransaction(driver(), database, (ask) =>
      ask("select current_setting('is_superuser') as is_superuser"),
    );
    assert.deepEqual(rows, [{ is_superuser: 'off' }]);
  });

  it('ends what nobody waits for any more, and opens again', async () => {
    await inTransaction(driver(), own, (ask) => ask('create table kept (id int)'));
    const patience = new AbortController();
    const transaction = await driver().begin(own, RULES);
    const endless = transaction.execute(
      'with recursive r as (select 1 as n union all select n + 1 from r) select count(*) from r',
      [],
      {
        ...RULES,
        signal: patience.signal,
      },
    );
    setTimeout(() => patience.abort(), 200);
    let error: unknown;
    await endless.catch((thrown: unknown) => {
      error = thrown;
    });
    assert.propertyVal(error, 'name', 'ClocheError');
    assert.isFalse(transaction.isOpen);
    assert.deepEqual(await inTransaction(driver(), own, (ask) => ask('select 1 as one')), [{ one: 1 }]);
  });

  it('ends what answers more than it may', async () => {
    const transaction = await driver().begin(own, RULES);
    const large = transaction.execute("select repeat('x', 1000) from generate_series(1, 10000000)", [], RULES);
    let error: unknown;
    await large.catch((thrown: unknown) => {
      error = thrown;
    });
    assert.propertyVal(error, 'code', 'OUTPUT_TOO_LARGE');
    await transaction.rollback();
    assert.deepEqual(await inTransaction(driver(), own, (ask) => ask('select 1 as one')), [{ one: 1 }]);
  });

  it('lists tables with their rows to whoever looks, and runs nothing of the plugin for that', async () => {
    await inTransaction(driver(), database, async (ask) => {
      await ask('create schema "a""b"');
      await ask(`create table "a""b"."c'd \u202e" (id int)`);
      await ask('create table many as select n from generate_series(1, 10001) as n');
      await ask('create table ruled (id int)');
      await ask('alter table ruled enable row level security');
      await ask('create table hidden (id int)');
      await ask('revoke select on hidden from current_user');
      await ask('create view seen as select 1 / (id - 1) as boom from entries');
    });
    const { tables: found, hasMore } = await look(driver(), database, undefined, (read) => tables(read, 0));
    assert.isFalse(hasMore);
    assert.deepEqual(
      found.map(({ schema, name, kind, count }) => [schema, name, kind, count?.rows, count?.how]),
      [
        ['public', 'entries', 'table', 1, 'exact'],
        ['public', 'hidden', 'table', undefined, undefined],
        ['public', 'many', 'table', 10_000, 'at-least'],
        ['public', 'ruled', 'table', undefined, undefined],
        ['public', 'seen', 'view', undefined, undefined],
        ['a"b', "c'd \u202e", 'table', 0, 'exact'],
      ],
    );
    assert.isAbove(found[0]?.bytes ?? 0, 0);
    await inTransaction(driver(), database, (ask) => ask('analyze many'));
    const { tables: again } = await look(driver(), database, undefined, (read) => tables(read, 2));
    assert.deepEqual(again[0]?.count, { rows: 10_001, how: 'estimated' });
  });

  it('gives rows by the page, each value cut, whatever names and types are', async () => {
    await inTransaction(driver(), database, async (ask) => {
      await ask(`create type pair as (a int, b text)`);
      // It would be called by a cast, and by an operator that is looked up by its name.
      await ask(`create function evil(pair) returns text language sql as $$ select 'evil' $$`);
      await ask('create cast (pair as text) with function evil(pair)');
      await ask(`create table odd ("a""b'\u202e" text, bytes bytea, twin pair, nothing pair, list int[])`);
      await ask(
        `insert into odd values (repeat('ü', 300), decode(repeat('ff', 300), 'hex'), row(null, null), null, '{1,null}'),
          ('', '', row(1, 'x'), null, null)`,
      );
    });
    const page = await look(driver(), database, undefined, (read) => rows(read, { schema: 'public', name: 'odd' }, 0));
    assert.deepEqual(
      page.columns.map(({ name, type }) => `${name} ${type}`),
      [`a"b'\u202e text`, 'bytes bytea', 'twin public.pair', 'nothing public.pair', 'list integer[]'],
    );
    assert.deepEqual(
      page.rows.map((row) => row.map(({ text, isCut }) => `${text?.slice(0, 12)} ${text?.length} ${isCut}`)),
      [
        [
          'üüüüüüüüüüüü 200 true',
          '\\xffffffffff 200 true',
          '(,) 3 false',
          'undefined undefined false',
          '{1,NULL} 8 false',
        ],
        [' 0 false', '\\x 2 false', '(1,x) 5 false', 'undefined undefined false', 'undefined undefined false'],
      ],
    );
    const many = { schema: 'public', name: 'many' };
    const last = await look(driver(), database, undefined, (read) => rows(read, many, 9_999));
    assert.deepEqual([last.rows.map(([cell]) => cell?.text), last.hasMore], [['10000', '10001'], false]);
    const first = await look(driver(), database, undefined, (read) => rows(read, many, 0));
    assert.deepEqual([first.rows.length, first.hasMore], [50, true]);
    const none = { schema: 'public', name: 'x"; drop table entries' };
    await rejectsCode(
      'OPTION_INVALID',
      look(driver(), database, undefined, (read) => rows(read, none, 0)),
    );
  });

  it('lets a look change nothing, and what a view does in it neither', async () => {
    await inTransaction(driver(), database, async (ask) => {
      await ask('create table touched (id int)');
      await ask(
        `create function touch() returns int language plpgsql as $$ begin
          set transaction read write; insert into touched values (1); return 1; end $$`,
      );
      await ask('create view touching as select touch()');
    });
    const view = { schema: 'public', name: 'touching' };
    await failsWith(
      '25001',
      look(driver(), database, undefined, (read) => rows(read, view, 0)),
    );
    await failsWith(
      '25006',
      look(driver(), database, undefined, (read) => read('create table public.other (id int)')),
    );
    assert.deepEqual(await inTransaction(driver(), database, (ask) => ask('select * from touched')), []);
  });

  it('tells how much is stored, and deletes all of an installation', async () => {
    assert.isAbove(await driver().size(database.installation), 0);
    await driver().wipe(database.installation);
    assert.equal(await driver().size(database.installation), 0);
    const rows = await inTransaction(driver(), database, (ask) =>
      ask("select to_regclass('entries')::text as entries"),
    );
    assert.deepEqual(rows, [{ entries: null }]);
  });
}
