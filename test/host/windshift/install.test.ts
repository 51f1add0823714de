// Installing Windshift packages: what a plugin says of itself, updates, and packages that are refused.

import { assert } from 'chai';
import type { Host, Plugin } from '../../../src/index.ts';
import { rejectsCode } from '../../helpers/expect-code.ts';
import { closeHosts, makeHost, uniqueStorage } from '../../helpers/hosts.ts';
import { makeZip } from '../../package/zip-maker.ts';
import { exported } from '../../workers/extism/abi-guest.ts';
import { packageOf, saying, windshiftGuest } from './guest.ts';

const TAB = { point: 'admin.tab', id: 'tab', label: 'Tab' };
const MANIFEST = { name: 'demo', version: '1', description: 'manifest', extensions: [TAB], routes: [{ path: '/a' }] };
const METADATA = JSON.stringify({
  name: 'Demo, the plugin',
  version: '2',
  routes: [{ path: '/metadata' }],
  extensions: [{ ...TAB, id: 'second', component: 'second.html', styles: 'second.css' }],
});

const text = (value: string) => new TextEncoder().encode(value);
const paths = ({ manifest }: Plugin) => manifest.routes.map(({ path }) => path);
const ids = ({ manifest }: Plugin) => manifest.contributions.map(({ id }) => id);

describe('installing a Windshift plugin', () => {
  let host: Host;
  beforeEach(async () => {
    host = await makeHost({ serviceWorker: '/cloche-sw.js' });
  });
  afterEach(closeHosts);

  const install = async (body: string, options = {}) =>
    host.install(packageOf(MANIFEST, await windshiftGuest(body)), options);

  it('lets it say of itself what its manifest does not', async () => {
    const plugin = await install(
      saying('get_metadata', METADATA, 0) + saying('get_routes', '[{"path":"/routes"}]', 4_096),
    );
    const { id, name, version, description } = plugin.manifest;
    assert.deepEqual([id, name, version, description], ['demo', 'Demo, the plugin', '2', 'manifest']);
    assert.deepEqual([paths(plugin), ids(plugin)], [['/routes'], ['tab', 'second']]);
  });

  it('keeps what it has said, for the next page', async () => {
    const storage = uniqueStorage();
    host = await makeHost({ storage });
    const { manifest } = await install(saying('get_metadata', METADATA, 0));
    await closeHosts();
    const again = (await makeHost({ storage })).get('demo');
    assert.deepEqual(again?.manifest, { ...manifest, defaultCall: undefined });
    assert.deepEqual(again && paths(again), ['/metadata']);
  });

  it('forgets it at an update that does not say it any more', async () => {
    await install(saying('get_metadata', METADATA, 0));
    const plugin = await install('', { replace: true });
    assert.deepEqual([plugin.manifest.name, ids(plugin), paths(plugin)], ['demo', ['tab'], ['/a']]);
  });

  const silent: [what: string, body: string, logged: RegExp][] = [
    ['traps', '(func (export "get_metadata") (result i32) unreachable)', /`get_metadata` failed/],
    ['returns 1', '(func (export "get_metadata") (result i32) (i32.const 1))', /`get_metadata` failed/],
    ['takes parameters', '(func (export "get_metadata") (param i32))', /`get_metadata` failed/],
    ['says nonsense', saying('get_metadata', '{"name":', 0), /What `get_metadata` says is ignored/],
    ['says a wrong type', saying('get_metadata', '{"name":"x","version":2}', 0), /version of type string/],
  ];
  for (const [what, body, logged] of silent) {
    it(`goes on with the manifest when get_metadata ${what}, and notes it in the log`, async () => {
      const plugin = await install(body);
      assert.deepEqual([plugin.manifest.name, ids(plugin), paths(plugin)], ['demo', ['tab'], ['/a']]);
      const lines = host.logs('demo').filter(({ source }) => source === 'host');
      assert.match(lines.map((line) => line.text).join('\n'), logged);
    });
  }

  it('has no plugin context while it is asked', async () => {
    const key = '{\\"key\\":\\"a\\"}';
    const ask = `(data (i32.const 0) "${key}")
      ${exported('get_routes', '(call $error_set (call $kv_get (call $text (i32.const 0) (i32.const 11))))')}`;
    await install(ask);
    assert.include(host.logs('demo').at(-1)?.text, '{"status":"error","error":"no plugin context"}');
  });

  it('asks each export in an instance of its own', async () => {
    const grow = '(if (i32.ne (memory.grow (i32.const 1)) (i32.const 2)) (then unreachable))';
    await install(`${exported('get_metadata', grow)} ${exported('get_routes', grow)}`);
    assert.deepEqual(host.logs('demo'), []);
  });

  describe('leaves nothing behind', () => {
    const untouched = async (source: File | Uint8Array<ArrayBuffer>, code: 'PACKAGE_REJECTED' | 'START_FAILED') => {
      await rejectsCode(code, host.install(source, { replace: true }));
      return host.get('demo');
    };
    const entries = async (...more: Parameters<typeof makeZip>[0]) =>
      makeZip([
        { name: 'manifest.json', data: text(JSON.stringify({ ...MANIFEST, version: '3' })) },
        { name: 'plugin.wasm', data: await windshiftGuest('') },
        { name: 'assets/new.html', data: text('new') },
        ...more,
      ]);

    it('M9: of a package whose last entry is odd', async () => {
      assert.isUndefined(await untouched(await entries({ name: 'assets/../../x.js' }), 'PACKAGE_REJECTED'));
      await install('');
      const plugin = await untouched(await entries({ name: '/x.js' }), 'PACKAGE_REJECTED');
      assert.deepEqual([plugin?.manifest.version, plugin?.manifest.assets], ['1', []]);
    });

    it('M8: of a bomb', async () => {
      const bomb = { name: 'assets/x', data: new Uint8Array(8 << 20) };
      assert.isUndefined(await untouched(await entries(bomb), 'PACKAGE_REJECTED'));
    });

    it('of a plugin that does not start', async () => {
      await install('');
      const broken = await windshiftGuest('(func (export "_initialize") unreachable)');
      const plugin = await untouched(packageOf({ ...MANIFEST, version: '3' }, broken), 'START_FAILED');
      assert.equal(plugin?.manifest.version, '1');
      assert.equal((await plugin?.exports())?.length, 1);
    });

    it('of the assets of an older version', async () => {
      const wasm = await windshiftGuest('');
      await host.install(packageOf(MANIFEST, wasm, { 'assets/old.html': 'old', 'app.js': '1' }));
      const plugin = await host.install(packageOf(MANIFEST, wasm, { 'assets/new.html': 'new' }), { replace: true });
      assert.isUndefined(await plugin.asset('old.html'));
      assert.deepEqual(await plugin.asset('new.html'), text('new'));
    });
  });
});
