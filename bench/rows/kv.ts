// 1,000 writes and 1,000 reads of the key-value store in one call, against one batch of idb-keyval.

import { createStore, getMany, setMany, type UseStore } from 'idb-keyval';
import data from '../guests/kv.wat';
import { openHost, type Setting } from '../library.ts';
import { expectEqual, timed, wordOf } from '../measure.ts';
import { ofBoth, type Row, type Side } from '../row.ts';
import { asNumber, openGuest, quickJS } from '../sides/quickjs.ts';
import { openSdk, readAt } from '../sides/sdk.ts';

const COUNT = 1_000;
const BYTES = 100;

const value = new Uint8Array(BYTES);
const keys = Array.from({ length: COUNT }, (_, i) => `k${String(i).padStart(3, '0')}`);

/** Exports of `guests/kv.wat`, and what each of them counts: `tells` and `asks` call functions that do nothing. */
const SUMS = { sets: 0, tells: 0, gets: COUNT * BYTES, asks: COUNT * BYTES };
type Export = keyof typeof SUMS;

/** Writes what `gets` reads. */
const BEFORE = { gets: 'sets' } as const;

export const kvWrites = row('kv-writes', '1,000 kv writes in one call', 'sets', 2);
export const kvWritesEmpty = emptyRow('kv-writes-empty', 'the same, with functions that do nothing', 'tells');
export const kvReads = row('kv-reads', '1,000 kv reads in one call', 'gets', 1);
export const kvReadsEmpty = emptyRow('kv-reads-empty', 'the same, with functions that do nothing', 'asks');

function row(id: string, name: string, called: 'sets' | 'gets', bound: number): Row {
  return {
    ...emptyRow(id, name, called),
    floor: `one ${called === 'sets' ? 'setMany' : 'getMany'} of idb-keyval`,
    against: 'floor',
    goals: ofBoth({ against: 'floor', bound }),
    beside: {
      // 1,000 answers in one call take it some 40 s, so it is beside the writes alone.
      ...(called === 'sets' && { sdk }),
      quickjs: () => quickjs(called),
      async floor() {
        const store = await filledStore('bench-kv-floor');
        return { sample: () => timed(() => (called === 'sets' ? writeAll(store) : readAll(store))), close: done };
      },
    },
  };
}

/** What the calls alone cost. */
function emptyRow(id: string, name: string, called: Export): Row {
  return { id, name, unit: 'ms', rounds: { runs: 20, warmUps: 3 }, cloche: (setting) => cloche(setting, called) };
}

async function cloche(setting: Setting, called: Export): Promise<Side> {
  const { defineCapability, kv } = setting.library;
  const nothing = defineCapability({
    name: 'nothing',
    functions: {
      no_get: { params: ['text'], result: 'bytes', call: () => value.slice() },
      no_set: { params: ['text', 'bytes'], result: 'i64', call: () => 0n },
    },
  });
  const host = await openHost(setting, {
    capabilities: [kv({ storage: setting.storage }), nothing],
    limits: { timeoutMs: 60_000 },
  });
  // Only what is installed is kept in IndexedDB.
  const plugin = await host.install(data, { id: 'kv', replace: 'wipe', grant: 'all' });
  return side(
    called,
    async (name) => wordOf((await plugin.call(name)).bytes()),
    async () => {
      await plugin.uninstall({ wipe: true });
      await host.close();
    },
  );
}

/**
 * The host functions that an app would write for speed: all values in memory, and those of a call stored in one batch
 * before the call is done.
 */
class Memory {
  readonly values = new Map<string, Uint8Array>();
  readonly #store: UseStore;
  #changed: string[] = [];

  constructor(store: UseStore) {
    this.#store = store;
  }

  set(key: string, stored: Uint8Array): void {
    this.values.set(key, stored);
    this.#changed.push(key);
  }

  get(key: string): Uint8Array {
    return this.values.get(key) ?? new Uint8Array();
  }

  async flush(): Promise<void> {
    const entries = this.#changed.map((key): [string, Uint8Array] => [key, this.get(key)]);
    this.#changed = [];
    if (entries.length > 0) await setMany(entries, this.#store);
  }
}

async function sdk(): Promise<Side> {
  const memory = new Memory(createStore('bench-kv-sdk', 'kv'));
  const text = new TextDecoder();
  const plugin = await openSdk(data, {
    kv_get: () => 0n,
    kv_set: (context, key = 0n, at = 0n) => {
      memory.set(text.decode(readAt(context, key)), readAt(context, at));
      return 0n;
    },
    no_get: () => 0n,
    no_set: () => 0n,
  });
  const call = async (name: Export): Promise<bigint> => {
    const output = await plugin.call(name);
    await memory.flush();
    return wordOf(output?.bytes());
  };
  return side('sets', call, () => plugin.close());
}

const GUEST = `
const value = new ArrayBuffer(${BYTES});
const key = (i) => 'k' + String(i).padStart(3, '0');
function sets() {
  let sum = 0;
  for (let i = 0; i < ${COUNT}; i++) sum += kv_set(key(i), value);
  return sum;
}
function gets() {
  let sum = 0;
  for (let i = 0; i < ${COUNT}; i++) sum += kv_get(key(i)).byteLength;
  return sum;
}`;

async function quickjs(called: Export): Promise<Side> {
  const memory = new Memory(createStore('bench-kv-quickjs', 'kv'));
  const { call, close } = openGuest(await quickJS(), GUEST, {
    kv_get: (vm, key = vm.undefined) => vm.newArrayBuffer(memory.get(vm.getString(key)).slice().buffer),
    kv_set: (vm, key = vm.undefined, given = vm.undefined) => {
      const lent = vm.getArrayBuffer(given);
      memory.set(
        vm.getString(key),
        lent.consume((bytes) => bytes.value.slice()),
      );
      return vm.newNumber(0);
    },
  });
  const run = async (name: Export): Promise<bigint> => {
    const sum = call(name, asNumber);
    await memory.flush();
    return BigInt(sum);
  };
  return side(called, run, close);
}

async function side(called: Export, call: (name: Export) => Promise<bigint>, close: Side['close']): Promise<Side> {
  const expect = async (name: Export): Promise<void> =>
    expectEqual(await call(name), BigInt(SUMS[name]), `what \`${name}\` counts`);
  if (called in BEFORE) await expect(BEFORE[called as keyof typeof BEFORE]);
  return { sample: () => timed(() => expect(called)), close };
}

async function filledStore(name: string): Promise<UseStore> {
  const store = createStore(name, 'kv');
  await writeAll(store);
  return store;
}

function writeAll(store: UseStore): Promise<void> {
  return setMany(
    keys.map((key) => [key, value]),
    store,
  );
}

async function readAll(store: UseStore): Promise<void> {
  expectEqual((await getMany(keys, store)).length, COUNT, 'what the batch reads');
}

function done(): void {
  // The database stays, as an app's would.
}
