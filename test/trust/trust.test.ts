// What an app allows, settles for good, and leaves to whom.

import { assert } from 'chai';
import type { Grant, Host, HostOptions, Plugin, PublicKey, TrustOptions } from '../../src/index.ts';
import { rejectsCode } from '../helpers/expect-code.ts';
import { closeHosts, existing, makeHost, uniqueStorage } from '../helpers/hosts.ts';
import { keeper, keeps } from '../helpers/keeper.ts';
import { newSigner, type Signer } from '../helpers/signing.ts';

afterEach(closeHosts);

let ada: Signer;
let eve: Signer;
before(async () => {
  [ada, eve] = await Promise.all([newSigner(), newSigner()]);
});

const publishers = () => [
  { name: 'Ada', keys: [ada.key as PublicKey] },
  { name: 'Eve', keys: [eve.key as PublicKey] },
];
const source = async (id = 'keeper', more: object = {}) => ({
  wasm: await keeper(),
  manifest: JSON.stringify({ cloche: 1, id, name: 'Keeper', wasm: 'main.wasm', permissions: { kv: true }, ...more }),
});
const open = (trust: TrustOptions | undefined, storage = uniqueStorage(), more: HostOptions = {}): Promise<Host> =>
  makeHost({ storage, serviceWorker: '/cloche-sw.js', ...(trust && { trust }), ...more });

/** A host of no limits where the plugin has stored `a`, closed again. */
async function storedBefore(given: Parameters<Host['install']>[1] = {}): Promise<string> {
  const storage = uniqueStorage();
  const host = await open(undefined, storage);
  await (await host.install(await source(), given)).call('set', 'a');
  await host.close();
  return storage;
}

async function hashOf(): Promise<string> {
  return (await (await open(undefined)).review(await source())).sha256;
}

describe('the plugins of an app', () => {
  it('X15: are those on its list, that somebody vouches for', async () => {
    const host = await open({ publishers: publishers(), plugins: ['keeper', { id: 'pinned', publisher: 'Ada' }] });
    await rejectsCode('NOT_ALLOWED', host.install(await source('other')), /not on the list/);
    await rejectsCode('NOT_ALLOWED', host.install(await source()), /none of the publishers/);
    const signature = await eve.sign(await source());
    assert.equal((await host.install(await source(), { signature })).state, 'running');
    const byEve = await eve.sign(await source('pinned'));
    await rejectsCode('NOT_ALLOWED', host.install(await source('pinned'), { signature: byEve }), /not signed by Ada/);
    const byAda = await ada.sign(await source('pinned'));
    await host.install(await source('pinned'), { signature: byAda });
    assert.deepEqual(
      host.plugins.map(({ id }) => id),
      ['keeper', 'pinned'],
    );
    assert.isEmpty(await host.orphans());
  });

  it('X15: are what their hash says, and nothing else of that id', async () => {
    const sha256 = await hashOf();
    const host = await open({ plugins: [{ id: 'keeper', sha256 }] });
    await rejectsCode('NOT_ALLOWED', host.install(await source('keeper', { version: '2' })), /none of those/);
    await rejectsCode('NOT_ALLOWED', host.open(await source('keeper', { version: '2' })));
    await rejectsCode('NOT_ALLOWED', host.review(await source('keeper', { version: '2' })));
    const plugin = await host.install(await source());
    await rejectsCode('NOT_ALLOWED', host.install(await source('keeper', { version: '2' }), { replace: true }));
    assert.equal(plugin.state, 'running');
    assert.isUndefined(plugin.blocked);
  });

  it('are those that its publishers have signed, where it has no list and no sideloading', async () => {
    const host = await open({ publishers: publishers().slice(0, 1), sideloading: false });
    await rejectsCode('NOT_ALLOWED', host.install(await source()));
    await rejectsCode('NOT_ALLOWED', host.install(await source(), { signature: await eve.sign(await source()) }));
    await host.install(await source(), { signature: await ada.sign(await source()) });
  });

  it('are any, with sideloading, but for what a pin says', async () => {
    const host = await open({ plugins: [{ id: 'keeper', sha256: '0'.repeat(64) }], sideloading: true });
    await rejectsCode('NOT_ALLOWED', host.install(await source()));
    await host.install(await source('other'));
  });

  it('X15: do not run, and keep their data, where they were installed before', async () => {
    const storage = await storedBefore();
    const host = await open({ plugins: [] }, storage);
    const plugin = existing(host.get('keeper'));
    assert.deepEqual([plugin.state, plugin.blocked?.code, plugin.active], ['blocked', 'NOT_ALLOWED', false]);
    await rejectsCode('NOT_ALLOWED', plugin.call('get', 'a'), /not on the list/);
    await plugin.enable();
    await rejectsCode('NOT_ALLOWED', plugin.start());
    await host.close();
    const again = await open(undefined, storage);
    assert.isTrue(await keeps(existing(again.get('keeper')), 'a'));
  });

  it('that are pinned by a hash have to be installed anew, where theirs was not kept', async () => {
    const storage = await storedBefore();
    const host = await open({ plugins: [{ id: 'keeper', sha256: await hashOf() }] }, storage);
    await rejectsCode('NOT_ALLOWED', existing(host.get('keeper')).call('get', 'a'), /install it again/);
    const plugin = await host.install(await source(), { replace: true });
    assert.isTrue(await keeps(plugin, 'a'));
    await host.close();
    const again = await open({ plugins: [{ id: 'keeper', sha256: await hashOf() }] }, storage);
    assert.isTrue(await keeps(existing(again.get('keeper')), 'a'));
  });

  it('are refused as options where they are none', async () => {
    for (const trust of [
      { plugins: 'keeper' },
      { plugins: ['../x'] },
      { plugins: ['a', 'a'] },
      { plugins: [{ id: 'a', sha: '' }] },
      { plugins: [{ id: 'a', sha256: 'x' }] },
      { plugins: [{ id: 'a', sha256: [] }] },
      { plugins: [{ id: 'a', publisher: 'Nobody' }] },
      { sideloading: 'no' },
      { grants: { a: { nothing: true } } },
      { can: { instal: false } },
      { can: { install: 0 } },
      { blocklist: 'data:,' },
      { blocklist: 'https://elsewhere.example/list.json' },
      { blocklist: { url: '/list.json', publisher: 'Nobody' } },
      { blocklist: { url: '/list.json', everyMs: 5 } },
    ]) {
      await rejectsCode('OPTION_INVALID', open(trust as TrustOptions));
    }
  });
});

describe('grants that are settled by the app', () => {
  const settled = (grant: Grant): TrustOptions => ({ grants: { keeper: grant } });

  it('hold for what is installed already, and nobody can change them', async () => {
    const storage = await storedBefore({ grant: { kv: true } });
    const host = await open(settled('none'), storage);
    const plugin = existing(host.get('keeper'));
    assert.isFalse(plugin.grants.has('kv'));
    await rejectsCode('PERMISSION_DENIED', plugin.call('set', 'b'));
    await rejectsCode('GRANT_FIXED', plugin.configure({ grant: 'all' }));
    await rejectsCode('GRANT_FIXED', host.install(await source(), { replace: true, grant: 'all' }));
    await plugin.configure({ limits: { timeoutMs: 2_000 } });
    assert.isFalse(plugin.grants.has('kv'));
    assert.isFalse((await host.install(await source(), { replace: true })).grants.has('kv'));
  });

  it('are gone with the option, and what people decided is there again', async () => {
    const storage = await storedNone();
    const host = await open(settled({ kv: true }), storage);
    await existing(host.get('keeper')).call('set', 'a');
    await host.close();
    const again = await open(undefined, storage);
    assert.isFalse(existing(again.get('keeper')).grants.has('kv'));
  });

  it('hold for what is installed under them, and end no call when another tab changes something else', async () => {
    const storage = uniqueStorage();
    const host = await open(settled({ kv: true }), storage);
    const plugin = await host.install(await source());
    await rejectsCode('GRANT_FIXED', host.open(await source(), { id: 'keeper', grant: 'none' }));
    const other = await open(settled({ kv: true }), storage);
    await existing(other.get('keeper')).configure({ config: { a: 'b' } });
    assert.isTrue(plugin.grants.has('kv'));
  });

  it('are asked of nobody', async () => {
    let asked = 0;
    const ask = () => {
      asked++;
      return 'always' as const;
    };
    const host = await open(settled('manifest'), uniqueStorage(), { ask });
    const plugin = await host.install(await source('keeper', { permissions: { kv: { optional: true } } }));
    await rejectsCode('PERMISSION_DENIED', plugin.call('set', 'a'));
    assert.equal(asked, 0);
  });
});

describe('what whoever uses the page may not do', () => {
  async function guarded(can: TrustOptions['can'], more: HostOptions = {}): Promise<{ host: Host; plugin: Plugin }> {
    const storage = await storedBefore();
    const host = await open({ can } as TrustOptions, storage, more);
    return { host, plugin: existing(host.get('keeper')) };
  }

  it('installing, updating, removing and switching', async () => {
    const { host, plugin } = await guarded({ install: false });
    await rejectsCode('FORBIDDEN', host.install(await source('other')), /no `install`/);
    await rejectsCode('FORBIDDEN', host.open(await source('other')));
    await rejectsCode('FORBIDDEN', plugin.uninstall());
    await rejectsCode('FORBIDDEN', plugin.disable());
    await rejectsCode('FORBIDDEN', plugin.enable());
    await rejectsCode('FORBIDDEN', plugin.accept('0'.repeat(64)));
    await rejectsCode('FORBIDDEN', host.wipeOrphan('x'));
    await plugin.configure({ grant: 'none', config: { a: 'b' } });
    await rejectsCode('PERMISSION_DENIED', plugin.call('set', 'a'));
  });

  it('granting: nothing of it changes, and what is new is granted nothing', async () => {
    let asked = 0;
    const ask = () => {
      asked++;
      return 'always' as const;
    };
    const { host, plugin } = await guarded({ grant: false }, { ask });
    await rejectsCode('FORBIDDEN', plugin.configure({ grant: 'all' }), /no `grant`/);
    await rejectsCode('FORBIDDEN', plugin.configure({ grant: 'none' }), /no `grant`/);
    await rejectsCode('FORBIDDEN', host.install(await source('keeper'), { replace: 'keep', grant: 'none' }));
    await rejectsCode('FORBIDDEN', host.install(await source('other')));
    await rejectsCode('FORBIDDEN', host.open(await source('other')));
    await rejectsCode('FORBIDDEN', host.install(await source('other'), { grant: { kv: true } }));
    const other = await host.install(await source('other', { permissions: { kv: { optional: true } } }), {
      grant: 'none',
    });
    await rejectsCode('PERMISSION_DENIED', other.call('set', 'a'));
    assert.equal(asked, 0);
    assert.isTrue(await keeps(plugin, 'a'));
  });

  it('config and limits', async () => {
    const { host, plugin } = await guarded({ config: false });
    await rejectsCode('FORBIDDEN', plugin.configure({ config: { a: 'b' } }), /no `config`/);
    await rejectsCode('FORBIDDEN', plugin.configure({ limits: { timeoutMs: 5 } }));
    await rejectsCode('FORBIDDEN', host.install(await source('other'), { config: { a: 'b' } }));
    await plugin.configure({ grant: 'none' });
  });

  it('logs, and with them the audit', async () => {
    const { host, plugin } = await guarded({ logs: false }, { audit: true });
    let told = 0;
    host.addEventListener('log', () => told++);
    plugin.warn('a line');
    assert.throws(() => host.logs(), /no `logs`/);
    const { audit } = host;
    await rejectsCode('FORBIDDEN', audit?.export() ?? Promise.resolve());
    assert.equal(told, 0);
  });

  it('is in the audit where they try', async () => {
    const { host, plugin } = await guarded({ install: false }, { audit: true });
    await rejectsCode('FORBIDDEN', plugin.disable());
    const text = await (await host.audit?.export())?.text();
    assert.match(text ?? '', /"act":"disable","plugin":"keeper","outcome":"FORBIDDEN"/);
  });
});

/** As `storedBefore`, of a plugin that was granted nothing. */
async function storedNone(): Promise<string> {
  const storage = uniqueStorage();
  const host = await open(undefined, storage);
  await host.install(await source(), { grant: 'none' });
  await host.close();
  return storage;
}
