// An open database, over a worker and a store that note what they are told.

import '../with-resolvers.ts';
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { ChangeStore } from '../../../src/sql/pglite/change-store.ts';
import type { Instance } from '../../../src/sql/pglite/instance.ts';
import { LiveDatabase } from '../../../src/sql/pglite/live-database.ts';
import type { SqlRules } from '../../../src/sql/sql-driver.ts';

/** @param ran is called when a statement runs, which ends the worker where its signal is aborted by then */
function opened(ran: (sql: string) => void) {
  const done: string[] = [];
  let isAlive = true;
  const instance = {
    get isAlive() {
      return isAlive;
    },
    async run(sql: string, _: unknown, { signal }: SqlRules) {
      signal.throwIfAborted();
      done.push(sql);
      ran(sql);
      isAlive &&= !signal.aborted;
      if (!isAlive) throw new Error('it has ended');
      return { result: { columns: [], rows: [], tag: sql.toUpperCase(), state: 'T' } };
    },
    async take() {
      if (!isAlive) throw new Error('it has ended');
      done.push('take');
      return new Uint8Array(1);
    },
  } as unknown as Instance;
  const store = { count: 1, bytes: 1, append: async () => void done.push('store') } as unknown as ChangeStore;
  const keeping = { durable: false, quotaBytes: 1 << 20, note: () => undefined };
  return { live: new LiveDatabase(instance, store, new Uint8Array(1), keeping), done };
}

describe('an open database', () => {
  it('has stored what was committed before it begins what a person may give up, which ends its worker', async () => {
    const person = new AbortController();
    const { live, done } = opened((sql) => {
      if (sql === 'begin') person.abort();
    });
    await assert.rejects(live.begin({ signal: person.signal, mostBytes: 1, settled: true }), /it has ended/);
    assert.deepEqual(done, ['take', 'store', 'begin']);
  });
});
