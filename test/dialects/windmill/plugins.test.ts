// Plugins of Windmill: docs/contracts/windmill.md.

import { assert } from 'chai';
import {
  type ClocheError,
  defaultCapabilities,
  defineCapability,
  type HostCallRecord,
  windmillCapabilities,
} from '../../../src/index.ts';
import {
  component,
  ECHO,
  echoAs,
  MEMORY,
  WASI_FILESYSTEM,
  type WindmillParts,
  windmillPlugin,
} from '../../helpers/component.ts';
import { rejectsCode } from '../../helpers/expect-code.ts';
import { closeHosts, makeHost, uniqueStorage } from '../../helpers/hosts.ts';

const WIT = 'export greet: func(data: string) -> result<string, string>;';
const GREET = `(func (export "greet") ${echoAs(0)})`;

const plugin = (parts: Partial<WindmillParts> & { name: string }): Promise<Uint8Array<ArrayBuffer>> =>
  windmillPlugin({ wit: WIT, functions: GREET, hooks: ['greet'], ...parts });

const post = (body: unknown): RequestInit => ({ method: 'POST', body: JSON.stringify(body) });

describe('a plugin of Windmill', function () {
  this.timeout(120_000);
  afterEach(closeHosts);

  it('is told by its bytes, says its id and its hooks, and is the same on the next page', async () => {
    const storage = uniqueStorage();
    const host = await makeHost({ storage });
    const first = await plugin({ name: 'first', routes: [['/first/greet', 'greet']] });
    const { id, manifest } = await host.install(first);
    assert.deepEqual(
      [id, manifest.dialect, manifest.handlers[0]],
      ['first', 'windmill', { use: 'hook', handler: 'greet', path: undefined }],
    );
    await rejectsCode('ALREADY_INSTALLED', host.install(first));
    const renamed = await plugin({ name: 'second' });
    await rejectsCode(
      'ID_CHANGED',
      host.install(renamed, { id: 'first', replace: true }),
      /"first" calls itself "second"/,
    );
    assert.equal(host.get('first')?.manifest.name, 'first');
    await host.close();
    const next = await makeHost({ storage });
    const [outcome] = await next.hook('greet', 'again');
    assert.deepInclude(outcome, { plugin: 'first', ok: true, value: { tag: 'ok', val: 'again' } });
  });

  it('may have the manifest of the first plugins, whose routes do not say whether they run as tasks', async () => {
    const host = await makeHost();
    const routes = [
      ['/old/greet', 'greet'],
      ['/old', 'greet'],
    ] as const;
    const { manifest } = await host.open(await plugin({ name: 'old', routes, isOld: true }));
    assert.deepEqual(manifest.handlers, [
      { use: 'hook', handler: 'greet', path: undefined },
      { use: 'endpoint', handler: 'greet', path: '/greet' },
      { use: 'endpoint', handler: 'greet', path: '/' },
    ]);
    const answer = await host.fetch('/plugin', post({ path: '/old/greet', data: { a: 1 } }));
    assert.deepEqual(await answer.json(), { data: { a: 1 } });
  });

  it('hears a hook beside others, in the order of registration, and fails alone', async () => {
    const host = await makeHost();
    await host.open(await plugin({ name: 'b' }));
    await host.open(
      await plugin({ name: 'traps', functions: '(func (export "greet") (param i32 i32) (result i32) unreachable)' }),
    );
    await host.open(await plugin({ name: 'a', functions: `(func (export "greet") ${echoAs(1)})` }));
    const outcomes = await host.hook('greet', 'x');
    assert.deepEqual(
      outcomes.map(({ plugin, value, error }) => [plugin, value ?? error?.code]),
      [
        ['b', { tag: 'ok', val: 'x' }],
        ['traps', 'TRAP'],
        ['a', { tag: 'err', val: 'x' }],
      ],
    );
    await rejectsCode(
      'TRAP',
      host.hook({ name: 'greet', strict: true }, 'x'),
      /^Failed to call hook greet in plugin traps/,
    );
    await rejectsCode(
      'EXPORT_MISSING',
      host.hook({ name: 'other', strict: true }),
      /^Hook other not registered by any plugin$/,
    );
    assert.isEmpty(await host.hook('other'));
    await host.get('traps')?.disable();
    assert.lengthOf(await host.hook({ name: 'greet', strict: true }, 'x'), 2);
  });

  it('is refused for what is wrong with its manifest, and is not there', async () => {
    const host = await makeHost();
    const beyond = plugin({ name: 'miru', routes: [['/mirux/create', 'greet']] });
    const message = /`routes\[0\]\.path` should be `\/miru` or begin with `\/miru\/`/;
    await rejectsCode('MANIFEST_INVALID', host.install(await beyond), message);
    assert.isEmpty(host.plugins);
  });

  it('answers at the door, with the claims of the app in the place of any', async () => {
    const host = await makeHost();
    await host.open(
      await plugin({
        name: 'demo',
        routes: [
          ['/demo', 'greet'],
          ['/demo/greet', 'greet'],
        ],
      }),
    );
    const claims = { userId: 'u', roles: ['admin-user'] };
    const asked = { path: '/demo/greet', data: { name: 'you', claims: 'forged' } };
    const answer = await host.fetch('/plugin', { ...post(asked), claims });
    assert.deepEqual(await answer.json(), { data: { name: 'you', claims: JSON.stringify(claims) } });
    const payload = { sub: 'u', exp: 1 };
    const told = await host.fetch('/plugin', { ...post(asked), claims: { ...claims, payload } });
    assert.deepEqual(await told.json(), { data: { name: 'you', claims: JSON.stringify(payload) } });
    const plain = await host.fetch('/plugin/demo', post({ claims: 'forged' }));
    assert.deepEqual(await plain.json(), { data: {} });
    const below = await host.fetch('/api/plugins/demo/greet', post({ a: 1 }));
    assert.deepEqual(await below.json(), { data: { a: 1 } });
    const texts: [RequestInit & { claims?: { userId: string } }, number, RegExp][] = [
      [post({ path: '/demo/other', data: {} }), 500, /^Route \/demo\/other not found/],
      [post({ path: '/demo/greet', data: 5 }), 400, /object/],
      [{ method: 'POST', body: 'x' }, 400, /not JSON/],
      [{ ...post(asked), claims: { userId: 'u' } }, 403, /admin-user/],
      [{}, 405, /Method/],
    ];
    for (const [init, status, text] of texts) {
      const refused = await host.fetch('/plugin', init);
      assert.equal(refused.status, status);
      assert.match(await refused.text(), text);
    }
  });

  it('names both plugins that have one path', async () => {
    const host = await makeHost();
    const routes = [['/demo/greet', 'greet']] as const;
    await host.open(await plugin({ name: 'demo', routes }));
    await host.open(await plugin({ name: 'demo', routes }), { id: 'copy' });
    const answer = await host.fetch('/plugin', post({ path: '/demo/greet', data: {} }));
    assert.equal(answer.status, 409);
    assert.match(await answer.text(), /"demo" and "copy"/);
  });

  it('tells its manifest without a word of the host, and its hooks find what that left untouched', async () => {
    const host = await makeHost();
    const bytes = await plugin({
      name: 'sly',
      hooks: ['greet', 'seen'],
      wit: `${WIT} export seen: func() -> u32;`,
      functions: `${GREET} (global $seen (mut i32) (i32.const 0)) (func (export "seen") (result i32) (global.get $seen))`,
      before: '(global.set $seen (i32.const 1))',
    });
    await host.open(bytes);
    assert.equal((await host.hook('seen'))[0]?.value, 0);
  });

  it('finds its files below its own name from its first call on, whatever it is installed as', async () => {
    const host = await makeHost();
    const bytes = await plugin({
      name: 'keeper',
      hooks: ['folder'],
      wit: 'import wasi:filesystem/preopens@0.2.0; export folder: func() -> string;',
      packages: WASI_FILESYSTEM,
      imports: '(import "wasi:filesystem/preopens@0.2.0" "get-directories" (func $folders (param i32)))',
      functions: `(func (export "folder") (result i32)
        (call $folders (i32.const 64)) (i32.add (i32.load (i32.const 64)) (i32.const 4)))`,
    });
    const grant = { files: { read: { allowAll: true } } };
    for (const options of [{ grant }, { grant, id: 'other' }]) {
      const installed = await host.install(bytes, options);
      assert.equal((await installed.call('folder')).text(), '/temp/keeper');
    }
  });

  it('answers by name what no host offers, where its result has a text for that', async () => {
    const host = await makeHost();
    const bytes = await component(
      `package a:b; interface store { keep: func(x: string) -> result<_, string>; }
      world plugin { import store; export keep: func(x: string) -> result<_, string>; }`,
      `(module (import "a:b/store" "keep" (func $keep (param i32 i32 i32))) ${MEMORY}
        (func (export "keep") (param i32 i32) (result i32)
          (call $keep (local.get 0) (local.get 1) (i32.const 64)) (i32.const 64)))`,
    );
    const opened = await host.open(bytes, { id: 'plain' });
    const failed = await opened.call('keep', 'x').catch((thrown: unknown) => thrown);
    assert.deepInclude(failed, { code: 'PLUGIN_ERROR', detail: '`a:b/store/keep` is not offered by this host' });
    const silent = await component(
      'package a:b; interface store { keep: func(x: u32); } world plugin { import store; }',
      `(module (import "a:b/store" "keep" (func (param i32))) ${MEMORY})`,
    );
    await rejectsCode('IMPORT_MISSING', host.open(silent), /`a:b\/store\/keep`, which nothing provides/);
  });

  it('waits for a function of the app, which it may call once somebody has said so', async () => {
    const heard: unknown[] = [];
    const authorization = defineCapability({
      name: 'authorization',
      namespace: 'plugins-manager:jwt/authorization',
      functions: {
        authorize: {
          params: ['json'],
          result: 'json',
          async call([args]) {
            heard.push(args);
            return heard.length === 1 ? { ok: null } : { err: 'not you' };
          },
        },
        count: { params: ['json'], result: 'json', call: async () => -1 },
        tell: { params: ['json'], call: async () => undefined },
      },
    });
    const host = await makeHost({ capabilities: [authorization] });
    const bytes = await component(
      `package plugins-manager:jwt;
      interface authorization {
        authorize: func(claims: string, super: bool, tenant: option<string>, permissions: list<string>) -> result<_, string>;
        count: func() -> u32; tell: func();
      }
      world plugin { import authorization; export ask: func(claims: string) -> result<_, string>; export count: func() -> u32; export tell: func(); }`,
      `(module
        (import "plugins-manager:jwt/authorization" "authorize" (func $ask (param i32 i32 i32 i32 i32 i32 i32 i32 i32)))
        (import "plugins-manager:jwt/authorization" "count" (func $count (result i32)))
        (import "plugins-manager:jwt/authorization" "tell" (func $tell)) ${MEMORY}
        (func (export "count") (result i32) (call $count)) (func (export "tell") (call $tell))
        (func (export "ask") (param i32 i32) (result i32)
          (call $ask (local.get 0) (local.get 1) (i32.const 1) (i32.const 0) (i32.const 0) (i32.const 0) (i32.const 0) (i32.const 0) (i32.const 64))
          (i32.const 64)))`,
    );
    const opened = await host.open(bytes, { id: 'asks' });
    const denied = await opened.call('ask', 'C').catch((thrown: unknown) => thrown);
    if (host.environment.hostCalls === 'none') return assert.propertyVal(denied, 'code', 'HOST_CALLS_UNAVAILABLE');
    assert.propertyVal(denied, 'code', 'PERMISSION_DENIED');
    // Functions without a `result` can only end the call, and are not waited for until its time is over.
    for (const name of ['count', 'tell']) await rejectsCode('PERMISSION_DENIED', opened.call(name));
    assert.deepInclude(opened.requests()[0], { capability: 'authorization', granted: false, optional: true });
    await opened.configure({ grant: { authorization: true } });
    assert.equal((await opened.call('ask', 'C')).text(), '');
    await rejectsCode('HOST_FUNCTION_FAILED', opened.call('count'), /its answer to be u32/);
    const refused = await opened.call('ask', 'C').catch((thrown: unknown) => thrown);
    assert.deepInclude(refused, { code: 'PLUGIN_ERROR', detail: 'not you' });
    assert.deepEqual(heard, [
      ['C', true, null, []],
      ['C', true, null, []],
    ]);
  });

  it('is installed with a word of what fails where nothing can wait for the page', async () => {
    const host = await makeHost({ hostCalls: 'none' });
    const lines: string[] = [];
    host.addEventListener('log', ({ record }) => lines.push(record.text));
    const bytes = await component(
      `package plugins-manager:jwt;
      interface authorization { ask: func() -> result<_, string>; }
      world plugin { import authorization; export ask: func() -> result<_, string>; }`,
      `(module (import "plugins-manager:jwt/authorization" "ask" (func $ask (param i32))) ${MEMORY}
        (func (export "ask") (result i32) (call $ask (i32.const 64)) (i32.const 64)))`,
    );
    await host.install(bytes, { id: 'asks', missing: 'stub' });
    const [line] = lines.filter((text) => text.includes('HOST_CALLS_UNAVAILABLE'));
    assert.include(line, 'these fail: `plugins-manager:jwt/authorization/ask`');
  });

  it('asks for what it imports in sentences, has none of it before somebody says yes, and loses it at once', async () => {
    const records: HostCallRecord[] = [];
    const host = await makeHost({ capabilities: [...defaultCapabilities(), ...(await windmillCapabilities())] });
    if (host.environment.hostCalls === 'none') return;
    host.addEventListener('hostcall', ({ record }) => records.push(record));
    const begin = (database: string): string =>
      `(func (export "begin-${database}") (result i32) (call $${database} (i32.const 64)) (i32.const 64))`;
    const imported = (database: string): string =>
      `(import "plugins-manager:transactions-manager/transaction" "create-${database}-transaction" (func $${database} (param i32)))`;
    const bytes = await component(
      `package plugins-manager:transactions-manager;
      interface transaction { create-hasura-transaction: func() -> result<_, string>; create-keycloak-transaction: func() -> result<_, string>; }
      world plugin { import transaction; export begin-hasura: func() -> result<_, string>; export begin-keycloak: func() -> result<_, string>; }`,
      `(module ${imported('hasura')} ${imported('keycloak')} ${MEMORY} ${begin('hasura')} ${begin('keycloak')})`,
    );
    const opened = await host.open(bytes, { id: 'stores' });
    const answer = async (database: string): Promise<unknown> =>
      (await opened.call(`begin-${database}`, []).catch((thrown: ClocheError) => thrown.detail)) ?? 'no detail';
    const [request] = opened.requests();
    assert.deepInclude(request, { capability: 'database', risk: 'high', granted: false });
    assert.equal(
      request?.sentences[0]?.text,
      'Read and change all that is in these databases of this site: hasura, keycloak.',
    );
    const isDenied = /needs the capability `database`, which plugin "stores" was not granted/;
    assert.match(String(await answer('hasura')), isDenied);
    assert.deepInclude(records.at(-1), { capability: 'database', outcome: 'PERMISSION_DENIED' });
    await opened.configure({ grant: { database: { allow: ['hasura'] } } });
    const place = 'plugins-manager:transactions-manager/transaction/create-hasura-transaction';
    assert.equal(await answer('hasura'), `\`${place}\` is not offered by this host`);
    assert.match(
      String(await answer('keycloak')),
      /needs the database "keycloak", which plugin "stores" was not granted/,
    );
    assert.deepInclude(records.at(-1), { name: 'create-keycloak-transaction', outcome: 'PERMISSION_DENIED' });
    assert.isFalse((await opened.explain({ capability: 'database', database: 'keycloak' })).allowed);
    await opened.configure({ grant: {} });
    assert.match(String(await answer('hasura')), isDenied);
  });

  it('that only echoes takes a text as it is', async () => {
    const host = await makeHost();
    const bytes = await component(
      'package a:b; world plugin { export echo: func(x: string) -> string; }',
      `(module ${MEMORY} (func (export "echo") ${ECHO}))`,
    );
    assert.equal((await (await host.open(bytes)).call('echo', 'x')).text(), 'x');
  });
});
