// What plugins add to a host app, from end to end: real packages, real workers.

import { assert } from 'chai';
import { type Delivery, type Host, type HostOptions, kv, log, type ScheduledRun } from '../../src/index.ts';
import { Clock } from '../helpers/clock.ts';
import { rejectsCode } from '../helpers/expect-code.ts';
import { closeHosts, eventually, makeHost, uniqueStorage } from '../helpers/hosts.ts';
import { wat } from '../helpers/wat.ts';
import { probe, type WindshiftManifest, windshiftGuest, windshiftZip } from '../helpers/windshift.ts';

afterEach(closeHosts);

type Answer = Parameters<typeof probe>[0];

async function hostThatAnswers(answer: Answer, options: HostOptions = {}): Promise<Host> {
  const storage = options.storage ?? uniqueStorage();
  const capabilities = [log(), kv({ storage }), probe(answer)];
  return makeHost({ storage, capabilities, serviceWorker: '/cloche-sw.js', ...options });
}

const EVERYTHING = [{ method: '', path: '*' }];
const SHORTCUT: WindshiftManifest = { name: 'shortcut', routes: EVERYTHING };

describe('host.fetch', () => {
  it('asks `handle_request`, in a fresh instance each time, and answers with what it says', async () => {
    const inputs: string[] = [];
    const host = await hostThatAnswers((input) => {
      inputs.push(input);
      return '{"statusCode":201,"headers":{"X-Made-By":"guest"},"body":"{\\"id\\":7}"}';
    });
    await host.install(await windshiftZip(SHORTCUT));
    for (let i = 0; i < 2; i++) {
      const init = { method: 'POST', body: '{"a":1}', headers: { 'content-type': 'application/json' } };
      const response = await host.fetch('/api/plugins/shortcut/config?page=2', init);
      assert.equal(response.status, 201);
      assert.equal(response.headers.get('x-made-by'), 'guest');
      assert.equal(response.headers.get('content-type'), 'application/json');
      assert.deepEqual(await response.json(), { id: 7 });
    }
    assert.lengthOf(inputs, 2);
    assert.deepEqual(JSON.parse(inputs[1] ?? ''), {
      method: 'POST',
      path: '/config',
      headers: { 'Content-Type': 'application/json' },
      body: '{"a":1}',
      query: { page: '2' },
      params: { plugin: 'shortcut' },
    });
  });

  it('says what failed, in the words of the contract', async () => {
    const host = await hostThatAnswers(() => '{}');
    const failing: [name: string, wat: string, text: string][] = [
      ['none', '(module)', 'failed to call plugin handler: unknown function: handle_request'],
      [
        'nonzero',
        '(module (func (export "handle_request") (result i32) (i32.const 3)))',
        'failed to call plugin handler: plugin returned non-zero status: 3',
      ],
      [
        'silent',
        '(module (func (export "handle_request")))',
        'failed to parse plugin response: unexpected end of JSON input',
      ],
    ];
    for (const [name, module, text] of failing) {
      await host.install(await windshiftZip({ name, routes: EVERYTHING }, {}, await wat(module)));
      const response = await host.fetch(`/api/plugins/${name}/x`);
      assert.equal(`${response.status} ${await response.text()}`, `500 Plugin error: ${text}\n`);
    }
  });

  it('says where in its modules a handler trapped', async () => {
    const host = await hostThatAnswers(() => '{}');
    const wasm = await wat('(module (func $inner unreachable) (func $outer (export "handle_request") (call $inner)))');
    await host.install(await windshiftZip({ name: 'trapping', routes: EVERYTHING }, {}, wasm));
    const response = await host.fetch('/api/plugins/trapping/x');
    assert.equal(response.status, 500);
    // Engines name functions and places each in their own way.
    assert.match(
      await response.text(),
      /^Plugin error: failed to call plugin handler: .*unreachable.*\nwasm stack trace:\n\t.*\(function 0.*\)\n\t.*\(function 1.*\)\n$/i,
    );
  });

  it('says that a handler took too long, and the next request is answered', async () => {
    let isSlow = true;
    const host = await hostThatAnswers(async () => {
      if (isSlow) await new Promise((wake) => setTimeout(wake, 1_500));
      return '{"body":"here"}';
    });
    const plugin = await host.install(await windshiftZip(SHORTCUT), { limits: { timeoutMs: 500 } });
    const late = await host.fetch('/api/plugins/shortcut/x');
    const text = 'failed to call plugin handler: module closed with context deadline exceeded';
    assert.equal(`${late.status} ${await late.text()}`, `500 Plugin error: ${text}\n`);
    isSlow = false;
    await plugin.configure({ limits: {} });
    assert.equal(await (await host.fetch('/api/plugins/shortcut/x')).text(), 'here');
  });

  it('ends the call when its signal is aborted', async () => {
    const { promise: asked, resolve } = Promise.withResolvers<void>();
    const host = await hostThatAnswers(async () => {
      resolve();
      await new Promise((wake) => setTimeout(wake, 60_000));
      return '{}';
    });
    await host.install(await windshiftZip(SHORTCUT));
    const aborting = new AbortController();
    const response = host.fetch('/api/plugins/shortcut/x', { signal: aborting.signal });
    await asked;
    aborting.abort();
    const error = await response.then(
      () => assert.fail('it was answered'),
      (thrown: unknown) => thrown,
    );
    assert.equal((error as Error).name, 'AbortError');
    await eventually(async () => (await host.population()).plugins === 0, 'its worker to be gone');
  });

  it('serves assets of the package, and the page of the plugin gets no further than its plugin', async () => {
    const host = await hostThatAnswers(() => '{"body":"route"}');
    const assets = { 'index.html': '<h1>Hi</h1>', 'app.js': 'run()' };
    const plugin = await host.install(await windshiftZip(SHORTCUT, assets));
    await host.install(await windshiftZip({ name: 'other', routes: EVERYTHING }, { 'index.html': 'other' }));
    const page = await host.fetch('/api/plugins/shortcut/assets/index.html');
    assert.equal(page.headers.get('content-type'), 'text/html; charset=utf-8');
    assert.equal(await page.text(), '<h1>Hi</h1>');
    assert.equal((await host.fetch('/api/plugins/shortcut/assets/plugin.wasm')).status, 404);
    assert.equal((await host.fetch('/api/plugins/shortcut/assets/manifest.json')).status, 404);

    assert.equal(await (await plugin.fetch('/api/plugins/shortcut/assets/app.js')).text(), 'run()');
    assert.equal(await (await plugin.fetch('/api/plugins/shortcut/assets/status')).text(), 'route');
    for (const path of ['/api/plugins/other/x', '/api/plugins/other/assets/index.html', '/api/plugins']) {
      assert.equal((await plugin.fetch(path)).status, 404, path);
    }
  });

  it('N11: a request to one plugin never runs another, whatever its path', async () => {
    const ran: string[] = [];
    const host = await hostThatAnswers((_input, plugin) => {
      ran.push(plugin);
      return '{}';
    });
    await host.install(await windshiftZip({ name: 'mine', routes: EVERYTHING }));
    await host.install(await windshiftZip({ name: 'other', routes: EVERYTHING }));
    const mine = host.get('mine');
    for (const path of ['..%2fother/x', '%2e%2e/other/x', '..%5cother/x', 'x/..%2f..%2fother/x', '../other/x']) {
      const response = await mine?.fetch(`/api/plugins/mine/${path}`);
      assert.equal(response?.status, 404, path);
    }
    assert.isEmpty(ran);
  });

  it('installs what is uploaded, and lists, switches off and deletes it, as an admin page of Windshift does', async () => {
    const host = await hostThatAnswers(() => '{}');
    const ask = async (path: string, init?: RequestInit): Promise<unknown> => (await host.fetch(path, init)).json();
    const body = new FormData();
    body.set('plugin', await windshiftZip({ ...SHORTCUT, version: '1.0.0', author: 'Ada' }));
    assert.deepEqual(await ask('/api/plugins/upload', { method: 'POST', body }), {
      status: 'success',
      message: 'Plugin uploaded successfully',
    });
    const list = async (): Promise<Record<string, unknown>[] | null> =>
      (await ask('/api/plugins')) as Record<string, unknown>[] | null;
    const [info] = (await list()) ?? [];
    assert.deepInclude(info, { id: 1, name: 'shortcut', version: '1.0.0', author: 'Ada', enabled: true });
    assert.closeTo(Date.parse(String(info?.installed_at)), Date.now(), 60_000);
    await ask('/api/plugins/shortcut/toggle', { method: 'PUT', body: '{"enabled":false}' });
    assert.equal((await list())?.[0]?.enabled, false);
    assert.equal((await host.fetch('/api/plugins/shortcut/x')).status, 403);
    await ask('/api/plugins/shortcut', { method: 'DELETE' });
    assert.isNull(await list());

    const bad = new FormData();
    bad.set('plugin', new File(['PK no zip'], 'bad.zip'));
    const refused = await host.fetch('/api/plugins/upload', { method: 'POST', body: bad });
    assert.equal(refused.status, 400);
    assert.match(((await refused.json()) as { error: string }).error, /zip|module|manifest/);
  });
});

describe('host.emit', () => {
  it('reaches the webhooks of all plugins, tells how each took it, and a kill stops nobody', async () => {
    const heard: [plugin: string, input: { event: string; payload: object }][] = [];
    const host = await hostThatAnswers((input, plugin) => {
      heard.push([plugin, JSON.parse(input)]);
      return '';
    });
    const hook = (id: string, handler: string, ...events: string[]): object => ({ id, events, handler });
    await host.install(
      await windshiftZip({
        name: 'first',
        webhooks: [
          hook('a', 'on_trap', 'item.created'),
          hook('b', 'on_event', 'item.created', 'item.updated'),
          hook('c', 'missing', 'item.created'),
        ],
      }),
    );
    await host.install(await windshiftZip({ name: 'looping', webhooks: [hook('a', 'on_spin', 'item.created')] }), {
      limits: { timeoutMs: 300 },
    });
    await host.install(await windshiftZip({ name: 'last', webhooks: [hook('a', 'on_other', 'item.created')] }));
    const told: (Delivery | ScheduledRun)[] = [];
    host.addEventListener('delivery', ({ delivery }) => told.push(delivery));

    const deliveries = await host.emit('item.created', { item: { id: 7 } });
    assert.deepEqual(
      deliveries.map(({ plugin, subscription, handler, ok, error }) => [
        plugin,
        subscription,
        handler,
        ok,
        error?.code,
      ]),
      [
        ['first', 'a', 'on_trap', false, 'TRAP'],
        ['first', 'b', 'on_event', true, undefined],
        ['first', 'c', 'missing', false, 'EXPORT_MISSING'],
        ['looping', 'a', 'on_spin', false, 'TIMEOUT'],
        ['last', 'a', 'on_other', true, undefined],
      ],
    );
    assert.sameMembers(told, deliveries);
    assert.sameMembers(
      heard.map(([plugin]) => plugin),
      ['first', 'last'],
    );
    for (const [, { event, payload }] of heard) {
      assert.equal(event, 'item.created');
      assert.hasAllKeys(payload, ['event', 'timestamp', 'webhook_id', 'item']);
    }
    const lines = host.logs('first').filter(({ level }) => level === 'error');
    assert.lengthOf(lines, 2);
    assert.deepEqual(await host.emit('item.deleted'), []);
  });

  it('does not reach a plugin that is off', async () => {
    const host = await hostThatAnswers(() => '');
    const webhooks = [{ id: 'a', events: ['item.created'], handler: 'on_event' }];
    const plugin = await host.install(await windshiftZip({ name: 'off', webhooks }));
    assert.lengthOf(await host.emit('item.created'), 1);
    await plugin.disable();
    assert.deepEqual(await host.emit('item.created'), []);
  });
});

describe('schedules of a plugin', () => {
  let clock: Clock;
  beforeEach(() => {
    clock = new Clock();
  });
  afterEach(() => clock.stop());

  it('run while it is on and the host is open, in one of two tabs', async () => {
    const storage = uniqueStorage();
    const ran: string[] = [];
    const tab = (name: string): Promise<Host> =>
      hostThatAnswers(
        (input) => {
          ran.push(`${name} ${JSON.parse(input).schedule_id}`);
          return '';
        },
        { storage },
      );
    const here = await tab('here');
    const schedules = [{ id: 'tidy', every: '1m', handler: 'on_tidy' }];
    const plugin = await here.install(await windshiftZip({ name: 'a', schedules }));
    const isHeld = async (): Promise<boolean> =>
      (await navigator.locks.query()).held?.some(({ name }) => name === `cloche:${storage}-schedules`) ?? false;
    await eventually(isHeld, 'one to lead');
    const there = await tab('there');
    assert.isEmpty(ran);
    await clock.pass(60_000);
    await eventually(() => ran.length === 1, 'the first run');
    await plugin.disable();
    await clock.pass(120_000);
    await plugin.enable();
    await eventually(() => there.get('a')?.active === true, 'it to be on there too');
    await clock.pass(60_000);
    await eventually(() => ran.length === 2, 'the second run');
    assert.deepEqual(ran, ['here tidy', 'here tidy']);

    await here.close();
    await eventually(isHeld, 'the other one to lead');
    await clock.pass(60_000);
    await eventually(() => ran.length === 3, 'a run there');
    assert.equal(ran[2], 'there tidy');
    await there.close();
    assert.equal(clock.timers, 0);
  });
});

describe('host.extensions', () => {
  const tab = (label: string): object => ({ point: 'admin.tab', id: 'tab', label, component: 'index.html' });

  it('follows install, update, disable, enable, quarantine and uninstall, with the news of each', async () => {
    const host = await hostThatAnswers(() => '{}');
    const changes: string[] = [];
    const seenAt: string[] = [];
    const labels = (): string[] => host.extensions('admin.tab').map(({ label }) => label);
    host.addEventListener('extensionchange', ({ point }) => changes.push(`${point}: ${labels()}`));
    host.addEventListener('pluginchange', ({ change }) => seenAt.push(`${change}: ${labels()}`));
    const next = (): string[] => changes.splice(0);

    const plugin = await host.install(await windshiftZip({ name: 'a', extensions: [tab('One')] }), {
      limits: { timeoutMs: 300 },
    });
    assert.deepEqual(next(), ['admin.tab: One']);
    assert.deepEqual(seenAt.at(-1), 'installed: One', 'the list is up to date when the app hears of the plugin');
    await host.install(await windshiftZip({ name: 'a', extensions: [tab('Two')] }), { replace: true });
    assert.deepEqual(next(), ['admin.tab: Two']);
    await plugin.disable();
    assert.deepEqual(next(), ['admin.tab: ']);
    await plugin.enable();
    assert.deepEqual(next(), ['admin.tab: Two']);
    await plugin.call('handle_request', '{}');
    await plugin.configure({ config: { a: 'b' } });
    await plugin.reset();
    assert.isEmpty(next(), 'nothing of it is another');
    for (let i = 0; i < 3; i++) await rejectsCode('TIMEOUT', plugin.call('on_spin'));
    assert.equal(plugin.state, 'quarantined');
    assert.deepEqual(next(), ['admin.tab: ']);
    assert.equal((await host.fetch('/api/plugins/a/x')).status, 403);
    await plugin.enable();
    assert.deepEqual(next(), ['admin.tab: Two']);
    await plugin.uninstall();
    assert.deepEqual(next(), ['admin.tab: ']);

    const open = await host.open(await windshiftZip({ name: 'b', extensions: [tab('Open')] }));
    assert.deepEqual(next(), ['admin.tab: Open']);
    await open.close();
    assert.deepEqual(next(), ['admin.tab: ']);
  });

  it('offers the points of the app, and is there again after a reload', async () => {
    const storage = uniqueStorage();
    const extensionPoints = {
      'item.panel': { schema: ({ icon }: { icon: string | undefined }) => icon !== undefined },
    };
    const first = await hostThatAnswers(() => '{}', { storage, extensionPoints });
    const extensions = [
      { point: 'item.panel', id: 'fits', label: 'Fits', icon: 'code' },
      { point: 'item.panel', id: 'plain', label: 'Plain' },
      { point: 'item.menu', id: 'menu', label: 'Menu' },
    ];
    await first.install(await windshiftZip({ name: 'a', version: '2.0', extensions }));
    await first.close();
    const host = await hostThatAnswers(() => '{}', { storage, extensionPoints });
    const [found, ...others] = host.extensions();
    assert.isEmpty(others);
    assert.deepInclude(found, {
      point: 'item.panel',
      label: 'Fits',
      plugin: 'a',
      pluginVersion: '2.0',
      group: 'Plugins',
    });
    assert.lengthOf(host.get('a')?.manifest.contributions ?? [], 3, 'the manifest has them all');
    const lines = host.logs('a').map(({ text }) => text);
    assert.lengthOf(
      lines.filter((text) => text.includes('"Plain"')),
      1,
    );
    assert.lengthOf(
      lines.filter((text) => text.includes('"Menu"')),
      1,
    );
  });

  it('is refused where a point is none', async () => {
    const extensionPoints = { 'item.panel': { schema: 7 } } as unknown as NonNullable<HostOptions['extensionPoints']>;
    await rejectsCode('OPTION_INVALID', makeHost({ extensionPoints }), /item\.panel/);
  });
});

describe('a plugin of Cloche’s own dialect', () => {
  it('has routes and subscriptions too, in the same shapes', async () => {
    const inputs: string[] = [];
    const host = await hostThatAnswers((input) => {
      inputs.push(input);
      return '{"body":"ok"}';
    });
    const wasm = await windshiftGuest();
    const manifest = {
      cloche: 1,
      id: 'own',
      permissions: { probe: true },
      routes: [{ method: 'GET', path: '/x' }],
      subscriptions: [{ id: 'a', events: ['item.created'], handler: 'on_event' }],
    };
    await host.open({ wasm, manifest });
    assert.equal(await (await host.fetch('/api/plugins/own/x')).text(), 'ok');
    assert.lengthOf(await host.emit('item.created', { item: 1 }), 1);
    assert.lengthOf(inputs, 2);
  });
});
