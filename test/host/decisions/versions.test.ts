// The version before is kept, with what was set for it; and what became of a plugin is told.

import { assert } from 'chai';
import type { Host, HostOptions, Plugin } from '../../../src/index.ts';
import { rejectsCode } from '../../helpers/expect-code.ts';
import { guest } from '../../helpers/guests.ts';
import { changesOf, closeHosts, eventually, existing, makeHost, pause, uniqueStorage } from '../../helpers/hosts.ts';
import { keeper, keeps } from '../../helpers/keeper.ts';
import { newSigner } from '../../helpers/signing.ts';
import { version } from '../../helpers/versions.ts';
import { wat } from '../../helpers/wat.ts';
import { keysIn, requested, tamper } from '../../registry/records.ts';

afterEach(closeHosts);

const MAIL = { mail: { to: ['*@a.example'] } };

async function source(text: string, permissions: object = {}, more: object = {}) {
  return {
    wasm: await version(`v${text}`),
    manifest: { cloche: 1, id: 'p', name: 'P', version: text, permissions, ...more },
  };
}

/** Version 1, and version 2 in its place. */
async function updated(host: Host, before: object = { kv: true }, after: object = before): Promise<Plugin> {
  const plugin = await host.install(await source('1', before));
  return host.install(await source('2', after), { replace: true, grant: plugin.settings.grant });
}

async function twoTabs(): Promise<{ storage: string; here: Host; there: Host }> {
  const storage = uniqueStorage();
  return { storage, here: await makeHost({ storage }), there: await makeHost({ storage }) };
}

const saidBy = async (plugin: Plugin): Promise<string> => (await plugin.call('version')).text();
const actionsOf = async (plugin: Plugin): Promise<string[]> =>
  (await plugin.history()).map(({ action, version: text }) => `${action} ${text}`);
const filesIn = async (storage: string): Promise<number> =>
  (await keysIn(storage)).filter((key) => key.startsWith('file')).length;

describe('a roll-back', () => {
  it('brings back the version before, with the grants and the config that it had, in every tab and after a reload', async () => {
    const { storage, here, there } = await twoTabs();
    const plugin = await here.install(await source('1', { kv: true, ...MAIL }), { config: { a: 'one' } });
    await here.install(await source('2', { kv: true }), { replace: true, config: { a: 'two' } });
    await eventually(() => there.get('p')?.manifest.version === '2', 'the update');
    assert.deepEqual([plugin.config.get('a'), plugin.grants.has('mail')], ['two', false]);
    const changes = changesOf(here);
    await plugin.rollback();
    assert.deepEqual(changes, ['p updated']);
    assert.equal(here.get('p'), plugin);
    assert.equal(await saidBy(plugin), 'v1');
    assert.deepEqual([plugin.config.get('a'), plugin.grants.has('mail')], ['one', true]);
    await eventually(() => there.get('p')?.manifest.version === '1', 'the news');
    assert.equal(await saidBy(existing(there.get('p'))), 'v1');
    const again = existing((await makeHost({ storage })).get('p'));
    assert.equal(await saidBy(again), 'v1');
    assert.deepEqual([again.config.get('a'), again.grants.has('mail')], ['one', true]);
  });

  it('keeps the version that it replaces in its place, so there is a way forth again', async () => {
    const plugin = await updated(await makeHost());
    await plugin.rollback();
    assert.equal((await plugin.previous())?.manifest.version, '2');
    await plugin.rollback();
    assert.equal(await saidBy(plugin), 'v2');
    assert.equal((await plugin.previous())?.manifest.version, '1');
  });

  it('shows first what it would change, in the words of a review, and goes back to what was shown', async () => {
    const host = await makeHost();
    const first = await source('1', { kv: true, ...MAIL });
    const shown = await host.review(first);
    const plugin = await host.install(first);
    assert.isUndefined(await plugin.previous());
    await host.install(await source('2', { kv: true }), { replace: true });
    const previous = await plugin.previous();
    assert.deepEqual(
      previous?.changes.map(({ kind, capability }) => [kind, capability]),
      [['added', 'mail']],
    );
    assert.deepEqual([previous?.sha256, previous?.replaces], [shown.sha256, '2']);
    assert.approximately(previous?.replacedAt ?? 0, Date.now(), 60_000);
    await rejectsCode('ROLLBACK_UNAVAILABLE', plugin.rollback('0'.repeat(64)), /Another version.*"p"/);
    assert.equal(plugin.manifest.version, '2');
    await plugin.rollback(shown.sha256);
    assert.equal(plugin.manifest.version, '1');
  });

  it('leaves its data as the newer one has left it', async () => {
    const host = await makeHost({ serviceWorker: '/cloche-sw.js' });
    const manifest = { cloche: 1, id: 'p', name: 'P', version: '1', permissions: { kv: true } };
    const plugin = await host.install({ wasm: await keeper(), manifest });
    await host.install({ wasm: await keeper(2), manifest: { ...manifest, version: '2' } }, { replace: true });
    await plugin.call('set', 'newer');
    const { installation } = plugin;
    await plugin.rollback();
    assert.equal(plugin.installation, installation);
    assert.isTrue(await keeps(plugin, 'newer'));
  });

  it('leaves secrets as they are now: what was taken back since is nowhere, not even in what is kept', async () => {
    const storage = uniqueStorage();
    const host = await makeHost({ storage });
    const configSchema = {
      type: 'object',
      properties: { token: { type: 'string', writeOnly: true }, a: { type: 'string' } },
    };
    const plugin = await host.install(await source('1', {}, { configSchema }), {
      config: { token: 'hush-hush', a: '1' },
    });
    await host.install(await source('2', {}, { configSchema }), { replace: true });
    const sealed = plugin.settings.secrets.get('token') ?? assert.fail('it is set');
    await plugin.configure({ config: { token: null, a: '2' } });
    assert.notInclude(JSON.stringify(await readStored(storage)), sealed);
    await plugin.rollback();
    assert.deepEqual([plugin.manifest.version, plugin.config.get('a')], ['1', '1']);
    assert.deepEqual((await plugin.configuration()).secrets, { token: 'unset' });
  });

  it('ends calls of the newer one, also in another tab: with REVOKED where it takes a grant away', async () => {
    for (const [before, code] of [
      [{ kv: true }, 'ABORTED'],
      [{}, 'REVOKED'],
    ] as const) {
      const { here, there } = await twoTabs();
      const wasm = await guest();
      const manifest = (text: string, permissions: object) => ({
        cloche: 1,
        id: 'p',
        name: 'P',
        version: text,
        permissions,
      });
      const plugin = await here.install({ wasm, manifest: manifest('1', before) });
      await here.install({ wasm, manifest: manifest('2', { kv: true }) }, { replace: true, grant: { kv: true } });
      await eventually(() => there.get('p')?.manifest.version === '2', 'the update');
      const other = existing(there.get('p'));
      const spins = [plugin, other].map((one) => rejectsCode(code, one.call('spin')));
      await eventually(() => plugin.stats.calls + other.stats.calls === 2, 'the calls to be under way');
      await Promise.all([...spins, plugin.rollback()]);
      await closeHosts();
    }
  });

  it('leaves off what is off, and lifts a quarantine as an update does', async () => {
    const host = await makeHost();
    const plugin = await updated(host);
    await plugin.disable();
    await plugin.rollback();
    assert.equal(plugin.state, 'off');
    await plugin.enable();
    assert.equal(await saidBy(plugin), 'v1');
  });

  it('is refused where nothing is kept: of a new plugin, one that was wiped, one that is only open', async () => {
    const host = await makeHost();
    const plugin = await host.install(await source('1'));
    await rejectsCode('ROLLBACK_UNAVAILABLE', plugin.rollback(), /"p"/);
    await updated(host).catch(() => undefined);
    await host.install(await source('2'), { replace: true });
    const anew = await host.install(await source('3'), { replace: 'wipe' });
    await rejectsCode('ROLLBACK_UNAVAILABLE', anew.rollback());
    const open = await host.open(await source('1', {}, { id: 'open' }));
    await rejectsCode('ROLLBACK_UNAVAILABLE', open.rollback());
    assert.deepEqual(await open.history(), []);
  });

  it('keeps the version before when the same package is installed once more', async () => {
    const host = await makeHost();
    const plugin = await updated(host);
    await host.install(await source('2', { kv: true }), { replace: true });
    assert.equal((await plugin.previous())?.manifest.version, '1');
  });

  it('stores no file twice, keeps those of one version before, and none of an uninstalled plugin', async () => {
    const storage = uniqueStorage();
    const host = await makeHost({ storage });
    const wasm = await version('same');
    const manifest = (text: string) => ({ cloche: 1, id: 'p', name: 'P', version: text });
    const plugin = await host.install({ wasm, manifest: manifest('1') });
    await host.install({ wasm, manifest: manifest('2') }, { replace: true });
    assert.equal(await filesIn(storage), 1);
    await host.install(await source('3'), { replace: true });
    assert.equal(await filesIn(storage), 2);
    await host.install(await source('4'), { replace: true });
    assert.equal(await filesIn(storage), 2);
    await host.install(await source('other', {}, { id: 'other' }));
    assert.equal(await filesIn(storage), 3, 'another plugin does not sweep it away');
    await plugin.rollback();
    assert.equal(await saidBy(plugin), 'v3');
    await plugin.uninstall();
    assert.deepEqual(
      (await keysIn(storage)).filter((key) => / p$/.test(key)),
      [],
    );
    assert.equal(await filesIn(storage), 1);
  });

  it('drops an update that waits, and the files of that', async () => {
    const storage = uniqueStorage();
    const host = await makeHost({ storage });
    const plugin = await updated(host, {});
    await host.install(await source('3', MAIL), { replace: true });
    assert.equal(plugin.pending?.version, '3');
    await plugin.rollback();
    assert.isUndefined(plugin.pending);
    assert.equal(await filesIn(storage), 2);
  });

  it('is refused where a file is gone or was altered, also one of its pages: the plugin runs on', async () => {
    const storage = uniqueStorage();
    const host = await makeHost({ storage });
    const plugin = await updated(host);
    await tamper(storage, (objects) => {
      const cursor = objects.openCursor(IDBKeyRange.bound(['file'], ['file', []]));
      cursor.onsuccess = () => {
        const at = cursor.result;
        if (!at) return;
        const [, hash] = at.key as string[];
        if (!plugin.manifest.modules.some(({ sha256 }) => sha256 === hash)) at.delete();
        at.continue();
      };
    });
    await rejectsCode('STORAGE_FAILED', plugin.rollback(), /gone from storage/);
    await rejectsCode('STORAGE_FAILED', plugin.previous());
    assert.equal(await saidBy(plugin), 'v2');
    assert.equal(plugin.manifest.version, '2');
  });

  it('is refused where the version before cannot start any more: the plugin runs on, and it is kept', async () => {
    const host = await makeHost();
    const plugin = await host.install(await source('1'), { limits: { memoryBytes: 1 << 20 } });
    await host.install(await source('2'), { replace: true });
    const strict = { ...(await source('3')), wasm: await wat('(module (memory (export "memory") 1))') };
    await host.install(strict, { replace: true });
    assert.equal((await plugin.previous())?.manifest.version, '2');
    await rejectsCode('EXPORT_MISSING', plugin.call('version'));
    await plugin.rollback();
    assert.equal(await saidBy(plugin), 'v2');
  });

  it('X11: gives what a signer’s plugin has to no version that the signer did not sign', async () => {
    const host = await makeHost();
    const plugin = await host.install(await source('1'));
    const next = await source('2');
    await host.install(next, { replace: true, signature: await (await newSigner()).sign(next) });
    assert.equal(plugin.manifest.version, '2');
    await rejectsCode('SIGNER_CHANGED', plugin.rollback());
    await rejectsCode('SIGNER_CHANGED', plugin.previous());
    assert.equal(await saidBy(plugin), 'v2');
  });

  it('X8: goes to no version that the app does not allow, nor past what it has not given to whoever uses the page', async () => {
    const storage = uniqueStorage();
    const other = await makeHost();
    const [one, two] = [await other.review(await source('1')), await other.review(await source('2'))];
    const pinning = (...sha256: string[]) => makeHost({ storage, trust: { plugins: [{ id: 'p', sha256 }] } });
    const first = await pinning(one.sha256, two.sha256);
    await updated(first, {});
    await first.close();
    const pinned = await pinning(two.sha256);
    const plugin = existing(pinned.get('p'));
    await rejectsCode('NOT_ALLOWED', plugin.rollback(), new RegExp(one.sha256));
    assert.equal(await saidBy(plugin), 'v2');
    await pinned.close();
    const limited = existing((await makeHost({ storage, trust: { can: { grant: false } } })).get('p'));
    await rejectsCode('FORBIDDEN', limited.rollback());
    assert.equal(limited.manifest.version, '2');
    assert.equal(await saidBy(limited), 'v2');
  });

  it('of another dialect than this host knows is refused, and says so', async () => {
    const storage = uniqueStorage();
    const host = await makeHost({ storage });
    await host.install(await version('v1'), { id: 'p' });
    await host.install(await source('2'), { replace: true });
    await host.close();
    const { defaultDialects } = await import('../../../src/index.ts');
    const dialects = (await defaultDialects()).filter(({ name }) => name === 'cloche');
    const plugin = existing((await makeHost({ storage, dialects })).get('p'));
    const thrown: unknown = await plugin.rollback().catch((error: unknown) => error);
    assert.match(String(thrown), /dialect/);
    assert.equal(await saidBy(plugin), 'v2');
  });

  it('is refused where what is kept is another when it is swapped in than when it was tried', async () => {
    const storage = uniqueStorage();
    const host = await makeHost({ storage });
    const slow = await guest(
      `(func $slow (local $i i32)
        (call $log (call $alloc (i64.const 1)))
        (loop $l (br_if $l (i32.lt_u (local.tee $i (i32.add (local.get $i) (i32.const 1))) (i32.const 1000000000)))))
       (start $slow)`,
      '(import "extism:host/env" "log_error" (func $log (param i64)))',
    );
    const { manifest } = await source('1');
    const plugin = await host.install({ wasm: slow, manifest });
    await host.install(await source('2'), { replace: true });
    const started = new Promise((heard) => host.addEventListener('log', heard, { once: true }));
    const back = plugin.rollback();
    await started;
    await rewrite(storage, 'versions', (versions) => Object.assign(versions, { sha256: '0'.repeat(64) }));
    await rejectsCode('ROLLBACK_UNAVAILABLE', back, /meanwhile/);
    assert.equal(await saidBy(plugin), 'v2');
  });

  it('is refused where another tab installs a version meanwhile, and changes nothing then', async () => {
    const { here, there } = await twoTabs();
    const plugin = await updated(here);
    await eventually(() => there.get('p')?.manifest.version === '2', 'the update');
    const [back, update] = await Promise.allSettled([
      plugin.rollback(),
      there.install(await source('3', { kv: true }), { replace: true }),
    ]);
    assert.equal(update.status, 'fulfilled');
    const is = existing((await there.get('p')) ?? undefined);
    if (back.status === 'rejected') {
      assert.include(['ROLLBACK_UNAVAILABLE', 'ABORTED'], (back.reason as { code?: unknown }).code);
      assert.equal(is.manifest.version, '3');
    }
    await eventually(() => plugin.manifest.version === is.manifest.version, 'both tabs to agree');
    await eventually(
      async () => (await saidBy(plugin).catch(() => '')) === (await saidBy(is).catch(() => 'none')),
      'both',
    );
  });
});

describe('storage that is full', () => {
  const { put } = IDBObjectStore.prototype;
  afterEach(() => {
    IDBObjectStore.prototype.put = put;
  });

  /** Fails each write of what `isFull` says, as a full disk does. */
  function fill(storage: string, isFull: (kind: string, value: unknown) => boolean): void {
    IDBObjectStore.prototype.put = function (this: IDBObjectStore, value: unknown, key?: IDBValidKey) {
      if (this.transaction.db.name === `${storage}-plugins` && isFull((key as string[])[0] ?? '', value)) {
        throw new DOMException('full', 'QuotaExceededError');
      }
      return put.call(this, value, key);
    };
  }

  it('keeps no update from being installed for want of room for the version before, and the log says so', async () => {
    const storage = uniqueStorage();
    const host = await makeHost({ storage });
    const plugin = await host.install(await source('1'));
    fill(storage, (kind, value) => kind === 'versions' && (value as { previous?: unknown }).previous !== undefined);
    await host.install(await source('2'), { replace: true });
    assert.equal(await saidBy(plugin), 'v2');
    assert.isUndefined(await plugin.previous());
    assert.match(
      host
        .logs('p')
        .map(({ text }) => text)
        .join(),
      /could not be kept, for want of room/,
    );
    assert.equal(await filesIn(storage), 1);
  });

  it('changes nothing where there is no room for the update itself, nor at a roll-back', async () => {
    const storage = uniqueStorage();
    const host = await makeHost({ storage });
    const plugin = await updated(host);
    const kept = async () => (await keysIn(storage)).filter((key) => !key.startsWith('facts'));
    const before = await kept();
    fill(storage, (kind) => kind === 'record');
    await rejectsCode('STORAGE_FAILED', host.install(await source('3', { kv: true }), { replace: true }));
    await rejectsCode('STORAGE_FAILED', plugin.rollback());
    IDBObjectStore.prototype.put = put;
    assert.deepEqual(await kept(), before);
    assert.equal(await saidBy(plugin), 'v2');
    assert.deepEqual(await actionsOf(plugin), ['installed 1', 'updated 2']);
    await plugin.rollback();
    assert.equal(await saidBy(plugin), 'v1');
  });
});

describe('the history of a plugin', () => {
  it('tells what became of it, with the package that each step was about', async () => {
    const storage = uniqueStorage();
    const host = await makeHost({ storage });
    const sources = [await source('1'), await source('2', MAIL), await source('3')];
    const hashes: string[] = [];
    for (const one of sources) hashes.push((await host.review(one)).sha256);
    const [one, two, three] = hashes;
    const began = Date.now();
    const plugin = await host.install(await source('1'));
    await host.install(await source('2', MAIL), { replace: true });
    await plugin.dismiss();
    await host.install(await source('2', MAIL), { replace: true });
    await plugin.accept(two as string);
    await plugin.configure({ grant: { kv: true } });
    await plugin.configure({ config: { a: 'b' } });
    await plugin.disable();
    await plugin.enable();
    await host.install(await source('3'), { replace: true });
    await plugin.rollback();
    const history = await existing((await makeHost({ storage })).get('p')).history();
    assert.deepEqual(
      history.map(({ action, version: text, sha256 }) => [action, text, sha256]),
      [
        ['installed', '1', one],
        ['staged', '2', two],
        ['dismissed', '2', two],
        ['staged', '2', two],
        ['accepted', '2', two],
        ['granted', '2', two],
        ['configured', '2', two],
        ['disabled', '2', two],
        ['enabled', '2', two],
        ['updated', '3', three],
        ['rolled-back', '2', two],
      ],
    );
    assert.isTrue(history.every(({ time }) => time >= began && time <= Date.now()));
  });

  it('tells of a quarantine', async () => {
    const host = await makeHost();
    const plugin = await host.install(await guest(), { id: 'p', limits: { timeoutMs: 100 } });
    for (let kills = 0; kills < 3; kills++) await rejectsCode('TIMEOUT', plugin.call('spin'));
    await eventually(async () => (await actionsOf(plugin)).includes('quarantined '), 'the entry');
  });

  it('begins anew with another plugin of the id, and is not that of one that is gone', async () => {
    const host = await makeHost();
    const first = await updated(host);
    await first.uninstall();
    const second = await host.install(await source('9'));
    assert.deepEqual(await actionsOf(second), ['installed 9']);
    const third = await host.install(await source('10'), { replace: 'wipe' });
    assert.deepEqual(await actionsOf(third), ['installed 10']);
  });

  it('is bounded: the oldest goes, but for what says where the package came from', async () => {
    const host = await makeHost();
    const plugin = await host.install(await source('1'));
    for (let i = 0; i < 105; i++) await plugin.configure({ config: { i: `${i}` } });
    const history = await plugin.history();
    const actions = history.map(({ action }) => action);
    assert.deepEqual(actions, ['installed', ...new Array<string>(99).fill('configured')]);
  });

  it('keeps its order when the clock jumps back', async () => {
    const host = await makeHost();
    const plugin = await host.install(await source('1'));
    const { now } = Date;
    Date.now = () => 5_000;
    try {
      await plugin.disable();
      await host.install(await source('2'), { replace: true });
    } finally {
      Date.now = now;
    }
    assert.deepEqual(await actionsOf(plugin), ['installed 1', 'disabled 1', 'updated 2']);
    assert.equal((await plugin.history()).at(-1)?.time, 5_000);
    await plugin.rollback();
    assert.equal(plugin.manifest.version, '1');
  });

  it('ends no call in another tab, nor does a setting that both know', async () => {
    const { here, there } = await twoTabs();
    const plugin = await here.install(await source('1', { kv: true }));
    await eventually(() => there.get('p') !== undefined, 'the plugin');
    const other = existing(there.get('p'));
    await other.start();
    await plugin.dismiss();
    await here.install(await source('2', MAIL), { replace: true });
    await eventually(() => other.pending !== undefined, 'the update');
    assert.equal(other.state, 'running');
  });

  describe('of what is stored and cannot be read', () => {
    const broken: [what: string, change: (versions: Record<string, unknown>) => void][] = [
      ['of a version to come', (versions) => Object.assign(versions, { schema: 2 })],
      ['with a key that nobody knows', (versions) => Object.assign(versions, { extra: 1 })],
      ['of another type', (versions) => Object.assign(versions, { previous: 5 })],
      ['of another plugin', (versions) => Object.assign(recordIn(versions).manifest, { id: 'q' })],
      ['of another installation', (versions) => Object.assign(recordIn(versions), { installation: 'p' })],
    ];
    for (const [what, change] of broken) {
      it(`says so of a version before ${what}: the plugin runs on, can be updated, and has one again`, async () => {
        const { storage, plugin, host } = await stored();
        await rewrite(storage, 'versions', change);
        await rejectsCode('STORAGE_FAILED', plugin.previous(), /"p"/);
        await rejectsCode('STORAGE_FAILED', plugin.rollback());
        assert.equal(await saidBy(plugin), 'v2');
        assert.deepEqual(await actionsOf(plugin), ['installed 1', 'updated 2']);
        await host.install(await source('3'), { replace: true });
        await plugin.rollback();
        assert.equal(await saidBy(plugin), 'v2');
      });
    }

    it('says so of a history: the plugin runs on, and can be changed', async () => {
      const { storage, plugin } = await stored();
      await rewrite(storage, 'history', (history) => {
        (history.entries as unknown[])[0] = { time: -1, action: 'installed', version: '<b>', sha256: 'x' };
      });
      await rejectsCode('STORAGE_FAILED', plugin.history(), /entries\[0\]/);
      await plugin.disable();
      assert.equal(plugin.state, 'off');
    });

    it('takes what is of no object at all for nothing, and what an older version of Cloche has left for none of its own', async () => {
      const { storage, plugin } = await stored();
      await tamper(storage, (objects) => {
        objects.put('text', ['history', 'p']);
        objects.delete(['versions', 'p']);
      });
      await plugin.disable();
      assert.deepEqual(await actionsOf(plugin), ['disabled 2']);
      assert.isUndefined((await plugin.history())[0]?.sha256);
      assert.isUndefined(await plugin.previous());
    });
  });
});

async function stored(options: HostOptions = {}): Promise<{ storage: string; host: Host; plugin: Plugin }> {
  const storage = uniqueStorage();
  const host = await makeHost({ storage, ...options });
  return { storage, host, plugin: await updated(host, {}) };
}

describe('where a package came from', () => {
  it('is kept with each that came, in every tab, and is not known of what the app made', async () => {
    const { here, there } = await twoTabs();
    const { wasm, manifest } = await source('1');
    const plugin = await here.install(new File([wasm], 'one.wasm'), { id: 'p' });
    await here.install({ wasm, manifest }, { replace: true });
    await here.install(new File([(await source('2')).wasm], 'two.wasm'), { id: 'p', replace: true });
    await plugin.disable();
    const told = (await plugin.history()).map(({ from }) => from?.name);
    assert.deepEqual(told, ['one.wasm', undefined, 'two.wasm', undefined]);
    await eventually(async () => (await existing(there.get('p')).history()).length === 4, 'the other tab');
    assert.deepEqual((await existing(there.get('p')).history())[0]?.from, { kind: 'file', name: 'one.wasm' });
  });
});

async function readStored(storage: string): Promise<unknown[]> {
  const db = await requested(() => indexedDB.open(`${storage}-plugins`));
  const range = IDBKeyRange.bound(['record'], ['versions', []]);
  const values = await requested(() => db.transaction('plugins').objectStore('plugins').getAll(range));
  db.close();
  return values;
}

const recordIn = ({ previous }: Record<string, unknown>) => (previous as { record: { manifest: object } }).record;

/** Changes what is stored of plugin `p`, past everything of Cloche. */
async function rewrite(
  storage: string,
  kind: 'versions' | 'history',
  change: (value: Record<string, unknown>) => void,
): Promise<void> {
  const db = await requested(() => indexedDB.open(`${storage}-plugins`));
  const value = await requested(() => db.transaction('plugins').objectStore('plugins').get([kind, 'p']));
  db.close();
  change(value);
  await tamper(storage, (objects) => objects.put(value, [kind, 'p']));
  await pause(0);
}
