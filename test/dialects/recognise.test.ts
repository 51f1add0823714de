// Whose plugin a manifest is: by its own marks, in every form in which it can come, before anybody else's rules are
// held against it.

import { assert } from 'chai';
import { zipSync } from 'fflate';
import { DEFAULT_DIALECTS } from '../../src/dialects/index.ts';
import type { PluginSource } from '../../src/package/package-source.ts';
import { type PluginPackage, readPackage } from '../../src/package/read-package.ts';
import { rejectsCode } from '../helpers/expect-code.ts';

const limits = { moduleBytes: 10_000, packageBytes: 3 << 20 };
const main = new Uint8Array([0, 97, 115, 109, 1, 0, 0, 0]);
const utf8 = (text: string) => new TextEncoder().encode(text);

type Files = Record<string, string | Uint8Array>;

function zip(files: Files): Uint8Array<ArrayBuffer> {
  const bytes = Object.entries(files).map(([path, data]) => [path, typeof data === 'string' ? utf8(data) : data]);
  return new Uint8Array(zipSync(Object.fromEntries(bytes) as Record<string, Uint8Array>));
}

const read = (source: PluginSource): Promise<PluginPackage> =>
  readPackage(source, { dialects: DEFAULT_DIALECTS, limits });
const dialectIn = async (files: Files) => (await read(zip(files))).manifest.dialect;

/** As its editor's plugins have them: comments, and commas before brackets. */
const NEV = `// made by hand
{
  "name": "Marks", "version": "0.1.0", "authors": ["Somebody"], "repository": "https://example.com/marks",
  "wasm": "marks.m.wasm", // "marks.wat"
  "autoLoad": false,
  "commands": { "set": {}, "list": { "parameters": [{ "name": "a", "type": "string" }], }, },
  "permissions": { "commands": { "allow": ["open"] }, "filesystemRead": { "disallowAll": false, }, },
}
`;
const NAVIDROME = {
  name: 'Covers of an Archive',
  author: 'Somebody',
  version: '1.0.0',
  description: 'Finds covers',
  website: 'https://example.com',
  permissions: { http: { reason: 'asks the archive', requiredHosts: ['archive.example'] } },
};
const IS_NAVIDROME =
  /a Navidrome plugin .*does not run those yet; it runs Cloche, Nev, Extism, Windshift and Windmill$/;
const IS_NOBODYS = /^The manifest is of no known dialect; known are Cloche \(`cloche`: 1\), .* and Navidrome/;

describe('the dialect of a manifest', () => {
  describe('Nev', () => {
    const { wasm: _, ...nevObject } = { name: 'Marks', wasm: '', authors: ['x'], commands: {} };
    const sources: [what: string, source: () => PluginSource][] = [
      ['an object beside its module', () => ({ wasm: main, manifest: { ...nevObject, wasm: 'marks.1.m.wasm' } })],
      ['text beside its module', () => ({ wasm: main, manifest: NEV })],
      ['a zip', () => zip({ 'manifest.json': NEV, 'marks.m.wasm': main })],
      ['a zip of its folder', () => zip({ 'marks/manifest.json': NEV, 'marks/marks.m.wasm': main })],
    ];
    for (const [what, source] of sources) {
      it(`is told from ${what}`, async () => assert.equal((await read(source())).manifest.dialect, 'nev'));
    }

    const without: [what: string, source: () => PluginSource][] = [
      ['text', () => NEV],
      ['text that begins with a comment of lines', () => `/* Marks\n * of places **/${NEV}`],
      ['bytes', () => utf8(NEV)],
      ['bytes with a byte order mark', () => utf8(`\uFEFF${NEV}`)],
      ['a file of a wrong type', () => new File([NEV], 'manifest.json', { type: 'application/wasm' })],
      ['an object', () => ({ ...nevObject, wasm: 'marks.m.wasm' })],
      ['an object that names text of WebAssembly', () => ({ ...nevObject, wasm: 'marks.wat' })],
      ['a zip without its module', () => zip({ 'manifest.json': NEV, 'readme.txt': '' })],
      ['JSON with a key twice', () => '{"wasm":"a.m.wasm","name":"a","name":"b"}'],
      [
        'JSON of another dialect with its mark',
        () => '{"wasm":"a.m.wasm","routes":[],"permissions":{"commands":{"reason":""}}}',
      ],
    ];
    for (const [what, source] of without) {
      it(`is told from ${what}, and its module is missed`, () =>
        rejectsCode('MANIFEST_INVALID', read(source()), /`wasm`|has no file "marks\.m\.wasm"/));
    }

    it('is not told from what is not JSON to anybody', async () => {
      for (const text of ['{"wasm":"a.m.wasm"', '{"wasm":"a.m.wasm",,}', `{"wasm":"a.m.wasm","x":${'['.repeat(100)}`]) {
        await rejectsCode('MANIFEST_INVALID', read(text), /not valid JSON|nested deeper/);
      }
    });
  });

  describe('Navidrome, which does not run yet', () => {
    const text = JSON.stringify(NAVIDROME);
    const sources: [what: string, source: () => PluginSource][] = [
      ['its package', () => zip({ 'manifest.json': text, 'plugin.wasm': main })],
      ['a folder of it', () => zip({ 'covers/manifest.json': text, 'covers/plugin.wasm': main })],
      ['text', () => text],
      ['text beside its module', () => ({ wasm: main, manifest: text })],
      ['an object', () => NAVIDROME],
      ['an object beside its module', () => ({ wasm: main, manifest: NAVIDROME })],
      ['one permission of several', () => '{"name":"x","permissions":{"cache":{},"users":{"reason":""}}}'],
    ];
    for (const [what, source] of sources) {
      it(`is told from ${what}`, () => rejectsCode('MANIFEST_INVALID', read(source()), IS_NAVIDROME));
    }
  });

  describe('Windshift', () => {
    const manifests: string[] = [
      '{"name":"demo"}',
      '{"NAME":"demo","displayMode":"iframe","short_name":"x"}',
      '{"name":"demo","permissions":{"http":{"reason":"x"}},"routes":[]}',
      '{"name":"demo","permissions":{"http":true}}',
      '{"name":"demo","permissions":{},"EntryPoint":"plugin.wasm"}',
    ];
    for (const manifest of manifests) {
      it(`is what stands beside a module in a zip without a mark of another: ${manifest}`, async () => {
        assert.equal(await dialectIn({ 'manifest.json': manifest, 'plugin.wasm': main }), 'windshift');
        assert.equal(await dialectIn({ 'x/manifest.json': manifest, 'x/plugin.wasm': main }), 'windshift');
      });
    }

    for (const manifest of ['{}', '{"version":"1"}', '{"hello":[]}']) {
      it(`says in its own words that a name is missing: ${manifest}`, async () => {
        const wording = /plugin name must not be empty/;
        for (const files of [
          { 'manifest.json': manifest, 'plugin.wasm': main },
          { 'manifest.json': manifest, 'build/plugin.wasm': main },
          { 'a/manifest.json': manifest, 'a/plugin.wasm': main, 'readme.txt': '' },
          { 'manifest.json': manifest, 'no-ending': main },
        ]) {
          await rejectsCode('MANIFEST_INVALID', read(zip(files)), wording);
        }
      });
    }

    it('is not what a bundler or a web app leaves in a package', async () => {
      const vite = '{"index.html":{"file":"a.js"}}';
      assert.equal(await dialectIn({ 'ui/manifest.json': vite, 'a.wasm': main }), 'extism');
      const webApp = '{"name":"Web app","short_name":"App","start_url":"/"}';
      await rejectsCode('MANIFEST_INVALID', read(zip({ 'manifest.json': webApp, 'app.js': '' })), IS_NOBODYS);
    });

    it('is JSON by strict rules', async () => {
      for (const manifest of ['{"name":"demo",}', '// x\n{"name":"demo"}', '{"name":"demo","routes":[],}']) {
        const files = { 'manifest.json': manifest, 'plugin.wasm': main };
        await rejectsCode('MANIFEST_INVALID', read(zip(files)), /not valid JSON at line/);
        await rejectsCode('MANIFEST_INVALID', read({ wasm: main, manifest }), /not valid JSON at line/);
      }
    });

    it('is the text of a manifest beside a module, since its own upload gives that', async () => {
      for (const manifest of ['{"Name":"demo"}', '{"name":"demo","version":"1","routes":[]}']) {
        assert.equal((await read({ wasm: main, manifest })).manifest.dialect, 'windshift');
      }
    });

    it('says what it ignores, where others would not', async () => {
      const manifest = {
        name: 'demo',
        routes: [],
        config: { a: 'b' },
        allowedHosts: ['example.com'],
        displayMode: 'x',
      };
      const { warnings } = await read({ wasm: main, manifest });
      assert.lengthOf(warnings, 1);
      assert.match(warnings[0] ?? '', /Windshift, which has no `config`, `allowedHosts`: ignored/);
      assert.isEmpty((await read({ wasm: main, manifest: { Name: 'demo', ROUTES: [], displayMode: 'x' } })).warnings);
    });
  });

  describe('Extism', () => {
    it('is what has a list of modules, alone', async () => {
      const text = `{"wasm":[{"data":"${btoa(String.fromCharCode(...main))}"}]}`;
      assert.equal((await read(text)).manifest.dialect, 'extism');
      assert.equal((await read(`\uFEFF${text}`)).manifest.dialect, 'extism');
    });

    it('is what says nothing else beside a module', async () => {
      for (const manifest of [{}, { config: { a: 'b' } }, { timeoutMs: 5 }, '{}', '{"allowed_hosts":["a.example"]}']) {
        assert.equal((await read({ wasm: main, manifest })).manifest.dialect, 'extism', JSON.stringify(manifest));
      }
    });

    it('is the file of that name, and no other', async () => {
      const wasm = '"wasm":[{"path":"a.wasm"}]';
      assert.equal(await dialectIn({ 'extism.json': `{${wasm}}`, 'a.wasm': main }), 'extism');
      const named = zip({ 'extism.json': '{"name":"x"}', 'plugin.wasm': main });
      await rejectsCode('MANIFEST_INVALID', read(named), /`name` is unknown; known are wasm/);
    });

    it('misses its modules', () => rejectsCode('MANIFEST_INVALID', read('{"timeout_ms":5}'), /`wasm` is missing/));
  });

  describe('nobody', () => {
    const sources: [what: string, source: () => PluginSource][] = [
      ['an empty object', () => '{}'],
      ['a package of npm', () => '{"name":"x","version":"1.0.0","dependencies":{}}'],
      ['a web app', () => utf8('{"name":"x","short_name":"x","icons":[]}')],
      ['a module that is named without a dialect', () => '{"id":"x","name":"x","wasm":"x.wasm"}'],
      [
        'the same in a package',
        () => zip({ 'manifest.json': '{"id":"x","name":"x","wasm":"x.wasm"}', 'x.wasm': main }),
      ],
      ['the same as an object', () => ({ id: 'x', name: 'x', wasm: 'x.wasm' })],
      ['keys of JavaScript', () => '{"__proto__":{"cloche":1},"constructor":{}}'],
      ['permissions that are none', () => '{"name":"x","permissions":["reason"]}'],
    ];
    for (const [what, source] of sources) {
      it(`is said of ${what}`, () => rejectsCode('MANIFEST_INVALID', read(source()), IS_NOBODYS));
    }
  });

  it('P2: is told of a large text within a second', async () => {
    const long = ' '.repeat(1_000_000);
    const texts: [text: string, wording: RegExp][] = [
      [`{"wasm":"a.m.wasm",${long}}`, /`wasm` only works in a package/],
      [`{"wasm":"a.m.wasm","x":[${'0,'.repeat(300_000)}]}`, /more than 20000 values/],
      [`{"name":"x","y":"${'x'.repeat(2 << 20)}",}`, /not valid JSON/],
      [`{"name":"x"${',"a":{"reason":1}'.repeat(40_000)}}`, /given twice/],
    ];
    for (const [text, wording] of texts) {
      const began = performance.now();
      await rejectsCode('MANIFEST_INVALID', read(text), wording);
      assert.isBelow(performance.now() - began, 1_000);
    }
  });
});

describe('a manifest that the page writes beside a module', () => {
  const beside = (manifest: object) => read({ wasm: main, manifest });

  it("is Cloche's own, which need not say so", async () => {
    const { manifest } = await beside({
      name: 'My notes',
      version: '1.2.0',
      config: { greeting: 'hello' },
      permissions: { kv: true, http: { allow: ['https://example.com'], reason: 'asks' } },
      limits: { timeoutMs: 2_000 },
    });
    const { dialect, id, name, version, config, limits, instance } = manifest;
    assert.deepEqual([dialect, id, name, version, instance], ['cloche', 'My-notes', 'My notes', '1.2.0', 'persistent']);
    assert.deepEqual([...config], [['greeting', 'hello']]);
    assert.deepEqual(limits, { timeoutMs: 2_000 });
    assert.sameMembers(
      manifest.permissions.map(({ capability }) => capability),
      ['kv', 'http'],
    );
  });

  it('may have an id, or gets that of the installation', async () => {
    assert.equal((await beside({ id: 'own', name: 'Shown' })).manifest.id, 'own');
    const installed = await readPackage(
      { wasm: main, manifest: { version: '1' } },
      { dialects: DEFAULT_DIALECTS, limits, id: 'chosen' },
    );
    assert.deepEqual([installed.manifest.id, installed.manifest.name], ['chosen', 'chosen']);
    await rejectsCode('MANIFEST_INVALID', beside({ id: 'no id', name: 'x' }), /`id`/);
  });

  it('loses nothing that is said as Extism says it', async () => {
    const { manifest } = await beside({
      name: 'Mixed',
      config: { a: 'b' },
      allowed_hosts: ['api.example.com'],
      timeout_ms: 3_000,
      memory: { max_pages: 7, max_var_bytes: 0 },
      limits: { callsPerMinute: undefined },
    });
    assert.equal(manifest.dialect, 'cloche');
    assert.deepEqual(manifest.permissions, [
      { capability: 'http', scope: { allow: ['api.example.com'] }, reason: undefined },
    ]);
    assert.deepEqual(manifest.limits, { timeoutMs: 3_000, growthPages: 7, varBytes: 0 });
    assert.deepEqual([...manifest.config], [['a', 'b']]);
    assert.deepEqual((await beside({ name: 'x', allowedHosts: ['a.example'] })).manifest.permissions.length, 1);
  });

  const refused: [manifest: object, wording: RegExp][] = [
    [
      { name: 'x', allow_hosts: [] },
      /`allow_hosts` is unknown; known are id, .*allowed_hosts.*Did you mean `allowed_hosts`\?/,
    ],
    [{ name: 'x', permission: {} }, /`permission` is unknown.*Did you mean `permissions`\?/],
    [{ name: 'x', short_name: 'x' }, /`short_name` is unknown/],
    [{ Name: 'x' }, /`Name` is unknown.*Did you mean `name`\?/],
    [{ name: 'x', allowed_hosts: ['a.example'], permissions: { http: { allow: [] } } }, /`allowed_hosts` says again/],
    [{ name: 'x', timeout_ms: 1, limits: { timeoutMs: 1 } }, /`limits\.timeoutMs` is given twice/],
    [{ name: 'x', timeout_ms: 1, timeoutMs: 1 }, /`timeoutMs` is given twice/],
    [{ name: 5 }, /`name` should be text/],
    [{ name: 'x', config: { a: 1 } }, /`config\.a` should be text/],
    [{ name: 'x', timeout_ms: 'soon' }, /`timeout_ms`/],
    [{ cloche: 1, name: 'x' }, /`id` is missing/],
  ];
  for (const [manifest, wording] of refused) {
    it(`is refused with ${wording}`, () => rejectsCode('MANIFEST_INVALID', beside(manifest), wording));
  }

  it('may list more modules', async () => {
    const lib = new Uint8Array([...main, 0, 2, 1, 97]);
    const { manifest } = await beside({
      name: 'x',
      wasm: [
        { name: 'lib', data: lib },
        { name: 'main', path: 'x.wasm' },
      ],
    });
    assert.deepEqual([manifest.dialect, manifest.modules.map(({ name }) => name)], ['cloche', ['lib', 'main']]);
  });

  for (const mark of ['routes', 'webhooks', 'extensions', 'entryPoint']) {
    it(`is Windshift's with \`${mark}\``, async () => {
      const { manifest } = await beside({ name: 'demo', [mark]: mark === 'entryPoint' ? 'plugin.wasm' : [] });
      assert.equal(manifest.dialect, 'windshift');
    });
  }

  it('has nothing beside it that nobody reads', async () => {
    for (const source of [
      { wasm: main, manifest: {}, config: { a: 'b' } },
      { wasm: main, name: 'x' },
      { wasm: main, manfest: {} },
      { wasm: URL.createObjectURL(new Blob([main])), manifest: {}, id: 'x' },
    ]) {
      await rejectsCode('SOURCE_INVALID', read(source), /which is not read there: .* goes into `manifest`/);
    }
  });
});
