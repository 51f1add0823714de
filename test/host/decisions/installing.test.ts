// Installing, opening and uninstalling: what is kept, what is refused, and what stays behind.

import { assert } from 'chai';
import type { HostOptions } from '../../../src/index.ts';
import { rejectsCode } from '../../helpers/expect-code.ts';
import { guest } from '../../helpers/guests.ts';
import { changesOf, closeHosts, eventually, existing, makeHost, uniqueStorage } from '../../helpers/hosts.ts';
import { keeper } from '../../helpers/keeper.ts';
import { version, versionOf } from '../../helpers/versions.ts';
import { wat } from '../../helpers/wat.ts';

afterEach(closeHosts);

describe('install', () => {
  it('keeps a plugin with its config, limits, grant and state over a new host of the same storage', async () => {
    const storage = uniqueStorage();
    const first = await makeHost({ storage });
    const plugin = await first.install(await version('one'), {
      id: 'kept',
      config: { key: 'value' },
      limits: { timeoutMs: 1_234 },
      grant: 'none',
    });
    await plugin.disable();
    await first.close();
    assert.equal(plugin.state, 'closed');

    const second = await makeHost({ storage });
    const found = existing(second.get('kept'));
    assert.equal(found.state, 'off');
    assert.equal(found.config.get('key'), 'value');
    assert.equal(found.limits.timeoutMs, 1_234);
    assert.deepEqual([...found.grants.keys()], ['log']);
    await rejectsCode('DISABLED', found.call('version'), /"kept".*`enable\(\)`/);
    await found.enable();
    assert.equal(await versionOf(found), 'one');
  });

  it('keeps a quarantine over a new host of the same storage', async () => {
    const storage = uniqueStorage();
    const first = await makeHost({ storage });
    const plugin = await first.install(await guest(), { id: 'looper', limits: { timeoutMs: 60 } });
    for (let i = 0; i < 3; i++) await rejectsCode('TIMEOUT', plugin.call('spin'));
    assert.equal(plugin.state, 'quarantined');
    await eventually(async () => {
      const other = await makeHost({ storage });
      return existing(other.get('looper')).state === 'quarantined';
    }, 'the quarantine to be stored');
  });

  it('says when it loads, and when that has failed, until it starts', async () => {
    const host = await makeHost();
    const plugin = await host.install(await wat('(module (memory 64) (func (export "run")))'), { id: 'states' });
    const states: string[] = [];
    host.addEventListener('pluginchange', ({ change }) => {
      if (change === 'state' && states.at(-1) !== plugin.state) states.push(plugin.state);
    });
    await plugin.configure({ limits: { memoryBytes: 1 << 20 } });
    await rejectsCode('MODULE_REJECTED', plugin.start());
    assert.deepEqual([states, plugin.state, plugin.active], [['asleep', 'loading', 'failed'], 'failed', true]);
    await plugin.configure({ limits: { memoryBytes: 8 << 20 } });
    const starting = plugin.start();
    assert.equal(plugin.state, 'loading');
    await starting;
    assert.deepEqual(states, ['asleep', 'loading', 'failed', 'loading', 'running']);
  });

  it('does not keep what cannot be started', async () => {
    const storage = uniqueStorage();
    const host = await makeHost({ storage });
    const broken = await wat('(module (func $f unreachable) (start $f))');
    await rejectsCode('START_FAILED', host.install(broken, { id: 'broken' }), /"broken"/);
    assert.isUndefined(host.get('broken'));
    assert.isEmpty((await makeHost({ storage })).plugins);
  });

  it('rejects with ALREADY_INSTALLED without `replace`, and the installed one stays', async () => {
    const host = await makeHost();
    const plugin = await host.install(await version('one'), { id: 'same' });
    await rejectsCode(
      'ALREADY_INSTALLED',
      host.install(await version('two'), { id: 'same' }),
      /"same".*`replace: true`/,
    );
    assert.equal(host.get('same'), plugin);
    assert.equal(await versionOf(plugin), 'one');
  });

  it('lets one of two installations of one id at the same moment win', async () => {
    const host = await makeHost();
    const [one, two] = [await version('one'), await version('two')];
    const results = await Promise.allSettled([host.install(one, { id: 'same' }), host.install(two, { id: 'same' })]);
    assert.deepEqual(results.map(({ status }) => status).sort(), ['fulfilled', 'rejected']);
    assert.lengthOf(host.plugins, 1);
    await eventually(async () => (await host.population()).plugins <= 1, 'the loser’s worker to be gone');
  });

  it('replaces: the same Plugin runs the new version, and keeps its kv data', async () => {
    const storage = uniqueStorage();
    const host = await makeHost({ storage, serviceWorker: '/cloche-sw.js' });
    const plugin = await host.install(await keeper(1), { id: 'keeper', config: { old: 'yes' } });
    await plugin.call('set', 'a key');
    const changes = changesOf(host);

    const replaced = await host.install(await keeper(2), { id: 'keeper', replace: true });
    assert.equal(replaced, plugin);
    assert.deepEqual(changes, ['keeper updated']);
    assert.include(
      (await plugin.exports()).map(({ name }) => name),
      'v2',
      'the exports are those of the new version',
    );
    await plugin.call('v2');
    await rejectsCode('EXPORT_MISSING', plugin.call('v1'));
    assert.equal((await plugin.call('get', 'a key')).text(), 'a key');
    await eventually(async () => (await host.population()).plugins === 1, 'one worker');
  });

  it('does not let a broken new version take the old one’s place', async () => {
    const storage = uniqueStorage();
    const host = await makeHost({ storage });
    const plugin = await host.install(await version('one'), { id: 'same' });
    const broken = [
      await wat('(module (func $f unreachable) (start $f))'),
      await wat('(module (import "nowhere" "f" (func)))'),
      await wat('(module (memory i64 1))'),
    ];
    for (const source of broken) {
      const error = await host.install(source, { id: 'same', replace: true }).then(
        () => assert.fail('it was installed'),
        (thrown: unknown) => thrown,
      );
      assert.instanceOf(error, Error);
    }
    assert.equal(await versionOf(plugin), 'one');
    const again = await makeHost({ storage });
    assert.equal(await versionOf(again.get('same')), 'one');
  });
});

describe('grants of an installed plugin', () => {
  it('hold for its imports although they were asked for before its modules were read', async () => {
    const storage = uniqueStorage();
    const options: HostOptions = { storage, serviceWorker: '/cloche-sw.js' };
    const first = await makeHost(options);
    await (await first.install(await keeper(1), { id: 'keeper' })).call('set', 'a key');
    await first.close();

    const plugin = existing((await makeHost(options)).get('keeper'));
    // As an admin page does, which shows a plugin that sleeps.
    assert.isDefined(plugin.grants);
    assert.isDefined(plugin.requests());
    assert.equal((await plugin.call('get', 'a key')).text(), 'a key');
    assert.isTrue(plugin.grants.has('kv'));
  });
});

describe('uninstall', () => {
  for (const wipe of [false, true]) {
    it(`${wipe ? 'wipes' : 'leaves'} its stored data with { wipe: ${wipe} }`, async () => {
      const storage = uniqueStorage();
      const host = await makeHost({ storage, serviceWorker: '/cloche-sw.js' });
      const plugin = await host.install(await keeper(1), { id: 'keeper' });
      await plugin.call('set', 'a key');
      await plugin.uninstall({ wipe });
      assert.equal(plugin.state, 'closed');
      assert.isUndefined(host.get('keeper'));
      await rejectsCode('CLOSED', plugin.call('get', 'a key'), /"keeper"/);

      const again = await host.install(await keeper(1), { id: 'keeper', data: 'keep' });
      assert.equal((await again.call('get', 'a key')).text(), wipe ? '' : 'a key');
    });
  }

  it('is final: nothing is brought back', async () => {
    const storage = uniqueStorage();
    const host = await makeHost({ storage });
    await (await host.install(await version('one'), { id: 'gone' })).uninstall();
    assert.isEmpty((await makeHost({ storage })).plugins);
  });
});

describe('open', () => {
  it('does not keep the plugin', async () => {
    const storage = uniqueStorage();
    const host = await makeHost({ storage });
    await host.open(await version('one'), { id: 'passing' });
    assert.lengthOf(host.plugins, 1);
    assert.isEmpty((await makeHost({ storage })).plugins);
  });

  it('rejects with ALREADY_INSTALLED for an id that is there, installed or opened', async () => {
    const host = await makeHost();
    await host.open(await version('one'), { id: 'a' });
    await host.install(await version('one'), { id: 'b' });
    for (const id of ['a', 'b']) await rejectsCode('ALREADY_INSTALLED', host.open(await version('two'), { id }));
    await rejectsCode('ALREADY_INSTALLED', host.open(await version('two'), { id: 'b', replace: true }));
    const again = await host.open(await version('two'), { id: 'a', replace: true });
    assert.equal(host.get('a'), again);
  });

  it('lets one of two openings of one id at the same moment win, and ends the other', async () => {
    const host = await makeHost();
    const source = await version('one');
    const results = await Promise.allSettled([host.open(source, { id: 'a' }), host.open(source, { id: 'a' })]);
    assert.deepEqual(results.map(({ status }) => status).sort(), ['fulfilled', 'rejected']);
    assert.lengthOf(host.plugins, 1);
    await eventually(async () => (await host.population()).plugins <= 1, 'the loser’s worker to be gone');
  });
});
