// What kv and the registry stand on: the same in IndexedDB and in memory.

import { assert } from 'chai';
import fc from 'fast-check';
import { openKv } from '../../src/capabilities/kv/kv-store.ts';
import { type Database, indexedDatabase, type StoredKey } from '../../src/database/indexed-db.ts';
import { compareKeys, memoryDatabase } from '../../src/database/memory-db.ts';
import { withIndexedDb } from '../helpers/with-indexed-db.ts';

const made: string[] = [];

function inIndexedDb(): Database {
  const name = `test-${crypto.randomUUID()}`;
  made.push(name);
  return indexedDatabase(name, 'things');
}

const drivers: [name: string, open: () => Database][] = [
  ['in IndexedDB', inIndexedDb],
  ['in memory', memoryDatabase],
];

for (const [name, open] of drivers) {
  describe(`a database ${name}`, () => {
    let database: Database;
    beforeEach(() => {
      database = open();
    });
    afterEach(() => {
      database.close();
      for (const one of made.splice(0)) indexedDB.deleteDatabase(one);
    });

    const get = (key: StoredKey) => database.transact('readonly', (objects) => objects.get(key));
    const put = (value: unknown, ...keys: StoredKey[]) =>
      database.transact('readwrite', async (objects) => {
        for (const key of keys) objects.put(value, key);
      });

    it('gives back copies of copies', async () => {
      const value = { bytes: new Uint8Array([1, 2]) };
      const done = put(value, 'a');
      await done;
      value.bytes.fill(0);
      const read = (await get('a')) as typeof value;
      assert.deepEqual(read, { bytes: new Uint8Array([1, 2]) });
      read.bytes.fill(9);
      assert.deepEqual(await get('a'), { bytes: new Uint8Array([1, 2]) });
    });

    it('gives undefined for what is not there, also after it was deleted or everything cleared', async () => {
      assert.isUndefined(await get('a'));
      await put(1, 'a', 'b', ['a']);
      await database.transact('readwrite', async (objects) => objects.delete('a'));
      assert.deepEqual([await get('a'), await get('b'), await get(['a'])], [undefined, 1, 1]);
      await database.transact('readwrite', async (objects) => objects.clear());
      assert.isUndefined(await get('b'));
    });

    it('is empty once it was removed', async () => {
      await put(1, 'a');
      await database.remove();
      assert.isUndefined(await get('a'));
    });

    it('lists keys and values of a range in order, up to a number', async () => {
      await put('v', 'b', 'a', 'ab', ['a'], ['a', 'b'], 'c', '\uffff', '😀');
      const keys = (from: StoredKey, to: StoredKey, after = false, most?: number) =>
        database.transact('readonly', (objects) => objects.keys({ from, to, after }, most));
      assert.deepEqual(await keys('', []), ['a', 'ab', 'b', 'c', '😀', '\uffff']);
      assert.deepEqual(await keys('a', 'c', true), ['ab', 'b']);
      assert.deepEqual(await keys('a', [], false, 2), ['a', 'ab']);
      assert.deepEqual(await keys(['a'], ['a', []]), [['a'], ['a', 'b']]);
      const values = await database.transact('readonly', (objects) => objects.values({ from: '', to: 'b' }));
      assert.deepEqual(values, ['v', 'v']);
    });

    it('changes nothing when the work fails', async () => {
      await put(1, 'a');
      const failing = database.transact('readwrite', async (objects) => {
        objects.put(2, 'a');
        await objects.get('a');
        throw new Error('no');
      });
      assert.match(String(await failing.catch((error: unknown) => error)), /no/);
      assert.equal(await get('a'), 1);
    });

    it('lets one transaction end before the next begins', async () => {
      const increment = () =>
        database.transact('readwrite', async (objects) => {
          objects.put(Number((await objects.get('count')) ?? 0) + 1, 'count');
        });
      await Promise.all(Array.from({ length: 20 }, increment));
      assert.equal(await get('count'), 20);
    });
  });
}

describe('keys in memory', () => {
  it('are in the order that IndexedDB has', () => {
    const { key } = fc.letrec<{ key: StoredKey }>((tie) => ({
      key: fc.oneof(
        { maxDepth: 3 },
        fc.string({ unit: 'binary', maxLength: 3 }),
        fc.array(tie('key'), { maxLength: 3 }),
      ),
    }));
    fc.assert(
      fc.property(key, key, (a, b) => {
        assert.equal(compareKeys(a, b), indexedDB.cmp(a, b));
      }),
    );
  });
});

describe('kv in memory', () => {
  it('keeps the quota, and gives what was stored to whoever opens the same store', () =>
    withIndexedDb({ value: undefined }, async () => {
      const storage = `test-${crypto.randomUUID()}`;
      const store = openKv('a', { storage });
      assert.isTrue(await store.set('key', new Uint8Array(5), 10));
      assert.isFalse(await store.set('more', new Uint8Array(5), 10));
      const other = openKv('a', { storage });
      assert.deepEqual(await other.usage(), { bytes: 8, keys: 1 });
      assert.deepEqual(await openKv('b', { storage }).keys(), [], 'S1: another plugin has a store of its own');
      await other.wipe();
      assert.deepEqual([await store.get('key'), await store.keys()], [null, []]);
    }));
});
