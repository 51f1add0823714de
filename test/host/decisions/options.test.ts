// Options of an embedding app that are not what it meant: nothing is granted, started or sent then.

import { assert } from 'chai';
import { createHost, defineCapability } from '../../../src/index.ts';
import { rejectsCode } from '../../helpers/expect-code.ts';
import { guest } from '../../helpers/guests.ts';
import { closeHosts, makeHost } from '../../helpers/hosts.ts';

const MANIFEST = { cloche: 1, id: 'subject', wasm: 'main.wasm', permissions: { kv: true } };
const given = (options: object): never => options as never;

async function subject(manifest: object = MANIFEST) {
  return { wasm: await guest(), manifest };
}

describe('P11: options that were not meant so', () => {
  afterEach(closeHosts);

  it('make no host', async () => {
    await rejectsCode('OPTION_INVALID', createHost(given({ polcy: { kv: false } })), /policy/);
  });

  it('install and open nothing, where a grant is misspelt', async () => {
    const host = await makeHost();
    await rejectsCode('OPTION_INVALID', host.install(await subject(), given({ grants: 'none' })), /grant/);
    await rejectsCode('OPTION_INVALID', host.open(await subject(), given({ Grant: 'none' })), /grant/);
    await rejectsCode('OPTION_INVALID', host.install(await subject(), { grant: given(new Map([['kv', false]])) }));
    assert.isEmpty(host.plugins);
  });

  it('change no setting', async () => {
    const plugin = await (await makeHost()).open(await subject());
    for (const changes of [{ grants: 'none' }, { grant: null }, { config: null }, { limits: { timeout: 5 } }, 'none']) {
      await rejectsCode('OPTION_INVALID', plugin.configure(changes as never));
    }
    assert.isTrue(plugin.grants.has('kv'));
  });

  it('call, tell and fetch nothing', async () => {
    const host = await makeHost();
    const plugin = await host.open(await subject());
    await rejectsCode('OPTION_INVALID', plugin.call('echo', 'a', given({ timeout: 5 })), /timeoutMs/);
    await rejectsCode('OPTION_INVALID', plugin.call('echo', 'a', given({ signal: new AbortController() })), /signal/);
    await rejectsCode('OPTION_INVALID', host.emit('changed', {}, given({ abort: 1 })), /abort/);
    await rejectsCode('OPTION_INVALID', host.emit(given({ event: 'changed' })), /string/);
    await rejectsCode('OPTION_INVALID', host.run('subject.a', '', given({ lod: 'dont-run' })), /load/);
    await rejectsCode('OPTION_INVALID', host.run('subject.a', '', given(null as never)), /an object/);
    await rejectsCode('OPTION_INVALID', host.run('subject.a', '', { load: given('never' as never) }), /dont-run/);
    await rejectsCode('OPTION_INVALID', host.run('subject.a', '', { timeoutMs: 0 }), /timeoutMs/);
    await rejectsCode('OPTION_INVALID', plugin.fetch('/x', given({ metod: 'POST' })), /method/);
    await rejectsCode('OPTION_INVALID', host.fetch('/api/plugins', given({ methods: 'DELETE' })), /method/);
    assert.equal(plugin.stats.calls, 0);
  });

  it('uninstall nothing, and wipe nothing', async () => {
    const host = await makeHost();
    const plugin = await host.install(await subject());
    await rejectsCode('OPTION_INVALID', plugin.uninstall(given({ wiped: true })), /wipe/);
    await rejectsCode('OPTION_INVALID', plugin.uninstall(given({ wipe: 'no' })), /wipe/);
    assert.strictEqual(host.get('subject'), plugin);
  });
});

describe('P11: an object of the app', () => {
  afterEach(closeHosts);

  it('grants no more when it is changed afterwards', async () => {
    const host = await makeHost();
    const grant: Record<string, unknown> = { kv: false };
    const plugin = await host.open(await subject(), { grant });
    grant.kv = true;
    await plugin.configure({ config: { a: 'b' } });
    assert.isFalse(plugin.grants.has('kv'));
    const next = { http: { allow: ['https://example.com'] } };
    await plugin.configure({ grant: next });
    next.http.allow.push('*');
    await plugin.configure({ limits: { timeoutMs: 50 } });
    assert.deepEqual(plugin.grants.get('http'), { allow: ['https://example.com'] });
  });

  it('limits as it did when the host was made', async () => {
    const policy: Record<string, unknown> = { kv: false };
    const host = await makeHost({ policy });
    policy.kv = true;
    assert.isFalse((await host.open(await subject())).grants.has('kv'));
  });

  it('is a manifest as it was when it was handed over', async () => {
    const host = await makeHost();
    const manifest: Record<string, unknown> = { ...MANIFEST, permissions: {} };
    const source = { ...(await subject()), manifest };
    const opening = host.open(source);
    manifest.permissions = { kv: true };
    source.manifest = { ...MANIFEST, id: 'another' };
    const plugin = await opening;
    assert.equal(plugin.id, 'subject');
    assert.isFalse(plugin.grants.has('kv'));
  });

  it('with traps is refused with a code, whatever it stands for', async () => {
    const host = await makeHost();
    const trapped = <T extends object>(target: T): T =>
      new Proxy(target, {
        ownKeys() {
          throw new RangeError('a trap');
        },
      });
    await rejectsCode('OPTION_INVALID', createHost(trapped({})), /a trap/);
    await rejectsCode('OPTION_INVALID', host.open(await subject(), trapped({})), /a trap/);
    await rejectsCode('OPTION_INVALID', host.run('subject.a', '', trapped({})), /a trap/);
    await rejectsCode('OPTION_INVALID', host.open(await subject(), { grant: trapped({}) }), /a trap/);
    await rejectsCode('MANIFEST_INVALID', host.open(trapped(await subject())), /a trap/);
    await rejectsCode('MANIFEST_INVALID', host.open(await subject(trapped(MANIFEST))), /a trap/);
    assert.throws(() => defineCapability(trapped({ name: 'a', functions: {} })), /a trap/);
    assert.isEmpty(host.plugins);
  });
});
