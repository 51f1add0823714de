// Calls that ask for much: answered from memory under a Web Lock, and stored in groups before they settle.

import { assert } from 'chai';
import fc from 'fast-check';
import { makeCallStore } from '../../../src/capabilities/kv/call-store.ts';
import { kvDatabaseName } from '../../../src/capabilities/kv/kv-store.ts';
import { ClocheError } from '../../../src/errors.ts';
import { CallEnd } from '../../../src/runtime/calls/call-end.ts';
import { rejectsCode } from '../../helpers/expect-code.ts';
import { eventually } from '../../helpers/hosts.ts';
import { later } from '../../helpers/later.ts';
import { bytes, made, newKv, text } from './kv-stage.ts';

/** One call of a plugin, as its host functions see it. */
function newCall() {
  const end = new CallEnd();
  const { signal } = new AbortController();
  end.governs(signal);
  return { signal, settle: () => end.run() };
}

/** Accesses after which memory answers, where the lock is free. */
const WARM = 3;

/** In a call that has asked for so much that memory answers. */
async function busyKv(storage?: string, facts: Parameters<ReturnType<typeof newKv>['get']>[1] = {}) {
  const stage = newKv(storage);
  const begin = async () => {
    const { signal, settle } = newCall();
    const during = { ...facts, signal };
    for (let i = 0; i < WARM; i++) await stage.get('warm', during);
    return { during, settle };
  };
  return { ...stage, begin, ...(await begin()) };
}

const lockOf = (storage: string, plugin = 'tester') => `cloche:${kvDatabaseName(storage, plugin)}:memory`;

async function isHeld(storage: string, plugin?: string): Promise<boolean> {
  const { held = [] } = await navigator.locks.query();
  return held.some(({ name }) => name === lockOf(storage, plugin));
}

/** Holds it as another tab does. @returns lets go of it */
async function holdingLock(storage: string): Promise<() => void> {
  const { promise: held, resolve: hold } = Promise.withResolvers<void>();
  const { promise: released, resolve: release } = Promise.withResolvers<void>();
  void navigator.locks.request(lockOf(storage), () => {
    hold();
    return released;
  });
  await held;
  return release;
}

/** Lets writes of one database fail for a while, as a full or broken disk does. */
async function refusing<T>(database: string, name: string, work: () => Promise<T>): Promise<T> {
  const { put } = IDBObjectStore.prototype;
  IDBObjectStore.prototype.put = function (...args) {
    if (this.transaction.db.name === database) throw new DOMException('refused', name);
    return put.apply(this, args);
  };
  try {
    return await work();
  } finally {
    IDBObjectStore.prototype.put = put;
  }
}

/** As if no time went by: what is accepted meanwhile is stored when its call settles, and not before. */
async function inOneMoment<T>(work: () => Promise<T>): Promise<T> {
  const { setTimeout } = globalThis;
  const { now } = performance;
  const moment = now.call(performance);
  Object.assign(globalThis, { setTimeout: () => 0 });
  performance.now = () => moment;
  try {
    return await work();
  } finally {
    Object.assign(globalThis, { setTimeout });
    Reflect.deleteProperty(performance, 'now');
  }
}

/** How many transactions `work` takes. */
async function transactionsOf(work: () => Promise<unknown>): Promise<number> {
  const { transaction } = IDBDatabase.prototype;
  let count = 0;
  IDBDatabase.prototype.transaction = function (...args) {
    count++;
    return transaction.apply(this, args);
  };
  try {
    await work();
    return count;
  } finally {
    IDBDatabase.prototype.transaction = transaction;
  }
}

describe('kv in a call that asks for much', () => {
  afterEach(() => {
    for (const name of made) indexedDB.deleteDatabase(name);
    made.clear();
  });

  it('answers what it was told, and stores all of it before the call settles', async () => {
    const { get, set, remove, list, open, during, settle } = await busyKv();
    for (let i = 0; i < 100; i++) assert.equal(await set(`k${i}`, `value ${i}`, during), 0n);
    assert.equal(await get('k7', during), 'value 7');
    assert.equal(await remove('k7', during), 1n);
    assert.equal(await remove('k7', during), 0n);
    assert.isNull(await get('k7', during));
    assert.deepEqual(await list('k9', during), ['k9', ...Array.from({ length: 10 }, (_, i) => `k9${i}`)]);
    await settle();
    const stored = open();
    assert.lengthOf(await stored.keys(), 99);
    assert.equal(text(await stored.get('k99')), 'value 99');
    assert.deepEqual(
      await stored.usage(),
      (await stored.entries()).reduce(({ bytes, keys }, one) => ({ bytes: bytes + one.bytes, keys: keys + 1 }), {
        bytes: 0,
        keys: 0,
      }),
    );
  });

  it('takes a transaction for a group, and none for a read', async () => {
    const { get, set, during, settle } = await busyKv();
    const count = await transactionsOf(async () => {
      for (let i = 0; i < 500; i++) {
        await set(`k${i}`, 'x', during);
        await get(`k${i}`, during);
      }
      await settle();
    });
    assert.isBelow(count, 200);
  });

  it('answers and stores the same as one transaction after another', async () => {
    const key = fc.constantFrom('a', 'ü', 'ab', 'b', 'x'.repeat(1_025));
    const step = fc.oneof(
      fc.record({ do: fc.constant('set' as const), key, size: fc.nat(40), quota: fc.constantFrom(20, 50, 80) }),
      fc.record({ do: fc.constantFrom('get' as const, 'remove' as const, 'list' as const), key }),
      fc.record({ do: fc.constant('settle' as const) }),
    );
    await fc.assert(
      fc.asyncProperty(fc.array(step, { maxLength: 30 }), async (steps) => {
        const busy = await busyKv();
        const plain = newKv();
        let call = { during: busy.during, settle: busy.settle };
        for (const one of steps) {
          if (one.do === 'settle') {
            await call.settle();
            call = await busy.begin();
          } else if (one.do === 'set') {
            const facts = { limits: { storageBytes: one.quota } };
            const value = new Uint8Array(one.size);
            const answer = await busy.set(one.key, value, { ...call.during, ...facts });
            assert.equal(answer, await plain.set(one.key, value, facts));
          } else {
            assert.deepEqual(await busy[one.do](one.key, call.during), await plain[one.do](one.key));
          }
        }
        await call.settle();
        const [ours, theirs] = [busy.open(), plain.open()];
        assert.deepEqual(await ours.entries(), await theirs.entries());
        assert.deepEqual(await ours.usage(), await theirs.usage());
        for (const store of [ours, theirs]) store.close();
      }),
      { numRuns: 8 },
    );
  });

  it('answers in the order of the questions, though none is waited for', async () => {
    const busy = await busyKv();
    for (const stage of [busy, newKv()]) {
      const answers = [
        stage.set('a', 'one', busy.during),
        stage.get('a', busy.during),
        stage.remove('a', busy.during),
        stage.get('a', busy.during),
      ];
      assert.deepEqual(await Promise.all(answers), [0n, 'one', 1n, null]);
    }
    await busy.settle();
  });

  it('keeps copies: neither the given nor the answered bytes reach what is kept', async () => {
    const { capability, get, set, during, settle, open } = await busyKv();
    const given = bytes('xxabxx').subarray(2, 4);
    const done = set('a', given, during);
    given.fill(0);
    await done;
    const fn = capability.functions.get('kv_get');
    const context = { plugin: { installation: 'tester', temporary: false }, signal: during.signal };
    const answered = (await fn?.call(['a'] as never, context as never)) as Uint8Array<ArrayBuffer>;
    assert.equal(text(answered), 'ab');
    answered.fill(0);
    structuredClone(null, { transfer: [answered.buffer] });
    assert.equal(await get('a', during), 'ab');
    await settle();
    assert.equal((await open().get('a'))?.buffer.byteLength, 2);
  });

  describe('the lock', () => {
    it('is taken by a call that asks for much, and given back when that settles', async () => {
      const { storage, get, settle, begin } = await busyKv();
      assert.isTrue(await isHeld(storage));
      await settle();
      assert.isFalse(await isHeld(storage));
      const few = newCall();
      for (let i = 1; i < WARM; i++) await get('a', { signal: few.signal });
      assert.isFalse(await isHeld(storage), 'for a few accesses it is not worth it');
      await few.settle();
      await (await begin()).settle();
    });

    for (const [what, fail] of [
      ['somebody else holds it', (storage: string) => holdingLock(storage)],
      [
        'the page may have none',
        async () => {
          const { request } = LockManager.prototype;
          LockManager.prototype.request = () => Promise.reject(new DOMException('denied', 'SecurityError'));
          return () => Object.assign(LockManager.prototype, { request });
        },
      ],
      [
        'the engine has none, as on a page without TLS',
        async () => {
          const locks = Object.getOwnPropertyDescriptor(Navigator.prototype, 'locks');
          Object.defineProperty(Navigator.prototype, 'locks', { value: undefined, configurable: true });
          return () => Object.defineProperty(Navigator.prototype, 'locks', locks as PropertyDescriptor);
        },
      ],
    ] as const) {
      it(`is not waited for where ${what}: each write is stored at once`, async () => {
        const stage = newKv();
        const release = await fail(stage.storage);
        try {
          const { signal, settle } = newCall();
          for (let i = 0; i < 3 * WARM; i++) {
            assert.equal(await stage.set(`k${i}`, 'x', { signal }), 0n);
            assert.lengthOf(await stage.open().keys(), i + 1);
          }
          await settle();
        } finally {
          release();
        }
      });
    }

    it('may be stolen: what was accepted is stored, and transactions answer', async () => {
      const { storage, set, open, during, settle } = await busyKv();
      await set('a', 'x', during);
      await navigator.locks.request(lockOf(storage), { steal: true }, async () => undefined);
      await set('b', 'x', during);
      await eventually(async () => (await open().keys()).length === 2, 'both to be stored');
      await settle();
    });

    it('is not needed for what is only open, and nobody else finds that', async () => {
      const { storage, get, set, during, settle, begin } = await busyKv(undefined, { temporary: true });
      assert.isFalse(await isHeld(storage));
      await set('a', 'x', during);
      await settle();
      assert.equal(await get('a', (await begin()).during), 'x');
    });
  });

  describe('beside another tab', () => {
    it('loses nothing of what either of them writes', async () => {
      const here = await busyKv();
      const there = newKv(here.storage);
      for (let i = 0; i < 40; i++) {
        await here.set(`here ${i}`, 'x', here.during);
        if (i % 10 === 0) assert.equal(await there.set(`there ${i}`, 'xy'), 0n);
      }
      await here.settle();
      const store = here.open();
      assert.lengthOf(await store.keys('here'), 40);
      assert.lengthOf(await store.keys('there'), 4);
      assert.equal(
        (await store.usage()).bytes,
        (await store.entries()).reduce((sum, entry) => sum + entry.bytes, 0),
      );
    });

    it('sees in the next call what that wrote, and in the same one after a while', async () => {
      const here = await busyKv();
      const there = newKv(here.storage);
      await there.set('a', 'one');
      await here.settle();
      const { during, settle } = await here.begin();
      assert.equal(await here.get('a', during), 'one');
      await there.set('a', 'two');
      {
        // Since the database was looked at.
        using _ = later(3_600_000);
        assert.equal(await here.get('a', during), 'two');
      }
      await settle();
    });

    it('S2: accepts what then has no room only to let the call fail, and keeps nothing of that group', async () => {
      const limits = { storageBytes: 100 };
      const here = await busyKv(undefined, { limits });
      const there = newKv(here.storage);
      await there.get('a');
      const accepted = await inOneMoment(() => here.set('here', new Uint8Array(56), here.during));
      const stored = await there.set('there', new Uint8Array(55), { limits });
      assert.deepEqual([accepted, stored], [0n, 0n]);
      await rejectsCode(
        'STORAGE_FAILED',
        here.settle(),
        /1 accepted write was not stored: .*other tabs have taken the room/,
      );
      assert.deepEqual(await here.open().keys(), ['there']);
      assert.equal(await here.set('here', new Uint8Array(56), { limits }), 1n);
      assert.isNull(await here.get('here'));
    });

    it('keeps the total true beside a version of Cloche that gives it no stamp', async () => {
      const here = await busyKv();
      await here.set('a', 'x', here.during);
      await here.settle();
      const { during, settle } = await here.begin();
      await inOneMoment(() => here.set('b', 'x', during));
      const db = await new Promise<IDBDatabase>((resolve) => {
        const request = indexedDB.open(kvDatabaseName(here.storage, 'tester'));
        request.onsuccess = () => resolve(request.result);
      });
      const transaction = db.transaction('kv', 'readwrite');
      transaction.objectStore('kv').put(bytes('12345'), 'a');
      transaction.objectStore('kv').put({ bytes: 6, keys: 1 }, ['total']);
      await new Promise((done) => {
        transaction.oncomplete = done;
      });
      db.close();
      await here.set('c', 'x', during);
      await settle();
      assert.deepEqual(await here.open().usage(), { bytes: 10, keys: 3 });
    });

    it('loses no update: a hundred increments of two are a hundred', async () => {
      const here = await busyKv();
      const there = await busyKv(here.storage);
      const increment = async (tab: typeof here): Promise<void> => {
        for (let known = (await tab.get('n', tab.during)) as string | null; ; ) {
          const [outcome, current] = await tab.update('n', known, String(Number(known ?? 0) + 1), tab.during);
          await tab.set('noise', 'x', tab.during);
          if (outcome === 0) return;
          known = current as string | null;
        }
      };
      await Promise.all(
        [here, there].map(async (tab) => {
          for (let i = 0; i < 50; i++) await increment(tab);
          await tab.settle();
        }),
      );
      assert.equal(await here.get('n'), '100');
    });
  });

  it('updates what was accepted a moment ago, at once', async () => {
    const { set, update, open, during, settle } = await busyKv();
    await set('a', 'one', during);
    assert.deepEqual(await update('a', 'zero', 'two', during), [2, 'one']);
    assert.deepEqual(await update('a', 'one', 'two', during), [0, null]);
    assert.equal(text(await open().get('a')), 'two');
    await settle();
  });

  describe('S7: a database that fails in the middle of a group', () => {
    for (const name of ['QuotaExceededError', 'UnknownError']) {
      it(`S7: lets the call fail with STORAGE_FAILED after ${name}, and memory keeps nothing of it`, async () => {
        const { get, set, remove, list, open, storage, during, settle } = await busyKv();
        await set('a', 'old');
        await set('b', 'old');
        await get('warm', during);
        await refusing(kvDatabaseName(storage, 'tester'), name, async () => {
          for (let i = 0; i < WARM; i++) await get('warm', during);
          await inOneMoment(async () => {
            assert.equal(await set('a', 'new', during), 0n);
            assert.equal(await remove('b', during), 1n);
            assert.equal(await set('c', 'new', during), 0n);
          });
          await rejectsCode('STORAGE_FAILED', settle(), /3 accepted writes were not stored/);
        });
        assert.deepEqual([await get('a'), await get('b'), await get('c')], ['old', 'old', null]);
        assert.deepEqual(await list(''), ['a', 'b']);
        assert.deepEqual(await open().usage(), { bytes: 8, keys: 2 });
        assert.isFalse(await isHeld(storage), 'the lock was given back');
      });
    }

    it('S7: tells the next access of the same call, and its end', async () => {
      const { get, set, storage, begin } = await busyKv();
      await set('other', 'x');
      const { during, settle } = await begin();
      await refusing(kvDatabaseName(storage, 'tester'), 'UnknownError', async () => {
        await set('a', 'new', during);
        await eventually(
          () =>
            get('a', during).then(
              () => false,
              () => true,
            ),
          'an access to be refused',
        );
      });
      assert.isNull(await get('a', during), 'what the database has');
      await rejectsCode('STORAGE_FAILED', settle());
    });

    it('S7: stores the group on a fresh connection where the old one was closed under it', async () => {
      const { set, open, storage, during, settle } = await busyKv();
      await set('a', 'x', during);
      const { transaction } = IDBDatabase.prototype;
      let failures = 1;
      IDBDatabase.prototype.transaction = function (...args) {
        if (this.name.startsWith(storage) && failures-- > 0) throw new DOMException('closing', 'InvalidStateError');
        return transaction.apply(this, args);
      };
      try {
        await settle();
      } finally {
        IDBDatabase.prototype.transaction = transaction;
      }
      assert.isBelow(failures, 1);
      assert.deepEqual(await open().keys(), ['a']);
    });

    it('S7: gives up behind a tab that blocks the database, and stores nothing later', async () => {
      const { storage } = newKv();
      const name = kvDatabaseName(storage, 'tester');
      made.add(name);
      const store = makeCallStore('tester', { storage, waitMs: 200 }, lockOf(storage));
      const { signal, settle } = newCall();
      for (let i = 0; i < WARM; i++) await store.use(signal, (kv) => kv.get('warm'));
      const holder = await new Promise<IDBDatabase>((resolve) => {
        const request = indexedDB.open(name);
        request.onsuccess = () => resolve(request.result);
      });
      assert.isTrue(await inOneMoment(() => store.use(signal, (kv) => kv.set('a', bytes('x'), 100))));
      const asked = new Promise((done) => {
        holder.onversionchange = done;
      });
      // The holder does not let go, so everything queues behind this deletion.
      const deleted = new Promise((done) => {
        indexedDB.deleteDatabase(name).onsuccess = done;
      });
      await asked;
      await rejectsCode('STORAGE_FAILED', settle(), /no answer in 200 ms/);
      holder.close();
      await deleted;
      assert.deepEqual(await store.forHost((kv) => kv.keys()), []);
    });

    it('S7: brings nothing back that another tab has deleted meanwhile', async () => {
      const here = await busyKv();
      await here.set('a', 'x', here.during);
      await here.settle();
      const { during, settle } = await here.begin();
      const there = newKv(here.storage);
      await inOneMoment(() => here.set('b', 'x', during));
      await there.capability.wipe?.('tester');
      await rejectsCode('STORAGE_FAILED', settle(), /all data of the plugin was deleted meanwhile/);
      assert.deepEqual(await here.open().keys(), []);
    });

    it('S7: leaves the groups of other plugins alone', async () => {
      const { get, set, open, storage, begin } = await busyKv();
      const [one, other] = [await begin(), newCall()];
      const beside = { plugin: 'beside', signal: other.signal };
      for (let i = 0; i < WARM; i++) await get('warm', beside);
      await refusing(kvDatabaseName(storage, 'tester'), 'UnknownError', async () => {
        await inOneMoment(() => Promise.all([set('a', 'x', one.during), set('a', 'x', beside)]));
        await Promise.all([rejectsCode('STORAGE_FAILED', one.settle()), other.settle()]);
      });
      assert.deepEqual([await open().keys(), await open('beside').keys()], [[], ['a']]);
    });
  });

  it('is wiped with what was accepted, and the call of it settles', async () => {
    const { capability, get, set, storage, during, settle } = await busyKv();
    await inOneMoment(() => set('a', 'x', during));
    await capability.wipe?.('tester');
    await settle();
    assert.isNull(await get('a'));
    assert.isFalse(await isHeld(storage));
  });

  it('counts for the host what was accepted', async () => {
    const { capability, set, during, settle } = await busyKv();
    await inOneMoment(() => set('a', '12345', during));
    assert.equal(await capability.usage?.('tester'), 6);
    await settle();
  });

  it('accepts nothing once the call has ended, and begins nothing that nobody waits for', async () => {
    const { set, list, storage, during, settle } = await busyKv();
    await settle();
    await rejectsCode('ABORTED', set('a', 'x', during));
    const late = new ClocheError('HOST_TIMEOUT', 'too late');
    await rejectsCode('HOST_TIMEOUT', set('a', 'x', { signal: AbortSignal.abort(late) }));
    assert.deepEqual(await list(''), []);
    assert.isFalse(await isHeld(storage));
  });

  it('S2: stores what was accepted before its quota was lowered', async () => {
    const { set, open, during, settle } = await busyKv();
    await inOneMoment(async () => {
      assert.equal(await set('a', new Uint8Array(20), { ...during, limits: { storageBytes: 50 } }), 0n);
      assert.equal(await set('a', new Uint8Array(19), { ...during, limits: { storageBytes: 10 } }), 0n);
    });
    await settle();
    assert.deepEqual(await open().usage(), { bytes: 20, keys: 1 });
  });

  it('reads no more than a call has asked for: what is large stays in the database', async () => {
    const { get, set, storage } = newKv();
    await set('large', new Uint8Array(1 << 20));
    const { signal, settle } = newCall();
    for (let i = 0; i < WARM; i++) await get('a', { signal });
    assert.isFalse(await isHeld(storage));
    for (let i = 0; i < 40; i++) await get('a', { signal });
    assert.isTrue(await isHeld(storage));
    await settle();
  });
});
