// SQL databases in the page, in both placements.

import { assert } from 'chai';
import { ClocheError } from '../../src/errors.ts';
import type { ChangeStore, ChangeStores } from '../../src/sql/pglite/change-store.ts';
import { idbChanges } from '../../src/sql/pglite/idb-changes.ts';
import { OpenDatabases } from '../../src/sql/pglite/open-databases.ts';
import { opfsChanges } from '../../src/sql/pglite/opfs-changes.ts';
import { PgliteDriver } from '../../src/sql/pglite/pglite-driver.ts';
import type { DatabaseOf } from '../../src/sql/sql-driver.ts';
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
    const notes: string[] = [];
    const newDriver = (quotaBytes = 64 << 20): PgliteDriver =>
      new PgliteDriver({
        stores: storesOf(storage),
        durable,
        quotaBytes,
        note: (_, text) => notes.push(text),
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

    it('goes out as bytes and in again, all databases or none', async () => {
      const [one, other] = [newDatabase(), newDatabase()];
      const second = newDatabase('keycloak', other.installation);
      const tablesOf = (of: DatabaseOf): Promise<unknown[]> =>
        inTransaction(shared(), of, (ask) =>
          ask("select to_regclass('moved')::text as moved, to_regclass('old')::text as old"),
        );
      assert.isUndefined(await shared().dump(one));
      await inTransaction(shared(), one, (ask) => ask('create table moved (id int)'));
      const bytes = await shared().dump(one);
      await inTransaction(shared(), other, (ask) => ask('create table old (id int)'));
      await inTransaction(shared(), second, (ask) => ask('create table old (id int)'));
      const open = await shared().begin(other, RULES);
      const all = [
        { of: other, bytes },
        { of: second, bytes: undefined },
      ];
      const failed = new Error('full');
      const fails = shared().replaceAll(all, () => Promise.reject(failed));
      assert.equal(await fails.catch((thrown: unknown) => thrown), failed);
      const ended = await open.execute('select 1', [], RULES).catch((thrown: unknown) => thrown);
      assert.propertyVal(ended, 'code', 'CLOSED');
      assert.isFalse(open.isOpen);
      const before = [{ moved: null, old: 'old' }];
      assert.deepEqual([await tablesOf(other), await tablesOf(second)], [before, before]);
      await shared().replaceAll(all, async () => undefined);
      assert.deepEqual(await tablesOf(other), [{ moved: 'moved', old: null }]);
      assert.deepEqual(await tablesOf(second), [{ moved: null, old: null }]);
      const broken = [{ of: other, bytes: new Uint8Array([0, 0, 0, 2, 123, 125]) }];
      const refusal = shared().replaceAll(broken, async () => assert.fail('went on'));
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
