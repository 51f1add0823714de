// `missing: 'stub'`: a plugin that imports functions which nobody provides is installed all the same, and stubs stand for them.

import { assert } from 'chai';
import { type Host, type HostOptions, type InstallOptions, kv, log, type Plugin } from '../../src/index.ts';
import { engine } from '../helpers/engine.ts';
import { rejectsCode } from '../helpers/expect-code.ts';
import { guest, passing } from '../helpers/guests.ts';
import { closeHosts, existing, makeHost, uniqueStorage } from '../helpers/hosts.ts';
import { textsOf } from '../helpers/sentences.ts';
import { imports } from '../workers/extism/abi-guest.ts';
import { packageOf, windshiftGuest } from './windshift/guest.ts';

const STUB = { missing: 'stub' } as const;
const USER = 'extism:host/user';
/** Of every kind of type, some of which no host function could have; one twice, as two types. */
const IMPORTS = `
  ${imports(USER, 'find_item: i64 -> i64')}
  ${imports('env', 'now: -> f64; toString: i32; constructor: f32 i64')}
  (import "env" "now" (func $now32 (result i32)))
  (import "js" "pair" (func $pair (param externref) (result i32 externref)))`;
const CALLS = `
  ${passing('find_item')}
  (func (export "now") (result i32) (drop (call $now)) (i32.const 0))
  (func (export "now32") (result i32) (call $now32))
  (func (export "text") (result i32) (call $toString (i32.const 1)) (i32.const 0))
  (func (export "pair") (result i32) (drop (call $pair (ref.null extern))))`;

const options = (more: HostOptions = {}): HostOptions => ({ serviceWorker: '/cloche-sw.js', ...more });

afterEach(closeHosts);

/** A wording as it stands. */
const literal = (text: string): RegExp => new RegExp(text.replace(/[()]/g, '\\$&'));
const echoes = async (plugin: Plugin): Promise<string> => (await plugin.call('echo', 'ä')).text();
const stubsOf = ({ stubs }: Plugin): string[] => stubs.map(({ module, name }) => `${module} ${name}`);
const stubbedIn = (plugin: Pick<Plugin, 'requests'>) => plugin.requests().filter(({ status }) => status === 'stubbed');

describe('a plugin that imports what nobody provides', () => {
  it('is refused, also where that is said, and anything else is no choice', async () => {
    const host = await makeHost(options());
    const wasm = await guest(CALLS, IMPORTS);
    for (const given of [{}, { missing: 'refuse' }] as const) {
      const wording = /`extism:host\/user` `find_item`.*`env` `now`/s;
      await rejectsCode('IMPORT_MISSING', host.install(wasm, { id: 'p', ...given }), wording);
      await rejectsCode('IMPORT_MISSING', host.review(wasm, { id: 'p', ...given }), wording);
    }
    for (const missing of ['ignore', true, null] as never[]) {
      await rejectsCode(
        'OPTION_INVALID',
        host.install(wasm, { id: 'p', missing }),
        /`missing` to be one of refuse, stub/,
      );
    }
    assert.deepEqual(host.plugins, []);
  });

  // Where the page cannot wait in either, there is one way.
  for (const isolation of engine.jspi ? (['process', 'origin'] as const) : (['auto'] as const)) {
    it(`runs with stubs, which end the calls that come to them: ${isolation}`, async () => {
      const host = await makeHost(options({ isolation, audit: true }));
      const told: string[] = [];
      host.addEventListener('hostcall', ({ record: { capability, name, outcome } }) =>
        told.push(`${capability} ${name} ${outcome}`),
      );
      const plugin = await host.install(await guest(CALLS, IMPORTS), { id: 'p', ...STUB });
      assert.equal(await echoes(plugin), 'ä');
      const calls: [exportName: string, namespace: string, name: string][] = [
        ['find_item', USER, 'find_item'],
        ['now', 'env', 'now'],
        ['now32', 'env', 'now'],
        ['text', 'env', 'toString'],
        ['pair', 'js', 'pair'],
      ];
      for (const [exportName, namespace, name] of calls) {
        const wording = `Export \`${exportName}\` of plugin "p" failed: \`${name}\`: nobody provides this function of \`${namespace}\``;
        await rejectsCode('IMPORT_MISSING', plugin.call(exportName, 'x'), literal(wording));
        assert.include(host.logs('p').at(-1)?.text, `\`${name}\`: nobody provides`);
        assert.equal(await echoes(plugin), 'ä');
      }
      const expected = calls.map(([, namespace, name]) => `${namespace} ${name} IMPORT_MISSING`);
      assert.deepEqual(told, expected);
      assert.equal(plugin.stats.kills, 0);
      const audited = (await (await host.audit?.export({ plugin: 'p' }))?.text()) ?? '';
      assert.match(audited, /"capability":"env","name":"now","outcome":"IMPORT_MISSING","count":2/);
      assert.match(audited, /"act":"install".*"missing":"stub"/);
    });
  }

  it('says which ones stubs stand for, to code and to whoever decides', async () => {
    const host = await makeHost(options());
    const wasm = await guest(CALLS, IMPORTS);
    const plugin = await host.install(wasm, { id: 'p', ...STUB });
    const all = [`${USER} find_item`, 'env now', 'env toString', 'env constructor', 'js pair'];
    assert.deepEqual(stubsOf(plugin), all);
    const review = await host.review(wasm, { id: 'q', ...STUB });
    for (const requests of [plugin.requests(), review.requests]) {
      assert.deepEqual(
        requests.map(({ capability, status, granted, missing }) => [
          capability,
          status,
          granted,
          ...(textsOf(missing) ?? []),
        ]),
        [
          [USER, 'stubbed', false, `Imports find_item of ${USER}, which nobody provides: what calls it gets an error.`],
          [
            'env',
            'stubbed',
            false,
            'Imports now, toString, constructor of env, which nobody provides: what calls it gets an error.',
          ],
          ['js', 'stubbed', false, 'Imports pair of js, which nobody provides: what calls it gets an error.'],
        ],
      );
    }
    assert.deepEqual(review.changes, []);
    const many = imports('env', Array.from({ length: 7 }, (_, i) => `f${i}: `).join(';'));
    const glued = await host.open(await guest('', many), { id: 'glued', ...STUB });
    assert.include(stubbedIn(glued)[0]?.missing[0]?.text, 'f4 and 2 more of env');
  });

  const never: [imported: string, wording: RegExp][] = [
    ['(import "env" "m" (memory 1))', /`env` `m` \(a memory/],
    ['(import "env" "t" (table 1 funcref))', /`env` `t` \(a table/],
    ['(import "env" "g" (global i32))', /`env` `g` \(a global/],
    ['(import "extism:host/env" "newer" (func))', /a newer Cloche may know it/],
    ['(import "wasi_snapshot_preview1" "fd_teleport" (func))', /not a function of WASI/],
    ['(import "constructor" "name" (func))', /`constructor` `name`/],
    [`(import "${USER}" "kv_get" (func))`, /the module wants \(\) -> \(\)/],
  ];
  it('H3: is refused where something else is missing', async () => {
    const host = await makeHost(options());
    for (const [imported, wording] of never) {
      const wasm = await guest('', `${imported} ${imports('env', 'now: -> f64')}`);
      await rejectsCode('IMPORT_MISSING', host.open(wasm, { id: 'p', ...STUB }), wording);
    }
  });

  it('P12: is refused for a name that objects of JavaScript do not keep', async () => {
    const host = await makeHost(options());
    const wasm = await guest('', imports('env', '__proto__: i32'));
    await rejectsCode('START_FAILED', host.open(wasm, { id: 'p', ...STUB }), /"env" "__proto__"/);
  });

  it('is granted nothing by it: what exists and was not granted is denied as ever', async () => {
    const host = await makeHost(options());
    const wasm = await guest(passing('kv_get'), imports(USER, 'kv_get: i64 -> i64; kv_fly: i64 -> i64'));
    const manifest = { cloche: 1, id: 'p', name: 'P', version: '1' };
    const plugin = await host.install({ wasm, manifest }, STUB);
    assert.deepEqual(stubsOf(plugin), [`${USER} kv_fly`]);
    assert.deepEqual([...plugin.grants.keys()], ['log']);
    assert.equal(plugin.requests().find(({ capability }) => capability === 'kv')?.status, 'unasked');
    await rejectsCode('PERMISSION_DENIED', plugin.call('kv_get', 'a'));
    await rejectsCode('OPTION_INVALID', plugin.configure({ grant: { [USER]: true } }), /names no capability/);
    const full = await guest('', '(import "wasi_snapshot_preview1" "random_get" (func (param i32 i32) (result i32)))');
    await rejectsCode('IMPORT_MISSING', host.open(full, { id: 'w', grant: { wasi: false }, ...STUB }), /may not use/);
  });
});

describe('a Windshift plugin that imports what nobody provides', () => {
  const MANIFEST = {
    name: 'demo',
    version: '1',
    routes: [{ method: 'GET', path: '/status' }],
    extensions: [{ point: 'admin.tab', id: 'tab', label: 'Tab', component: 'index.html' }],
  };
  const NAMES = ['item_upsert', 'smtp_send', 'cli_exec', 'scm_create_branch', 'http_fetch', 'kv_get'];
  const BODY = NAMES.map(
    (name) => `(func (export "${name}") (result i32) (call $out (call $${name} (call $input))) (i32.const 0))`,
  ).join('\n');
  const fork = imports(
    USER,
    'item_upsert: i64 -> i64; smtp_send: i64 -> i64; cli_exec: i64 -> i64; purge_sync: i64; scm_create_branch: i64 -> i64',
  );

  it('keeps its page, and its calls hear an error in the form of the contract', async () => {
    const host = await makeHost(options({ capabilities: [log()] }));
    const purge = `(func (export "purge") (result i32) (call $purge_sync (i64.const 0)) (i32.const 0))
      (func (export "handle_request") (result i32) (drop (call $item_upsert (i64.const 7))) (i32.const 0))`;
    const source = packageOf(MANIFEST, await windshiftGuest(BODY + purge, fork), { 'assets/index.html': 'the page' });
    await rejectsCode('IMPORT_MISSING', host.install(source));
    const plugin = await host.install(source, STUB);
    assert.equal(await (await plugin.fetch('/api/plugins/demo/assets/index.html')).text(), 'the page');
    assert.deepEqual(
      host.extensions('admin.tab').map(({ id }) => id),
      ['tab'],
    );

    const said = async (name: string): Promise<unknown> => (await plugin.call(name, { any: 'thing' })).json();
    assert.deepEqual(await said('item_upsert'), { status: 'error', error: 'item_upsert not configured' });
    assert.deepEqual(await said('kv_get'), { status: 'error', error: 'kv_get not configured' });
    assert.deepEqual(await said('smtp_send'), { status: 'error', error: 'smtp sender not configured' });
    assert.deepEqual(await said('scm_create_branch'), { status: 'error', error: 'SCM service not configured' });
    assert.deepEqual(await said('cli_exec'), {
      status: 'error',
      exit_code: -1,
      stdout: '',
      stderr: '',
      error: 'command execution not configured',
    });
    assert.deepEqual(await said('http_fetch'), { status: 502, body: btoa('http_fetch not configured') });
    const lines = host.logs('demo').map(({ level, text }) => `${level} ${text}`);
    assert.lengthOf(lines, NAMES.length);
    assert.include(lines[0], 'warn `item_upsert`: nobody provides this function of `extism:host/user`');

    // What gives no block has no form for an error, and its call ends.
    await rejectsCode('IMPORT_MISSING', plugin.call('purge'), /`purge_sync`/);
    // A stub reads nothing of what it is called with.
    const answer = await host.fetch('/api/plugins/demo/status');
    assert.equal(answer.status, 500);
    assert.match(await answer.text(), /unexpected end of JSON input/);
  });
});

describe('the choice to stub', () => {
  const manifest = (version: string, more: object = {}) => ({ cloche: 1, id: 'p', name: 'P', version, ...more });
  const source = async (version: string, names: string, permissions: object = {}) => ({
    wasm: await guest(`(func (export "v${version}") (result i32) (i32.const 0))`, names && imports('env', names)),
    manifest: manifest(version, { permissions }),
  });
  const replaced = async (host: Host, version: string, names: string, given: InstallOptions = {}) =>
    host.install(await source(version, names), { replace: true, ...given });

  it('outlives the page, holds for updates that do not say otherwise, and comes back with its version', async () => {
    const storage = uniqueStorage();
    const host = await makeHost(options({ storage }));
    await host.install(await source('1', 'a: '), STUB);
    const again = await makeHost(options({ storage }));
    const plugin = existing(again.get('p'));
    assert.equal(plugin.missing, 'stub');
    assert.equal(await echoes(plugin), 'ä');
    assert.deepEqual(stubsOf(plugin), ['env a']);

    await replaced(again, '2', 'a: ; b: ');
    assert.equal(await echoes(plugin), 'ä');
    assert.deepEqual(stubsOf(plugin), ['env a', 'env b']);
    await rejectsCode('IMPORT_MISSING', replaced(again, '3', 'a: ', { missing: 'refuse' }));
    assert.deepEqual([plugin.manifest.version, plugin.missing], ['2', 'stub']);
    await replaced(again, '3', '', { missing: 'refuse' });
    assert.deepEqual([plugin.manifest.version, plugin.missing], ['3', 'refuse']);
    await rejectsCode('IMPORT_MISSING', replaced(again, '4', 'a: '));

    assert.equal((await plugin.previous())?.requests.at(-1)?.status, 'stubbed');
    await plugin.rollback();
    assert.deepEqual([plugin.manifest.version, plugin.missing], ['2', 'stub']);
    assert.equal(await echoes(plugin), 'ä');
    const last = existing((await makeHost(options({ storage }))).get('p'));
    assert.equal(last.missing, 'stub');
    await rejectsCode('IMPORT_MISSING', replaced(again, '5', 'a: ', { replace: 'wipe' }));
  });

  it('waits with an update that asks for more, and is shown with it', async () => {
    const storage = uniqueStorage();
    const host = await makeHost(options({ storage }));
    const plugin = await host.install(await source('1', ''));
    const next = await source('2', 'a: ', { kv: true });
    await rejectsCode('IMPORT_MISSING', host.install(next, { replace: true }));
    assert.isUndefined(plugin.pending);
    await host.install(next, { replace: true, ...STUB });
    const other = existing((await makeHost(options({ storage }))).get('p'));
    for (const one of [plugin, other]) {
      assert.equal(one.missing, 'refuse');
      assert.deepEqual(
        one.pending?.requests.map(({ status }) => status),
        ['granted', 'stubbed'],
      );
      assert.deepEqual(
        (await one.review())?.requests.map(({ status }) => status),
        ['granted', 'stubbed'],
      );
    }
    await other.accept(other.pending?.sha256 ?? '');
    assert.deepEqual([other.manifest.version, other.missing], ['2', 'stub']);
    assert.equal(await echoes(other), 'ä');
    assert.deepEqual(stubsOf(other), ['env a']);
  });

  it('is no longer needed once the host provides the function', async () => {
    const storage = uniqueStorage();
    const wasm = await guest(passing('kv_get'), imports(USER, 'kv_get: i64 -> i64'));
    const poor = await makeHost(options({ storage, capabilities: [log()] }));
    const plugin = await poor.install(wasm, { id: 'p', ...STUB });
    await rejectsCode('IMPORT_MISSING', plugin.call('kv_get', 'a'));
    const rich = await makeHost(options({ storage, capabilities: [log(), kv({ storage })] }));
    const same = existing(rich.get('p'));
    assert.equal((await same.call('kv_get', 'a')).text(), '');
    assert.deepEqual(stubsOf(same), []);
  });
});
