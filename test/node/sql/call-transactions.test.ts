// The transactions of one call, and the right to use databases that it holds meanwhile.

import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { CallEnd } from '../../../src/runtime/calls/call-end.ts';
import { CallTransactions } from '../../../src/sql/call-transactions.ts';
import type { SqlDriver, SqlTransaction } from '../../../src/sql/sql-driver.ts';
import { dispose } from '../../../src/util/dispose.ts';

const DATABASE = { installation: 'i', plugin: { id: 'p', version: '1' }, name: 'hasura', temporary: false };
const never = (): never => assert.fail('not asked for');

/** A call on a driver whose right is granted when the test says so. */
function call() {
  let resolve: (claim: Disposable) => void = () => undefined;
  const granted = new Promise<Disposable>((done) => {
    resolve = done;
  });
  const held = { claims: 0, open: 0 };
  const transaction: SqlTransaction = {
    isOpen: true,
    execute: never,
    commit: never,
    rollback: async () => void held.open--,
  };
  const driver = {
    claim: () => granted,
    begin: async () => {
      held.open++;
      return transaction;
    },
  } as unknown as SqlDriver;
  const end = new CallEnd();
  const { signal } = new AbortController();
  end.governs(signal);
  const transactions = CallTransactions.of(signal, () => ({ driver, databases: 2, note: () => undefined }));
  assert.ok(transactions);
  const grant = (): void => {
    held.claims++;
    resolve({ [dispose]: () => void held.claims-- } as Disposable);
  };
  return { held, grant, end, begin: () => transactions.begin(DATABASE, { signal, mostBytes: 1 }) };
}

describe('the transactions of a call', () => {
  it('end with it, and give back what it held', async () => {
    const { held, grant, end, begin } = call();
    grant();
    await begin();
    assert.deepEqual(held, { claims: 1, open: 1 });
    await end.run();
    assert.deepEqual(held, { claims: 0, open: 0 });
  });

  it('take the place of one that is open, which is rolled back', async () => {
    const { held, grant, end, begin } = call();
    grant();
    await begin();
    await begin();
    assert.deepEqual(held, { claims: 1, open: 1 });
    await end.run();
    assert.deepEqual(held, { claims: 0, open: 0 });
  });

  it('give back a right that is granted when the call has ended, and begin nothing', async () => {
    const { held, grant, end, begin } = call();
    const begun = assert.rejects(begin(), { code: 'ABORTED' });
    await end.run();
    grant();
    await begun;
    assert.deepEqual(held, { claims: 0, open: 0 });
  });
});
