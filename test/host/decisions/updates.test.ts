// Updates that ask for more than the plugin was granted wait for somebody's yes; the others are there at once.

import { assert } from 'chai';
import type { Grant, Host, HostOptions, InstallOptions, Plugin } from '../../../src/index.ts';
import { rejectsCode } from '../../helpers/expect-code.ts';
import { guest } from '../../helpers/guests.ts';
import { changesOf, closeHosts, eventually, existing, makeHost, uniqueStorage } from '../../helpers/hosts.ts';
import { keeper, keeps } from '../../helpers/keeper.ts';
import { version } from '../../helpers/versions.ts';
import { wat } from '../../helpers/wat.ts';
import { keysIn } from '../../registry/records.ts';

afterEach(closeHosts);

const options = (storage: string): HostOptions => ({ storage, serviceWorker: '/cloche-sw.js' });

async function source(text: string, permissions: object = {}, more: object = {}) {
  return {
    wasm: await version(`v${text}`),
    manifest: { cloche: 1, id: 'p', name: 'P', version: text, permissions, ...more },
  };
}

const WIDER = { kv: true, http: { allow: ['https://evil.example.com'] } };

/** Version 1 asks for nothing, and version 2 for more; it waits. */
async function staged(host: Host, given: InstallOptions = {}): Promise<Plugin> {
  const plugin = await host.install(await source('1'));
  await host.install(await source('2', WIDER), { replace: true, ...given });
  return plugin;
}

const saidBy = async (plugin: Plugin): Promise<string> => (await plugin.call('version')).text();
const shaOf = (plugin: Plugin): string => plugin.pending?.sha256 ?? assert.fail('no update waits');
const missingOf = (plugin: Plugin): string[] =>
  plugin.pending?.requests.flatMap(({ missing }) => missing.map(({ text }) => text)) ?? [];

describe('an update that asks for more', () => {
  for (const given of [{}, { grant: 'manifest' }] as const) {
    it(`X8: waits under ${JSON.stringify(given)}, and the plugin runs on with what it has`, async () => {
      const host = await makeHost();
      const plugin = await host.install(await source('1', {}, { author: 'Ada' }));
      const changes = changesOf(host);
      const returned = await host.install(await source('2', WIDER, { author: 'Eve' }), { replace: true, ...given });
      assert.equal(returned, plugin);
      assert.equal(plugin.manifest.version, '1');
      assert.equal(await saidBy(plugin), 'v1');
      assert.deepEqual([...plugin.grants.keys()], ['log']);
      assert.equal(plugin.pending?.version, '2');
      assert.match(shaOf(plugin), /^[0-9a-f]{64}$/);
      assert.deepEqual(
        plugin.pending?.requests.map(({ capability, granted }) => [capability, granted]),
        [
          ['http', false],
          ['kv', false],
        ],
      );
      assert.deepEqual(missingOf(plugin), [
        'Exchange data with https://evil.example.com.',
        'Keep data of its own on this device.',
      ]);
      assert.deepEqual(changes, ['p pending']);
    });
  }

  it('X8: runs nothing before it is accepted, not even what a new version starts with', async () => {
    const host = await makeHost();
    const plugin = await host.install(await source('1'));
    const logs = await wat(`(module
      (import "extism:host/env" "log_error" (func $log (param i64)))
      (import "extism:host/env" "alloc" (func $alloc (param i64) (result i64)))
      (func $start (call $log (call $alloc (i64.const 1))))
      (start $start))`);
    await host.install({ wasm: logs, manifest: (await source('2', WIDER)).manifest }, { replace: true });
    assert.equal(plugin.pending?.version, '2');
    assert.deepEqual(host.logs('p'), []);
    await plugin.accept(shaOf(plugin));
    assert.notEqual(host.logs('p').length, 0, 'it would have shown');
  });

  it('takes its place with `accept`: the same Plugin, its settings, its data, and what was asked for', async () => {
    const storage = uniqueStorage();
    const host = await makeHost(options(storage));
    const manifest = { cloche: 1, id: 'p', name: 'P', version: '1', permissions: { kv: true } };
    const plugin = await host.install({ wasm: await keeper(), manifest }, { config: { a: 'set' } });
    await plugin.call('set', 'a');
    const next = { ...manifest, version: '2', permissions: { kv: true, dialogs: true } };
    await host.install({ wasm: await keeper(2), manifest: next }, { replace: true, config: { a: 'again' } });
    assert.equal(plugin.config.get('a'), 'set');
    assert.deepEqual(
      plugin.pending?.requests.map(({ capability, granted }) => [capability, granted]),
      [
        ['kv', true],
        ['dialogs', false],
      ],
    );
    const changes = changesOf(host);
    await plugin.accept(shaOf(plugin));
    assert.deepEqual(changes, ['p updated']);
    assert.equal(host.get('p'), plugin);
    assert.isUndefined(plugin.pending);
    await plugin.call('v2');
    assert.isTrue(await keeps(plugin, 'a'));
    assert.equal(plugin.config.get('a'), 'again');
    assert.isTrue(plugin.grants.has('dialogs'));
    const again = existing((await makeHost(options(storage))).get('p'));
    assert.deepEqual([again.manifest.version, again.pending], ['2', undefined]);
    assert.isTrue(await keeps(again, 'a'));
  });

  it('goes with `dismiss`, files and all', async () => {
    const storage = uniqueStorage();
    const host = await makeHost({ storage });
    const plugin = await host.install(await source('1'));
    const before = await keysIn(storage);
    await host.install(await source('2', WIDER), { replace: true });
    assert.lengthOf(await keysIn(storage), before.length + 1);
    await plugin.dismiss();
    assert.isUndefined(plugin.pending);
    assert.deepEqual(await keysIn(storage), before);
    assert.equal(await saidBy(plugin), 'v1');
    await plugin.dismiss();
    assert.isUndefined((await makeHost({ storage })).get('p')?.pending);
  });

  it('is dismissed only as it was seen: one that another tab has put in its place waits on', async () => {
    const host = await makeHost();
    const plugin = await staged(host);
    const seen = plugin.settings.pending;
    await host.install(await source('3', WIDER), { replace: true });
    const newest = plugin.settings.pending;
    // As before the news of it has come.
    plugin.current.stage(seen);
    await rejectsCode('UPDATE_CHANGED', plugin.dismiss(), /Another update.*"p"/);
    plugin.current.stage(newest);
    await plugin.accept(shaOf(plugin));
    assert.equal(await saidBy(plugin), 'v3');
  });

  it('X8: is accepted only as it was shown: with the hash of another one, or of none, `accept` is refused', async () => {
    const host = await makeHost();
    const plugin = await staged(host);
    const shown = shaOf(plugin);
    await host.install(await source('3', { ...WIDER, commands: true }), { replace: true });
    assert.notEqual(shaOf(plugin), shown);
    await rejectsCode('UPDATE_CHANGED', plugin.accept(shown), /Another update.*"p"/);
    await rejectsCode('UPDATE_CHANGED', plugin.accept(''));
    assert.equal(await saidBy(plugin), 'v1');
    await plugin.dismiss();
    await rejectsCode('UPDATE_CHANGED', plugin.accept(shown), /No update/);
    assert.deepEqual([...plugin.grants.keys()], ['log']);
  });

  it('has another hash where only its manifest is another', async () => {
    const host = await makeHost();
    const plugin = await staged(host);
    const shown = shaOf(plugin);
    const { wasm, manifest } = await source('2', { ...WIDER, dialogs: true });
    await host.install({ wasm, manifest }, { replace: true });
    assert.notEqual(shaOf(plugin), shown);
    await host.install(await source('2', WIDER), { replace: true });
    assert.equal(shaOf(plugin), shown);
  });

  it('waits in every tab and over a reload; any of them accepts', async () => {
    const storage = uniqueStorage();
    const here = await makeHost({ storage });
    const there = await makeHost({ storage });
    const plugin = await staged(here);
    await eventually(() => there.get('p')?.pending !== undefined, 'the update');
    const other = existing(there.get('p'));
    assert.equal(shaOf(other), shaOf(plugin));
    const reloaded = existing((await makeHost({ storage })).get('p'));
    assert.deepEqual(reloaded.pending, plugin.pending);
    assert.equal(await saidBy(reloaded), 'v1');
    await other.accept(shaOf(other));
    assert.equal(await saidBy(other), 'v2');
    await eventually(() => plugin.manifest.version === '2' && plugin.pending === undefined, 'the news');
    await eventually(async () => (await saidBy(plugin).catch(() => '')) === 'v2', 'the new version');
  });

  it('does not disturb a call that runs, in this tab or another', async () => {
    const storage = uniqueStorage();
    const here = await makeHost({ storage });
    const there = await makeHost({ storage });
    const plugin = await here.install(await source('1'));
    await eventually(() => there.get('p') !== undefined, 'the plugin');
    const other = existing(there.get('p'));
    await other.start();
    const changes = changesOf(there);
    await here.install(await source('2', WIDER), { replace: true });
    await eventually(() => other.pending !== undefined, 'the update');
    assert.deepEqual(changes, ['p pending']);
    assert.equal(other.state, 'running');
    assert.equal(plugin.state, 'running');
  });

  it('is gone with its plugin', async () => {
    const storage = uniqueStorage();
    const host = await makeHost({ storage });
    const plugin = await staged(host);
    const shown = shaOf(plugin);
    await plugin.uninstall();
    await rejectsCode('CLOSED', plugin.accept(shown));
    assert.deepEqual(await keysIn(storage), []);
    assert.isUndefined((await host.install(await source('1'))).pending);
  });

  it('gives way to a newer one that asks for nothing more, which is there at once', async () => {
    const host = await makeHost();
    const plugin = await staged(host);
    await host.install(await source('3'), { replace: true });
    assert.isUndefined(plugin.pending);
    assert.equal(await saidBy(plugin), 'v3');
  });

  it('that cannot start is refused when it is accepted: the plugin runs on, and it waits on', async () => {
    const host = await makeHost();
    const plugin = await host.install(await source('1'));
    const wasm = await wat('(module (func $f unreachable) (start $f))');
    await host.install({ wasm, manifest: (await source('2', WIDER)).manifest }, { replace: true });
    await rejectsCode('START_FAILED', plugin.accept(shaOf(plugin)));
    assert.equal(plugin.pending?.version, '2');
    assert.equal(await saidBy(plugin), 'v1');
    assert.deepEqual([...plugin.grants.keys()], ['log']);
  });

  it('that cannot even be read is refused at once', async () => {
    const host = await makeHost();
    const plugin = await host.install(await source('1'));
    const wasm = await wat('(module (memory i64 1))');
    const error = await host
      .install({ wasm, manifest: (await source('2', WIDER)).manifest }, { replace: true })
      .then(() => undefined, rethrowCode);
    assert.equal(error, 'MODULE_REJECTED');
    assert.isUndefined(plugin.pending);
  });

  it('waits for one that is off, and leaves it off', async () => {
    const host = await makeHost();
    const plugin = await host.install(await source('1'));
    await plugin.disable();
    await host.install(await source('2', WIDER), { replace: true });
    await plugin.accept(shaOf(plugin));
    assert.equal(plugin.state, 'off');
    await plugin.enable();
    assert.equal(await saidBy(plugin), 'v2');
  });

  it('of Extism asks by its imports: a new one waits, also for a plugin that sleeps after a reload', async () => {
    const storage = uniqueStorage();
    const first = await makeHost(options(storage));
    await first.install(await keeper(), { id: 'p' });
    await first.close();
    const host = await makeHost(options(storage));
    const plugin = existing(host.get('p'));
    await host.install(await keeper(2), { id: 'p', replace: true });
    assert.equal(plugin.pending, undefined, 'kv was granted to its import');
    await host.install(await importing('extism:host/env', 'http_request'), { id: 'p', replace: true });
    assert.equal(plugin.pending, undefined, 'natively only the manifest asks for http');
    await host.install(await keeper(3), { id: 'p', replace: true });
    assert.equal(plugin.pending?.version, '');
    assert.deepEqual(missingOf(plugin), ['Keep data of its own on this device.']);

    const again = existing((await makeHost(options(storage))).get('p'));
    assert.deepEqual(missingOf(again), ['Keep data of its own on this device.']);
    await again.accept(shaOf(again));
    await again.call('v3');
    assert.isTrue(again.grants.has('kv'));
  });
});

describe('an update that asks for nothing more', () => {
  it('is there at once', async () => {
    const host = await makeHost();
    const plugin = await host.install(await source('1', { http: { allow: ['*.example.com'] }, kv: true }));
    await host.install(await source('2', { http: { allow: ['https://api.example.com/v1'] } }), { replace: true });
    assert.isUndefined(plugin.pending);
    assert.equal(await saidBy(plugin), 'v2');
    assert.deepEqual([...plugin.grants.keys()].sort(), ['http', 'log']);
  });

  const yes: [grant: Grant, granted: string[]][] = [
    [{ kv: true, http: { allow: ['https://evil.example.com'] } }, ['http', 'kv', 'log']],
    [{ kv: true }, ['kv', 'log']],
    ['none', ['log']],
  ];
  for (const [grant, granted] of yes) {
    it(`is one with ${JSON.stringify(grant)}: somebody has said what it gets`, async () => {
      const host = await makeHost();
      const plugin = await staged(host, { grant });
      assert.isUndefined(plugin.pending);
      assert.equal(await saidBy(plugin), 'v2');
      assert.deepEqual([...plugin.grants.keys()].sort(), granted);
    });
  }

  it("is one with the grant 'all'", async () => {
    const host = await makeHost();
    const plugin = await staged(host, { grant: 'all' });
    assert.equal(await saidBy(plugin), 'v2');
    assert.isTrue(plugin.grants.has('http'));
  });

  it('is one under a grant by hand, which stays as it is: what was revoked stays revoked', async () => {
    const host = await makeHost();
    const plugin = await host.install(await source('1', WIDER));
    await plugin.configure({ grant: { kv: true } });
    await host.install(await source('2', { ...WIDER, commands: true }), { replace: true });
    assert.equal(await saidBy(plugin), 'v2');
    assert.deepEqual([...plugin.grants.keys()].sort(), ['kv', 'log']);
  });

  it("X8: is none where `grant: 'manifest'` would give back what a grant by hand has revoked", async () => {
    const host = await makeHost();
    const plugin = await host.install(await source('1', WIDER));
    await plugin.configure({ grant: { kv: true } });
    await host.install(await source('2', WIDER), { replace: true, grant: 'manifest' });
    assert.equal(await saidBy(plugin), 'v1');
    assert.deepEqual([...plugin.grants.keys()].sort(), ['kv', 'log']);
    assert.deepEqual(missingOf(plugin), ['Exchange data with https://evil.example.com.']);
    await plugin.accept(shaOf(plugin));
    assert.deepEqual([...plugin.grants.keys()].sort(), ['http', 'kv', 'log']);
  });
});

const rethrowCode = (thrown: unknown): unknown => (thrown as { code?: unknown }).code;

/** Imports one function, and answers `version` like the others. */
async function importing(module: string, name: string): Promise<Uint8Array<ArrayBuffer>> {
  return guest('', `(import "${module}" "${name}" (func $imported (param i64 i64) (result i64)))`);
}
