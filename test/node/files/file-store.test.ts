// Files as they are stored: whole after whatever cuts a change short, and read by another page as they are.

import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { databaseDrive } from '../../../src/capabilities/files/database-drive.ts';
import type { Drive } from '../../../src/capabilities/files/drive.ts';
import { FileStore } from '../../../src/capabilities/files/file-store.ts';
import { memoryDatabase } from '../../../src/database/memory-db.ts';
import type { FileNode } from '../../../src/files/volume/nodes.ts';

const QUOTA = { bytes: 1 << 20, nodes: 100 };

async function opened(drive: Drive): Promise<FileStore> {
  const store = new FileStore(drive);
  await store.refresh();
  store.budget.quota = QUOTA;
  return store;
}

function put(store: FileStore, name: string, content: string): void {
  const [volume] = store.volumes;
  assert(volume);
  const known = volume.top.entries.get(name)?.node;
  const file = (known ?? volume.createFile(volume.top, name)) as FileNode;
  volume.resize(file, 0);
  volume.write(file, 0, new TextEncoder().encode(content));
}

async function content(store: FileStore, name: string): Promise<string | undefined> {
  const [volume] = store.volumes;
  const file = volume?.top.entries.get(name)?.node as FileNode | undefined;
  if (!volume || !file) return undefined;
  if (!file.bytes) await store.load(file);
  return new TextDecoder().decode(volume.read(file, 0, file.size));
}

describe('stored files', () => {
  it('are there for the next page, with their folders, links, times and cost', async () => {
    const drive = databaseDrive(memoryDatabase());
    const store = await opened(drive);
    const [, volume] = store.volumes;
    assert(volume);
    store.now = () => 42n;
    const folder = volume.createFolder(volume.top, 'd');
    const file = volume.createFile(folder, 'a');
    volume.write(file, 0, new Uint8Array([1, 2, 3]));
    volume.addName(volume.top, 'b', file);
    volume.createLink(volume.top, 'l', 'd/a');
    await store.commit();
    const next = await opened(drive);
    const [, again] = next.volumes;
    const node = again?.top.entries.get('b')?.node as FileNode;
    assert.deepEqual([node.size, node.names, node.times.modified, node.bytes], [3, 2, 42n, undefined]);
    await next.load(node);
    assert.deepEqual(node.bytes, new Uint8Array([1, 2, 3]));
    const link = again?.top.entries.get('l')?.node;
    assert.equal(link?.kind === 'link' && link.target, 'd/a');
    assert.deepEqual([next.budget.bytes, next.budget.nodes], [store.budget.bytes, store.budget.nodes]);
  });

  it('are those of before, or those of after, wherever storing them is cut short', async () => {
    const outcomes = new Set<string>();
    for (let steps = 0; steps < 6; steps++) {
      const pieces = new Map<string, Uint8Array<ArrayBuffer>>();
      let left = Number.POSITIVE_INFINITY;
      const step = (run: () => void): void => {
        if (left-- <= 0) throw new Error('the page is gone');
        run();
      };
      const drive: Drive = {
        names: async () => [...pieces.keys()],
        read: async (name) => pieces.get(name),
        async write(added, [name, bytes], gone) {
          for (const [piece, content] of added) step(() => pieces.set(piece, content));
          // As a file that is written in place, and half of it.
          step(() => pieces.set(name, bytes.slice(0, bytes.length / 2)));
          step(() => pieces.set(name, bytes));
          for (const old of gone) step(() => pieces.delete(old));
        },
        wipe: async () => pieces.clear(),
      };
      const store = await opened(drive);
      put(store, 'a', 'before');
      put(store, 'b', 'before');
      await store.commit();
      put(store, 'a', 'after');
      put(store, 'b', 'after');
      left = steps;
      await store.commit().catch(() => undefined);
      const next = await opened(drive);
      const [a, b] = [await content(next, 'a'), await content(next, 'b')];
      assert.equal(a, b, `after ${steps} steps`);
      outcomes.add(String(a));
      left = Number.POSITIVE_INFINITY;
      put(next, 'a', 'later');
      await next.commit();
      assert.equal(await content(await opened(drive), 'a'), 'later');
    }
    assert.deepEqual([...outcomes].sort(), ['after', 'before']);
  });

  it('leave nothing behind that no file needs', async () => {
    const drive = databaseDrive(memoryDatabase());
    const store = await opened(drive);
    for (const text of ['one', 'two', 'three']) {
      put(store, 'a', text);
      await store.commit();
    }
    assert.equal((await drive.names()).length, 2);
    store.volumes[0]?.remove(store.volumes[0].top, 'a');
    await store.commit();
    assert.deepEqual(await drive.names(), [`list-${store.number}`]);
    await store.commit();
    assert.deepEqual(await drive.names(), [`list-${store.number}`]);
  });

  it('are read anew when another page has changed them, and what is open goes on', async () => {
    const drive = databaseDrive(memoryDatabase());
    const [mine, other] = [await opened(drive), await opened(drive)];
    put(other, 'a', 'of the other');
    await other.commit();
    const moved = await mine.refresh();
    assert.equal(moved?.size, 4);
    assert.equal(await content(mine, 'a'), 'of the other');
    assert.equal(await mine.refresh(), undefined);
  });

  it('that were altered are an error, and nothing is taken for an empty folder', async () => {
    const database = memoryDatabase();
    const drive = databaseDrive(database);
    const store = await opened(drive);
    put(store, 'a', 'text');
    await store.commit();
    const [list = '', bytes = ''] = [...(await drive.names())].sort().reverse();
    const whole = await drive.read(list);
    const alter = (name: string, value: unknown) => database.transact('readwrite', async (all) => all.put(value, name));
    await alter(list, new TextEncoder().encode('5.1 {}'));
    await assert.rejects(opened(drive), /no list of them is whole/);
    await alter(list, whole);
    await alter(bytes, new Uint8Array(1));
    await assert.rejects(
      opened(drive).then((one) => content(one, 'a')),
      /bytes of a file are missing/,
    );
  });
});
