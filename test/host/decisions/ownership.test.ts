// Whom stored data belongs to: the installation that stored it, and nobody who only has its id since.

import { assert } from 'chai';
import { defineCapability, type Host, type HostOptions, kv, log } from '../../../src/index.ts';
import { rejectsCode } from '../../helpers/expect-code.ts';
import { closeHosts, eventually, existing, makeHost, uniqueStorage } from '../../helpers/hosts.ts';
import { keeper, keeps } from '../../helpers/keeper.ts';
import { requested, tamper } from '../../registry/records.ts';

afterEach(closeHosts);

const options = (storage: string): HostOptions => ({ storage, serviceWorker: '/cloche-sw.js' });
const KEEPER = { cloche: 1, id: 'keeper', name: 'Keeper', author: 'Ada', permissions: { kv: true } };

async function packed(manifest: object = KEEPER): Promise<{ wasm: Uint8Array<ArrayBuffer>; manifest: object }> {
  return { wasm: await keeper(), manifest };
}

/** A host where a plugin has stored `a` and was uninstalled. */
async function afterUninstall(storage = uniqueStorage()): Promise<Host> {
  const host = await makeHost(options(storage));
  const plugin = await host.install(await packed());
  await plugin.call('set', 'a');
  await plugin.uninstall();
  return host;
}

describe('data of an uninstalled plugin', () => {
  it('X9: is not there for a later plugin of its id, whatever its manifest says of its author', async () => {
    const host = await afterUninstall();
    const stranger = await host.install(await packed());
    assert.isFalse(await keeps(stranger, 'a'));
  });

  it('X9: is not there for a plugin of its id that is only opened', async () => {
    const host = await afterUninstall();
    assert.isFalse(await keeps(await host.open(await packed()), 'a'));
  });

  it('X9: is not there in another tab, nor after a reload', async () => {
    const storage = uniqueStorage();
    const here = await makeHost(options(storage));
    const there = await makeHost(options(storage));
    await (await here.install(await packed())).call('set', 'a');
    await eventually(() => there.get('keeper') !== undefined, 'the plugin');
    await existing(there.get('keeper')).uninstall();
    await there.install(await packed());
    await eventually(
      async () => here.get('keeper')?.installation === there.get('keeper')?.installation,
      'the stranger',
    );
    assert.isFalse(await keeps(existing(here.get('keeper')), 'a'));
    const again = await makeHost(options(storage));
    assert.isFalse(await keeps(existing(again.get('keeper')), 'a'));
  });

  it("is there with `data: 'keep'`, and is an orphan no longer", async () => {
    const host = await afterUninstall();
    const plugin = await host.install(await packed(), { data: 'keep' });
    assert.isTrue(await keeps(plugin, 'a'));
    assert.deepEqual(await host.orphans(), []);
  });

  it("is that of the last one with `data: 'keep'`, and an opened plugin does not take it away", async () => {
    const host = await afterUninstall();
    const second = await host.install(await packed());
    await second.call('set', 'b');
    await second.uninstall();
    const opened = await host.open(await packed(), { data: 'keep' });
    assert.deepEqual([await keeps(opened, 'a'), await keeps(opened, 'b')], [false, true]);
    await opened.close();
    assert.lengthOf(await host.orphans(), 2);
    assert.isTrue(await keeps(await host.install(await packed(), { data: 'keep' }), 'b'));
  });

  it('is listed with its size until it is wiped', async () => {
    const storage = uniqueStorage();
    const host = await afterUninstall(storage);
    const [orphan, ...others] = await host.orphans();
    assert.deepEqual(others, []);
    assert.deepInclude(orphan, { id: 'keeper', name: 'Keeper', bytes: 2 });
    assert.closeTo(orphan?.since ?? 0, Date.now(), 60_000);

    const reloaded = await makeHost(options(storage));
    await reloaded.wipeOrphan(orphan?.installation ?? '');
    assert.deepEqual(await reloaded.orphans(), []);
    assert.isFalse(await keeps(await reloaded.install(await packed(), { data: 'keep' }), 'a'));
  });

  it('is not listed where there is none', async () => {
    const host = await makeHost();
    await (await host.install(await packed())).uninstall();
    assert.deepEqual(await host.orphans(), []);
  });

  it('X9: cannot be wiped under a plugin that is installed', async () => {
    const host = await makeHost(options(uniqueStorage()));
    const plugin = await host.install(await packed());
    await plugin.call('set', 'a');
    await rejectsCode('OPTION_INVALID', host.wipeOrphan(plugin.installation), /`orphans\(\)`/);
    assert.isTrue(await keeps(plugin, 'a'));
  });

  it("is not taken over once somebody has begun to wipe it, as before the browser's end", async () => {
    const storage = uniqueStorage();
    const host = await afterUninstall(storage);
    const [orphan] = await host.orphans();
    const key = ['orphan', orphan?.installation ?? ''];
    await tamper(storage, (objects) => {
      const request = objects.get(key);
      request.onsuccess = () => objects.put({ ...request.result, wiping: true }, key);
    });
    assert.isFalse(await keeps(await host.install(await packed(), { data: 'keep' }), 'a'));
    assert.lengthOf(await host.orphans(), 1);
  });

  it('of a capability that an app has made belongs to the installation as well', async () => {
    const stored = new Map<string, string>();
    const memo = defineCapability({
      name: 'memo',
      functions: { memo: { params: [], call: (_, { plugin }) => void stored.set(plugin.installation, plugin.id) } },
      async wipe(installation) {
        stored.delete(installation);
      },
    });
    const host = await makeHost({ capabilities: [log(), memo], serviceWorker: '/cloche-sw.js' });
    const { wat } = await import('../../helpers/wat.ts');
    const wasm = await wat(
      `(module (import "extism:host/user" "memo" (func $memo)) (func (export "note") (call $memo)))`,
    );
    const plugin = await host.install(wasm, { id: 'writer' });
    await plugin.call('note');
    assert.deepEqual([...stored.keys()], [plugin.installation]);
    await plugin.uninstall();
    const [orphan] = await host.orphans();
    assert.deepInclude(orphan, { id: 'writer', bytes: undefined });
    await host.wipeOrphan(orphan?.installation ?? '');
    assert.isEmpty(stored);
  });
});

describe('what a plugin stores that is only open', () => {
  it('goes with it', async () => {
    const host = await makeHost(options(uniqueStorage()));
    const plugin = await host.open(await packed());
    await plugin.call('set', 'a');
    assert.isTrue(await keeps(plugin, 'a'));
    await plugin.close();
    assert.isFalse(await keeps(await host.open(await packed()), 'a'));
    assert.deepEqual(await host.orphans(), []);
  });

  it('stays for the one that replaces it, unless it is to start empty', async () => {
    const host = await makeHost(options(uniqueStorage()));
    await (await host.open(await packed())).call('set', 'a');
    const kept = await host.open(await packed(), { replace: 'keep' });
    assert.isTrue(await keeps(kept, 'a'));
    assert.isFalse(await keeps(await host.open(await packed(), { replace: 'wipe' }), 'a'));
  });
});

describe('an id that is taken', () => {
  it("X9: rejects with ALREADY_INSTALLED, which names the choices: `replace: 'keep'`, `replace: 'wipe'`, another `id`", async () => {
    const host = await makeHost();
    await host.install(await packed());
    const choices = /"keeper".*`replace: 'keep'`.*`replace: 'wipe'`.*another `id`/;
    await rejectsCode('ALREADY_INSTALLED', host.install(await packed()), choices);
    await rejectsCode('ALREADY_INSTALLED', host.open(await packed()), choices);
  });

  for (const replace of [true, 'keep'] as const) {
    it(`is updated with its data and settings by \`replace: ${JSON.stringify(replace)}\``, async () => {
      const host = await makeHost(options(uniqueStorage()));
      const plugin = await host.install(await packed(), { config: { a: 'set' } });
      await plugin.call('set', 'a');
      const updated = await host.install(await packed({ ...KEEPER, version: '2' }), { replace });
      assert.equal(updated, plugin);
      assert.equal(updated.manifest.version, '2');
      assert.isTrue(await keeps(updated, 'a'));
      assert.equal(updated.config.get('a'), 'set');
    });
  }

  it("is begun anew by `replace: 'wipe'`: without data, settings, log and age", async () => {
    const storage = uniqueStorage();
    const host = await makeHost(options(storage));
    const plugin = await host.install(await packed(), { config: { a: 'set' }, grant: { kv: true } });
    await plugin.call('set', 'a');
    await plugin.disable();
    const fresh = await host.install(await packed({ ...KEEPER, version: '2' }), { replace: 'wipe' });
    assert.equal(plugin.state, 'closed');
    assert.equal(host.get('keeper'), fresh);
    assert.equal(fresh.state, 'running');
    assert.isFalse(fresh.config.has('a'));
    assert.isFalse(await keeps(fresh, 'a'));
    assert.deepEqual(await host.orphans(), []);
    const again = await makeHost(options(storage));
    assert.equal(again.get('keeper')?.manifest.version, '2');
    assert.isFalse(await keeps(existing(again.get('keeper')), 'a'));
  });

  it("keeps what is there when the one that would replace it does not start, with `replace: 'wipe'` too", async () => {
    const host = await makeHost(options(uniqueStorage()));
    const plugin = await host.install(await packed());
    await plugin.call('set', 'a');
    const { wat } = await import('../../helpers/wat.ts');
    const broken = { wasm: await wat('(module (func $f unreachable) (start $f))'), manifest: KEEPER };
    await rejectsCode('START_FAILED', host.install(broken, { replace: 'wipe' }));
    assert.isTrue(await keeps(plugin, 'a'));
    assert.deepEqual(await host.orphans(), []);
  });

  it('stays free for others: `id` overrides the manifest’s, and both keep their own data', async () => {
    const host = await makeHost(options(uniqueStorage()));
    const first = await host.install(await packed());
    const second = await host.install(await packed(), { id: 'keeper-2' });
    assert.deepEqual([first.id, second.id, second.manifest.name], ['keeper', 'keeper-2', 'Keeper']);
    await first.call('set', 'a');
    await second.call('set', 'b');
    assert.deepEqual([await keeps(first, 'b'), await keeps(second, 'a')], [false, false]);
    assert.deepEqual([await keeps(first, 'a'), await keeps(second, 'b')], [true, true]);
  });

  it('rejects options that no one of these is', async () => {
    const host = await makeHost();
    const source = await packed();
    for (const wrong of [{ replace: 'yes' }, { data: 'all' }, { replace: 'wipe', data: 'keep' }]) {
      await rejectsCode('OPTION_INVALID', host.install(source, wrong as object), /replace|data/);
      await rejectsCode('OPTION_INVALID', host.open(source, wrong as object), /replace|data/);
    }
  });
});

describe('a plugin whose id another one has since', () => {
  it('X9: changes nothing of that one’s record: neither its grant nor whether it is there', async () => {
    const storage = uniqueStorage();
    const here = await makeHost(options(storage));
    const there = await makeHost(options(storage));
    const old = await here.install(await packed(), { grant: 'none' });
    await eventually(() => there.get('keeper') !== undefined, 'the plugin');
    await existing(there.get('keeper')).uninstall();
    const stranger = await there.install(await packed(), { grant: 'none' });
    // Whether or not this tab has heard of it yet.
    await rejectsCode('CLOSED', old.configure({ grant: 'all' }), /"keeper"/);
    await old.uninstall().catch((thrown: unknown) => assert.propertyVal(thrown, 'code', 'CLOSED'));
    assert.isFalse(stranger.grants.has('kv'));
    const again = await makeHost(options(storage));
    assert.deepEqual([...existing(again.get('keeper')).grants.keys()], ['log']);
  });

  it('X9: is closed in the other tabs, and the new one is another Plugin without its log', async () => {
    const storage = uniqueStorage();
    const here = await makeHost(options(storage));
    const there = await makeHost(options(storage));
    const old = await here.install(await packed());
    await old.call('set', 'a');
    here
      .get('keeper')
      ?.call('v1')
      .catch(() => undefined);
    await eventually(() => there.get('keeper') !== undefined, 'the plugin');
    await there.install(await packed({ ...KEEPER, version: '2' }), { replace: 'wipe' });
    await eventually(() => old.state === 'closed' && here.get('keeper')?.manifest.version === '2', 'the news');
    assert.notEqual(here.get('keeper'), old);
    assert.deepEqual(here.logs('keeper'), []);
  });
});

describe('what was stored before installations had ids', () => {
  /** Makes what is stored look as the version before wrote it. */
  async function asBefore(storage: string): Promise<void> {
    await tamper(storage, (objects) => {
      const request = objects.get(['record', 'keeper']);
      request.onsuccess = () => {
        const { installation: _, ...record } = request.result;
        objects.put(record, ['record', 'keeper']);
      };
    });
    const database = `${storage}:kv:keeper`;
    const request = indexedDB.open(database);
    request.onupgradeneeded = () => request.result.createObjectStore('kv');
    const db = await requested(() => request);
    await requested(() =>
      db.transaction('kv', 'readwrite').objectStore('kv').put(new TextEncoder().encode('old'), 'old'),
    );
    db.close();
  }

  async function hostOfBefore(): Promise<{ host: Host; storage: string }> {
    const storage = uniqueStorage();
    const first = await makeHost(options(storage));
    await first.install(await packed());
    await first.close();
    await asBefore(storage);
    return { host: await makeHost(options(storage)), storage };
  }

  it('is found, and stays found over settings, updates and a reload', async () => {
    const { host, storage } = await hostOfBefore();
    const plugin = existing(host.get('keeper'));
    assert.isTrue(await keeps(plugin, 'old'));
    await plugin.configure({ config: { a: 'b' } });
    await host.install(await packed({ ...KEEPER, version: '2' }), { replace: 'keep' });
    assert.isTrue(await keeps(plugin, 'old'));
    const again = await makeHost(options(storage));
    assert.isTrue(await keeps(existing(again.get('keeper')), 'old'));
  });

  it('X9: is left by its plugin as any data is, and not there for the next one', async () => {
    const { host } = await hostOfBefore();
    await existing(host.get('keeper')).uninstall();
    const [orphan] = await host.orphans();
    assert.deepInclude(orphan, { id: 'keeper', installation: 'keeper', bytes: 6 });
    const stranger = await host.install(await packed());
    assert.isFalse(await keeps(stranger, 'old'));
    await stranger.uninstall();
    assert.isTrue(await keeps(await host.install(await packed(), { data: 'keep' }), 'old'));
  });

  it("is there with `data: 'keep'` where the version before has uninstalled its plugin", async () => {
    const { host, storage } = await hostOfBefore();
    await tamper(storage, (objects) => objects.delete(['record', 'keeper']));
    const again = await makeHost(options(storage));
    assert.isFalse(await keeps(await again.open(await packed()), 'old'));
    await existing(again.get('keeper')).close();
    assert.isTrue(await keeps(await again.install(await packed(), { data: 'keep' }), 'old'));
    await host.close();
  });

  it('X9: has a name that no installation and no plugin of another id has', async () => {
    const host = await makeHost(options(uniqueStorage()));
    const plugin = await host.install(await packed());
    assert.match(plugin.installation, /^@/);
    await rejectsCode('OPTION_INVALID', host.install(await packed(), { id: plugin.installation }));
    const named = await packed({ ...KEEPER, id: plugin.installation });
    await rejectsCode('MANIFEST_INVALID', host.install(named));
  });
});

describe('host functions', () => {
  it('are told the installation with every call', async () => {
    const storage = uniqueStorage();
    const told: string[] = [];
    const capability = kv({ storage });
    const get = capability.functions.get('kv_get');
    const functions = new Map(capability.functions);
    if (get) {
      functions.set('kv_get', {
        ...get,
        call: (args, context) => {
          told.push(context.plugin.installation);
          return get.call(args, context);
        },
      });
    }
    const host = await makeHost({ ...options(storage), capabilities: [log(), { ...capability, functions }] });
    const plugin = await host.install(await packed());
    await keeps(plugin, 'a');
    assert.deepEqual(told, [plugin.installation]);
  });
});
