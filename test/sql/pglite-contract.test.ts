// What PostgreSQL in the page answers, opens and forgets. An engine runs its program, or it does not.

import { assert } from 'chai';
import { idbChanges } from '../../src/sql/pglite/idb-changes.ts';
import { PgliteDriver } from '../../src/sql/pglite/pglite-driver.ts';
import type { DatabaseOf } from '../../src/sql/sql-driver.ts';
import { uniqueStorage } from '../helpers/hosts.ts';
import { failsWith, inTransaction, newDatabase, RULES, sqlContract } from './contract.ts';

describe('PGlite', function () {
  this.timeout(60_000);
  const storage = uniqueStorage();
  const newDriver = (quotaBytes = 64 << 20): PgliteDriver =>
    new PgliteDriver({
      stores: idbChanges(storage),
      durable: false,
      quotaBytes,
      note: () => undefined,
      progress: () => undefined,
    });
  const driver = newDriver();
  after(() => driver.close());

  sqlContract(it, () => driver);

  it('opens once for all who begin at the same time, and again where whoever came first has given up', async () => {
    const one = (database: DatabaseOf) => inTransaction(driver, database, (ask) => ask('select 1 as one'));
    const together = newDatabase();
    assert.deepEqual(await Promise.all([one(together), one(together)]), [[{ one: 1 }], [{ one: 1 }]]);
    const own = newDatabase();
    const patience = new AbortController();
    const first = driver.begin(own, { ...RULES, signal: patience.signal });
    const second = Promise.resolve().then(() => one(own));
    setTimeout(() => patience.abort(), 50);
    const outcomes = await Promise.allSettled([first, second]);
    assert.deepEqual(
      outcomes.map(({ status }) => status),
      ['rejected', 'fulfilled'],
    );
  });

  it('keeps what is temporary as long as the page, and nowhere else', async () => {
    const database: DatabaseOf = { ...newDatabase(), temporary: true };
    const found = (by: PgliteDriver) =>
      inTransaction(by, database, (ask) => ask("select to_regclass('fleeting')::text as found"));
    const own = newDriver();
    await inTransaction(own, database, (ask) => ask('create table fleeting (id int)'));
    await own.close();
    assert.deepEqual(await found(own), [{ found: 'fleeting' }]);
    assert.isAbove(await own.size(database.installation), 0);
    assert.equal(await idbChanges(storage).size(database.installation), 0);
    await own.wipe(database.installation);
    assert.deepEqual(await found(own), [{ found: null }]);
    await own.close();
  });

  it('goes out as bytes and in again, all databases or none', async () => {
    const [one, other] = [newDatabase(), newDatabase()];
    const second = newDatabase('keycloak', other.installation);
    const tablesOf = (of: DatabaseOf): Promise<unknown[]> =>
      inTransaction(driver, of, (ask) =>
        ask("select to_regclass('moved')::text as moved, to_regclass('old')::text as old"),
      );
    assert.isUndefined(await driver.dump(one));
    await inTransaction(driver, one, (ask) => ask('create table moved (id int)'));
    const bytes = await driver.dump(one);
    await inTransaction(driver, other, (ask) => ask('create table old (id int)'));
    await inTransaction(driver, second, (ask) => ask('create table old (id int)'));
    const open = await driver.begin(other, RULES);
    const all = [
      { of: other, bytes },
      { of: second, bytes: undefined },
    ];
    const failed = new Error('full');
    const fails = driver.replaceAll(all, () => Promise.reject(failed));
    assert.equal(await fails.catch((thrown: unknown) => thrown), failed);
    const ended = await open.execute('select 1', [], RULES).catch((thrown: unknown) => thrown);
    assert.propertyVal(ended, 'code', 'CLOSED');
    assert.isFalse(open.isOpen);
    const before = [{ moved: null, old: 'old' }];
    assert.deepEqual([await tablesOf(other), await tablesOf(second)], [before, before]);
    await driver.replaceAll(all, async () => undefined);
    assert.deepEqual(await tablesOf(other), [{ moved: 'moved', old: null }]);
    assert.deepEqual(await tablesOf(second), [{ moved: null, old: null }]);
    const broken = [{ of: other, bytes: new Uint8Array([0, 0, 0, 2, 123, 125]) }];
    const refusal = driver.replaceAll(broken, async () => assert.fail('went on'));
    assert.propertyVal(await refusal.catch((thrown: unknown) => thrown), 'code', 'DATA_INVALID');
    assert.deepEqual(await tablesOf(other), [{ moved: 'moved', old: null }]);
  });

  it('gives up on a commit that has no room, and is as it was', async () => {
    const database = newDatabase();
    const small = newDriver(2 << 20);
    await inTransaction(small, database, async (ask) => {
      await ask("select set_config('cloche.durable', 'on', true)");
      await ask('create table kept (text text)');
    });
    const transaction = await small.begin(database, RULES);
    await transaction.execute("select set_config('cloche.durable', 'on', true)", [], RULES);
    await transaction.execute(
      "insert into kept select string_agg(md5(n::text || m::text), '') from generate_series(1, 50) n, generate_series(1, 2000) m group by n",
      [],
      RULES,
    );
    let code: unknown;
    await transaction.commit(RULES).catch((thrown: { code: unknown }) => {
      code = thrown.code;
    });
    assert.equal(code, 'QUOTA_EXCEEDED');
    const rows = await inTransaction(small, database, (ask) => ask('select count(*)::int as count from kept'));
    assert.deepEqual(rows, [{ count: 0 }]);
    await small.close();
  });

  it('M1: has an end to its memory, and goes on', async () => {
    const database = newDatabase();
    const transaction = await driver.begin(database, RULES);
    await failsWith('53200', transaction.execute("select length(repeat('x', 900000000))", [], RULES));
    await transaction.rollback();
    assert.deepEqual(await inTransaction(driver, database, (ask) => ask('select 1 as one')), [{ one: 1 }]);
  });
});
