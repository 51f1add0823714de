// Every form in which a plugin may come, and what belongs to one plugin alone.

import { assert } from 'chai';
import { defineCapability, kv, log, type PluginSource } from '../../../src/index.ts';
import { guest, passing } from '../../helpers/guests.ts';
import { closeHosts, makeHost, uniqueStorage } from '../../helpers/hosts.ts';
import { version, versionOf } from '../../helpers/versions.ts';
import { wat } from '../../helpers/wat.ts';
import { makeZip } from '../../package/zip-maker.ts';

afterEach(closeHosts);

describe('sources', () => {
  const manifest = { cloche: 1, id: 'shown', name: 'Shown', wasm: 'main.wasm' };
  const forms: [form: string, source: (wasm: Uint8Array<ArrayBuffer>) => PluginSource | Promise<PluginSource>][] = [
    ['bytes', (wasm) => wasm],
    ['an ArrayBuffer', (wasm) => wasm.buffer],
    ['a File', (wasm) => new File([wasm], 'thing.wasm')],
    ['a Blob', (wasm) => new Blob([wasm])],
    ['a Response', (wasm) => new Response(wasm)],
    ['a URL', (wasm) => new URL(URL.createObjectURL(new Blob([wasm])))],
    ['a URL as text', (wasm) => URL.createObjectURL(new Blob([wasm]))],
    ['an Extism manifest', (wasm) => ({ wasm: [{ data: wasm }] })],
    ['an Extism manifest as text', (wasm) => JSON.stringify({ wasm: [{ data: base64(wasm) }] })],
    ['{ wasm, manifest }', (wasm) => ({ wasm, manifest: { ...manifest, wasm: undefined } })],
    ['{ wasm, manifest } with text', (wasm) => ({ wasm, manifest: JSON.stringify(manifest) })],
    [
      'a zip',
      (wasm) =>
        makeZip([
          { name: 'manifest.json', data: new TextEncoder().encode(JSON.stringify(manifest)) },
          { name: 'main.wasm', data: wasm },
        ]),
    ],
  ];
  for (const [form, source] of forms) {
    it(`installs ${form}`, async () => {
      const host = await makeHost();
      const plugin = await host.install(await source(await version('one')));
      assert.equal(await versionOf(plugin), 'one');
    });
  }

  it('installs several modules with their hashes, and links them', async () => {
    const host = await makeHost();
    const helper = await wat(
      '(module (func (export "add") (param i64 i64) (result i64) (i64.add (local.get 0) (local.get 1))))',
    );
    const main = await guest(
      '(func (export "sum") (result i32) (call $put_u64 (call $add (i64.const 40) (i64.const 2))) (i32.const 0))',
      '(import "helper" "add" (func $add (param i64 i64) (result i64)))',
    );
    const wasm = await Promise.all(
      [
        { name: 'helper', data: helper },
        { name: 'main', data: main },
      ].map(async (module) => ({ ...module, hash: await hex(module.data) })),
    );
    const plugin = await host.install({ wasm }, { id: 'linked' });
    assert.equal((await plugin.call('sum')).bytes()[0], 42);
  });
});

async function hex(bytes: Uint8Array<ArrayBuffer>): Promise<string> {
  const digest = new Uint8Array(await crypto.subtle.digest('SHA-256', bytes));
  return [...digest].map((byte) => byte.toString(16).padStart(2, '0')).join('');
}

function base64(bytes: Uint8Array): string {
  return btoa(String.fromCharCode(...bytes));
}

describe('S6: what belongs to one plugin', () => {
  it('is out of reach of another: kv, config and vars', async () => {
    const probe = defineCapability({
      name: 'who',
      functions: { who: { params: ['bytes'], result: 'text', call: (_args, { plugin }) => plugin.id } },
    });
    const storage = uniqueStorage();
    const host = await makeHost({
      storage,
      capabilities: [probe, log(), kv({ storage })],
      serviceWorker: '/cloche-sw.js',
    });
    const source = await guest(
      `${passing('get', 'kv_get')} ${passing('who')} ${passing('config', 'config_get')} ${passing('var', 'var_get')}
       (func (export "set") (result i32)
         (drop (call $kv_set (call $input_offset) (call $input_offset)))
         (call $var_set (call $input_offset) (call $input_offset)) (i32.const 0))`,
      `(import "extism:host/user" "kv_get" (func $kv_get (param i64) (result i64)))
       (import "extism:host/user" "who" (func $who (param i64) (result i64)))
       (import "extism:host/user" "kv_set" (func $kv_set (param i64 i64) (result i64)))`,
    );
    const a = await host.install(source, { id: 'a', config: { secret: 'of a' } });
    const b = await host.install(source, { id: 'b' });
    await a.call('set', 'mine');
    assert.equal((await a.call('who')).text(), 'a');
    assert.equal((await b.call('who')).text(), 'b');
    for (const [name, key, own] of [
      ['get', 'mine', 'mine'],
      ['var', 'mine', 'mine'],
      ['config', 'secret', 'of a'],
    ] as const) {
      assert.equal((await a.call(name, key)).text(), own);
      assert.equal((await b.call(name, key)).text(), '', name);
    }
  });

  it('H4: `config_get` of a name that every object has answers none', async () => {
    const host = await makeHost();
    const plugin = await host.open(await guest(passing('config', 'config_get')), { id: 'curious' });
    for (const key of ['constructor', '__proto__', 'toString', 'hasOwnProperty']) {
      assert.equal((await plugin.call('config', key)).text(), '', key);
    }
  });
});
