// The plugin system switched off as a whole: what an admin can still do, and that nothing of a plugin runs meanwhile.

import { assert } from 'chai';
import { createHost, type Host, type HostOptions, type Plugin } from '../../../src/index.ts';
import { rejectsCode } from '../../helpers/expect-code.ts';
import { closeHosts, makeHost, pause, uniqueStorage } from '../../helpers/hosts.ts';
import { version } from '../../helpers/versions.ts';
import { windshiftZip } from '../../helpers/windshift.ts';

afterEach(closeHosts);

const MANIFEST = {
  name: 'shortcut',
  routes: [{ method: '', path: '*' }],
  extensions: [{ point: 'admin.tab', id: 'tab', label: 'Tab', component: 'index.html' }],
  webhooks: [{ id: 'a', events: ['item.created'], handler: 'on_event' }],
  schedules: [{ id: 'tidy', every: '30s', handler: 'on_tidy' }],
};

/** Storage in which a plugin was installed by a host that is gone. */
async function installed(): Promise<string> {
  const storage = uniqueStorage();
  const host = await makeHost({ storage });
  await host.install(await windshiftZip(MANIFEST, { 'index.html': '<p>' }, await version('one')));
  await host.close();
  return storage;
}

/** Counts what a host could start. */
function watchStarts(): { readonly count: number; stop(): void } {
  const real = globalThis.Worker;
  const workers: unknown[] = [];
  globalThis.Worker = class extends real {
    constructor(...args: ConstructorParameters<typeof Worker>) {
      super(...args);
      workers.push(args);
    }
  };
  const frames = (): number => document.querySelectorAll('iframe').length;
  const before = frames();
  return {
    get count() {
      return workers.length + Math.max(0, frames() - before);
    },
    stop: () => {
      globalThis.Worker = real;
    },
  };
}

async function withoutPlugins(options: HostOptions, work: (host: Host) => Promise<void>): Promise<void> {
  const starts = watchStarts();
  try {
    const host = await makeHost({ serviceWorker: '/cloche-sw.js', ...options });
    await work(host);
    // A warm spare would be made by now.
    await pause(200);
    assert.equal(starts.count, 0, 'neither a cell nor a worker was started');
    assert.deepEqual(await host.population(), { plugins: 0, spares: 0 });
  } finally {
    starts.stop();
  }
}

describe('a host with `disabled: true`', () => {
  it('starts neither a cell nor a worker, whatever it is asked', async () => {
    const storage = await installed();
    await withoutPlugins({ storage, disabled: true }, async (host) => {
      assert.isTrue(host.disabled);
      assert.match(host.environment.reason, /switched off/);
      assert.deepEqual(
        host.plugins.map(({ id, state, active }) => [id, state, active]),
        [['shortcut', 'off', false]],
      );
      const plugin = host.plugins[0] as Plugin;
      await rejectsCode('DISABLED', host.install(await version('two'), { id: 'two' }), /switched off/);
      await rejectsCode('DISABLED', host.open(await version('two'), { id: 'two' }), /switched off/);
      await rejectsCode('DISABLED', plugin.call('version'), /as a whole/);
      for (const run of ['start', 'inspect', 'exports', 'imports', 'reload'] as const) {
        await rejectsCode('DISABLED', () => plugin[run](), /as a whole/);
      }
      assert.isArray(plugin.requests());
      assert.deepEqual(host.extensions(), []);
      assert.deepEqual(await host.emit('item.created', {}), []);
      for (const path of ['/api/plugins', '/api/plugins/shortcut/x', '/api/plugins/shortcut/assets/index.html']) {
        const response = await host.fetch(path);
        assert.equal(response.status, 403);
        assert.deepEqual(await response.json(), { error: 'Plugin system is disabled', code: 'PLUGINS_DISABLED' });
      }
      assert.equal((await plugin.fetch('/api/plugins/shortcut/x')).status, 403);
    });
  });

  it('keeps what an admin sets, for when plugins are on again', async () => {
    const storage = await installed();
    await withoutPlugins({ storage, disabled: true }, async (host) => {
      const plugin = host.get('shortcut');
      await plugin?.disable();
      await plugin?.enable();
      assert.equal(plugin?.state, 'off', 'its own setting is not what counts here');
      await plugin?.disable();
      await plugin?.configure({ config: { key: 'value' }, limits: { timeoutMs: 777 }, grant: 'none' });
    });
    const host = await makeHost({ storage });
    const plugin = host.get('shortcut');
    assert.equal(plugin?.state, 'off');
    assert.equal(plugin?.config.get('key'), 'value');
    assert.equal(plugin?.limits.timeoutMs, 777);
    assert.deepEqual(host.extensions(), []);
    await plugin?.enable();
    assert.equal((await plugin?.call('version'))?.text(), 'one');
    assert.lengthOf(host.extensions(), 1);
  });

  it('removes a plugin', async () => {
    const storage = await installed();
    await withoutPlugins({ storage, disabled: true }, async (host) => {
      await host.get('shortcut')?.uninstall({ wipe: true });
      assert.isEmpty(host.plugins);
    });
    assert.isEmpty((await makeHost({ storage })).plugins);
  });

  it('does not register a service worker', async () => {
    const scope = `/nowhere-${crypto.randomUUID()}/`;
    const host = await createHost({ disabled: true, storage: uniqueStorage(), serviceWorker: `${scope}sw.js` });
    assert.notInclude(host.environment.reason, 'service worker');
    await host.close();
  });
});

describe('a page with `?plugins=off` in its address', () => {
  const address = location.href;
  afterEach(() => history.replaceState(null, '', address));

  it('has plugins switched off, and on again without it', async () => {
    const storage = await installed();
    const safe = new URL(address);
    safe.searchParams.set('plugins', 'off');
    history.replaceState(null, '', safe);
    await withoutPlugins({ storage, disabled: false }, async (host) => {
      assert.isTrue(host.disabled);
      assert.lengthOf(host.plugins, 1);
    });
    history.replaceState(null, '', address);
    assert.isFalse((await makeHost({ storage })).disabled);
  });

  it('takes no other word for it', async () => {
    const other = new URL(address);
    other.searchParams.set('plugins', 'on');
    history.replaceState(null, '', other);
    assert.isFalse((await makeHost()).disabled);
  });
});
