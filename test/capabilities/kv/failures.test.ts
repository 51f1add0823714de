import { assert } from 'chai';
import { kvDatabaseName } from '../../../src/capabilities/kv/kv-store.ts';
import { openDatabase } from '../../../src/database/open-database.ts';
import { rejectsCode } from '../../helpers/expect-code.ts';
import { withIndexedDb } from '../../helpers/with-indexed-db.ts';
import { bytes, made, newKv, newStorage } from './kv-stage.ts';

function opened(name: string, version?: number, upgrade?: (db: IDBDatabase) => void): Promise<IDBDatabase> {
  made.add(name);
  return new Promise((resolve, reject) => {
    const request = indexedDB.open(name, version);
    request.onupgradeneeded = () => upgrade?.(request.result);
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error);
  });
}

async function databaseNames(): Promise<(string | undefined)[]> {
  return (await indexedDB.databases()).map(({ name }) => name);
}

describe('kv', () => {
  afterEach(() => {
    for (const name of made) indexedDB.deleteDatabase(name);
    made.clear();
  });

  describe('S7: a database that does not answer', () => {
    it('S7: another tab may delete the database, and the next access makes a new one', async () => {
      const { get, set, storage } = newKv();
      await set('a', 'one');
      await new Promise<void>((resolve, reject) => {
        const request = indexedDB.deleteDatabase(kvDatabaseName(storage, 'tester'));
        request.onsuccess = () => resolve();
        request.onblocked = () => reject(new Error('blocked'));
      });
      assert.isNull(await get('a'));
      assert.equal(await set('a', 'two'), 0n);
    });

    it('S7: rejects with STORAGE_FAILED when another tab blocks it, and recovers', async () => {
      const { open, storage } = newKv();
      const name = kvDatabaseName(storage, 'tester');
      const holder = await opened(name, 1, (db) => db.createObjectStore('kv'));
      // The holder does not let go, so everything queues behind this deletion.
      const deleted = new Promise((done) => {
        indexedDB.deleteDatabase(name).onsuccess = done;
      });
      const start = performance.now();
      const store = open('tester', 200);
      await rejectsCode('STORAGE_FAILED', store.set('a', bytes('x'), 100), /no answer in 200 ms/);
      assert.isBelow(performance.now() - start, 2_000);
      holder.close();
      await deleted;
      assert.isTrue(await store.set('b', bytes('x'), 100));
      assert.deepEqual(await store.keys(), ['b'], 'the write that failed was not done later');
    });

    it('S7: aborts a write that takes too long', async () => {
      const storage = newStorage();
      const name = kvDatabaseName(storage, 'slow');
      made.add(name);
      const database = openDatabase(storage, name, 'kv', 200);
      const endless = database.transact('readwrite', async (store) => {
        store.put(new Uint8Array(1), 'a');
        for (;;) await store.get('a');
      });
      await rejectsCode('STORAGE_FAILED', endless);
      assert.isUndefined(await database.transact('readonly', (store) => store.get('a')));
    });

    it('S7: rejects with STORAGE_FAILED when the store is missing, and changes nothing', async () => {
      const { get, set, storage } = newKv();
      const name = kvDatabaseName(storage, 'tester');
      (await opened(name, 7, (db) => db.createObjectStore('other'))).close();
      await rejectsCode('STORAGE_FAILED', get('a'));
      await rejectsCode('STORAGE_FAILED', set('a', 'x'));
      const db = await opened(name);
      assert.deepEqual([db.version, [...db.objectStoreNames]], [7, ['other']]);
      db.close();
    });

    it('S7: opens a database of a later version that has the store', async () => {
      const { get, set, storage } = newKv();
      (await opened(kvDatabaseName(storage, 'tester'), 7, (db) => db.createObjectStore('kv'))).close();
      assert.equal(await set('a', 'x'), 0n);
      assert.equal(await get('a'), 'x');
    });

    it('S7: rejects with STORAGE_FAILED when IndexedDB is gone after it was there', async () => {
      const { open } = newKv();
      const store = open();
      assert.isTrue(await store.set('a', bytes('x'), 100));
      store.close();
      await withIndexedDb({ value: undefined }, () => rejectsCode('STORAGE_FAILED', store.get('a'), /no IndexedDB/));
      assert.deepEqual(await store.get('a'), bytes('x'));
    });

    it('S7: retries once when the connection was closed under it', async () => {
      const { get, set, storage } = newKv();
      await set('a', 'one');
      const open = indexedDB.open;
      let opens = 0;
      IDBFactory.prototype.open = function (...args) {
        opens++;
        return open.apply(this, args);
      };
      const transaction = IDBDatabase.prototype.transaction;
      let failures = 1;
      IDBDatabase.prototype.transaction = function (...args) {
        if (this.name.startsWith(storage) && failures-- > 0) throw new DOMException('closing', 'InvalidStateError');
        return transaction.apply(this, args);
      };
      try {
        assert.equal(await get('a'), 'one');
        assert.equal(opens, 1);
        failures = 2;
        await rejectsCode('STORAGE_FAILED', get('a'), /closing/);
      } finally {
        IDBFactory.prototype.open = open;
        IDBDatabase.prototype.transaction = transaction;
      }
      assert.equal(await get('a'), 'one');
    });

    it("S2: a site over the browser's own quota is refused with 1", async () => {
      const { set } = newKv();
      await set('a', 'x');
      const put = IDBObjectStore.prototype.put;
      IDBObjectStore.prototype.put = () => {
        throw new DOMException('full', 'QuotaExceededError');
      };
      try {
        assert.equal(await set('b', 'x'), 1n);
      } finally {
        IDBObjectStore.prototype.put = put;
      }
    });
  });

  describe('wipe', () => {
    it('deletes the database, also under open connections', async () => {
      const { capability, get, set, open, storage } = newKv();
      const other = open();
      await set('a', 'x');
      await other.usage();
      await capability.wipe?.('tester');
      assert.notInclude(await databaseNames(), kvDatabaseName(storage, 'tester'));
      assert.isNull(await get('a'));
      assert.deepEqual(await other.entries(), []);
    });

    it('removes the data at once, even where somebody holds the database', async () => {
      const { capability, set, storage } = newKv();
      await set('a', 'x');
      const holder = await opened(kvDatabaseName(storage, 'tester'));
      await capability.wipe?.('tester');
      const request = holder.transaction('kv').objectStore('kv').getAllKeys();
      await new Promise((done) => {
        request.onsuccess = done;
      });
      assert.deepEqual(request.result, []);
      holder.close();
    });

    it('does nothing for a plugin that stored nothing', async () => {
      const { capability, storage } = newKv();
      await capability.wipe?.('never');
      assert.notInclude(await databaseNames(), kvDatabaseName(storage, 'never'));
    });
  });

  it('shows entries with their sizes to admin pages', async () => {
    const { set, open } = newKv();
    await set('ü', '123');
    await set('a', '');
    const store = open();
    assert.deepEqual(await store.entries(), [
      { key: 'a', bytes: 1 },
      { key: 'ü', bytes: 5 },
    ]);
    assert.deepEqual(await store.usage(), { bytes: 6, keys: 2 });
    store.close();
    assert.deepEqual(await store.keys('a'), ['a']);
  });
});
