// Where plugins of Nev come from, when they start, and what they keep when they start again.

import { assert } from 'chai';
import {
  catalogs,
  defaultCapabilities,
  type Host,
  type HostOptions,
  type NevOptions,
  nevCapabilities,
  type Plugin,
} from '../../../src/index.ts';
import { dispose } from '../../../src/util/dispose.ts';
import { canary } from '../../helpers/canary.ts';
import { rejectsCode } from '../../helpers/expect-code.ts';
import { closeHosts, eventually, makeHost, uniqueStorage } from '../../helpers/hosts.ts';
import { makeZip } from '../../package/zip-maker.ts';
import { nevGuest } from './nev-guest.ts';

after(closeHosts);

async function nevHost(rest: HostOptions = {}, options: NevOptions = {}): Promise<Host> {
  const storage = rest.storage ?? uniqueStorage();
  const capabilities = [...defaultCapabilities({ storage }), ...(await nevCapabilities(options))];
  return makeHost({ storage, serviceWorker: '/cloche-sw.js', capabilities, ...rest });
}

const manifest = (fields = '') => `{ "wasm": "example.m.wasm", ${fields} }`;

/** Counts what it is notified of; endless for task 0, and it fails to take a state that begins with `!`. */
const COUNTER = {
  body: `(import "nev:plugins/core" "get-time" (func $time (result f64)))
    (global $count (mut i32) (i32.const 48))
    (func (export "notify_task_complete") (param $task i64) (param i32)
      (if (i64.eqz (local.get $task)) (then (loop (drop (call $time)) (br 0))))
      (global.set $count (i32.add (global.get $count) (i32.const 1))))
    (func (export "load_plugin_state") (param $at i32) (param i32)
      (if (i32.eq (i32.load8_u (local.get $at)) (i32.const 50)) (then (unreachable)))
      (global.set $count (i32.load8_u (local.get $at))))
    (func (export "save_plugin_state") (result i32)
      (i32.store8 (i32.const 512) (global.get $count))
      (i32.store (i32.const 256) (i32.const 512)) (i32.store (i32.const 260) (i32.const 1))
      (i32.const 256))`,
};

const utf8 = (text: string) => new TextEncoder().encode(text);
const add = (plugin: Plugin) => plugin.callWith('notify_task_complete', [1n, 0]);
const countOf = async (plugin: Plugin) =>
  new TextDecoder().decode((await plugin.callWith('save_plugin_state', []))[0] as Uint8Array);

describe('the state of a plugin of Nev', () => {
  it('is what it has saved when it is reloaded or updated, and nothing when it is reset', async () => {
    const host = await nevHost();
    const source = { wasm: await nevGuest(COUNTER), manifest: manifest() };
    const plugin = await host.install(source, { id: 'counter' });
    await add(plugin);
    await plugin.reload();
    assert.deepEqual([plugin.state, await countOf(plugin)], ['running', '1']);
    const next = { wasm: await nevGuest({ ...COUNTER, init: '(nop)' }), manifest: manifest() };
    await host.install(next, { id: 'counter', replace: 'keep' });
    assert.equal(await countOf(plugin), '1');
    await plugin.reset();
    assert.equal(await countOf(plugin), '0');
  });

  it('C1: outlives a kill as far as it was saved, and is given up where it cannot be loaded', async () => {
    const host = await nevHost();
    const plugin = await host.open({ wasm: await nevGuest(COUNTER), manifest: manifest() }, { id: 'killed' });
    await add(plugin);
    await plugin.reload();
    await add(plugin);
    const endless = plugin.callWith('notify_task_complete', [0n, 0], { timeoutMs: 100 });
    await rejectsCode('TIMEOUT', endless, /./);
    assert.equal(await countOf(plugin), '1');
    await add(plugin);
    await rejectsCode('TRAP', plugin.reload(), /./);
    assert.equal(await countOf(plugin), '0');
  });
});

describe('a plugin of Nev', () => {
  it('starts with its host where its manifest says `autoLoad`, unless it is switched off', async () => {
    const storage = uniqueStorage();
    const first = await nevHost({ storage });
    const wasm = await nevGuest();
    for (const [id, fields] of [
      ['auto', '"autoLoad": true'],
      ['lazy', ''],
      ['off', '"autoLoad": true'],
    ] as const)
      await first.install({ wasm, manifest: manifest(fields) }, { id });
    await first.get('off')?.disable();
    await first.close();
    const second = await nevHost({ storage });
    await eventually(() => second.get('auto')?.state === 'running', 'it to start');
    assert.deepEqual([second.get('lazy')?.state, second.get('off')?.state], ['asleep', 'off']);
  });

  it('is reloaded, with its state, when its catalog has another version, where its manifest says `autoReload`', async () => {
    const { autoReload, installFrom, userCatalog } = await catalogs();
    const host = await nevHost();
    const catalog = userCatalog({ storage: uniqueStorage() });
    const packed = async (init: string, fields: string): Promise<Blob> =>
      new Blob([
        makeZip([
          { name: 'manifest.json', data: utf8(manifest(fields)) },
          { name: 'example.m.wasm', data: await nevGuest({ ...COUNTER, init }) },
        ]),
      ]);
    const put = async (init: string): Promise<void> => {
      await catalog.put('watched', await packed(init, '"autoReload": true'));
      await catalog.put('other', await packed(init, ''));
    };
    await put('');
    for (const id of ['watched', 'other']) await add(await installFrom(host, catalog, id));
    const failures: unknown[] = [];
    const watching = autoReload(host, catalog, (...failure) => failures.push(failure));
    const moduleOf = (id: string) => host.get(id)?.manifest.modules[0]?.sha256;
    const before = moduleOf('watched');
    await put('(nop)');
    await eventually(() => moduleOf('watched') !== before, 'it to be reloaded');
    watching?.[dispose]();
    catalog[dispose]();
    assert.deepEqual([failures, moduleOf('other')], [[], before]);
    assert.equal(await countOf(host.get('watched') as Plugin), '1');
  });

  it('is installed again while somebody writes it on a server, which is asked for what has changed', async () => {
    const { autoReload, installFrom, urlCatalog } = await catalogs();
    const host = await nevHost();
    const folder = canary.url(`/kept/${crypto.randomUUID()}`);
    const put = async (name: string, body: string) => void (await fetch(`${folder}/${name}`, { method: 'PUT', body }));
    const module = (init: string) => `(module (memory (export "memory") 1) (func (export "init_plugin") ${init}))`;
    await put('manifest.json', '{ "wasm": "a.wat", "autoReload": true }');
    await put('a.wat', module(''));
    const catalog = urlCatalog({ url: `${folder}/manifest.json`, id: 'written', everyMs: 20 });
    const plugin = await installFrom(host, catalog, 'written');
    const before = plugin.manifest.modules[0]?.sha256;
    const failures: string[] = [];
    // Nobody looks yet.
    await put('a.wat', module('(nope)'));
    const watching = autoReload(host, catalog, (_, error) => failures.push((error as Error).message));
    await eventually(() => failures.length > 0, 'the mistake');
    assert.match(failures[0] ?? '', /line 1, column \d+: unexpected token "nope"/);
    assert.equal(plugin.manifest.modules[0]?.sha256, before);
    await put('a.wat', module('(nop)'));
    await eventually(() => plugin.manifest.modules[0]?.sha256 !== before, 'what was mended');
    watching?.[dispose]();
  });

  it('alone is of the version that its name says', async () => {
    const host = await nevHost();
    const open = async (name: string) => (await host.open(new File([importing], name))).manifest;
    const importing = await nevGuest({ body: '(import "nev:plugins/core" "api-version" (func (result i32)))' });
    assert.equal((await open('loose.1.m.wasm')).apiVersion, 1);
    assert.equal((await open('other.m.wasm')).apiVersion, 0);
  });
});

describe('a version of the API', () => {
  const REVISION = '(import "nev:plugins/text-editor" "get-revision" (func $revision (param i64) (result i32)))';
  const SAYS_REVISION = `${REVISION} (func (export "save_plugin_state") (result i32)
    (i32.store8 (i32.const 512) (call $revision (i64.const 1)))
    (i32.store (i32.const 256) (i32.const 512)) (i32.store (i32.const 260) (i32.const 1)) (i32.const 256))`;
  const revision = (value: number) => ({ 'text-editor': { 'get-revision': () => value } });

  it('runs beside another, each plugin with what the app implements for its own', async () => {
    const apiVersions = { 0: { interfaces: revision(48) }, 1: { interfaces: revision(49) } };
    const host = await nevHost({}, { apiVersions, interfaces: revision(50) });
    const wasm = await nevGuest({ body: SAYS_REVISION });
    const answers = ['"apiVersion": 0', '"apiVersion": 1'].map(async (field, i) =>
      countOf(await host.open({ wasm, manifest: manifest(field) }, { id: `v${i}` })),
    );
    assert.deepEqual(await Promise.all(answers), ['0', '1']);
  });

  it('that is not served is refused by what is, and one that goes is told to its author', async () => {
    const apiVersions = { 1: { until: '2027-06-30', deprecated: 'use what comes' } };
    const host = await nevHost({}, { apiVersions });
    const source = { wasm: await nevGuest(), manifest: manifest() };
    const message = /version 0 of Nev's API, which this app does not serve; it serves 1 \(until 2027-06-30\)/;
    await rejectsCode('IMPORT_MISSING', host.install(source, { id: 'old' }), message);
    assert.isEmpty(host.plugins);
    await host.install({ ...source, manifest: manifest('"apiVersion": 1') }, { id: 'next' });
    const said = host.logs('next').map(({ text }) => text);
    assert.include(said, "Version 1 of Nev's API is deprecated, and served until 2027-06-30: use what comes");
  });

  it('has to be one that is known', async () => {
    for (const apiVersions of [{ 2: {} }, {}, { 0: { until: 1 } }, { 0: { other: 1 } }, { 0: 1 }]) {
      await rejectsCode('OPTION_INVALID', nevCapabilities({ apiVersions } as never), /apiVersions/);
    }
  });
});

describe('settings about the permissions of a plugin', () => {
  it('count from the next call, without a reload, and not where another policy holds', async () => {
    const settings = new Map<string, unknown>();
    const host = await nevHost({}, { settings });
    const asked = '"permissions": { "commands": { "allow": ["open"] }, "time": true }';
    const plugin = await host.open({ wasm: await nevGuest(), manifest: manifest(asked) }, { id: 'x' });
    const commands = () => plugin.grants.get('editor-commands');
    assert.deepEqual(commands(), { allow: ['open'] });
    settings.set('plugin.x.+permissions', { '+commands': { '+allow': ['quit'] } });
    assert.deepEqual(commands(), { allow: ['open', 'quit'] });
    settings.set('plugin.x.permissions', {});
    settings.delete('plugin.x.+permissions');
    assert.equal(commands(), undefined);
    assert.isFalse(plugin.grants.has('editor-commands'));
    settings.set('plugin.x.permissions', 1);
    assert.isFalse(plugin.grants.has('editor-commands'));
    assert.match(
      host
        .logs('x')
        .map(({ text }) => text)
        .join(),
      /granted nothing by its settings/,
    );
    settings.clear();
    assert.deepEqual(commands(), { allow: ['open'] });
  });
});
