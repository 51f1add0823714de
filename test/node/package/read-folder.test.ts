// Folders as sources: what is read of them, and under which caps.

import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { type Folder, isFolder } from '../../../src/package/folder/folder.ts';
import { readFolder } from '../../../src/package/folder/read-folder.ts';

type Tree = { readonly [name: string]: string | Tree };

/** As `showDirectoryPicker()` gives it. */
function handle(name: string, tree: Tree): Folder {
  const values = Object.entries(tree).map(([child, content]) =>
    typeof content === 'string'
      ? { kind: 'file', name: child, getFile: async () => new File([content], child) }
      : handle(child, content),
  );
  return { kind: 'directory', name, getFileHandle: () => undefined, values: () => values } as unknown as Folder;
}

/** As a drop gives it, two entries at a time. */
function dropped(name: string, tree: Tree): Folder {
  const entries = Object.entries(tree).map(([child, content]) =>
    typeof content === 'string'
      ? { isDirectory: false, name: child, file: (done: (file: File) => void) => done(new File([content], child)) }
      : dropped(child, content),
  );
  const createReader = () => {
    const left = [...entries];
    return { readEntries: (done: (some: unknown[]) => void) => done(left.splice(0, 2)) };
  };
  return { isDirectory: true, name, createReader } as unknown as Folder;
}

const TREE = {
  'manifest.json': '{}',
  'a.m.wasm': 'wasm',
  '.git': { config: 'x' },
  lib: { 'b.txt': 'b', deep: { 'c.txt': 'c' }, '.DS_Store': '' },
};
const CAPS = { maxBytes: 1_000 };

async function textsIn(folder: Folder): Promise<Record<string, string>> {
  const files = [...(await readFolder(folder, CAPS))];
  return Object.fromEntries(files.map(([path, bytes]) => [path, new TextDecoder().decode(bytes)]));
}

describe('a folder', () => {
  for (const [what, make] of [
    ['that was chosen', handle],
    ['that was dropped', dropped],
  ] as const) {
    it(`${what} is its files by their paths, without what is hidden`, async () => {
      const folder = make('example', TREE);
      assert.ok(isFolder(folder));
      assert.deepEqual(await textsIn(folder), {
        'manifest.json': '{}',
        'a.m.wasm': 'wasm',
        'lib/b.txt': 'b',
        'lib/deep/c.txt': 'c',
      });
    });
  }

  it('is not whatever has a name', () => {
    for (const other of [undefined, null, 'x', {}, { kind: 'file', getFile: 1 }, { isDirectory: false }, new Blob()])
      assert.equal(isFolder(other), false);
  });

  it('M7: is refused for too many bytes, files and levels, before they are read', async () => {
    const refused = (tree: Tree, message: RegExp) =>
      assert.rejects(readFolder(handle('a', tree), CAPS), { code: 'PACKAGE_REJECTED', message });
    await refused({ large: 'x'.repeat(1_001) }, /larger than 1000 bytes/);
    const unread = {
      kind: 'file',
      name: 'a',
      getFile: async () => ({ size: 1_001, arrayBuffer: () => assert.fail('read') }),
    };
    const folder = Object.assign(handle('a', {}), { values: () => [unread] });
    await assert.rejects(readFolder(folder, CAPS), { code: 'PACKAGE_REJECTED' });
    await refused({ one: 'x'.repeat(600), two: 'x'.repeat(600) }, /larger than 1000 bytes/);
    await refused(Object.fromEntries(Array.from({ length: 2_001 }, (_, i) => [`f${i}`, ''])), /more than 2000 files/);
    let deep: Tree = { file: '' };
    for (let i = 0; i < 40; i++) deep = { deep };
    await refused(deep, /in more than 32 others/);
  });

  it('M9: is refused for two names that some reader would take for one', async () => {
    const folder = handle('a', { lib: { 'Main.wasm': '', 'main.wasm': '' } });
    await assert.rejects(readFolder(folder, CAPS), { code: 'PACKAGE_REJECTED', message: /main\.wasm" twice/ });
  });

  it('M9: is refused for a name that leads elsewhere, or that nobody can see', async () => {
    for (const name of ['a/../b', 'a\\b', 'a\u202eb', 'a\nb', ' a', 'a:b']) {
      const message = /whose path is not a relative path/;
      await assert.rejects(readFolder(handle('a', { [name]: '' }), CAPS), { code: 'PACKAGE_REJECTED', message }, name);
    }
  });

  it('says which file cannot be read, and stops where nobody wants it any more', async () => {
    const gone = handle('a', { b: '' });
    Object.assign(gone, {
      values: () => [{ kind: 'file', name: 'b', getFile: () => Promise.reject(new Error('gone')) }],
    });
    await assert.rejects(readFolder(gone, CAPS), { code: 'FETCH_FAILED', message: /File "b"/ });
    const aborted = readFolder(handle('a', TREE), { ...CAPS, signal: AbortSignal.abort() });
    await assert.rejects(aborted, { code: 'ABORTED' });
  });
});
