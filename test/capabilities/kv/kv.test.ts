import { assert } from 'chai';
import fc from 'fast-check';
import { kv } from '../../../src/capabilities/kv/kv.ts';
import { kvDatabaseName, MAX_KEYS, openKv } from '../../../src/capabilities/kv/kv-store.ts';
import { rejectsCode, throwsCode } from '../../helpers/expect-code.ts';
import { textsOf } from '../../helpers/sentences.ts';
import { callFunction } from '../call.ts';
import { bytes, made, newKv } from './kv-stage.ts';

function opened(name: string, version?: number, upgrade?: (db: IDBDatabase) => void): Promise<IDBDatabase> {
  made.add(name);
  return new Promise((resolve, reject) => {
    const request = indexedDB.open(name, version);
    request.onupgradeneeded = () => upgrade?.(request.result);
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error);
  });
}

describe('kv', () => {
  afterEach(() => {
    for (const name of made) indexedDB.deleteDatabase(name);
    made.clear();
  });

  it('is imported from `extism:host/user`, with the declared shapes', () => {
    const { capability } = newKv();
    assert.equal(capability.namespace, 'extism:host/user');
    const shapes = [...capability.functions].map(([name, { params, result }]) => [name, params, result]);
    assert.deepEqual(shapes, [
      ['kv_get', ['text'], 'bytes'],
      ['kv_set', ['text', 'bytes'], 'i64'],
      ['kv_update', ['text', 'bytes', 'bytes'], 'bytes'],
      ['kv_delete', ['text'], 'i64'],
      ['kv_list', ['text'], 'json'],
    ]);
  });

  describe('functions', () => {
    it('store, read, replace and delete', async () => {
      const { get, set, remove } = newKv();
      assert.isNull(await get('a'));
      assert.equal(await set('a', 'one'), 0n);
      assert.equal(await get('a'), 'one');
      assert.equal(await set('a', 'two'), 0n);
      assert.equal(await get('a'), 'two');
      assert.equal(await remove('a'), 1n);
      assert.equal(await remove('a'), 0n);
      assert.isNull(await get('a'));
    });

    it('keep data for the next page that opens the same storage', async () => {
      const first = newKv();
      await first.set('a', 'one');
      assert.equal(await newKv(first.storage).get('a'), 'one');
    });

    it('store only the bytes of a view, and a copy', async () => {
      const { get, set, open } = newKv();
      const value = bytes('xxabxx').subarray(2, 4);
      const done = set('a', value);
      value.fill(0);
      await done;
      assert.equal(await get('a'), 'ab');
      assert.equal((await open().get('a'))?.buffer.byteLength, 2);
    });

    it('list keys by prefix, sorted', async () => {
      const { list, set } = newKv();
      for (const key of ['b', 'a:2', 'a:10', 'a', '\uffff', '']) await set(key, 'x');
      assert.deepEqual(await list('a'), ['a', 'a:10', 'a:2']);
      assert.deepEqual(await list(''), ['', 'a', 'a:10', 'a:2', 'b', '\uffff']);
      assert.deepEqual(await list('\uffff'), ['\uffff']);
      assert.deepEqual(await list('c'), []);
    });
  });

  describe('kv_update', () => {
    const [DONE, OVER, CHANGED] = [0, 1, 2];

    it('changes a key from the state it has, and tells that state otherwise', async () => {
      const { get, update } = newKv();
      assert.deepEqual(await update('a', null, 'one'), [DONE, null]);
      assert.deepEqual(await update('a', null, 'two'), [CHANGED, 'one']);
      assert.deepEqual(await update('a', 'on', 'two'), [CHANGED, 'one']);
      assert.deepEqual(await update('a', 'one', 'two'), [DONE, null]);
      assert.equal(await get('a'), 'two');
      assert.deepEqual(await update('b', 'two', 'x'), [CHANGED, null]);
      assert.isNull(await get('b'));
    });

    it('deletes a key, if it has the expected value', async () => {
      const { list, update, open } = newKv();
      await update('a', null, 'one');
      assert.deepEqual(await update('a', 'two', null), [CHANGED, 'one']);
      assert.deepEqual(await update('a', 'one', null), [DONE, null]);
      assert.deepEqual(await update('a', null, null), [DONE, null]);
      assert.deepEqual([await list(''), await open().usage()], [[], { bytes: 0, keys: 0 }]);
    });

    it('tells an empty value from an absent key', async () => {
      const { set, update } = newKv();
      await set('a', '');
      assert.deepEqual(await update('a', null, 'x'), [CHANGED, '']);
      assert.deepEqual(await update('a', '', 'x'), [DONE, null]);
      assert.deepEqual(await update('a', 'x', ''), [DONE, null]);
      assert.deepEqual(await update('b', '', 'x'), [CHANGED, null]);
    });

    it('S2: keeps the quota, and says what is there', async () => {
      const { set, update, open } = newKv();
      const facts = { limits: { storageBytes: 10 }, lines: [] as string[] };
      await set('a', '1234', facts);
      assert.deepEqual(await update('a', '1234', '1234567890', facts), [OVER, '1234']);
      assert.match(facts.lines.join(), /^warn: kv_update\("a"\): over the quota of 10 bytes/);
      assert.deepEqual(await update('b', null, '123456', facts), [OVER, null]);
      assert.deepEqual(await update('x'.repeat(1_025), null, ''), [OVER, null]);
      assert.deepEqual(await open().usage(), { bytes: 5, keys: 1 });
      assert.deepEqual(await update('a', '1234', '123456789', facts), [DONE, null]);
    });

    it('S4: refuses a block that is not a state', async () => {
      const { capability, get } = newKv();
      for (const [expected, value] of [
        ['one', '\x01two'],
        ['', 'two'],
        ['', '\0'],
      ] as const) {
        const update = callFunction(capability, 'kv_update', ['a', bytes(expected), bytes(value)]);
        await rejectsCode('HOST_FUNCTION_FAILED', update, /to begin with a byte 1/);
      }
      assert.isNull(await get('a'));
    });

    it('lets one of many at the same time win each round', async () => {
      const { get, update } = newKv();
      const increment = async (): Promise<void> => {
        for (let known: string | null = null; ; ) {
          const next = String(Number(known ?? 0) + 1);
          const [outcome, current] = await update('n', known, next);
          if (outcome === DONE) return;
          known = current as string | null;
        }
      };
      await Promise.all(Array.from({ length: 20 }, increment));
      assert.equal(await get('n'), '20');
    });
  });

  describe('S1, S6: one plugin cannot reach another', () => {
    const plugins = ['plug', 'plug2', 'PLUG_', 'plug-kv-x', 'constructor', '__proto__'];
    const keys = [
      '../plug2',
      'plug2:secret',
      'plug2/secret',
      '\0',
      '__proto__',
      'constructor',
      'total',
      '["total"]',
      '',
    ];

    it('S6: every plugin sees its own values under every key, and only those', async () => {
      const { get, set, list } = newKv();
      for (const plugin of plugins) {
        for (const key of keys) assert.equal(await set(key, `${plugin}|${key}`, { plugin }), 0n);
      }
      for (const plugin of plugins) {
        for (const key of keys) assert.equal(await get(key, { plugin }), `${plugin}|${key}`);
        assert.sameMembers((await list('', { plugin })) as string[], keys);
      }
    });

    it('S1: deleting and wiping leave the others alone', async () => {
      const { capability, get, set, remove } = newKv();
      for (const plugin of plugins) await set('a', plugin, { plugin });
      await remove('a', { plugin: 'plug' });
      await capability.wipe?.('plug-kv-x');
      assert.isNull(await get('a', { plugin: 'plug' }));
      assert.isNull(await get('a', { plugin: 'plug-kv-x' }));
      assert.equal(await get('a', { plugin: 'plug2' }), 'plug2');
    });

    it('S1: no two pairs of storage and plugin share a database', () => {
      const names = ['a', 'a:kv', 'a:kv:b', 'a-kv'].flatMap((storage) =>
        ['b', 'kv', 'kv-b', 'a'].map((plugin) => kvDatabaseName(storage, plugin)),
      );
      assert.lengthOf(new Set(names), names.length);
    });

    for (const id of ['', '../x', 'a:b', 'a\0', 'ä', 'x'.repeat(65)]) {
      it(`S1: refuses the id ${JSON.stringify(id.slice(0, 20))}`, () => throwsCode('OPTION_INVALID', () => openKv(id)));
    }

    it('S1: the total is under no key that a plugin could name', async () => {
      const { get, set, remove, list, open } = newKv();
      await set('a', '12345');
      for (const key of ['total', 'total,', '["total"]']) {
        assert.isNull(await get(key));
        assert.equal(await remove(key), 0n);
      }
      assert.deepEqual(await list(''), ['a']);
      assert.deepEqual(await open().usage(), { bytes: 6, keys: 1 });
    });
  });

  describe('S2: quota', () => {
    const limits = { storageBytes: 100 };

    it('S2: counts UTF-8 keys and values, and lets exactly the limit pass', async () => {
      const { set } = newKv();
      assert.equal(await set('ä', new Uint8Array(99), { limits }), 1n);
      assert.equal(await set('ä', new Uint8Array(98), { limits }), 0n);
      assert.equal(await set('b', '', { limits }), 1n);
    });

    it('S2: refuses with 1, tells the log, and changes nothing', async () => {
      const { get, set, open } = newKv();
      const lines: string[] = [];
      await set('a', 'old', { limits });
      assert.equal(await set('a', new Uint8Array(100), { limits, lines }), 1n);
      assert.equal(await get('a'), 'old');
      assert.deepEqual(await open().usage(), { bytes: 4, keys: 1 });
      assert.match(lines[0] ?? '', /quota of 100 bytes/);
    });

    it('S2: gives back what is replaced and deleted', async () => {
      const { set, remove } = newKv();
      for (let i = 0; i < 5; i++) assert.equal(await set('a', new Uint8Array(99), { limits }), 0n);
      await remove('a', { limits });
      assert.equal(await set('b', new Uint8Array(99), { limits }), 0n);
    });

    it('S2: takes the lowest of limit, grant and policy', async () => {
      const { set } = newKv();
      assert.equal(await set('a', new Uint8Array(50), { limits, grant: { bytes: 50 } }), 1n);
      assert.equal(await set('a', new Uint8Array(50), { limits, policy: { bytes: 50 } }), 1n);
      assert.equal(await set('a', new Uint8Array(100), { limits, grant: { bytes: 1_000 }, policy: {} }), 1n);
      assert.equal(await set('a', new Uint8Array(50), { limits, grant: { bytes: 51 }, policy: { bytes: 60 } }), 0n);
    });

    it('S2: a lower quota refuses more, and lets a value shrink', async () => {
      const { set } = newKv();
      await set('a', new Uint8Array(90), { limits });
      const lower = { limits: { storageBytes: 10 } };
      assert.equal(await set('b', '', lower), 1n);
      assert.equal(await set('a', new Uint8Array(90), lower), 0n);
      assert.equal(await set('a', new Uint8Array(40), lower), 0n);
    });

    it('S2: two connections that write at once cannot pass it together', async () => {
      const tabs = newKv();
      const other = newKv(tabs.storage);
      const writes = Array.from({ length: 40 }, (_, i) =>
        (i % 2 ? tabs : other).set(`k${i}`, new Uint8Array(20), { limits }),
      );
      const stored = (await Promise.all(writes)).filter((status) => status === 0n).length;
      const usage = await tabs.open().usage();
      assert.equal(stored, 4);
      assert.isAtMost(usage.bytes, 100);
      assert.equal(usage.keys, stored);
    });

    it('S2: filling one plugin leaves another its own', async () => {
      const { set } = newKv();
      await set('a', new Uint8Array(99), { plugin: 'greedy', limits });
      assert.equal(await set('a', new Uint8Array(99), { plugin: 'modest', limits }), 0n);
    });

    it('S2: keys have at most 1,024 bytes', async () => {
      const { set, get } = newKv();
      assert.equal(await set('ä'.repeat(512), 'x'), 0n);
      assert.equal(await set(`${'ä'.repeat(512)}a`, 'x'), 1n);
      assert.isNull(await get('x'.repeat(100_000)));
    });

    it('S2: there are at most 10,000 keys', async () => {
      const { set, remove, list, open, storage } = newKv();
      await set('first', 'x');
      const db = await opened(kvDatabaseName(storage, 'tester'));
      const transaction = db.transaction('kv', 'readwrite');
      const store = transaction.objectStore('kv');
      store.delete(['total']);
      for (let i = 1; i < MAX_KEYS; i++) store.put(new Uint8Array(1), `k${i}`);
      await new Promise((done) => {
        transaction.oncomplete = done;
      });
      db.close();
      assert.deepInclude(await open().usage(), { keys: MAX_KEYS });
      assert.equal(await set('one more', 'x'), 1n);
      assert.equal(await set('first', 'y'), 0n);
      assert.lengthOf((await list('')) as string[], MAX_KEYS);
      await remove('first');
      assert.equal(await set('one more', 'x'), 0n);
    });

    for (const total of [undefined, 'x', null, { bytes: -1, keys: 0 }, { bytes: Number.NaN, keys: 0 }, { bytes: 0 }]) {
      it(`S4: recounts when the stored total is ${JSON.stringify(total)}`, async () => {
        const { set, open, storage } = newKv();
        await set('a', '12345');
        const db = await opened(kvDatabaseName(storage, 'tester'));
        const transaction = db.transaction('kv', 'readwrite');
        transaction.objectStore('kv').put(total, ['total']);
        await new Promise((done) => {
          transaction.oncomplete = done;
        });
        db.close();
        assert.equal(await set('b', '', { limits: { storageBytes: 6 } }), 1n);
        await set('b', '1');
        assert.deepEqual(await open().usage(), { bytes: 8, keys: 2 });
      });
    }
  });

  it('S2: keeps its total true through any sequence of writes', async () => {
    const key = fc.constantFrom('a', 'ü', 'long key');
    const step = fc.oneof(
      fc.record({ key, size: fc.integer({ min: 0, max: 40 }), quota: fc.constantFrom(20, 50, 80) }),
      fc.record({ key, size: fc.constant(-1), quota: fc.constant(0) }),
    );
    await fc.assert(
      fc.asyncProperty(fc.array(step, { maxLength: 15 }), async (steps) => {
        const store = newKv().open();
        let before = 0;
        for (const { key, size, quota } of steps) {
          const isStored = size < 0 ? await store.delete(key) : await store.set(key, new Uint8Array(size), quota);
          const { bytes, keys } = await store.usage();
          const entries = await store.entries();
          assert.equal(
            bytes,
            entries.reduce((sum, entry) => sum + entry.bytes, 0),
          );
          assert.equal(keys, entries.length);
          if (!isStored) assert.equal(bytes, before);
          else if (size >= 0) assert.isAtMost(bytes, Math.max(quota, before));
          before = bytes;
        }
        store.close();
      }),
      { numRuns: 10 },
    );
  });

  describe('scope', () => {
    const rule = kv().scope;

    it('is `{ bytes? }`', () => {
      assert.deepEqual(rule?.parse({ bytes: 10 }, 'x'), { bytes: 10 });
      assert.deepEqual(rule?.parse({}, 'x'), {});
    });

    for (const scope of [
      null,
      5,
      'x',
      [],
      { bytes: -1 },
      { bytes: 1.5 },
      { bytes: '5' },
      { bytes: Infinity },
      { keys: 1 },
    ]) {
      it(`refuses ${JSON.stringify(scope)}`, () =>
        throwsCode('OPTION_INVALID', () => rule?.parse(scope, 'grant.kv'), /grant\.kv/));
    }

    it('says how much', () => {
      assert.deepEqual(textsOf(rule?.describe({ bytes: 1_572_864 })), [
        'Keep data of its own on this device, at most 1.5 MiB.',
      ]);
      assert.deepEqual(textsOf(rule?.describe(undefined)), ['Keep data of its own on this device.']);
    });
  });
});
