// Files of SQL databases that are not as they were written: what looked empty would be written over.

import { assert } from 'chai';
import { opfsChanges } from '../../src/sql/pglite/opfs-changes.ts';
import { engine } from '../helpers/engine.ts';
import { rejectsCode } from '../helpers/expect-code.ts';
import { uniqueStorage } from '../helpers/hosts.ts';
import { newDatabase, stateInPage } from './contract.ts';

const HEAD_BYTES = 16;
const RECORDS = [new Uint8Array(100).fill(1), new Uint8Array(200).fill(2), new Uint8Array(300).fill(3)];
const SIGNAL = new AbortController().signal;

describe('files of changes', () => {
  const storage = uniqueStorage();
  let count = 0;
  if (!engine.ownFiles) {
    it('are refused in a browser that has no such files', () =>
      rejectsCode('STORAGE_FAILED', opfsChanges(storage).open('none', 'hasura', SIGNAL)));
    return;
  }

  /** Deletes what another tab has open, which may let go of it. */
  async function wipedWhileOpen(letsGo: boolean) {
    const installation = `open${count++}`;
    const stores = opfsChanges(storage);
    const store = await stores.open(installation, 'hasura', SIGNAL);
    await store.append([new Uint8Array(100).fill(1)]);
    if (letsGo) store.wiped?.addEventListener('abort', () => void store.close());
    const error = await stores.wipe(installation).then(
      () => undefined,
      (thrown: unknown) => thrown,
    );
    const size = await stores.size(installation);
    if (!letsGo) await store.close();
    return { error, size };
  }
  // It waits for some seconds, while the others run.
  const held = wipedWhileOpen(false);

  it('are deleted also while another tab has them open, which lets go', async () => {
    assert.deepEqual(await wipedWhileOpen(true), { error: undefined, size: 0 });
  });

  /** A file of three records, and what may be done to it. */
  async function written() {
    const installation = `damaged${count++}`;
    const open = () => opfsChanges(storage).open(installation, 'hasura', SIGNAL);
    const store = await open();
    await store.read();
    for (const record of RECORDS) await store.append([record]);
    await store.close();
    let folder = await navigator.storage.getDirectory();
    for (const part of ['cloche-sql', storage, installation]) folder = await folder.getDirectoryHandle(part);
    const handle = await folder.getFileHandle('hasura.a');
    const bytes = async () => new Uint8Array(await (await handle.getFile()).arrayBuffer());
    const put = async (content: Uint8Array<ArrayBuffer>) => {
      const stream = await handle.createWritable();
      await stream.write(content);
      await stream.close();
    };
    const state = () => stateInPage(newDatabase('hasura', installation), opfsChanges(storage));
    return { open, bytes, put, state };
  }

  async function sizes(open: Awaited<ReturnType<typeof written>>['open']): Promise<number[]> {
    const store = await open();
    const records = await store.read();
    await store.close();
    return records.map(({ length }) => length);
  }

  it('are asleep while nobody has them, and elsewhere while another tab has', async () => {
    const { open, state } = await written();
    assert.equal(await state(), 'asleep');
    const store = await open();
    assert.equal(await state(), 'elsewhere');
    await store.close();
    assert.equal(await state(), 'asleep');
  });

  /** What is seen of it without reading all. */
  const DAMAGE: readonly (readonly [what: string, at: number, seen: string])[] = [
    ['mark', 0, 'damaged STORAGE_FAILED'],
    ['first record', HEAD_BYTES + 50, 'asleep'],
    ['record before the last', HEAD_BYTES + 108 + 50, 'asleep'],
  ];
  for (const [what, at, seen] of DAMAGE) {
    it(`are refused, and stay as they are, where the ${what} is damaged`, async () => {
      const { open, bytes, put, state } = await written();
      const content = await bytes();
      content[at] = (content[at] ?? 0) ^ 0xff;
      await put(content);
      assert.equal(await state(), seen);
      await rejectsCode('STORAGE_FAILED', open());
      assert.deepEqual(await bytes(), content);
    });
  }

  it('lose a last record that was not written to its end, and go on behind the one before', async () => {
    const { open, bytes, put } = await written();
    const content = await bytes();
    await put(content.slice(0, content.length - 10));
    const store = await open();
    assert.lengthOf(await store.read(), 2);
    await store.append([new Uint8Array(20).fill(4)]);
    await store.close();
    assert.deepEqual(await sizes(open), [100, 200, 20]);
  });

  it('are replaced by one with a higher number, the first time too', async () => {
    const { open, bytes } = await written();
    const store = await open();
    await store.read();
    await store.replace([new Uint8Array(50).fill(5)]);
    await store.close();
    assert.lengthOf(await bytes(), 0);
    assert.deepEqual(await sizes(open), [50]);
  });

  it('hold nothing once nothing was put in the place of all', async () => {
    const { open, bytes, state } = await written();
    const store = await open();
    await store.replace([]);
    await store.close();
    assert.lengthOf(await bytes(), 0);
    assert.deepEqual(await sizes(open), []);
    assert.equal(await state(), 'empty');
  });

  it('are not taken for deleted where another tab does not let go of them', async () => {
    const { error, size } = await held;
    assert.propertyVal(error, 'code', 'STORAGE_FAILED');
    assert.match(
      (error as Error).message,
      /another tab has them open and does not let go: close it, and delete them again/,
    );
    assert.isAbove(size, 100);
  });
});
