// What a plugin keeps, out as a file and in again: all of it or nothing.

import { assert } from 'chai';
import { kvDatabaseName, openKv } from '../../../src/capabilities/kv/kv-store.ts';
import { indexedDatabase } from '../../../src/database/indexed-db.ts';
import { defaultCapabilities, type Host, type InstallOptions, type Plugin } from '../../../src/index.ts';
import { rejectsCode } from '../../helpers/expect-code.ts';
import { guest } from '../../helpers/guests.ts';
import { closeHosts, eventually, existing, makeHost, pause, uniqueStorage } from '../../helpers/hosts.ts';
import { keeper, keeps } from '../../helpers/keeper.ts';

afterEach(closeHosts);

const bytes = (text: string) => new TextEncoder().encode(text);

/** A plugin that keeps these, as if its calls had. */
async function keeping(values: Readonly<Record<string, string>>, options: InstallOptions = {}, wasm = keeper()) {
  const storage = uniqueStorage();
  const host = await makeHost({ storage, serviceWorker: '/cloche-sw.js' });
  const plugin = await host.install(await wasm, { id: 'p', config: { secret: 'hush-hush' }, ...options });
  const kv = openKv(plugin.installation, { storage });
  for (const [key, value] of Object.entries(values)) await kv.set(key, bytes(value), 1 << 20);
  kv.close();
  return { storage, host, plugin };
}

async function keptBy(plugin: Plugin, storage: string): Promise<Record<string, string>> {
  const kv = openKv(plugin.installation, { storage });
  const values = await kv.values();
  const usage = await kv.usage();
  kv.close();
  const sizes = [...values].map(([key, value]) => bytes(key).length + value.length);
  assert.deepEqual(usage, { bytes: sizes.reduce((a, b) => a + b, 0), keys: sizes.length }, 'its total is true');
  return Object.fromEntries([...values].map(([key, value]) => [key, new TextDecoder().decode(value)]));
}

const actionsOf = async (plugin: Plugin) => (await plugin.history()).map(({ action }) => action);

describe('what a plugin keeps', () => {
  it('goes out as a file and into another browser, in place of what is there', async () => {
    const one = await keeping({ a: '1', 'größe \u{1f331}': '\0', empty: '' });
    const file = await one.plugin.exportData();
    const other = await keeping({ a: 'old', gone: 'x' });
    await other.plugin.importData(file);
    assert.deepEqual(await keptBy(other.plugin, other.storage), { a: '1', 'größe \u{1f331}': '\0', empty: '' });
    assert.deepEqual(await keptBy(one.plugin, one.storage), { a: '1', 'größe \u{1f331}': '\0', empty: '' });
    assert.deepEqual(await actionsOf(other.plugin), ['installed', 'data-imported']);
  });

  it('is in it as calls have left it, and is what the next call finds', async () => {
    const { plugin } = await keeping({});
    await plugin.call('set', 'kept');
    const file = await plugin.exportData();
    await plugin.call('set', 'later');
    await plugin.importData(await file.arrayBuffer());
    assert.isTrue(await keeps(plugin, 'kept'));
    assert.isFalse(await keeps(plugin, 'later'));
    await plugin.call('set', 'after');
    assert.isTrue(await keeps(plugin, 'after'));
  });

  it('is all that is in it: no config, no grant, nothing of the installation', async () => {
    const { plugin } = await keeping({ a: '1' }, { grant: { kv: { bytes: 4_321 } } });
    const text = await (await plugin.exportData()).text();
    for (const word of ['hush-hush', 'secret', '4321', plugin.installation]) assert.notInclude(text, word);
  });

  it('of a plugin that keeps nothing is a file as well, and empties another', async () => {
    const { plugin } = await keeping({});
    const file = await plugin.exportData();
    const other = await keeping({ a: '1' });
    await other.plugin.importData(file);
    assert.deepEqual(await keptBy(other.plugin, other.storage), {});
  });

  it('of a plugin that is only open goes with it', async () => {
    const { plugin } = await keeping({ a: '1' });
    const file = await plugin.exportData();
    const host = await makeHost({ serviceWorker: '/cloche-sw.js' });
    const open = await host.open(await keeper(), { id: 'p' });
    await open.importData(file);
    assert.equal((await open.call('get', 'a')).text(), '1');
    assert.equal(await (await open.exportData()).slice(0, 30).text(), '{"format":"cloche-plugin-data"');
    assert.notInclude(
      (await indexedDB.databases()).map(({ name }) => name ?? ''),
      kvDatabaseName('cloche', open.installation),
    );
  });

  it('of another plugin is refused, unless its id is named', async () => {
    const { plugin } = await keeping({ a: '1' });
    const file = await plugin.exportData();
    const storage = uniqueStorage();
    const host = await makeHost({ storage });
    const other = await host.install(await keeper(), { id: 'q' });
    await rejectsCode('DATA_INVALID', other.importData(file), /plugin "p", not of "q"; pass `from: "p"`/);
    await rejectsCode('DATA_INVALID', other.importData(file, { from: 'r' }));
    assert.deepEqual(await keptBy(other, storage), {});
    await other.importData(file, { from: 'p' });
    assert.deepEqual(await keptBy(other, storage), { a: '1' });
  });

  it('ends a call that runs, which knows of other data', async () => {
    const { plugin } = await keeping({ a: '1' }, {}, guest());
    const file = await plugin.exportData();
    const spin = rejectsCode('ABORTED', plugin.call('spin'), /other data/);
    await eventually(() => plugin.stats.calls === 1, 'the call to be under way');
    await Promise.all([spin, plugin.importData(file)]);
  });

  it('has nothing over it that a call wanted to write meanwhile', async () => {
    const { plugin, storage } = await keeping({ old: 'x' });
    const file = await (await keeping({ a: '1' })).plugin.exportData();
    await plugin.start();
    const database = indexedDatabase(kvDatabaseName(storage, plugin.installation), 'kv');
    const { promise: over, resolve: end } = Promise.withResolvers<void>();
    let isOver = false;
    void over.then(() => {
      isOver = true;
    });
    const holding = database.transact(
      'readwrite',
      async (objects) => {
        while (!isOver) await objects.get('none');
      },
      20_000,
    );
    const importing = plugin.importData(file);
    await pause(200);
    const late = rejectsCode('ABORTED', plugin.call('set', 'late'), /other data/);
    await pause(300);
    end();
    await Promise.all([holding, importing, late]);
    database.close();
    assert.deepEqual(await keptBy(plugin, storage), { a: '1' });
  });

  it('is not put where its plugin was uninstalled while the file was read', async () => {
    const { plugin, storage } = await keeping({ old: 'x' });
    const file = await plugin.exportData();
    const { promise: read, resolve: go } = Promise.withResolvers<void>();
    const slow = Object.assign(file.slice(), {
      async arrayBuffer() {
        await read;
        return file.arrayBuffer();
      },
    });
    const importing = rejectsCode('CLOSED', plugin.importData(slow));
    await plugin.uninstall({ wipe: true });
    go();
    await importing;
    assert.deepEqual(await keptBy(plugin, storage), {});
  });

  it('stays as it is where a file may not be taken', async () => {
    const { plugin, storage } = await keeping({ old: 'x' }, { grant: { kv: { bytes: 20 } } });
    const large = await keeping({ a: '1'.repeat(20) });
    const file = await large.plugin.exportData();
    const broken = new Uint8Array(await file.arrayBuffer());
    broken[100] = 0;
    await rejectsCode('QUOTA_EXCEEDED', plugin.importData(file), /20 bytes/);
    await rejectsCode('DATA_INVALID', plugin.importData(broken));
    await rejectsCode('DATA_INVALID', plugin.importData(new Blob(['hello'])));
    for (const none of [undefined, 'text', {}]) {
      await rejectsCode('OPTION_INVALID', plugin.importData(none as unknown as Blob), /File, Blob/);
    }
    await rejectsCode('OPTION_INVALID', plugin.importData(file, { form: 'p' } as object), /`?from`?/);
    assert.deepEqual(await keptBy(plugin, storage), { old: 'x' });
    assert.deepEqual(await actionsOf(plugin), ['installed']);
  });

  it('stays as it is where storage is full', async () => {
    const one = await keeping({ a: '1', b: '2', c: '3' });
    const file = await one.plugin.exportData();
    const { plugin, storage } = await keeping({ old: 'x' });
    const { put } = IDBObjectStore.prototype;
    const name = kvDatabaseName(storage, plugin.installation);
    let spared = 2;
    IDBObjectStore.prototype.put = function (this: IDBObjectStore, value: unknown, key?: IDBValidKey) {
      if (this.transaction.db.name === name && spared-- <= 0) throw new DOMException('full', 'QuotaExceededError');
      return put.call(this, value, key);
    };
    try {
      await rejectsCode('STORAGE_FAILED', plugin.importData(file), /full/);
    } finally {
      IDBObjectStore.prototype.put = put;
    }
    assert.deepEqual(await keptBy(plugin, storage), { old: 'x' });
    await plugin.importData(file);
    assert.deepEqual(await keptBy(plugin, storage), { a: '1', b: '2', c: '3' });
  });

  it('may be as many keys as a plugin may have', async function () {
    this.timeout(60_000);
    const { plugin, storage } = await keeping({ old: 'x' });
    const kv = openKv(plugin.installation, { storage });
    await kv.replace(new Map(Array.from({ length: 10_000 }, (_, i) => [`k${i}`, bytes(`${i}`)])), 1 << 20);
    kv.close();
    const file = await plugin.exportData();
    const other = await keeping({ old: 'x' });
    await other.plugin.importData(file);
    const kept = await keptBy(other.plugin, other.storage);
    assert.deepEqual([Object.keys(kept).length, kept.k9999, kept.old], [10_000, '9999', undefined]);
  });

  it('is not known where the host offers no `kv`', async () => {
    const host: Host = await makeHost({ capabilities: defaultCapabilities().filter(({ name }) => name !== 'kv') });
    const plugin = await host.open(await guest(), { id: 'p' });
    await rejectsCode('OPTION_INVALID', plugin.exportData(), /`kv`/);
    await rejectsCode('OPTION_INVALID', plugin.importData(new Blob()), /`kv`/);
  });

  it('in another tab is what the next call finds', async () => {
    const { plugin, storage } = await keeping({ a: 'old' });
    const there = await makeHost({ storage, serviceWorker: '/cloche-sw.js' });
    const other = existing(there.get('p'));
    assert.equal((await other.call('get', 'a')).text(), 'old');
    const one = await keeping({ a: 'new' });
    await plugin.importData(await one.plugin.exportData());
    assert.equal((await other.call('get', 'a')).text(), 'new');
  });
});
