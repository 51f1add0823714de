// The files of a plugin in the file of what it keeps: with its values, all of both or nothing.

import { assert } from 'chai';
import { writeDataFile } from '../../../src/capabilities/kv/data-file.ts';
import { kvDatabaseName, openKv } from '../../../src/capabilities/kv/kv-store.ts';
import { defaultCapabilities, type InstallOptions, type Plugin } from '../../../src/index.ts';
import { rejectsCode } from '../../helpers/expect-code.ts';
import { closeHosts, eventually, makeHost, uniqueStorage } from '../../helpers/hosts.ts';
import { anyCall } from '../wasi-files.guest.ts';

afterEach(closeHosts);

const FILES = { read: { allowAll: true }, write: { allowAll: true } };
const NAMES = ['path_create_directory', 'path_filestat_get'];
const manifest = { cloche: 1, id: 'p', permissions: { files: FILES }, wasi: { folders: { 'ws0://': '/' } } };
const bytes = (text: string) => new TextEncoder().encode(text);

/** With these folders, and this value. */
async function keeping(folders: readonly string[], value: string, options: InstallOptions = {}) {
  const storage = uniqueStorage();
  const host = await makeHost({ storage, serviceWorker: '/cloche-sw.js' });
  const plugin = await host.install({ wasm: await anyCall(NAMES), manifest }, options);
  for (const folder of folders)
    assert.equal(await run(plugin, 'path_create_directory', [3, 4_096, folder.length], folder), 0);
  const kv = openKv(plugin.installation, { storage });
  await kv.set('value', bytes(value), 1 << 20);
  kv.close();
  return { storage, plugin };
}

/** @returns the errno */
async function run(plugin: Plugin, name: string, args: readonly number[], memory: string): Promise<number> {
  const input = new Uint8Array(76 + memory.length);
  const view = new DataView(input.buffer);
  view.setInt32(0, NAMES.indexOf(name), true);
  args.forEach((arg, i) => {
    view.setBigInt64(4 + i * 8, BigInt(arg), true);
  });
  input.set(bytes(memory), 76);
  const output = (await plugin.call('run', input)).bytes();
  return new DataView(output.buffer, output.byteOffset).getUint32(0, true);
}

async function has(plugin: Plugin, folder: string): Promise<boolean> {
  return (await run(plugin, 'path_filestat_get', [3, 0, 4_096, folder.length, 1_024], folder)) === 0;
}

async function keptValue({ plugin, storage }: { plugin: Plugin; storage: string }): Promise<string> {
  const kv = openKv(plugin.installation, { storage });
  const value = await kv.get('value');
  kv.close();
  return new TextDecoder().decode(value ?? undefined);
}

describe('the files of a plugin', () => {
  it('go out with what it keeps, and in, in place of what is there', async () => {
    const file = await (await keeping(['a', 'b'], 'new')).plugin.exportData();
    const other = await keeping(['old'], 'old');
    await other.plugin.importData(file);
    const { plugin } = other;
    assert.deepEqual([await has(plugin, 'a'), await has(plugin, 'b'), await has(plugin, 'old')], [true, true, false]);
    assert.equal(await keptValue(other), 'new');
    assert.equal(await run(plugin, 'path_create_directory', [3, 4_096, 1], 'c'), 0, 'and are its own');
    const none = await (await keeping([], 'none')).plugin.exportData();
    await plugin.importData(none);
    assert.isFalse(await has(plugin, 'a'));
  });

  it('stay where a file says nothing of them, as those of before do', async () => {
    const old = await writeDataFile({
      plugin: { id: 'p', name: 'p', version: '1' },
      exportedAt: 1,
      kv: new Map([['value', bytes('new')]]),
    });
    const kept = await keeping(['old'], 'old');
    await kept.plugin.importData(old);
    assert.equal(await keptValue(kept), 'new');
    assert.isTrue(await has(kept.plugin, 'old'));
  });

  it('stay as they are, and its values, where a file may not be taken', async () => {
    const one = await keeping(['a', 'b', 'c'], 'new');
    const file = await one.plugin.exportData();
    const kept = await keeping(['old'], 'old', { limits: { storageBytes: 2 * 65 } });
    await rejectsCode('QUOTA_EXCEEDED', kept.plugin.importData(file), /195 bytes/);
    const folder = [2, 'folder', ['0', '0', '0'], []];
    const trees = { 'ws0://': { nextId: 3, nodes: [[1, 'folder', ['0', '0', '0'], [['..', 2]]], folder] } };
    const kv = new Map([['value', bytes('new')]]);
    const files = { trees, contents: [] };
    const bad = await writeDataFile({ plugin: { id: 'p', name: 'p', version: '1' }, exportedAt: 1, kv, files });
    await rejectsCode('DATA_INVALID', kept.plugin.importData(bad));
    assert.equal(await keptValue(kept), 'old');
    assert.deepEqual([await has(kept.plugin, 'old'), await has(kept.plugin, 'a')], [true, false]);
  });

  it('stay as they are where its values cannot be stored', async () => {
    const file = await (await keeping(['a'], 'new')).plugin.exportData();
    const kept = await keeping(['old'], 'old');
    const { put } = IDBObjectStore.prototype;
    const name = kvDatabaseName(kept.storage, kept.plugin.installation);
    IDBObjectStore.prototype.put = function (this: IDBObjectStore, value: unknown, key?: IDBValidKey) {
      if (this.transaction.db.name === name) throw new DOMException('full', 'QuotaExceededError');
      return put.call(this, value, key);
    };
    try {
      await rejectsCode('STORAGE_FAILED', kept.plugin.importData(file), /full/);
    } finally {
      IDBObjectStore.prototype.put = put;
    }
    assert.deepEqual([await has(kept.plugin, 'old'), await has(kept.plugin, 'a')], [true, false]);
    assert.equal(await keptValue(kept), 'old');
    await kept.plugin.importData(file);
    assert.deepEqual([await has(kept.plugin, 'old'), await has(kept.plugin, 'a')], [false, true]);
  });

  it('are not mixed with what a call writes that runs meanwhile', async () => {
    const file = await (await keeping(['a'], 'new')).plugin.exportData();
    const kept = await keeping(['old'], 'old');
    const { calls } = kept.plugin.stats;
    const spin = rejectsCode('ABORTED', kept.plugin.call('spin'), /other data/);
    await eventually(() => kept.plugin.stats.calls > calls, 'the call to be under way');
    await Promise.all([spin, kept.plugin.importData(file)]);
    assert.deepEqual([await has(kept.plugin, 'old'), await has(kept.plugin, 'a')], [false, true]);
  });

  it('are not taken by a host that offers none', async () => {
    const file = await (await keeping(['a'], 'new')).plugin.exportData();
    const host = await makeHost({ capabilities: defaultCapabilities().filter(({ name }) => name !== 'files') });
    const plugin = await host.open({ wasm: await anyCall([]), manifest: { cloche: 1, id: 'p' } });
    await rejectsCode('OPTION_INVALID', plugin.importData(file), /`files`/);
  });
});
