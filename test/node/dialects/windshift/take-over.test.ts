// What is taken over from a Windshift server: the plugins of its folder, and what they keep.

import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { readDataFile } from '../../../../src/capabilities/kv/data-file.ts';
import { dataInExport } from '../../../../src/dialects/take-over/kv-export.ts';
import { pluginsInFolder } from '../../../../src/dialects/take-over/plugin-folder.ts';
import { readFolder } from '../../../../src/package/folder/read-folder.ts';

/** As `<input webkitdirectory>` gives them. */
const chosen = (files: Readonly<Record<string, string>>): File[] =>
  Object.entries(files).map(([path, content]) =>
    Object.defineProperty(new File([content], path.replace(/^.*\//, '')), 'webkitRelativePath', {
      value: `plugins/${path}`,
    }),
  );
const manifest = (name: unknown, more: object = {}) => JSON.stringify({ name, ...more });

describe('the plugin folder of a server', () => {
  it('has each plugin with the folder that is installed of it', async () => {
    const { plugins, faulty } = await pluginsInFolder(
      chosen({
        'b/manifest.json': manifest('second', { VERSION: '1.2', extensions: 'not looked at' }),
        'b/plugin.wasm': 'wasm',
        'b/assets/manifest.json': manifest('web-app'),
        'a/manifest.json': manifest('first'),
        'no-plugin/readme.txt': '',
        '.git/manifest.json': manifest('hidden'),
        'loose.zip': '',
      }),
    );
    assert.deepEqual(faulty, []);
    const found = plugins.map(({ id, version }) => [id, version]);
    assert.deepEqual(found, [
      ['first', ''],
      ['second', '1.2'],
    ]);
    const [, second] = plugins;
    const files = await readFolder(second?.source ?? assert.fail(), { maxBytes: 1_000 });
    assert.deepEqual([...files.keys()].sort(), ['assets/manifest.json', 'manifest.json', 'plugin.wasm']);
  });

  it('has of two plugins with one name the one of the later folder', async () => {
    const { plugins } = await pluginsInFolder(
      chosen({
        'z/manifest.json': manifest('p', { version: '2' }),
        'a/manifest.json': manifest('p', { version: '1' }),
      }),
    );
    assert.deepEqual(
      plugins.map(({ version }) => version),
      ['2'],
    );
  });

  it('tells of a manifest that cannot be read, beside the others', async () => {
    const names = { 'no-json': '{', wrong: manifest(7), bad: manifest('../p'), none: '{}', huge: ' '.repeat(2 << 20) };
    const files = Object.entries(names).map(([folder, text]) => [`${folder}/manifest.json`, text]);
    const { plugins, faulty } = await pluginsInFolder(
      chosen({ ...Object.fromEntries(files), 'good/manifest.json': manifest('good') }),
    );
    assert.deepEqual(
      plugins.map(({ id }) => id),
      ['good'],
    );
    assert.deepEqual(faulty.map(({ folder }) => folder).sort(), Object.keys(names).sort());
    for (const { folder, error } of faulty) {
      assert.equal(error.code, 'PACKAGE_REJECTED');
      assert.match(error.message, new RegExp(folder));
    }
  });

  it('may be the folder of one plugin', async () => {
    const files = { 'manifest.json': manifest('one'), 'assets/manifest.json': manifest('web-app') };
    const { plugins } = await pluginsInFolder(chosen(files));
    assert.deepEqual(
      plugins.map(({ id }) => id),
      ['one'],
    );
  });

  it('may have nothing in it', async () => {
    assert.deepEqual(await pluginsInFolder([]), { plugins: [], faulty: [] });
  });

  it('says that it cannot be read', async () => {
    const values = () => {
      throw new DOMException('gone', 'NotFoundError');
    };
    const folder = { kind: 'directory', name: 'plugins', getFileHandle: undefined, values };
    await assert.rejects(pluginsInFolder(folder as never), { code: 'FETCH_FAILED', message: /"plugins"/ });
  });
});

const row = (plugin_name: unknown, key: unknown, value: unknown) => ({
  id: 1,
  plugin_name,
  key,
  value,
  created_at: 'x',
});
const exported = (rows: unknown) => dataInExport(new Blob([JSON.stringify(rows)]));

describe('what plugins of a server keep', () => {
  it('becomes a data file for each of them', async () => {
    const rows = [row('p', 'größe', '\u{1f331}'), row('q', 'k', ''), row('p', '__proto__', 'own')];
    const data = await exported(rows);
    assert.deepEqual(
      [...data].map(([id, { keys }]) => [id, keys]),
      [
        ['p', 2],
        ['q', 1],
      ],
    );
    const kept = async (id: string) => {
      const file = await (data.get(id) ?? assert.fail()).file.arrayBuffer();
      const { plugin, kv } = await readDataFile(new Uint8Array(file));
      assert.equal(plugin.id, id);
      return Object.fromEntries([...kv].map(([key, value]) => [`k ${key}`, new TextDecoder().decode(value)]));
    };
    assert.deepEqual(await kept('p'), { 'k größe': '\u{1f331}', 'k __proto__': 'own' });
    assert.deepEqual(await kept('q'), { 'k k': '' });
  });

  it('is nothing where the table is empty', async () => {
    assert.equal((await exported([])).size, 0);
  });

  it('is refused as a whole for one row that is none', async () => {
    const wrong = [null, [], 'row', {}, row('p', '', 'v'), row('', 'k', 'v'), row('p', 'k', 1), row('p', 'k', null)];
    for (const one of [...wrong, row('p', 'k', '\ud83c'), row('good', 'k', 'twice')]) {
      await assert.rejects(exported([row('good', 'k', 'v'), one]), { code: 'DATA_INVALID', message: /number 2|twice/ });
    }
  });

  it('is refused where it is cut off, of another form, or not text', async () => {
    const whole = JSON.stringify([row('p', 'k', 'v')]);
    const latin = new Uint8Array([...new TextEncoder().encode('[{"plugin_name":"'), 0xe4]);
    for (const content of [whole.slice(0, -1), '', '{}', 'null', 'plugin_name,key,value', latin]) {
      await assert.rejects(dataInExport(new Blob([content])), { code: 'DATA_INVALID' });
    }
  });
});
