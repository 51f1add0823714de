import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, describe, it } from 'node:test';
import { createClient } from '@libsql/client';
import type { Database, OpenDatabase, Statement } from '../../../demo/relay/database.ts';
import { openFile } from '../../../demo/relay/node/file-database.ts';
import { groupCommits } from '../../../demo/relay/node/group-commit.ts';

describe('writes at one moment', () => {
  const folder = mkdtempSync(join(tmpdir(), 'relay-group-'));
  const client = createClient({ url: `file:${join(folder, 'group.db')}`, concurrency: 1 });
  after(() => {
    client.close();
    rmSync(folder, { recursive: true });
  });

  /** A database of real rows that counts its transactions. */
  async function open(): Promise<{ database: Database; transactions: () => number; values: () => Promise<unknown[]> }> {
    await client.executeMultiple('DROP TABLE IF EXISTS t; CREATE TABLE t (value INTEGER PRIMARY KEY, of TEXT)');
    let transactions = 0;
    const counting: OpenDatabase = {
      batch(statements, mode) {
        transactions += 1;
        return client.batch(statements, mode);
      },
      close: () => undefined,
    };
    return {
      database: groupCommits(counting),
      transactions: () => transactions,
      values: async () => (await client.execute('SELECT value FROM t ORDER BY value')).rows.map(({ value }) => value),
    };
  }

  const insert = (value: number): Statement => ({
    sql: 'INSERT INTO t (value, of) VALUES (:value, :of) RETURNING value',
    args: { value, of: `row ${value}` },
  });

  it('share a transaction, and each gets its own rows', async () => {
    const { database, transactions, values } = await open();
    const all = await Promise.all([1, 2, 3].map((n) => database.batch([insert(n), insert(n * 10)], 'write')));
    assert.deepEqual(
      all.map((results) => results.map(({ rows }) => rows[0]?.value)),
      [
        [1, 10],
        [2, 20],
        [3, 30],
      ],
    );
    assert.equal(transactions(), 1);
    assert.deepEqual(await values(), [1, 2, 3, 10, 20, 30]);
  });

  it('fail alone: the others of the group are written, and nothing of the one that failed', async () => {
    const { database, values } = await open();
    await database.batch([insert(1)], 'write');
    const all = await Promise.allSettled([
      database.batch([insert(2)], 'write'),
      database.batch([insert(3), insert(1)], 'write'),
      database.batch([insert(4)], 'write'),
    ]);
    assert.deepEqual(
      all.map(({ status }) => status),
      ['fulfilled', 'rejected', 'fulfilled'],
    );
    assert.deepEqual(await values(), [1, 2, 4]);
  });

  it('keep their order, and make groups of bounded size', async () => {
    const { database, transactions, values } = await open();
    const numbers = Array.from({ length: 1_000 }, (_, i) => i);
    await Promise.all(numbers.map((n) => database.batch([insert(n)], 'write')));
    assert.deepEqual(await values(), numbers);
    assert.equal(transactions(), 3);
  });

  it('write one that is larger than a group', async () => {
    const { database, values } = await open();
    const numbers = Array.from({ length: 500 }, (_, i) => i);
    await database.batch(numbers.map(insert), 'write');
    assert.deepEqual(await values(), numbers);
  });

  it('wait for another process that holds the lock, and work on after it', async () => {
    const { values } = await open();
    const database = groupCommits(await openFile(`file:${join(folder, 'group.db')}`));
    const holder = await client.transaction('write');
    const waiting = Promise.all([1, 2, 3].map((n) => database.batch([insert(n)], 'write')));
    await new Promise((resolve) => setTimeout(resolve, 500));
    await holder.rollback();
    await waiting;
    await database.batch([insert(4)], 'write');
    assert.deepEqual(await values(), [1, 2, 3, 4]);
    database.close();
  });

  it('all fail when the lock stays, and work again when it goes', async () => {
    const { values } = await open();
    const database = groupCommits(await openFile(`file:${join(folder, 'group.db')}`));
    const holder = await client.transaction('write');
    const all = await Promise.allSettled([1, 2, 3].map((n) => database.batch([insert(n)], 'write')));
    assert.ok(all.every((one) => one.status === 'rejected' && one.reason.code === 'SQLITE_BUSY'));
    await holder.rollback();
    await database.batch([insert(4)], 'write');
    assert.deepEqual(await values(), [4]);
    database.close();
  });
});
