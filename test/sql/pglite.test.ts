// SQL databases in the page, in both placements: what other pages find of them. What is in them is in pglite-contract.test.ts.

import { assert } from 'chai';
import { ClocheError } from '../../src/errors.ts';
import type { ChangeStore, ChangeStores } from '../../src/sql/pglite/change-store.ts';
import { idbChanges } from '../../src/sql/pglite/idb-changes.ts';
import { OpenDatabases } from '../../src/sql/pglite/open-databases.ts';
import { opfsChanges } from '../../src/sql/pglite/opfs-changes.ts';
import { PgliteDriver } from '../../src/sql/pglite/pglite-driver.ts';
import { engine } from '../helpers/engine.ts';
import { rejectsCode } from '../helpers/expect-code.ts';
import { uniqueStorage } from '../helpers/hosts.ts';
import { inTransaction, newDatabase, RULES, stateInPage } from './contract.ts';

type Placement = readonly [name: string, stores: (storage: string) => ChangeStores, durable: boolean];
const DURABLE: Placement = ['durable', opfsChanges, true];
const PLACEMENTS: readonly Placement[] = [['memory', idbChanges, false], ...(engine.ownFiles ? [DURABLE] : [])];

describe('databases that are open', () => {
  it('are none that another tab has deleted while their files were opened, which waits for those', async () => {
    const reason = new ClocheError('CLOSED', 'deleted');
    let closed = 0;
    const store = { wiped: AbortSignal.abort(reason), close: async () => void closed++ } as unknown as ChangeStore;
    const open = new OpenDatabases({
      storeOf: async () => store,
      durable: true,
      quotaBytes: 64 << 20,
      note: () => undefined,
      progress: () => undefined,
    });
    await rejectsCode('CLOSED', open.use(newDatabase(), RULES.signal));
    assert.equal(closed, 1);
  });
});

for (const [name, storesOf, durable] of PLACEMENTS) {
  describe(`PGlite, placement ${name}`, function () {
    this.timeout(60_000);
    const storage = uniqueStorage();
    const newDriver = (): PgliteDriver =>
      new PgliteDriver({
        stores: storesOf(storage),
        durable,
        quotaBytes: 64 << 20,
        note: () => undefined,
        progress: () => undefined,
      });
    let driver: PgliteDriver | undefined;
    const shared = (): PgliteDriver => {
      driver ??= newDriver();
      return driver;
    };
    after(() => driver?.close());

    it('is there for the next page, which lets go of it when another tab deletes it', async () => {
      const database = newDatabase();
      await inTransaction(shared(), database, async (ask) => {
        // As a commit asks for it where not all are stored at once.
        await ask("select set_config('cloche.durable', 'on', true)");
        await ask('create table kept (id int)');
      });
      await inTransaction(shared(), database, (ask) => ask('insert into kept values (1)'));
      await shared().close();
      const next = newDriver();
      assert.deepEqual(await inTransaction(next, database, (ask) => ask('select * from kept')), [{ id: 1 }]);
      const open = await next.begin(database, RULES);
      const pages = [next, shared(), undefined];
      const states = () => Promise.all(pages.map((page) => stateInPage(database, storesOf(storage), page)));
      assert.deepEqual(await states(), ['open', 'elsewhere', 'elsewhere']);
      await shared().wipe(database.installation);
      assert.equal(await shared().size(database.installation), 0);
      await rejectsCode('CLOSED', open.execute('select * from kept', [], RULES), /has stored was deleted/);
      assert.deepEqual(await inTransaction(next, database, (ask) => ask("select to_regclass('kept')::text as kept")), [
        { kept: null },
      ]);
      await next.close();
      assert.deepEqual(await states(), ['empty', 'empty', 'empty']);
    });
  });
}

if (!engine.ownFiles) {
  describe('PGlite, placement durable, in a page without files of its own', () => {
    it('opens no database, and says why', async () => {
      const driver = new PgliteDriver({
        stores: opfsChanges(uniqueStorage()),
        durable: true,
        quotaBytes: 64 << 20,
        note: () => undefined,
        progress: () => undefined,
      });
      const ask = inTransaction(driver, newDatabase(), (query) => query('select 1'));
      await rejectsCode('STORAGE_FAILED', ask, /no file system of its own/);
      await driver.close();
    });
  });
}
