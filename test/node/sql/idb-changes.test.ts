// Changes of a database that two pages have open at once, as where the browser has no locks: whoever is late writes over nothing.

import '../with-resolvers.ts';
import assert from 'node:assert/strict';
import { afterEach, before, describe, it } from 'node:test';
import type { ChangeStore } from '../../../src/sql/pglite/change-store.ts';
import { idbChanges } from '../../../src/sql/pglite/idb-changes.ts';

const SIGNAL = new AbortController().signal;
const opened: ChangeStore[] = [];
const record = (byte: number): Uint8Array => new Uint8Array(10).fill(byte);

/** Two pages that have opened the same database as it was after one record. */
async function twoPages(installation: string) {
  const stores = idbChanges('sql-test');
  const open = async () => {
    const store = await stores.open(installation, 'hasura', SIGNAL);
    opened.push(store);
    const records = await store.read();
    return { store, bytes: records.map(([first]) => first) };
  };
  const first = await open();
  await first.store.append([record(1)]);
  return { stores, first: first.store, second: (await open()).store, found: async () => (await open()).bytes };
}

describe('changes of a database in IndexedDB without locks', () => {
  before(() => {
    Object.defineProperty(globalThis, 'navigator', { value: {}, configurable: true });
  });
  afterEach(() => Promise.all(opened.splice(0).map((store) => store.close())));

  it('are refused of who has not seen the last ones, and nothing is written over', async () => {
    const { first, second, found } = await twoPages('both-write');
    await first.append([record(2)]);
    await assert.rejects(second.append([record(3)]), { code: 'STORAGE_FAILED', message: /another tab has written/ });
    await assert.rejects(second.replace([record(4)]), { code: 'STORAGE_FAILED' });
    assert.deepEqual(await found(), [1, 2]);
    await first.append([record(5)]);
    assert.deepEqual(await found(), [1, 2, 5]);
  });

  it('are refused also where they have as many records and bytes as those that were seen', async () => {
    const { first, second, found } = await twoPages('same-size');
    await first.replace([record(2)]);
    await assert.rejects(second.append([record(3)]), { code: 'STORAGE_FAILED' });
    assert.deepEqual(await found(), [2]);
  });

  it('are refused of who comes after all was deleted', async () => {
    const { stores, second, found } = await twoPages('deleted');
    await stores.wipe('deleted');
    await assert.rejects(second.append([record(3)]), { code: 'STORAGE_FAILED' });
    assert.deepEqual(await found(), []);
  });

  it('are refused of the second that begins, and are taken of who has read them again', async () => {
    const { second, first } = await twoPages('again');
    await second.append([record(2)]);
    await assert.rejects(first.append([record(3)]), { code: 'STORAGE_FAILED' });
    assert.equal((await first.read()).length, 2);
    await first.append([record(3)]);
    assert.equal((await second.read()).length, 3);
  });
});
