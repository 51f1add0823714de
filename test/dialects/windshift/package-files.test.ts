import { assert } from 'chai';
import { zipSync } from 'fflate';
import { DEFAULT_DIALECTS } from '../../../src/dialects/index.ts';
import type { ClocheError } from '../../../src/errors.ts';
import { readPackage } from '../../../src/package/read-package.ts';
import { rejectsCode } from '../../helpers/expect-code.ts';
import { type EntryFields, makeZip } from '../../package/zip-maker.ts';

const limits = { moduleBytes: 10_000, packageBytes: 3 << 20 };
const text = (value: string) => new TextEncoder().encode(value);

/** A valid module that differs by its text, in a custom section. */
function moduleOf(name: string): Uint8Array<ArrayBuffer> {
  return new Uint8Array([0, 97, 115, 109, 1, 0, 0, 0, 0, name.length + 1, name.length, ...text(name)]);
}

const main = moduleOf('main');
const other = moduleOf('other');
const manifest = (fields: object = {}) => text(JSON.stringify({ name: 'demo', ...fields }));

type Files = Record<string, Uint8Array | string>;

/** A zip with its entries in the order of the keys. */
function zip(files: Files): Uint8Array<ArrayBuffer> {
  const bytes = Object.entries(files).map(([path, data]) => [path, typeof data === 'string' ? text(data) : data]);
  return new Uint8Array(zipSync(Object.fromEntries(bytes) as Record<string, Uint8Array>));
}

const read = (source: Uint8Array<ArrayBuffer>) => readPackage(source, { dialects: DEFAULT_DIALECTS, limits });

interface Found {
  id: string;
  main: Uint8Array | undefined;
  /** Text by path. */
  assets: Record<string, string>;
}

async function found(files: Files): Promise<Found> {
  const { manifest: read, files: bytes } = await readPackage(zip(files), { dialects: DEFAULT_DIALECTS, limits });
  const assets = read.assets.map(({ path, sha256 }) => [path, new TextDecoder().decode(bytes.get(sha256))]);
  return { id: read.id, main: bytes.get(read.modules[0]?.sha256 ?? ''), assets: Object.fromEntries(assets) };
}

const PLUGIN: Files = { 'manifest.json': manifest(), 'plugin.wasm': main };

describe('Windshift package', () => {
  it('is a manifest, a module and assets', async () => {
    const { manifest: read, files } = await readPackage(zip({ ...PLUGIN, 'assets/index.html': '<p>' }), {
      dialects: DEFAULT_DIALECTS,
      limits,
    });
    assert.deepEqual([read.dialect, read.id, read.name], ['windshift', 'demo', 'demo']);
    assert.deepEqual(
      read.assets.map(({ path, size }) => [path, size]),
      [['index.html', 3]],
    );
    assert.sameDeepMembers([...files.values()], [main, text('<p>')]);
  });

  it('may be a module with a manifest beside it', async () => {
    for (const given of [{ name: 'demo', entryPoint: 'x.wasm' }, '{"Name":"demo"}']) {
      const { manifest: read, files } = await readPackage(
        { wasm: main, manifest: given },
        { dialects: DEFAULT_DIALECTS, limits },
      );
      assert.deepEqual([read.id, read.dialect, read.assets], ['demo', 'windshift', []]);
      assert.deepEqual([...files.values()], [main]);
    }
  });

  describe('flattens folders', () => {
    // The table of the contract, with files beside it that keep a wrapper folder from being one.
    const table: [entry: string, served: string | undefined][] = [
      ['assets/index.html', 'index.html'],
      ['assets/img/logo.png', 'logo.png'],
      ['assets-extra/a.png', 'a.png'],
      ['assets', undefined],
      ['assets.txt', undefined],
      ['Assets/a.png', undefined],
      ['index.html', undefined],
      ['app.js', 'app.js'],
      ['src/app.js', 'app.js'],
      ['src/deep/style.css', 'style.css'],
      ['app.JS', undefined],
      ['app.mjs', undefined],
      ['app.js.map', undefined],
      ['my-plugin/assets/index.html', undefined],
      ['my-plugin/assets/app.js', 'app.js'],
      ['assets/manifest.webmanifest', 'manifest.webmanifest'],
      ['assets/logo@2x.png', 'logo@2x.png'],
      ['assets/chunk (1).png', 'chunk (1).png'],
    ];
    for (const [entry, served] of table) {
      it(`serves ${entry} ${served === undefined ? 'not at all' : `as ${served}`}`, async () => {
        const { assets } = await found({ ...PLUGIN, [entry]: 'content' });
        assert.deepEqual(assets, served === undefined ? {} : { [served]: 'content' });
      });
    }

    it('and lets the later of two base names win', async () => {
      const { assets } = await found({ ...PLUGIN, 'assets/a/x.png': 'first', 'x.js': '1', 'assets/b/x.png': 'second' });
      assert.deepEqual(assets, { 'x.png': 'second', 'x.js': '1' });
    });

    it('and takes one folder around all for none', async () => {
      const wrapped = { 'p/assets/index.html': '<p>', 'p/manifest.json': manifest(), 'p/plugin.wasm': main };
      assert.deepEqual(await found(wrapped), { id: 'demo', main, assets: { 'index.html': '<p>' } });
    });
  });

  describe('finds the manifest', () => {
    it('in any folder', async () => {
      assert.equal((await found({ 'a/b/manifest.json': manifest(), 'plugin.wasm': main })).id, 'demo');
    });

    it('as the first in the archive', async () => {
      const files = { 'a/manifest.json': manifest({ name: 'one' }), 'plugin.wasm': main };
      assert.equal((await found({ ...files, 'manifest.json': manifest({ name: 'two' }) })).id, 'one');
      assert.equal((await found({ 'manifest.json': manifest({ name: 'two' }), ...files })).id, 'two');
    });

    it('and not in that of a web app among the assets, unless there is no other', async () => {
      const web = { 'assets/manifest.json': '{"name":"web","short_name":"Web"}' };
      assert.equal((await found({ ...web, ...PLUGIN })).id, 'demo');
      assert.equal((await found({ ...web, 'plugin.wasm': main })).id, 'web');
    });

    it('and not in what a bundler calls by that name', async () => {
      const { id, assets } = await found({ 'assets/manifest.json': '{"index.html":{"file":"a.js"}}', ...PLUGIN });
      assert.deepEqual([id, Object.keys(assets)], ['demo', ['manifest.json']]);
    });

    it('and reads an entry once for a later one that is an asset', async () => {
      const { assets } = await found({ ...PLUGIN, 'assets/manifest.json': '{}' });
      assert.deepEqual(assets, { 'manifest.json': '{}' });
    });

    const broken: [files: Files, wording: RegExp][] = [
      [{ 'manifest.json': '{"name":"x",}', 'plugin.wasm': main }, /not valid JSON/],
      [{ 'a/manifest.json': '{"name":', 'plugin.wasm': main }, /not valid JSON/],
      [{ 'manifest.json': '{"name":""}', 'plugin.wasm': main }, /plugin name must not be empty/],
      [{ 'manifest.json': '{"name":"a/b"}', 'plugin.wasm': main }, /path separators/],
      [{ 'manifest.json': '{"name":"x","routes":1}', 'plugin.wasm': main }, /Manifest\.routes/],
    ];
    for (const [files, wording] of broken) {
      it(`and refuses ${JSON.stringify(Object.entries(files)[0])}`, () =>
        rejectsCode('MANIFEST_INVALID', found(files), wording));
    }
  });

  describe('finds the module', () => {
    const cases: [entryPoint: string | undefined, files: Files, bytes: Uint8Array][] = [
      [undefined, { 'plugin.wasm': main, 'x.wasm': other }, main],
      ['', { 'plugin.wasm': main }, main],
      ['./plugin.wasm', { 'plugin.wasm': main }, main],
      ['bin/plugin.wasm', { 'bin/plugin.wasm': main }, main],
      ['bin/plugin.wasm', { 'plugin.wasm': main }, main],
      ['plugin.wasm', { 'build/plugin.wasm': main }, main],
      ['plugin.wasm', { 'plugin.wasm': main, 'old/plugin.wasm': other }, main],
      ['plugin.wasm', { 'a/plugin.wasm': other, 'b/plugin.wasm': main }, main],
      ['assets/plugin.wasm', { 'assets/plugin.wasm': main }, main],
    ];
    for (const [entryPoint, files, bytes] of cases) {
      it(`${JSON.stringify(entryPoint)} among ${Object.keys(files).join(', ')}`, async () => {
        const all = { 'manifest.json': manifest({ entryPoint }), 'doc.txt': '', ...files };
        assert.deepEqual((await found(all)).main, bytes);
      });
    }

    it('or says which file is missing', () =>
      rejectsCode('MANIFEST_INVALID', found({ 'manifest.json': manifest(), 'x.wasm': main }), /"plugin\.wasm"/));

    it('and none outside of the package', () => {
      const files = { 'manifest.json': manifest({ entryPoint: '../plugin.wasm' }), 'plugin.wasm': main };
      return rejectsCode('MANIFEST_INVALID', found(files), /`entryPoint`/);
    });
  });

  it('leaves packages of other dialects as they were', async () => {
    const cloche = { 'manifest.json': '{"cloche":1,"id":"c","name":"n","wasm":"a.wasm"}', 'a.wasm': main };
    const web = { 'ui/manifest.json': '{"name":"Web app"}', 'src/x.js': '1' };
    const { id, assets } = await found({ ...web, ...cloche });
    assert.deepEqual([id, Object.keys(assets)], ['c', ['ui/manifest.json', 'src/x.js']]);
    const extism = await found({ ...web, 'extism.json': '{"wasm":[{"path":"a.wasm"}]}', 'a.wasm': main });
    assert.deepEqual(Object.keys(extism.assets), ['ui/manifest.json', 'src/x.js']);
  });

  describe('reads zips as people make them', () => {
    const plugin: EntryFields[] = [
      { name: 'manifest.json', data: manifest() },
      { name: 'plugin.wasm', data: main },
    ];
    const page = { name: 'assets/index.html', data: text('<p>') };
    const unixTimes = new Uint8Array([0x55, 0x54, 5, 0, 1, 0, 0, 0, 0]);
    const unixIds = new Uint8Array([0x55, 0x54, 9, 0, 3, 0, 0, 0, 0, 0, 0, 0, 0]);
    const made: [how: string, entries: EntryFields[]][] = [
      [
        'by Go, with descriptors and UTF-8 names',
        [...plugin, page].map((entry) => ({ ...entry, flags: 0x808, descriptor: 'signed' as const })),
      ],
      [
        'by `zip -r`, with folders, modes and extra fields that differ',
        [...plugin, { name: 'assets/', attributes: 0x41ed0010 }, page].map((entry) => ({
          attributes: 0x81a40000,
          ...entry,
          extra: { central: unixTimes, local: unixIds },
        })),
      ],
      ['on Windows, with its own attributes', [...plugin, page].map((entry) => ({ ...entry, attributes: 0x20 }))],
      ['without compression', [...plugin, page].map((entry) => ({ ...entry, method: 0 }))],
    ];
    for (const [how, entries] of made) {
      it(how, async () => {
        const { manifest: found } = await read(makeZip(entries));
        assert.deepEqual(
          found.assets.map(({ path }) => path),
          ['index.html'],
        );
      });
    }
  });

  describe('is refused whole, with the entry named', () => {
    const bomb = new Uint8Array(2 << 20);
    const odd: [what: string, entries: EntryFields[], named: string][] = [
      ['M9: a path that climbs', [{ name: 'assets/../../x.js' }], 'assets/../../x.js'],
      ['M9: an absolute path', [{ name: '/etc/passwd' }], '/etc/passwd'],
      ['M9: a drive', [{ name: 'C:/x.js' }], 'C:/x.js'],
      ['M9: backslashes', [{ name: 'assets\\x.js' }], 'assets\\x.js'],
      ['M9: a name with NUL', [{ name: 'assets/a\0.js' }], 'assets/a\\u0000.js'],
      ['M9: a name that turns around', [{ name: 'assets/\u202Egnp.js' }], 'assets/\\u202egnp.js'],
      ['M9: a symbolic link', [{ name: 'assets/x', attributes: 0xa1ff0000, data: text('/etc/passwd') }], 'assets/x'],
      ['M9: a device', [{ name: 'assets/x', attributes: 0x21b60000 }], 'assets/x'],
      ['M9: one path twice', [{ name: 'assets/x' }, { name: 'assets/x' }], 'assets/x'],
      ['M9: two paths that differ in case', [{ name: 'assets/x.js' }, { name: 'assets/X.js' }], 'assets/X.js'],
      ['M9: a file that is a folder too', [{ name: 'assets/x' }, { name: 'assets/x/y' }], 'assets/x/y'],
      ['M8: a bomb', [{ name: 'assets/x', data: bomb }], 'assets/x'],
      ['M8: a false size', [{ name: 'assets/x', data: text('abc'), size: 2 }], 'assets/x'],
      ['M8: a false checksum', [{ name: 'assets/x', data: text('abc'), crc: 1 }], 'assets/x'],
      ['M8: two headers that differ', [{ name: 'assets/x', data: text('a'), local: { name: 'assets/y' } }], 'assets/x'],
    ];
    for (const [what, entries, named] of odd) {
      it(what, async () => {
        const plugin = [
          { name: 'manifest.json', data: manifest() },
          { name: 'plugin.wasm', data: main },
        ];
        try {
          await read(makeZip([...plugin, ...entries]));
        } catch (error) {
          const { code, message } = error as ClocheError;
          assert.equal(code, 'PACKAGE_REJECTED');
          assert.include(message, `Entry "${named}" of the package`);
          return;
        }
        assert.fail('it was read');
      });
    }
  });
});
