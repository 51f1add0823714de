// Databases that are ended in the middle of what they do, with commits that are stored before they are acknowledged.

import { assert } from 'chai';
import { idbChanges } from '../../src/sql/pglite/idb-changes.ts';
import { opfsChanges } from '../../src/sql/pglite/opfs-changes.ts';
import { PgliteDriver } from '../../src/sql/pglite/pglite-driver.ts';
import type { DatabaseOf } from '../../src/sql/sql-driver.ts';
import { dispose } from '../../src/util/dispose.ts';
import { engine } from '../helpers/engine.ts';
import { uniqueStorage } from '../helpers/hosts.ts';
import { inTransaction, newDatabase, RULES } from './contract.ts';

const PLUGINS = 3;
/** Of each. */
const TRANSACTIONS = 20;
/** One in so many is ended while it runs. */
const KILLED = 10;

describe('transactions of several plugins that are ended at any moment', function () {
  this.timeout(230_000);

  it('are all there where they were acknowledged, and else whole or absent', async () => {
    const driver = new PgliteDriver({
      stores: (engine.ownFiles ? opfsChanges : idbChanges)(uniqueStorage()),
      durable: true,
      quotaBytes: 64 << 20,
      note: (_, text) => assert.fail(text),
      progress: () => undefined,
    });
    const write = async (database: DatabaseOf, number: number): Promise<boolean> => {
      const patience = new AbortController();
      const rules = { ...RULES, signal: patience.signal };
      const claim = await driver.claim(1, RULES.signal);
      try {
        const transaction = await driver.begin(database, RULES);
        if (number % KILLED === KILLED - 1) setTimeout(() => patience.abort(), number % 7);
        await transaction.execute('insert into entries values ($1, 1)', [String(number)], rules);
        await transaction.execute('insert into entries values ($1, 2)', [String(number)], rules);
        await transaction.commit(rules);
        return true;
      } catch (thrown) {
        if (!patience.signal.aborted) throw thrown;
        return false;
      } finally {
        claim[dispose]();
      }
    };
    const plugins = Array.from({ length: PLUGINS }, async () => {
      const database = newDatabase();
      await inTransaction(driver, database, (ask) => ask('create table entries (number int, part int)'));
      const acknowledged: number[] = [];
      for (let number = 0; number < TRANSACTIONS; number++)
        if (await write(database, number)) acknowledged.push(number);
      return { database, acknowledged };
    });
    const done = await Promise.all(plugins);
    await driver.close();
    for (const { database, acknowledged } of done) {
      const rows = (await inTransaction(driver, database, (ask) =>
        ask('select number, count(*)::int as parts from entries group by number order by number'),
      )) as { number: number; parts: number }[];
      assert.isTrue(rows.every(({ parts }) => parts === 2));
      const found = new Set(rows.map(({ number }) => number));
      assert.isEmpty(acknowledged.filter((number) => !found.has(number)));
    }
    await driver.close();
  });
});
