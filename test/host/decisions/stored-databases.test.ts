// What an earlier version stored opens unchanged: each fixture was written by the version of its day, and none is rewritten.
// When a record changes, `scripts/database-fixture.mjs` adds one.

import { assert } from 'chai';
import { defaultCapabilities, type Host, nevCapabilities, type Plugin } from '../../../src/index.ts';
import { rejectsCode } from '../../helpers/expect-code.ts';
import { closeHosts, existing, makeHost, uniqueStorage } from '../../helpers/hosts.ts';
import { type StoredDatabases, writeDatabases } from '../../helpers/stored-databases.ts';

const FIXTURES: Record<string, StoredDatabases> = import.meta.glob('../../fixtures/database/*.json', {
  import: 'default',
  eager: true,
});

for (const [file, databases] of Object.entries(FIXTURES)) {
  describe(`a database of an earlier version, ${file.replace(/^.*\//, '')}`, () => {
    let host: Host;
    const plugin = (id: string): Plugin => existing(host.get(id));
    const hasNev = file.endsWith('/nev.json');

    const open = async (): Promise<void> => {
      const storage = uniqueStorage();
      await writeDatabases(databases, storage);
      const capabilities = [...defaultCapabilities({ storage }), ...(await nevCapabilities())];
      host = await makeHost({ storage, serviceWorker: '/cloche-sw.js', audit: true, capabilities });
    };

    describe('as it was left', () => {
      before(open);
      after(closeHosts);

      it('has all plugins, in the order of their installation, and no complaint', () => {
        const ids = host.plugins.map(({ id }) => id);
        const others = hasNev ? ['nev'] : [];
        assert.deepEqual(ids, ['granted', 'plain-extism', 'windshift', 'switched-off', 'quarantined', ...others]);
        assert.deepEqual(host.logs(), []);
      });

      it('has their settings as a user left them', () => {
        const { config, limits, grants, manifest } = plugin('granted');
        assert.deepEqual(Object.fromEntries(config), { unit: 'metric', colour: 'green' });
        assert.deepEqual([limits.timeoutMs, limits.memoryBytes], [2_000, 8 << 20]);
        assert.deepEqual([grants.has('kv'), grants.has('http')], [true, false]);
        assert.deepEqual([manifest.name, manifest.version, manifest.author], ['Granted', '1.2.0', 'somebody']);
        assert.equal(plugin('plain-extism').grants.has('http'), false);
        assert.equal(plugin('plain-extism').config.get('key'), 'value');
        assert.equal(plugin('windshift').config.get('region'), 'north');
      });

      it('X11: has how each was signed, as far as that was known in its day', () => {
        const states = host.plugins.slice(0, 5).map(({ signature }) => signature.state);
        const isFromBefore = file.endsWith('/schema-1.json');
        assert.deepEqual(states, [isFromBefore ? 'unsigned' : 'unknown-signer', ...Array(4).fill('unsigned')]);
      });

      it('has the audit of its day', async () => {
        const text = (await (await host.audit?.export({ plugin: 'granted' }))?.text()) ?? '';
        const isAudited = databases.some(({ suffix }) => suffix === '-audit');
        assert.equal(/"act":"install","who":"ann","plugin":"granted","outcome":"ok"/.test(text), isAudited);
        assert.equal(/"capability":"kv","name":"kv_set","outcome":"ok"/.test(text), isAudited);
        assert.notInclude(text, 'unreadable');
      });

      it('has what they ask for, granted or not', () => {
        const asked = plugin('granted').requests();
        assert.deepEqual(asked.map(({ capability, granted }) => [capability, granted]).sort(), [
          ['http', false],
          ['kv', true],
        ]);
      });

      it('has what they stored, under every key', async () => {
        const kept = plugin('granted');
        assert.deepEqual((await kept.call('kv_list', '')).json(), ['empty', 'größe \u{1f331}', 'note']);
        assert.equal((await kept.call('kv_get', 'größe \u{1f331}')).text(), 'größe \u{1f331}');
        assert.equal((await kept.call('kv_get', 'empty')).bytes().length, 0);
        const answer = (await plugin('windshift').call('kv_get', { key: 'count' })).json();
        assert.deepEqual(answer, { status: 'ok', value: '12' });
      });

      it('stores more beside it, and counts the old with the new', async () => {
        const kept = plugin('granted');
        await kept.call('keep', 'newer');
        assert.equal((await kept.call('kv_get', 'note')).text(), 'note');
        assert.include((await kept.call('kv_list', '')).json() as string[], 'newer');
      });

      it('has what its manifests add: routes, events, schedules, tabs and their files', async () => {
        const { routes, subscriptions, schedules, contributions } = plugin('windshift').manifest;
        assert.deepEqual([routes.length, subscriptions.length, schedules.length, contributions.length], [1, 1, 1, 1]);
        assert.deepEqual(
          host.extensions('admin.tab').map(({ plugin }) => plugin),
          ['windshift'],
        );
        const page = await host.fetch('/api/plugins/windshift/assets/index.html');
        assert.equal(await page.text(), '<h1>Tab</h1>');
      });

      it('has a plugin of Nev, with its commands, its data and the catalog that it came from, as far as there was one', async () => {
        const nev = host.get('nev');
        assert.equal(nev !== undefined, hasNev);
        if (!nev) return;
        const { apiVersion, autoStart, autoReload, commands, dialect } = nev.manifest;
        assert.deepEqual([dialect, apiVersion, autoStart, autoReload], ['nev', 1, true, true]);
        assert.deepEqual(
          commands.map(({ name, params, description }) => [name, params, description]),
          [
            ['keep', [{ name: 'value', type: 'int' }], 'Keeps it'],
            ['kept', [], ''],
          ],
        );
        assert.deepEqual(nev.grants.get('editor-commands'), { allow: ['open'] });
        assert.deepEqual((await nev.history())[0]?.from, { kind: 'catalog', name: 'app://plugins' });
        assert.equal(await host.run('nev.kept', '', { load: 'wait-and-run' }), '12');
      });
    });

    describe('from then on', () => {
      beforeEach(open);
      afterEach(closeHosts);

      it('runs each of them, and keeps off and quarantined what was', async () => {
        assert.equal((await plugin('granted').call('echo', 'a')).text(), 'a');
        assert.equal((await plugin('plain-extism').call('echo', 'b')).text(), 'b');
        assert.equal((await plugin('windshift').call('kv_get', { key: 'none' })).text().includes('"status"'), true);
        await rejectsCode('DISABLED', plugin('switched-off').call('echo'));
        await rejectsCode('QUARANTINED', plugin('quarantined').call('echo'));
        await plugin('switched-off').enable();
        await plugin('quarantined').enable();
        assert.equal((await plugin('switched-off').call('echo', 'c')).text(), 'c');
        assert.equal((await plugin('quarantined').call('echo', 'd')).text(), 'd');
      });

      it('has the version before, and what became of each, as far as that was kept in its day', async () => {
        const off = plugin('switched-off');
        const actions = (await off.history()).map(({ action }) => action);
        if (!file.endsWith('/versions.json') && !hasNev) {
          assert.deepEqual(actions, file.endsWith('/trusted.json') ? ['installed', 'disabled'] : []);
          assert.isUndefined(await off.previous());
          return;
        }
        assert.deepEqual(actions, ['installed', 'disabled', 'updated']);
        const { sha256 = '' } = (await off.previous()) ?? {};
        await off.rollback(sha256);
        await off.enable();
        assert.equal((await off.call('echo', 'before')).text(), 'before');
        assert.notInclude(
          (await off.imports()).map(({ name }) => name),
          'kv_set',
        );
      });

      it('can be changed, updated and removed', async () => {
        await plugin('granted').configure({ grant: { kv: true }, config: { colour: 'red' } });
        assert.deepEqual([plugin('granted').config.get('colour'), plugin('granted').grants.has('kv')], ['red', true]);
        await plugin('windshift').uninstall();
        assert.isUndefined(host.get('windshift'));
      });
    });
  });
}
