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
  const newDriver = (): PgliteDriver =>
    new PgliteDriver({
      stores: idbChanges(storage),
      durable: false,
      quotaBytes: 64 << 20,
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

  it('M1: has an end to its memory, and goes on', async () => {
    const database = newDatabase();
    const transaction = await driver.begin(database, RULES);
    await failsWith('53200', transaction.execute("select length(repeat('x', 900000000))", [], RULES));
    await transaction.rollback();
    assert.deepEqual(await inTransaction(driver, database, (ask) => ask('select 1 as one')), [{ one: 1 }]);
  });
});
