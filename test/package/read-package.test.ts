import { assert } from 'chai';
import { gzipSync, zipSync } from 'fflate';
import { DEFAULT_DIALECTS } from '../../src/dialects/index.ts';
import { DEFAULT_LIMITS } from '../../src/limits.ts';
import type { PluginSource } from '../../src/package/package-source.ts';
import { type PackageOptions, readPackage } from '../../src/package/read-package.ts';
import { sha256 } from '../../src/util/hash/sha256.ts';
import { canary } from '../helpers/canary.ts';
import { rejectsCode } from '../helpers/expect-code.ts';

const limits = { moduleBytes: 1_000, packageBytes: 10_000 };
const FOLDER = '/test/fixtures/package';

/** A valid module that differs by its text, in a custom section. */
function moduleOf(text: string): Uint8Array<ArrayBuffer> {
  const name = new TextEncoder().encode(text);
  return new Uint8Array([0, 97, 115, 109, 1, 0, 0, 0, 0, name.length + 1, name.length, ...name]);
}

const main = moduleOf('main');
const lib = moduleOf('lib');
const mainHash = await sha256(main);
const libHash = await sha256(lib);
const json = (value: object) => new TextEncoder().encode(JSON.stringify(value));
const zip = (files: Record<string, Uint8Array>) => new Uint8Array(zipSync(files));
const read = (source: PluginSource, options: Partial<PackageOptions> = {}) =>
  readPackage(source, { dialects: DEFAULT_DIALECTS, limits, ...options });

describe('readPackage', () => {
  const inside = new Uint8Array([9, 9, ...main, 9]).subarray(2, 2 + main.length);
  const blobUrl = URL.createObjectURL(new Blob([main]));
  after(() => URL.revokeObjectURL(blobUrl));
  const bare: [what: string, source: () => PluginSource | Promise<PluginSource>][] = [
    ['a Uint8Array', () => main],
    ['a view of a larger buffer (SDK defect M6)', () => inside],
    ['a DataView', () => new DataView(inside.buffer, 2, main.length)],
    ['an ArrayBuffer', () => main.buffer],
    ['a Blob of a wrong type', () => new Blob([main], { type: 'application/json' })],
    ['a File', () => new File([main], 'x.zip')],
    ['a Response of a wrong type', () => new Response(main, { headers: { 'Content-Type': 'text/html' } })],
    ['a URL', () => new URL(blobUrl)],
    ['a string URL', () => blobUrl],
    ['a string URL relative to the document', () => `${FOLDER}/modules/tiny.wasm`],
    ['a data URL', () => `data:text/plain;base64,${btoa(String.fromCharCode(...main))}`],
    ['{ wasm } alone', () => ({ wasm: main })],
    ['{ wasm, manifest } with an object', () => ({ wasm: main, manifest: { config: { a: 'b' } } })],
    ['{ wasm, manifest } with text', () => ({ wasm: blobUrl, manifest: '{"timeout_ms":5}' })],
    ['an Extism manifest as object', () => ({ wasm: [{ data: inside }] })],
    ['an Extism manifest as text', () => ` {"wasm":[{"data":"${btoa(String.fromCharCode(...main))}"}]}`],
    ['an Extism manifest as bytes', () => json({ wasm: [{ data: btoa(String.fromCharCode(...main)) }] })],
    ['an Extism manifest with a Response', () => ({ wasm: [{ response: new Response(main) }] })],
    ['an Extism manifest with a relative URL', () => ({ wasm: [{ url: `${FOLDER}/modules/tiny.wasm` }] })],
    ['a Cloche manifest by URL', () => `${FOLDER}/manifest.json`],
    [
      'a zip with a manifest',
      () => zip({ 'manifest.json': json({ cloche: 1, id: 'z', wasm: 'a.wasm' }), 'a.wasm': main }),
    ],
    ['a zip with one module', () => zip({ 'a.wasm': main })],
  ];
  for (const [what, source] of bare) {
    it(`reads ${what}`, async () => {
      const found = await read(await source());
      assert.deepEqual(found.manifest.modules, [{ name: 'main', sha256: mainHash, size: main.length }]);
      assert.deepEqual([...found.files], [[mainHash, main]]);
      assert.match(found.manifest.id, /^[A-Za-z0-9_-]{1,64}$/);
    });
  }

  it('does not follow later changes of the bytes it was given', async () => {
    const bytes = main.slice();
    const reading = read(bytes);
    bytes.fill(0);
    assert.deepEqual((await reading).files.get(mainHash), main);
  });

  const named: [
    what: string,
    source: () => PluginSource,
    options: Partial<PackageOptions>,
    id: string,
    name: string,
  ][] = [
    ['the hash of bare bytes', () => main, {}, `plugin-${mainHash.slice(0, 12)}`, `plugin-${mainHash.slice(0, 12)}`],
    ['the name of a file', () => new File([main], 'Count vowels.wasm'), {}, 'Count-vowels', 'Count vowels'],
    ['a URL', () => `${FOLDER}/modules/tiny.wasm`, {}, 'tiny', 'tiny'],
    ['the name of the main item', () => ({ wasm: [{ data: main, name: 'vowels' }] }), {}, 'vowels', 'vowels'],
    ['the only module of a zip', () => zip({ 'x/resize.wasm': main }), {}, 'resize', 'resize'],
    [
      'the hash, for a file name that says nothing',
      () => new File([main], 'plugin.wasm'),
      {},
      `plugin-${mainHash.slice(0, 12)}`,
      'plugin',
    ],
    ['the option, before a name', () => new File([main], 'a.wasm'), { id: 'mine' }, 'mine', 'a'],
    [
      'the option, before the manifest',
      () => ({ wasm: main, manifest: { cloche: 1, id: 'own' } }),
      { id: 'mine' },
      'mine',
      'own',
    ],
  ]; // prettier-ignore
  for (const [what, source, options, id, name] of named) {
    it(`takes the id from ${what}`, async () => {
      const { manifest } = await read(source(), options);
      assert.equal(manifest.id, id);
      assert.equal(manifest.name, name);
    });
  }

  it('puts the given module in place of main, and holds it to the hash there', async () => {
    const wasm = [
      { data: lib, name: 'lib' },
      { name: 'main', url: 'https://nowhere.invalid/x.wasm', hash: mainHash },
    ];
    const { manifest } = await read({ wasm: main, manifest: { wasm } });
    assert.deepEqual(
      manifest.modules.map((module) => module.sha256),
      [libHash, mainHash],
    );
    await rejectsCode('HASH_MISMATCH', read({ wasm: lib, manifest: { wasm } }));
  });

  it('takes a file name for the given module, and for no other', async () => {
    const beside = { cloche: 1, id: 'beside', wasm: 'dist/plugin.wasm' };
    const { manifest } = await read({ wasm: main, manifest: beside });
    assert.deepEqual(manifest.modules, [{ name: 'main', sha256: mainHash, size: main.byteLength }]);
    const wasm = [{ path: 'lib.wasm', name: 'lib' }, { path: 'main.wasm' }];
    await rejectsCode('MANIFEST_INVALID', read({ wasm: main, manifest: { wasm } }), /wasm\[0\]\.path/);
  });

  it('gives a module without a name its hash for one', async () => {
    const { manifest } = await read({ wasm: [{ data: lib }, { data: main }] });
    assert.deepEqual(
      manifest.modules.map(({ name }) => name),
      [libHash, 'main'],
    );
  });

  for (const hash of [mainHash, mainHash.toUpperCase()]) {
    it(`P7: takes the hash ${hash.slice(0, 8)}… of the view, not of its buffer (SDK defect M6)`, async () => {
      assert.equal((await read({ wasm: [{ data: inside, hash }] })).manifest.modules[0]?.sha256, mainHash);
    });
  }

  it('warns of what it cannot give', async () => {
    const { warnings } = await read({ wasm: [{ data: main }], allowed_paths: { '/tmp': '/tmp' } });
    assert.lengthOf(warnings, 1);
  });

  it('reads a zip in one top folder, and leaves out what the Finder adds', async () => {
    const found = await read(
      zip({
        '__MACOSX/thumbs/._a.wasm': new Uint8Array([1]),
        'thumbs/.DS_Store': new Uint8Array([1]),
        'thumbs/manifest.json': json({
          cloche: 1,
          id: 'thumbs',
          wasm: [{ path: 'l/lib.wasm', name: 'lib' }, { path: './a.wasm' }],
        }),
        'thumbs/a.wasm': main,
        'thumbs/l/lib.wasm': lib,
        'thumbs/ui/index.html': json({}),
      }),
    );
    assert.equal(found.manifest.id, 'thumbs');
    const [page] = found.manifest.assets;
    assert.equal(page?.path, 'ui/index.html');
    assert.deepEqual([...found.files.keys()], [libHash, mainHash, page?.sha256]);
  });

  const component = new Uint8Array([0, 97, 115, 109, 0x0d, 0, 1, 0]);
  const fetched = canary.url('/echo');
  const refused: [what: string, code: Parameters<typeof rejectsCode>[0], source: () => unknown, wording?: RegExp][] = [
    ['nothing', 'SOURCE_INVALID', () => undefined],
    ['a number', 'SOURCE_INVALID', () => 5],
    ['empty bytes', 'SOURCE_INVALID', () => new Uint8Array(), /empty/],
    ['bytes of something else', 'SOURCE_INVALID', () => new TextEncoder().encode('<!doctype html>'), /<!doctype/],
    ['text format', 'SOURCE_INVALID', () => new Blob(['(module)'])],
    ['a file URL', 'SOURCE_INVALID', () => 'file:///etc/passwd'],
    ['a javascript URL', 'SOURCE_INVALID', () => 'javascript:alert(1)'],
    ['a URL with a user name', 'SOURCE_INVALID', () => 'https://a:b@example.com/x.wasm'],
    ['a string that is not a URL', 'SOURCE_INVALID', () => 'https://'],
    [
      'a component where a core module is wanted',
      'MODULE_REJECTED',
      () => ({ wasm: component, manifest: { cloche: 1, id: 'c' } }),
      /component/,
    ],
    ['another version of WebAssembly', 'MODULE_REJECTED', () => new Uint8Array([0, 97, 115, 109, 2, 0, 0, 0])],
    ['a module that is cut off', 'MODULE_REJECTED', () => main.slice(0, 6), /cut off/],
    ['a compiled module', 'SOURCE_INVALID', () => new WebAssembly.Module(main), /pass its bytes/],
    ['{ wasm } with a compiled module', 'SOURCE_INVALID', () => ({ wasm: new WebAssembly.Module(main), manifest: {} })],
    ['{ wasm } with a zip', 'SOURCE_INVALID', () => ({ wasm: zip({ 'a.wasm': main }), manifest: {} })],
    ['{ wasm } with a number', 'SOURCE_INVALID', () => ({ wasm: 5 })],
    ['{ manifest } without wasm', 'SOURCE_INVALID', () => ({ manifest: {} })],
    ['a manifest that is a number', 'SOURCE_INVALID', () => ({ wasm: main, manifest: 5 })],
    ['a manifest that is a URL', 'SOURCE_INVALID', () => ({ wasm: main, manifest: 'https://example.com' })],
    ['an object that is not a manifest', 'MANIFEST_INVALID', () => ({ hello: 1 })],
    ['a manifest that is not UTF-8', 'MANIFEST_INVALID', () => new Uint8Array([0x7b, 0x80, 0x7d]), /UTF-8/],
    ['a path in a manifest of the page', 'MANIFEST_INVALID', () => ({ wasm: [{ path: 'a.wasm' }] }), /`url` or `data`/],
    ['JSON from elsewhere', 'MANIFEST_INVALID', () => fetched, /of no known dialect/],
    [
      'a module by URL that is something else',
      'MODULE_REJECTED',
      () => ({ wasm: [{ url: fetched }] }),
      /not WebAssembly/,
    ],
    ['P7: another hash', 'HASH_MISMATCH', () => ({ wasm: [{ data: main, hash: libHash }] })],
    [
      'two unnamed modules that are one',
      'MANIFEST_INVALID',
      () => ({ wasm: [{ data: lib }, { data: lib }, { data: main }] }),
    ],
    ['M7: a module over moduleBytes', 'PACKAGE_REJECTED', () => new Uint8Array([...main, ...new Uint8Array(1_000)])],
    ['M7: a file over every cap', 'PACKAGE_REJECTED', () => new Blob([new Uint8Array(10_001)])],
    ['M7: a body over every cap', 'PACKAGE_REJECTED', () => canary.url('/endless')],
    ['M7: an item over moduleBytes', 'PACKAGE_REJECTED', () => ({ wasm: [{ url: canary.url('/endless') }] })],
    ['a zip without a plugin', 'PACKAGE_REJECTED', () => zip({ a: main }), /not exactly one/],
    ['a zip with two modules and no manifest', 'PACKAGE_REJECTED', () => zip({ 'a.wasm': main, 'b.wasm': lib })],
    ['a zip with two manifests', 'PACKAGE_REJECTED', () => zip({ 'manifest.json': json({}), 'extism.json': json({}) })],
    ['an empty zip', 'PACKAGE_REJECTED', () => zip({})],
    [
      'a zip whose manifest names a file it lacks',
      'MANIFEST_INVALID',
      () => zip({ 'extism.json': json({ wasm: [{ path: 'b.wasm' }] }) }),
    ],
    ['a zip with a bad manifest', 'MANIFEST_INVALID', () => zip({ 'extism.json': json({ wasm: 5 }) }), /`wasm`/],
    [
      'a zip with a URL relative to nothing',
      'MANIFEST_INVALID',
      () => zip({ 'extism.json': json({ wasm: [{ url: 'b.wasm' }] }) }),
    ],
  ]; // prettier-ignore
  for (const [what, code, source, wording] of refused) {
    it(`rejects with ${code} for ${what}`, async () => {
      await rejectsCode(code, () => read(source() as PluginSource), wording);
    });
  }

  const text = (value: string) => new TextEncoder().encode(value);
  const mistaken: [what: string, bytes: Uint8Array, says: RegExp][] = [
    ['a gzip file that no header announces', gzipSync(main), /is compressed with gzip: .*`Content-Encoding: gzip`/],
    [
      'a pointer of Git LFS',
      text('version https://git-lfs.github.com/spec/v1\noid sha256:4d7a\nsize 12345\n'),
      /is a pointer of Git LFS.*`git lfs pull`/,
    ],
    ['the page of a single-page app', text('\uFEFF\n<!DOCTYPE html><html></html>'), /is a web page.*check the URL/],
    ['WebAssembly text', text('(module)'), /is WebAssembly text: .*`wat2wasm`/],
  ];
  for (const [what, bytes, says] of mistaken) {
    it(`names ${what} for what it is, as a plugin and as a module of one`, async () => {
      await rejectsCode('SOURCE_INVALID', read(bytes), says);
      await rejectsCode('SOURCE_INVALID', read({ wasm: bytes }), says);
      await rejectsCode('MODULE_REJECTED', read({ wasm: [{ name: 'main', data: bytes }] }), says);
      const packed = zip({ 'extism.json': json({ wasm: [{ path: 'lib.wasm' }] }), 'lib.wasm': bytes });
      await rejectsCode('MODULE_REJECTED', read(packed), /"lib\.wasm"/);
    });
  }

  it('says which URL answered with something else, without its query', async () => {
    const url = canary.url('/file/test/pages/embed.html?token=secret');
    const found = /https?:\/\/[^ ]*\/test\/pages\/embed\.html(?!\?).* is a web page/;
    await rejectsCode('SOURCE_INVALID', read(url), found);
    await rejectsCode(
      'MODULE_REJECTED',
      read({ wasm: [{ url }] }, { limits: DEFAULT_LIMITS }),
      /https?:\/\/[^ ]*\/test\/pages\/embed\.html\).* is a web page/,
    );
  });

  it('M7: holds all modules together to packageBytes', async () => {
    const large = Array.from({ length: 12 }, (_, n) => {
      const size = 900;
      return {
        name: `m${n}`,
        data: new Uint8Array([...main, 0, ...[0x80 | (size & 127), size >> 7], ...new Uint8Array(size)]),
      };
    });
    await rejectsCode('PACKAGE_REJECTED', read({ wasm: large }));
    assert.lengthOf((await read({ wasm: large.slice(0, 10) })).manifest.modules, 10);
  });

  it('refuses an id that is not a valid option', async () => {
    await rejectsCode('OPTION_INVALID', read(main, { id: '../x' }));
  });

  it('rejects with ABORTED when the signal aborts', async () => {
    const abort = new AbortController();
    const reading = read({ wasm: [{ url: canary.url('/slow?ms=3000') }] }, { signal: abort.signal });
    setTimeout(() => abort.abort(), 20);
    await rejectsCode('ABORTED', reading);
    await rejectsCode('ABORTED', read(main, { signal: AbortSignal.abort() }));
  });

  it('takes the default limits of a host', async () => {
    const noise = crypto.getRandomValues(new Uint8Array(60_000));
    const source = zip({ 'a.wasm': main, 'noise.bin': noise });
    const { manifest, files } = await readPackage(source, { dialects: DEFAULT_DIALECTS, limits: DEFAULT_LIMITS });
    const entry = manifest.assets.find(({ path }) => path === 'noise.bin');
    assert.deepEqual(files.get(entry?.sha256 ?? ''), noise);
  });
});
