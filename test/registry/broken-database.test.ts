import { assert } from 'chai';
import { openRegistry } from '../../src/registry/registry.ts';
import { dispose } from '../../src/util/dispose.ts';
import { rejectsCode } from '../helpers/expect-code.ts';
import { withIndexedDb } from '../helpers/with-indexed-db.ts';
import { cleanUp, deleted, freshStorage, open, requested, sample } from './records.ts';

/** Opens a database past the registry; `build` runs when it is made or upgraded. */
function raw(storage: string, version?: number, build?: (db: IDBDatabase) => void): Promise<IDBDatabase> {
  return requested(() => {
    const request = indexedDB.open(`${storage}-plugins`, version);
    request.onupgradeneeded = () => build?.(request.result);
    return request;
  });
}

function withOpen<T>(open: IDBFactory['open'], work: () => Promise<T>): Promise<T> {
  const original = indexedDB.open;
  IDBFactory.prototype.open = open;
  return work().finally(() => {
    IDBFactory.prototype.open = original;
  });
}

describe('registry over a broken database', () => {
  afterEach(cleanUp);

  it('S7: rejects with STORAGE_FAILED when the database has no store of ours', async () => {
    const storage = freshStorage();
    (await raw(storage, 7, (db) => db.createObjectStore('other'))).close();
    await rejectsCode('STORAGE_FAILED', openRegistry({ storage }));
  });

  it('S7: opens a database of a later version that still has the store', async () => {
    const storage = freshStorage();
    (await raw(storage, 7, (db) => db.createObjectStore('plugins'))).close();
    assert.deepEqual(await (await open({ storage })).list(), []);
  });

  it('S7: rejects instead of waiting while another tab blocks the database, then recovers', async () => {
    const storage = freshStorage();
    const holder = await raw(storage, 1, (db) => db.createObjectStore('plugins'));
    const deletion = deleted(`${storage}-plugins`); // waits for the holder, and our open for it
    const start = performance.now();
    await rejectsCode('STORAGE_FAILED', openRegistry({ storage, timeoutMs: 100 }), /another tab/);
    assert.isBelow(performance.now() - start, 2_000);
    holder.close();
    await deletion;
    assert.deepEqual(await (await open({ storage })).list(), []);
  });

  it('S7: does not do late what it said had failed', async () => {
    const storage = freshStorage();
    (await open({ storage }))[dispose]();
    const { record, files } = await sample('a');
    const again = await open({ storage, timeoutMs: 400 });
    // A long transaction of another tab, behind which ours waits.
    const other = await raw(storage);
    let busy = true;
    const transaction = other.transaction('plugins', 'readwrite');
    const spin = (): void => {
      if (busy) transaction.objectStore('plugins').get('x').onsuccess = spin;
    };
    spin();
    await rejectsCode('STORAGE_FAILED', again.put(record, files));
    busy = false;
    await new Promise((resolve) => {
      transaction.oncomplete = resolve;
    });
    other.close();
    await new Promise((resolve) => setTimeout(resolve, 100));
    assert.deepEqual(await again.list(), []);
    await again.put(record, files);
    assert.lengthOf(await again.list(), 1);
  });

  it('S7: lets another tab delete the database, and starts anew', async () => {
    const storage = freshStorage();
    const registry = await open({ storage });
    const { record, files } = await sample('a');
    await registry.put(record, files);
    await deleted(`${storage}-plugins`);
    assert.deepEqual(await registry.list(), []);
    await registry.put(record, files);
    assert.lengthOf(await registry.list(), 1);
  });

  it('S7: goes on over a connection that was closed under it', async () => {
    const registry = await open();
    const { record, files } = await sample('a');
    await registry.put(record, files);
    const { transaction } = IDBDatabase.prototype;
    let failures = 1;
    IDBDatabase.prototype.transaction = function (...args) {
      if (failures-- > 0) throw new DOMException('closing', 'InvalidStateError');
      return transaction.apply(this, args);
    };
    try {
      assert.lengthOf(await registry.list(), 1);
      failures = 2;
      await rejectsCode('STORAGE_FAILED', registry.list());
      assert.lengthOf(await registry.list(), 1);
    } finally {
      IDBDatabase.prototype.transaction = transaction;
    }
  });

  it('S7: rejects with STORAGE_FAILED when opening throws, after one retry, and can be called again', async () => {
    const storage = freshStorage();
    let opened = 0;
    const refusing = () => {
      opened++;
      throw new DOMException('private mode', 'InvalidStateError');
    };
    await withOpen(refusing, () => rejectsCode('STORAGE_FAILED', openRegistry({ storage })));
    assert.equal(opened, 2);
    assert.equal((await open({ storage })).place.storage, 'durable');
  });

  const forbidden: [what: string, property: PropertyDescriptor, reason: RegExp][] = [
    ['reading the property throws', { get: refusing('SecurityError') }, /set to store no data/],
    ['opening throws', { value: { open: refusing('SecurityError') } }, /set to store no data/],
    ['there is none', { value: undefined }, /has no IndexedDB/],
  ];
  for (const [what, property, reason] of forbidden) {
    it(`works in memory where IndexedDB is forbidden: ${what}`, async () => {
      const { place } = await withIndexedDb(property, () => open());
      assert.equal(place.storage, 'memory');
      assert.match(place.storageReason, reason);
    });
  }

  it('X6: takes no storage that has worked for a forbidden one', async () => {
    const storage = freshStorage();
    const registry = await open({ storage });
    const { record, files } = await sample('a');
    await registry.put(record, files);
    await withIndexedDb({ value: { open: refusing('SecurityError') } }, () =>
      rejectsCode('STORAGE_FAILED', openRegistry({ storage })),
    );
    assert.lengthOf(await (await open({ storage })).list(), 1);
  });

  it('X6: takes no broken database for a forbidden one, which Chromium calls by the same name', async () => {
    await withIndexedDb({ value: { open: refusing('UnknownError') } }, () =>
      rejectsCode('STORAGE_FAILED', openRegistry({ storage: freshStorage() })),
    );
  });

  it('in memory, two registries of one storage hold the same and hear of each other', async () => {
    await withIndexedDb({ value: undefined }, async () => {
      const storage = freshStorage();
      const [one, other] = [await open({ storage }), await open({ storage })];
      const heard = new Promise((resolve) => other.onChange(resolve));
      const { record, files } = await sample('a');
      await one.put(record, files);
      assert.equal(await heard, 'a');
      assert.lengthOf(await other.list(), 1);
    });
  });
});

function refusing(name: string): () => never {
  return () => {
    throw new DOMException('denied', name);
  };
}
