// Statements that want more than there is: who runs them is refused or ended, nobody else notices, and the database opens again.

import { assert } from 'chai';
import { openDatabase } from '../../src/database/open-database.ts';
import { ClocheError } from '../../src/index.ts';
import { idbChanges } from '../../src/sql/pglite/idb-changes.ts';
import { PgliteDriver } from '../../src/sql/pglite/pglite-driver.ts';
import { type DatabaseOf, SqlError } from '../../src/sql/sql-driver.ts';
import { dispose } from '../../src/util/dispose.ts';
import { rejectsCode } from '../helpers/expect-code.ts';
import { uniqueStorage } from '../helpers/hosts.ts';
import { inTransaction, newDatabase, RULES, stateInPage } from './contract.ts';

const KEPT = "select to_regclass('kept')::text as kept";
const TABLES = `do $$ begin for n in 1..1000 loop execute format('create table t%s (id int)', n); end loop; end $$`;
/** 10 GB, in rows that are too short to be packed. */
const ROWS = 'insert into kept select repeat(md5(n::text), 32) from generate_series(1, 10000000) n';
const ENDLESS = 'with recursive r as (select 1 as n union all select n + 1 from r) select count(*) from r';

describe('SQL that wants more than there is', function () {
  this.timeout(180_000);
  const storage = uniqueStorage();
  const stores = idbChanges(storage);
  const driver = new PgliteDriver({
    stores,
    durable: false,
    quotaBytes: 64 << 20,
    note: () => undefined,
    progress: () => undefined,
  });
  after(() => driver.close());

  const newKept = async (): Promise<DatabaseOf> => {
    const database = newDatabase();
    await inTransaction(driver, database, async (ask) => {
      await ask("select set_config('cloche.durable', 'on', true)");
      await ask('create table kept (text text)');
    });
    return database;
  };
  /** What goes wrong; undefined for nothing. */
  const outcome = async (database: DatabaseOf, sql: string, patienceMs?: number): Promise<unknown> => {
    const transaction = await driver.begin(database, RULES);
    const rules = patienceMs === undefined ? RULES : { ...RULES, signal: AbortSignal.timeout(patienceMs) };
    try {
      await transaction.execute(sql, [], rules);
      await transaction.commit(rules);
      return undefined;
    } catch (thrown) {
      return thrown;
    } finally {
      await transaction.rollback();
    }
  };

  it('is refused ten gigabytes of rows, and keeps what it had, as does who works beside it', async () => {
    const [database, other] = [await newKept(), await newKept()];
    const full = outcome(database, ROWS);
    assert.deepEqual(await inTransaction(driver, other, (ask) => ask('select 1 as one')), [{ one: 1 }]);
    const refusal = await full;
    assert.isTrue(refusal instanceof SqlError || refusal instanceof ClocheError, String(refusal));
    const rows = await inTransaction(driver, database, (ask) => ask('select count(*)::int as count from kept'));
    assert.deepEqual(rows, [{ count: 0 }]);
  });

  it('may make a thousand tables, and opens again with them', async () => {
    const database = await newKept();
    assert.isUndefined(await outcome(database, TABLES));
    await driver.close();
    const rows = await inTransaction(driver, database, (ask) =>
      ask("select count(*)::int as count from pg_tables where tablename ~ '^t\\d+$'"),
    );
    assert.deepEqual(rows, [{ count: 1000 }]);
  });

  it('blocks none of four plugins for good that use two databases each, in whatever order', async () => {
    const plugins = Array.from({ length: 4 }, (_, index) => {
      const first = newDatabase('hasura');
      const second = newDatabase('keycloak', first.installation);
      return { index, order: index % 2 ? [second, first] : [first, second] };
    });
    const call = async ({ index, order }: (typeof plugins)[number]): Promise<string> => {
      const claim = await driver.claim(order.length, RULES.signal);
      try {
        for (const database of order) {
          // One of them never ends by itself.
          const isEndless = index === 0 && database === order[1];
          const refusal = isEndless ? await outcome(database, ENDLESS, 500) : await outcome(database, 'select 1');
          if (refusal) return refusal instanceof ClocheError ? refusal.code : String(refusal);
        }
        return 'done';
      } finally {
        claim[dispose]();
      }
    };
    assert.deepEqual(await Promise.all(plugins.map(call)), ['ABORTED', 'done', 'done', 'done']);
    const again = plugins[0]?.order[1] as DatabaseOf;
    assert.deepEqual(await inTransaction(driver, again, (ask) => ask(KEPT)), [{ kept: null }]);
  });

  it('is told soon of a database that cannot be opened, which stays as it is and is damaged', async () => {
    const database = newDatabase();
    const { installation, name } = database;
    // Read without fault, and no file is in it.
    const record = new TextEncoder().encode('\0\0\0\x02[]');
    const store = await stores.open(installation, name, RULES.signal);
    await store.append([record]);
    await store.close();
    assert.equal(await stateInPage(database, stores, driver), 'asleep');
    const began = performance.now();
    await rejectsCode('START_FAILED', driver.begin(database, RULES));
    assert.isBelow(performance.now() - began, 15_000);
    assert.equal(await stateInPage(database, stores, driver), 'damaged START_FAILED');
    assert.equal(await driver.size(installation), record.length);

    const stored = openDatabase(storage, `${storage}:sql:${installation}`, 'changes');
    await stored.transact('readwrite', async (objects) => {
      for (const key of await objects.keys({ from: ['record'], to: ['record\0'] })) objects.delete(key);
    });
    stored.close();
    assert.equal(await stateInPage(database, stores), 'damaged STORAGE_FAILED');
  });
});
