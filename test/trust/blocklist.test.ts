// The blocklist of an app: from where it is believed, what it ends, and that nothing but a newer one takes anything back.

import { assert } from 'chai';
import { indexedDatabase } from '../../src/database/indexed-db.ts';
import type { Host, HostOptions, TrustOptions } from '../../src/index.ts';
import { canary } from '../helpers/canary.ts';
import { engine } from '../helpers/engine.ts';
import { rejectsCode } from '../helpers/expect-code.ts';
import { guest } from '../helpers/guests.ts';
import { closeHosts, eventually, existing, makeHost, uniqueStorage } from '../helpers/hosts.ts';
import { keeper, keeps } from '../helpers/keeper.ts';
import { newSigner, type Signer } from '../helpers/signing.ts';
import { windshiftZip } from '../helpers/windshift.ts';
import { withIndexedDb } from '../helpers/with-indexed-db.ts';

afterEach(closeHosts);

let ada: Signer;
let eve: Signer;
before(async () => {
  [ada, eve] = await Promise.all([newSigner(), newSigner()]);
});

const KEEPER = { id: 'keeper', reason: 'it leaks' };
const TAB = { point: 'admin.tab', id: 'tab', label: 'Tab', component: 'index.html' };
const list = (sequence: number, ...blocked: object[]): string => JSON.stringify({ sequence, blocked });

/** A list on another origin, which can become another one. */
class Served {
  readonly #id = crypto.randomUUID();
  readonly storage = uniqueStorage();

  get url(): string {
    return canary.url(`/kept/${this.#id}`);
  }

  async put(body: string): Promise<void> {
    await fetch(this.url, { method: 'PUT', body });
  }

  async sign(text: string, signer = ada): Promise<void> {
    await this.put(await signer.signList(text));
  }

  /** How often the browser had it already. */
  async unchanged(): Promise<number> {
    return (await (await fetch(`${this.url}/unchanged`)).json()) as number;
  }

  /** A host that follows it. */
  host(more: HostOptions = {}, trust: TrustOptions = {}): Promise<Host> {
    const publishers = [
      { name: 'Ada', keys: [ada.key] },
      { name: 'Eve', keys: [eve.key] },
    ];
    const blocklist = { url: this.url, publisher: 'Ada' };
    return makeHost({
      storage: this.storage,
      serviceWorker: '/cloche-sw.js',
      trust: { publishers, blocklist, ...trust },
      ...more,
    });
  }
}

const source = async (id = 'keeper', more: object = {}) => ({
  wasm: await keeper(),
  manifest: { cloche: 1, id, wasm: 'main.wasm', permissions: { kv: true }, ...more },
});

/** A list that blocks nothing yet, and a plugin that has stored `a`. */
async function installed(): Promise<{ served: Served; host: Host }> {
  const served = new Served();
  await served.sign(list(1));
  const host = await served.host();
  await (await host.install(await source())).call('set', 'a');
  return { served, host };
}

/** The same with `keeper` blocked. */
async function blocked(): Promise<{ served: Served; host: Host }> {
  const { served, host } = await installed();
  await host.close();
  await served.sign(list(5, KEEPER));
  return { served, host: await served.host() };
}

const stateOf = (host: Host): string | undefined => host.get('keeper')?.state;

describe('a plugin on the blocklist', () => {
  it('does not run, says why, and keeps its data until a newer list lets it go', async () => {
    const { served, host } = await blocked();
    const plugin = existing(host.get('keeper'));
    assert.deepEqual([plugin.state, plugin.active, plugin.blocked?.code], ['blocked', false, 'BLOCKED']);
    await rejectsCode('BLOCKED', plugin.call('get', 'a'), /it leaks/);
    await plugin.enable();
    await rejectsCode('BLOCKED', plugin.start());
    assert.deepInclude(host.blocklist, { sequence: 5, error: undefined });
    await host.close();
    await served.sign(list(6));
    assert.isTrue(await keeps(existing((await served.host()).get('keeper')), 'a'));
  });

  it('is not installed, opened or taken as an update, under any grant', async () => {
    const served = new Served();
    await served.sign(list(1, KEEPER, { id: 'fine', versions: ['>=2'], reason: 'broken' }));
    const host = await served.host();
    await rejectsCode('BLOCKED', host.install(await source()), /it leaks/);
    await rejectsCode('BLOCKED', host.open(await source(), { grant: 'none' }));
    const plugin = await host.install(await source('fine', { version: '1.9' }));
    const next = await source('fine', { version: '2.0' });
    await rejectsCode('BLOCKED', host.install(next, { replace: true }), /broken/);
    assert.equal(plugin.manifest.version, '1.9');
    assert.deepEqual(
      host.plugins.map(({ id }) => id),
      ['fine'],
    );
  });

  it('is it under another id too, where the list has the hash of a module', async () => {
    const served = new Served();
    await served.sign(list(1));
    const host = await served.host();
    const [module] = (await host.open(await source('first'))).manifest.modules;
    await host.close();
    await served.sign(list(2, { sha256: module?.sha256, reason: 'the same module' }));
    const next = await served.host();
    await rejectsCode('BLOCKED', next.install(await source('renamed')), /the same module/);
    await next.install({ wasm: await guest(), manifest: { cloche: 1, id: 'other', wasm: 'main.wasm' } });
  });

  it('ends in its running call when another tab finds the list, and its contributions go', async () => {
    const served = new Served();
    await served.sign(list(1));
    const host = await served.host();
    const plugin = await host.install(
      await windshiftZip({ name: 'keeper', extensions: [TAB] }, { 'index.html': '' }, await guest()),
    );
    assert.lengthOf(host.extensions('admin.tab'), 1);
    const states: string[] = [];
    host.addEventListener('pluginchange', ({ change }) => change === 'state' && states.push(plugin.state));
    const spinning = plugin.call('spin');
    await served.sign(list(2, KEEPER));
    await Promise.all([rejectsCode('BLOCKED', spinning, /it leaks/), served.host()]);
    assert.equal(plugin.state, 'blocked');
    assert.include(states, 'blocked');
    assert.isEmpty(host.extensions('admin.tab'));
  });
});

describe('what was blocked', () => {
  it('stays so where no list can be fetched, and the host says that it could not', async () => {
    const { served, host } = await blocked();
    await host.close();
    for (const [body, why] of [
      ['', /503/],
      ['{', /JSON|expected/i],
      [list(9), /not signed/],
    ] as const) {
      await served.put(body);
      const next = await served.host();
      assert.equal(stateOf(next), 'blocked');
      assert.equal(next.blocklist?.error?.code, 'BLOCKLIST_FAILED');
      assert.match(next.blocklist?.error?.message ?? '', why);
      assert.isUndefined(next.blocklist?.checkedAt);
      await next.close();
    }
  });

  it('X14: stays so by an older list, by one of the same number, by a changed one, and by one of somebody else', async () => {
    const { served, host } = await blocked();
    await host.close();
    const changed = (await ada.signList(list(9, KEEPER))).replace('keeper', 'nobody');
    for (const [body, why] of [
      [await ada.signList(list(4)), /older/],
      [await ada.signList(list(5)), /has to grow/],
      [changed, /changed after it was signed/],
      [await eve.signList(list(9)), /not a key for it/],
      [await (await newSigner()).signList(list(9)), /not a key for it/],
    ] as const) {
      await served.put(body);
      const next = await served.host();
      assert.equal(stateOf(next), 'blocked');
      assert.match(next.blocklist?.error?.message ?? '', why);
      await next.close();
    }
    await served.sign(list(6));
    assert.equal(stateOf(await served.host()), 'asleep');
  });

  it('X14: stays so by an older list, also once a page with a list of its own has stored that', async () => {
    const { served, host } = await blocked();
    await host.close();
    const other = new URL('/test/fixtures/trust/blocklist.json', location.href).href;
    await (await served.host({}, { blocklist: other })).close();
    await served.put(await ada.signList(list(4)));
    const next = await served.host();
    assert.equal(stateOf(next), 'blocked');
    assert.match(next.blocklist?.error?.message ?? '', /older/);
  });

  it('X14: stays so where what is stored cannot be read: then all are, until a list is fetched', async () => {
    const { served, host } = await installed();
    await host.close();
    const database = indexedDatabase(`${served.storage}-trust`, 'trust');
    await database.transact('readwrite', async (objects) => objects.put({ text: 7 }, ['blocklist']));
    database.close();
    await served.put('');
    const next = await served.host();
    assert.equal(stateOf(next), 'blocked');
    await rejectsCode('BLOCKED', next.install(await source('other')), /cannot be read/);
    await next.close();
    await served.sign(list(2));
    assert.equal(stateOf(await served.host()), 'asleep');
  });

  it('X14: is all that runs once what is stored cannot be read, where no list was known', async () => {
    const served = new Served();
    await served.put('');
    const host = await served.host();
    await host.install(await source());
    assert.equal(stateOf(host), 'running');
    const database = indexedDatabase(`${served.storage}-trust`, 'trust');
    await database.transact('readwrite', async (objects) => objects.put({ text: 7 }, ['blocklist']));
    database.close();
    const channel = new BroadcastChannel(`${served.storage}-trust`);
    channel.postMessage('changed');
    await eventually(() => stateOf(host) === 'blocked', 'the plugin to be blocked');
    channel.close();
  });

  it('stays so in this page where the list cannot be stored', async () => {
    const { served, host } = await installed();
    await host.close();
    await served.sign(list(2, KEEPER));
    const { indexedDB } = globalThis;
    const broken = {
      open: (name: string) => {
        if (name.endsWith('-trust')) throw new DOMException('broken', 'UnknownError');
        return indexedDB.open(name);
      },
    };
    await withIndexedDb({ value: broken }, async () => {
      const next = await served.host();
      assert.equal(stateOf(next), 'blocked');
      assert.equal(next.blocklist?.error?.code, 'STORAGE_FAILED');
    });
  });
});

describe('a blocklist', () => {
  it('of the page’s own origin needs no signature', async () => {
    const url = new URL('/test/fixtures/trust/blocklist.json', location.href).href;
    const host = await makeHost({ trust: { blocklist: url } });
    assert.deepInclude(host.blocklist, { sequence: 1, error: undefined });
    await rejectsCode('BLOCKED', host.install(await source('blocked-by-file')), /of this file/);
  });

  it('of the page’s own origin has to be signed where the app names a publisher', async () => {
    const served = new Served();
    const url = new URL('/test/fixtures/trust/blocklist.json', location.href).href;
    const host = await served.host({}, { blocklist: { url, publisher: 'Ada' } });
    assert.match(host.blocklist?.error?.message ?? '', /not signed/);
  });

  it('is asked for by the tag of the one that the browser has', async () => {
    const { served, host } = await installed();
    await host.close();
    const before = await served.unchanged();
    const next = await served.host();
    assert.isNumber(next.blocklist?.checkedAt);
    assert.equal((await served.unchanged()) > before, engine.revalidates);
  });

  it('is no part of a host without the option', async () => {
    assert.isUndefined((await makeHost()).blocklist);
  });

  it('of another tab is believed by what is stored, and not by what is said', async () => {
    const { served, host } = await installed();
    const channel = new BroadcastChannel(`${served.storage}-trust`);
    channel.postMessage({ blocked: [KEEPER], sequence: 99 });
    await served.sign(list(2, KEEPER));
    await served.host();
    await eventually(() => stateOf(host) === 'blocked', 'the other tab to follow');
    channel.close();
    assert.equal(host.blocklist?.sequence, 2);
  });
});
