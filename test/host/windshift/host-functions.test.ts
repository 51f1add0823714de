// The host functions of Windshift, called by real guests: what they hear, with and without a grant.

import { assert } from 'chai';
import { type Host, type HostOptions, kv, log, type Plugin } from '../../../src/index.ts';
import { canary } from '../../helpers/canary.ts';
import { rejectsCode } from '../../helpers/expect-code.ts';
import { closeHosts, makeHost, uniqueStorage } from '../../helpers/hosts.ts';
import { textsOf } from '../../helpers/sentences.ts';
import { data, exported } from '../../workers/extism/abi-guest.ts';
import { PASSING, packageOf, windshiftGuest } from './guest.ts';

/** Passes on a place where no block starts: beyond memory, below 0, and inside of a block. */
const ASTRAY = `${exported('beyond', '(call $out (call $kv_get (i64.const 0x7fffffffff)))')}
  ${exported('negative', '(call $out (call $kv_get (i64.const -1)))')}
  ${exported('inside', '(call $out (call $kv_get (i64.add (call $text (i32.const 0) (i32.const 8)) (i64.const 3))))')}
  ${exported('fetch', '(call $out (call $http_fetch (i64.const 0x7fffffffff)))')}
  ${exported('write', '(call $log (i64.const 0x7fffffffff)) (call $out (call $text (i32.const 0) (i32.const 2)))')}
  ${exported('nothing', '(call $out (call $kv_get (i64.const 0)))')}
  ${data({ 0: 'ok' })}`;

const LOG = '(func (export "log") (call $log (call $input)))';

describe('host functions of Windshift', () => {
  let host: Host;
  const hosts = async (options: HostOptions = {}): Promise<Host> => {
    host = await makeHost({ serviceWorker: '/cloche-sw.js', ...options });
    return host;
  };
  const install = async (name = 'demo', options = {}): Promise<Plugin> =>
    host.install(packageOf({ name }, await windshiftGuest(`${PASSING} ${LOG} ${ASTRAY}`)), options);
  const said = async (plugin: Plugin, name: string, request: object | string = ''): Promise<string> =>
    (await plugin.call(name, request)).text();

  beforeEach(() => hosts());
  afterEach(closeHosts);

  it('are asked for by importing them', async () => {
    const plugin = await install();
    assert.deepEqual(
      plugin.requests().map(({ capability, status }) => [capability, status]),
      [
        ['http', 'partly'],
        ['log', 'granted'],
        ['kv', 'granted'],
      ],
    );
    const bare = await host.install(packageOf({ name: 'bare' }, await windshiftGuest('')));
    assert.deepEqual(bare.requests(), []);
    assert.deepEqual([...bare.grants.keys()], ['log']);
  });

  it('keep data by the name of the plugin: across updates, not across plugins', async () => {
    const plugin = await install();
    assert.equal(await said(plugin, 'kv_set', { key: 'a', value: '1' }), '{"status":"ok"}');
    assert.equal(await said(plugin, 'kv_get', { key: 'a' }), '{"status":"ok","value":"1"}');
    assert.equal(await said(await install('demo2'), 'kv_get', { key: 'a' }), '{"status":"not_found"}');
    assert.equal(
      await said(await install('demo', { replace: true }), 'kv_get', { key: 'a' }),
      '{"status":"ok","value":"1"}',
    );
    await plugin.uninstall({ wipe: true });
    assert.equal(await said(await install(), 'kv_get', { key: 'a' }), '{"status":"not_found"}');
  });

  it('answer offset 0 to a block that cannot be read, and the call goes on', async () => {
    const plugin = await install();
    for (const name of ['beyond', 'negative', 'inside', 'fetch']) assert.equal(await said(plugin, name), '', name);
    assert.equal(await said(plugin, 'write'), 'ok');
    assert.equal(await said(plugin, 'nothing'), '{"status":"error","error":"invalid request payload"}');
    assert.include(
      host
        .logs('demo')
        .map(({ text }) => text)
        .join('\n'),
      'no block of its memory starts',
    );
  });

  it('write to the log in the plugin’s name, from the level on that the host asks for', async () => {
    const plugin = await install();
    for (const level of ['debug', 'INFO', 'warning', 'Error'])
      await plugin.call('log', { level, message: `a ${level}` });
    await plugin.call('log', 'no JSON');
    assert.deepEqual(
      host.logs('demo').map(({ level, source, text }) => [level, source, text]),
      [
        ['info', 'plugin', 'a INFO'],
        ['warn', 'plugin', 'a warning'],
        ['error', 'plugin', 'a Error'],
      ],
    );
  });

  it('H12: cut a flood of lines, and forge none', async () => {
    await hosts({ limits: { logLines: 2 }, logLevel: 'debug' });
    const plugin = await install();
    for (const message of ['a\nb\u001b[31m', 'b', 'c']) await plugin.call('log', { level: 'debug', message });
    assert.deepEqual(
      host.logs('demo').map(({ level, text }) => [level, text]),
      [
        ['debug', 'a\\nb\\u001b[31m'],
        ['debug', 'b'],
      ],
    );
  });

  describe('without the grant', () => {
    const error = (name: string): string =>
      `{"status":"error","error":"\`${name}\` needs the capability \`kv\`, which plugin \\"demo\\" was not granted"}`;

    it('answer in their own way, and the admin sees why', async () => {
      const plugin = await install('demo', { grant: 'none' });
      for (const name of ['kv_get', 'kv_set', 'kv_delete']) {
        assert.equal(await said(plugin, name, { key: 'a', value: '1' }), error(name));
      }
      const answer = JSON.parse(await said(plugin, 'http_fetch', { url: 'https://example.com' }));
      assert.equal(answer.status, 502);
      assert.match(atob(answer.body), /^`http_fetch` needs the capability `http`/);
      const lines = host.logs('demo').map(({ level, source }) => `${source} ${level}`);
      assert.deepEqual(lines, ['host warn', 'host warn', 'host warn', 'host warn']);
    });

    it('hear of a revocation at the next call', async () => {
      const plugin = await install();
      await said(plugin, 'kv_set', { key: 'a', value: '1' });
      await plugin.configure({ grant: 'none' });
      assert.equal(await said(plugin, 'kv_get', { key: 'a' }), error('kv_get'));
      await plugin.configure({ grant: { kv: true } });
      assert.equal(await said(plugin, 'kv_get', { key: 'a' }), '{"status":"ok","value":"1"}');
    });
  });

  describe('http_fetch', () => {
    const fetched = async (plugin: Plugin, request: object) => {
      const { status, headers, body = '' } = JSON.parse(await said(plugin, 'http_fetch', request));
      return { status, headers, body: atob(body) };
    };

    it('reaches what is granted by hand', async () => {
      const plugin = await install('demo', { grant: { http: { allow: [canary.origin] } } });
      const { status, headers, body } = await fetched(plugin, {
        url: canary.url('/echo'),
        method: 'put',
        body: 'YWJj',
      });
      assert.deepEqual([status, JSON.parse(body).method, JSON.parse(body).body], [200, 'PUT', 'abc']);
      assert.match(headers['Content-Type'], /json/);
    });

    it('reaches nothing by itself, and says what to grant, to the plugin and to the admin', async () => {
      const plugin = await install();
      const id = crypto.randomUUID();
      const { status, body } = await fetched(plugin, { url: canary.url(`/hit/${id}`) });
      assert.equal(status, 502);
      assert.include(body, `\`{ http: { allow: ['${canary.origin}'] } }\` would allow it`);
      assert.include(host.logs('demo').at(-1)?.text, canary.origin);
      const request = plugin.requests().find(({ capability }) => capability === 'http');
      assert.deepEqual(textsOf(request?.unmet), [
        'Asks for every host (*), which only a policy or an explicit grant gives.',
      ]);
      assert.equal(await canary.count(id), 0);
    });

    it('reaches every public host where the policy says so', async () => {
      await hosts({ policy: { http: { allow: ['*'] } } });
      const plugin = await install();
      assert.equal(plugin.requests().find(({ capability }) => capability === 'http')?.status, 'granted');
    });

    it('N1: does not follow where it is sent', async () => {
      const plugin = await install('demo', { grant: { http: { allow: [canary.origin] } } });
      const id = crypto.randomUUID();
      const to = encodeURIComponent(canary.url(`/hit/${id}`));
      assert.equal((await fetched(plugin, { url: canary.url(`/redirect?to=${to}`) })).status, 502);
      assert.equal(await canary.count(id), 0);
    });

    it('is over before the call is', async () => {
      const grant = { http: { allow: [canary.origin] } };
      const plugin = await install('demo', { grant, limits: { timeoutMs: 1_000 } });
      const { status, body } = await fetched(plugin, { url: canary.url('/slow?ms=5000') });
      assert.deepEqual([status, plugin.stats.kills], [502, 0]);
      assert.match(body, /took longer than|did not answer within/);
    });
  });

  it('stop the installation where the host has them not, and say what would', async () => {
    await hosts({ capabilities: [log(), kv({ storage: uniqueStorage() })] });
    await rejectsCode('IMPORT_MISSING', install(), /`extism:host\/user` `http_fetch`/);
  });
});
