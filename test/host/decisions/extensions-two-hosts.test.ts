// The life of a plugin in two tabs at once: what one does, the other follows, in its routes and in what it lists.

import { assert } from 'chai';
import { type Host, kv, log, type Plugin } from '../../../src/index.ts';
import { closeHosts, eventually, makeHost, uniqueStorage } from '../../helpers/hosts.ts';
import { keepingGuest, probe, windshiftZip } from '../../helpers/windshift.ts';

afterEach(closeHosts);

async function tab(storage: string): Promise<Host> {
  const capabilities = [log(), kv({ storage }), probe(() => '{"body":"here"}')];
  return makeHost({ storage, capabilities, serviceWorker: '/cloche-sw.js' });
}

async function twoTabs(): Promise<{ here: Host; there: Host; storage: string }> {
  const storage = uniqueStorage();
  return { here: await tab(storage), there: await tab(storage), storage };
}

const version = (label: string, path: string): Promise<File> =>
  windshiftZip(
    {
      name: 'shared',
      routes: [{ method: 'GET', path }],
      extensions: [{ point: 'admin.tab', id: 'tab', label, component: 'index.html' }],
    },
    { 'index.html': label },
  );

const labels = (host: Host): string[] => host.extensions('admin.tab').map(({ label }) => label);

async function statusOf(host: Host, path: string): Promise<number> {
  return (await host.fetch(`/api/plugins/shared${path}`)).status;
}

describe('two tabs', () => {
  it('follow each other’s install, update, disable, enable and uninstall', async () => {
    const { here, there } = await twoTabs();
    const changes: string[] = [];
    there.addEventListener('extensionchange', () => changes.push(labels(there).join()));

    const plugin = await here.install(await version('One', '/one'));
    await eventually(() => labels(there).join() === 'One', 'the tab of the plugin');
    assert.equal(await statusOf(there, '/one'), 200);

    await here.install(await version('Two', '/two'), { replace: true });
    await eventually(() => labels(there).join() === 'Two', 'the tab of the update');
    assert.equal(await statusOf(there, '/one'), 404);
    assert.equal(await statusOf(there, '/two'), 200);
    assert.equal(await (await there.fetch('/api/plugins/shared/assets/index.html')).text(), 'Two');

    await plugin.disable();
    await eventually(() => labels(there).length === 0, 'nothing to be offered');
    assert.equal(await statusOf(there, '/two'), 403);
    await there.get('shared')?.enable();
    await eventually(() => labels(here).join() === 'Two', 'it to be offered again here too');
    assert.equal(await statusOf(here, '/two'), 200);

    await plugin.reload();
    assert.equal(await statusOf(here, '/two'), 200);
    assert.equal(await statusOf(there, '/two'), 200);

    await there.get('shared')?.uninstall();
    await eventually(() => labels(here).length === 0, 'it to be gone here too');
    assert.equal(await (await here.fetch('/api/plugins/shared/two')).text(), 'Plugin not found: shared\n');
    assert.deepEqual(changes, ['One', 'Two', '', 'Two', '']);
  });

  it('keep a plugin off over a reload of both, unlike Windshift', async () => {
    const { here, there, storage } = await twoTabs();
    await (await here.install(await version('One', '/one'))).disable();
    await here.close();
    await there.close();
    const again = await tab(storage);
    assert.equal(again.get('shared')?.state, 'off');
    assert.isEmpty(labels(again));
    assert.equal(await statusOf(again, '/one'), 403);
  });

  it('keep when a plugin was installed first, over updates and in both', async () => {
    const { here, there } = await twoTabs();
    const plugin = await here.install(await version('One', '/one'));
    const { installedAt } = plugin;
    assert.closeTo(installedAt ?? 0, Date.now(), 60_000);
    await here.install(await version('Two', '/two'), { replace: true });
    assert.equal(plugin.installedAt, installedAt);
    await eventually(() => labels(there).join() === 'Two', 'the update');
    assert.equal(there.get('shared')?.installedAt, installedAt);
    assert.isUndefined((await here.open(await windshiftZip({ name: 'open' }))).installedAt);
  });
});

describe('data of a plugin', () => {
  const keeper = async (label: string): Promise<File> =>
    windshiftZip({ name: 'keeper', description: label }, {}, await keepingGuest());
  const kept = async (plugin: Plugin): Promise<unknown> =>
    ((await plugin.call('kv_get', '{"key":"a"}')).json() as { value?: unknown }).value;

  it('and grants outlive an update, and are the same in both tabs', async () => {
    const { here, there } = await twoTabs();
    const plugin = await here.install(await keeper('one'), { grant: { kv: true } });
    await plugin.call('kv_set', '{"key":"a","value":"kept"}');
    await here.install(await keeper('two'), { replace: true });
    assert.equal(plugin.manifest.description, 'two');
    assert.equal(await kept(plugin), 'kept');
    await eventually(() => there.get('keeper')?.manifest.description === 'two', 'the update');
    assert.equal(await kept(there.plugins[0] as Plugin), 'kept');
    assert.deepEqual([...plugin.grants.keys()].sort(), ['kv', 'log']);

    await plugin.configure({ grant: 'none' });
    await here.install(await keeper('three'), { replace: true });
    assert.deepEqual([...plugin.grants.keys()], ['log'], 'what was revoked stays revoked');
  });

  for (const wipe of [false, true]) {
    it(`is ${wipe ? 'gone' : 'still there'} for a later installation after uninstall({ wipe: ${wipe} }) in the other tab`, async () => {
      const { here, there } = await twoTabs();
      const plugin = await here.install(await keeper('one'));
      await plugin.call('kv_set', '{"key":"a","value":"kept"}');
      await eventually(() => there.get('keeper') !== undefined, 'the plugin');
      await there.get('keeper')?.uninstall({ wipe });
      await eventually(() => here.get('keeper') === undefined, 'it to be gone');
      assert.equal(await kept(await here.install(await keeper('two'), { data: 'keep' })), wipe ? undefined : 'kept');
    });
  }

  it('is still there for an upload after a deletion by the admin API, as in Windshift', async () => {
    const { here } = await twoTabs();
    await (await here.install(await keeper('one'))).call('kv_set', '{"key":"a","value":"kept"}');
    await here.fetch('/api/plugins/keeper', { method: 'DELETE' });
    const body = new FormData();
    body.append('plugin', await keeper('two'));
    assert.isTrue((await here.fetch('/api/plugins/upload', { method: 'POST', body })).ok);
    assert.equal(await kept(here.get('keeper') as Plugin), 'kept');
  });
});
