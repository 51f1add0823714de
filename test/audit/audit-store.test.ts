// The audit in its database: bounded, counted, and written by several tabs at once.

import { assert } from 'chai';
import type { AuditEntry, NewEntry } from '../../src/audit/audit-entry.ts';
import { AuditStore } from '../../src/audit/audit-store.ts';
import { readLog } from '../../src/audit/read-log.ts';
import { indexedDatabase } from '../../src/database/indexed-db.ts';
import { uniqueStorage } from '../helpers/hosts.ts';

const BOUNDS = { mostEntries: 10, mostBytes: 1 << 20 };
const CALL: NewEntry = {
  kind: 'call',
  time: 1,
  until: 1,
  plugin: 'p',
  capability: 'kv',
  name: 'kv_get',
  outcome: 'ok',
  count: 1,
  durationMs: 1,
  longestMs: 1,
  requestBytes: 1,
  answerBytes: 1,
};
const stores: AuditStore[] = [];

function open(storage: string, bounds = BOUNDS): AuditStore {
  const store = new AuditStore(storage, bounds);
  stores.push(store);
  return store;
}

afterEach(() => {
  for (const store of stores.splice(0)) store.close();
});

const act = (time: number, who = 'ann'): NewEntry => ({ kind: 'act', time, act: 'enable', who, outcome: 'ok' });
const acts = (from: number, count: number) => Array.from({ length: count }, (_, i) => act(from + i));

async function read(store: AuditStore, filter?: object): Promise<AuditEntry[]> {
  const entries: AuditEntry[] = [];
  for await (const entry of readLog(store, filter)) entries.push(entry);
  return entries;
}

const brief = (entry: AuditEntry): string =>
  entry.kind === 'dropped' ? `${entry.reason} ${entry.entries}` : `${entry.order} ${entry.time}`;

describe('the store of the audit', () => {
  it('keeps entries in the order in which they were written, whatever their clock says', async () => {
    const store = open(uniqueStorage());
    await store.append([act(5_000), act(4_000)]);
    await store.append([act(10)]);
    assert.deepEqual((await read(store)).map(brief), ['0 5000', '1 4000', '2 10']);
  });

  it('lets the oldest go over the bound of entries, and says how many', async () => {
    const storage = uniqueStorage();
    const store = open(storage);
    for (let i = 0; i < 7; i++) await store.append(acts(i * 2, 2));
    assert.deepEqual((await read(store)).map(brief)[0], 'bound 4');
    assert.lengthOf(await read(store), 11);
    // Counted on after a reload.
    await open(storage).append(acts(100, 2));
    assert.equal((await read(open(storage))).map(brief)[0], 'bound 6');
  });

  it('lets the oldest go over the bound of bytes', async () => {
    const store = open(uniqueStorage(), { mostEntries: 1_000, mostBytes: 1_000 });
    for (let i = 0; i < 8; i++) await store.append([act(i, 'x'.repeat(200))]);
    const entries = await read(store);
    assert.isBelow(JSON.stringify(entries).length, 1_400);
    assert.deepEqual(brief(entries[0] as AuditEntry), `bound ${8 - (entries.length - 1)}`);
    assert.equal(entries.at(-1)?.time, 7);
  });

  it('keeps the latest of more entries at once than its bounds hold', async () => {
    const few = open(uniqueStorage());
    await few.append(acts(0, 35));
    assert.deepEqual((await read(few)).map(brief).slice(0, 2), ['bound 25', '25 25']);
    assert.lengthOf(await read(few), 11);
    await few.append(acts(35, 1));
    assert.deepEqual((await read(few)).map(brief).slice(0, 2), ['bound 26', '26 26']);
    const small = open(uniqueStorage(), { mostEntries: 1_000, mostBytes: 1_000 });
    await small.append(acts(0, 100));
    const entries = await read(small);
    assert.isAbove(entries.length, 5);
    assert.equal(brief(entries[0] as AuditEntry), `bound ${100 - (entries.length - 1)}`);
    assert.equal(entries.at(-1)?.time, 99);
  });

  it('counts on what was lost before where what tells of it goes', async () => {
    const store = open(uniqueStorage());
    await store.append([{ kind: 'dropped', time: 1, reason: 'memory', entries: 500, calls: 900 }]);
    await store.append(acts(0, 10));
    assert.deepInclude((await read(store))[0], { reason: 'bound', entries: 500, calls: 900 });
  });

  it('counts the calls of folded entries that go', async () => {
    const store = open(uniqueStorage());
    await store.append([{ ...CALL, count: 250 }]);
    await store.append(acts(0, 10));
    assert.deepInclude((await read(store))[0], { kind: 'dropped', entries: 1, calls: 250 });
  });

  it('keeps what is beside calls of which a worker says that there were more than can be counted', async () => {
    const store = open(uniqueStorage(), { ...BOUNDS, mostEntries: 1_000 });
    const count = Number.MAX_SAFE_INTEGER;
    await store.append([act(1), { ...CALL, count }, { ...CALL, count, plugin: 'q' }, act(2)]);
    assert.deepEqual((await read(store)).map(brief), ['0 1', '1 1', '2 1', '3 2']);
  });

  it('gives each entry a place of its own where several tabs write at once', async () => {
    const storage = uniqueStorage();
    const bounds = { ...BOUNDS, mostEntries: 1_000 };
    const tabs = [open(storage, bounds), open(storage, bounds), open(storage, bounds)];
    await Promise.all(tabs.flatMap((tab, i) => [1, 2, 3, 4].map((n) => tab.append(acts(100 * i + 10 * n, 3)))));
    const orders = (await read(open(storage))).map(({ order }) => order);
    assert.deepEqual(
      orders,
      Array.from({ length: 36 }, (_, i) => i),
    );
  });

  it('gives the latest so many, of one plugin, and since a time', async () => {
    const store = open(uniqueStorage(), { ...BOUNDS, mostEntries: 1_000 });
    for (let i = 0; i < 60; i++) await store.append([{ ...act(i), plugin: i % 2 ? 'odd' : 'even' } as NewEntry]);
    assert.deepEqual((await read(store, { limit: 2 })).map(brief), ['58 58', '59 59']);
    assert.deepEqual((await read(store, { plugin: 'odd', limit: 2 })).map(brief), ['57 57', '59 59']);
    assert.deepEqual((await read(store, { since: 57 })).map(brief), ['57 57', '58 58', '59 59']);
    assert.lengthOf(await read(store, { limit: 55 }), 55);
  });

  it('X6: tells of what is no entry, and writes over nothing where its head is gone', async () => {
    const storage = uniqueStorage();
    const store = open(storage, { ...BOUNDS, mostEntries: 1_000 });
    await store.append(acts(0, 3));
    const database = indexedDatabase(`${storage}-audit`, 'audit');
    await database.transact('readwrite', async (objects) => {
      objects.put({ next: -1 }, ['head']);
      objects.put({ first: 'x' }, ['batch', '0000000000000001']);
      const lines = ['{', '{"kind":"act","time":"now"}', '{"kind":"call","time":1}'].join('\n');
      objects.put({ first: 3, entries: 3, calls: 0, bytes: 9, lines }, ['batch', '0000000000000003']);
    });
    database.close();
    await store.append([act(9)]);
    assert.deepEqual((await read(store)).map(brief), ['0 0', '1 1', '2 2', ...Array(4).fill('unreadable 1'), '6 9']);
  });
});
