// What an installation has learned of a plugin's modules is kept beside them, and only ever assumed.

import { assert } from 'chai';
import { isSame } from '../../../src/util/same-data.ts';
import { guest } from '../../helpers/guests.ts';
import { closeHosts, eventually, existing, makeHost, uniqueStorage } from '../../helpers/hosts.ts';
import { requested, tamper } from '../../registry/records.ts';

afterEach(closeHosts);

/** The imports of each module that are stored, as the database has them. */
async function storedFacts(storage: string): Promise<unknown[]> {
  const db = await requested(() => indexedDB.open(`${storage}-plugins`));
  try {
    const range = IDBKeyRange.bound(['facts'], ['facts', []]);
    return await requested(() => db.transaction('plugins').objectStore('plugins').getAll(range));
  } finally {
    db.close();
  }
}

async function installed(storage: string, body = ''): Promise<void> {
  const host = await makeHost({ storage });
  await host.install({ wasm: await guest(body), manifest: {} }, { id: 'p', replace: 'wipe' });
  await host.close();
}

/** What a new page makes of it. */
async function calledAnew(storage: string): Promise<void> {
  const host = await makeHost({ storage });
  const plugin = existing(host.get('p'));
  assert.equal((await plugin.call('echo', 'a')).text(), 'a');
  assert.include(
    (await plugin.exports()).map(({ name }) => name),
    'echo',
  );
  assert.deepEqual(host.logs(), []);
}

describe('what is known of an installed plugin', () => {
  let storage: string;
  let first: unknown[];
  beforeEach(async () => {
    storage = uniqueStorage();
    await installed(storage);
    first = await storedFacts(storage);
  });

  it('is stored with it, and goes with it', async () => {
    assert.lengthOf(first, 1);
    const host = await makeHost({ storage });
    await existing(host.get('p')).uninstall();
    assert.deepEqual(await storedFacts(storage), []);
  });

  it('is learned again by a page that finds nothing, as after an earlier version', async () => {
    await tamper(storage, (objects) => void objects.delete(IDBKeyRange.bound(['facts'], ['facts', []])));
    await calledAnew(storage);
    await eventually(async () => (await storedFacts(storage)).length === 1, 'it to be stored');
    assert.deepEqual(await storedFacts(storage), first);
  });

  for (const [what, facts] of [
    ['other imports and exports', { imports: [], exports: [] }],
    ['what is none at all', 'facts'],
  ] as const) {
    it(`X6: is told by a worker where the database has ${what}`, async () => {
      await tamper(storage, (objects) => {
        objects.openCursor(IDBKeyRange.bound(['facts'], ['facts', []])).onsuccess = ({ target }) =>
          (target as IDBRequest<IDBCursorWithValue>).result.update(facts);
      });
      assert.deepEqual(await storedFacts(storage), [facts]);
      await calledAnew(storage);
      await eventually(async () => isSame(await storedFacts(storage), first), 'it to be mended');
    });
  }

  it('X6: runs nothing of a guest under facts that are not its own', async () => {
    await installed(storage, '(func (export "_initialize") (call $log_info (call $alloc (i64.const 3))))');
    await tamper(storage, (objects) => {
      objects.openCursor(IDBKeyRange.bound(['facts'], ['facts', []])).onsuccess = ({ target }) =>
        (target as IDBRequest<IDBCursorWithValue>).result.update({
          imports: [],
          exports: [{ name: 'echo', kind: 'function', type: '() -> i32', callable: true }],
        });
    });
    const host = await makeHost({ storage });
    assert.equal((await existing(host.get('p')).call('echo', 'a')).text(), 'a');
    assert.lengthOf(host.logs('p'), 1);
  });
});
