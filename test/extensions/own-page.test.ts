// What a plugin's own page may fetch, what assets answer, and that nothing else is in reach.

import { assert } from 'chai';
import { defaultDialects } from '../../src/dialects/index.ts';
import { fetchFromHost, fetchFromPlugin } from '../../src/extensions/host-fetch.ts';
import { ClocheError } from '../../src/index.ts';
import { StandIn, type StandInFacts, standInHost } from './stand-in.ts';

const KNOWN = await defaultDialects();

const ASSETS = { 'index.html': '<p>', 'app.js': 'x', 'img/a b.png': 'png', 'constructor.css': 'c' };

const withAssets = (facts: StandInFacts = {}): StandIn => new StandIn({ assets: ASSETS, ...facts });

const asApp = (plugin: StandIn, path: string, init?: RequestInit): Promise<Response> =>
  fetchFromHost({ host: standInHost([plugin]), dialects: async () => KNOWN, say: () => undefined }, path, init);

const asPage = (plugin: StandIn, path: string, init?: RequestInit): Promise<Response> =>
  fetchFromPlugin(plugin, () => undefined, path, init);

async function assertAssetMissing(response: Response): Promise<void> {
  assert.equal(response.status, 404);
  assert.equal(response.headers.get('content-type'), 'application/json');
  assert.deepEqual(await response.json(), { error: 'Asset not found', code: 'ASSET_NOT_FOUND' });
}

describe('assets', () => {
  for (const [who, fetch] of [
    ['an app', asApp],
    ['the page of the plugin', asPage],
  ] as const) {
    it(`are answered to ${who} with their type`, async () => {
      const response = await fetch(withAssets(), '/api/plugins/shortcut/assets/index.html?v=2');
      assert.deepEqual([response.status, response.statusText], [200, 'OK']);
      assert.equal(response.headers.get('content-type'), 'text/html; charset=utf-8');
      assert.equal(await response.text(), '<p>');
      assert.equal(await (await fetch(withAssets(), '/api/plugins/shortcut/assets/img/a%20b.png')).text(), 'png');
    });

    it(`are 404 for ${who} where there is none`, async () => {
      for (const path of ['x.js', '', 'INDEX.html', 'constructor', 'img', 'img/', '/index.html/']) {
        await assertAssetMissing(await fetch(withAssets(), `/api/plugins/shortcut/assets/${path}`));
      }
    });
  }

  const types: [file: string, type: string][] = [
    ['a.js', 'text/javascript; charset=utf-8'],
    ['a.mjs', 'text/javascript; charset=utf-8'],
    ['a.css', 'text/css; charset=utf-8'],
    ['a.HTML', 'text/html; charset=utf-8'],
    ['a.htm', 'text/html; charset=utf-8'],
    ['a.json', 'application/json'],
    ['a.wasm', 'application/wasm'],
    ['a.svg', 'image/svg+xml'],
    ['a.png', 'image/png'],
    ['a.jpg', 'image/jpeg'],
    ['a.jpeg', 'image/jpeg'],
    ['a.gif', 'image/gif'],
    ['a.webp', 'image/webp'],
    ['a.avif', 'image/avif'],
    ['a.pdf', 'application/pdf'],
    ['a.xml', 'text/xml; charset=utf-8'],
    ['a.unheard', 'application/octet-stream'],
    ['a', 'application/octet-stream'],
  ];
  for (const [file, type] of types) {
    it(`${file} is ${type}`, async () => {
      const response = await asApp(withAssets({ assets: { [file]: 'x' } }), `/api/plugins/shortcut/assets/${file}`);
      assert.equal(response.headers.get('content-type'), type);
    });
  }

  it('are 404 for a plugin that is off or unknown', async () => {
    await assertAssetMissing(await asApp(withAssets({ active: false }), '/api/plugins/shortcut/assets/app.js'));
    await assertAssetMissing(await asPage(withAssets({ active: false }), '/api/plugins/shortcut/assets/app.js'));
    await assertAssetMissing(await asApp(withAssets(), '/api/plugins/nobody/assets/app.js'));
  });

  it('answer HEAD without a body; other methods are for routes', async () => {
    const head = await asApp(withAssets(), '/api/plugins/shortcut/assets/app.js', { method: 'HEAD' });
    assert.equal(head.status, 200);
    assert.equal(await head.text(), '');
    const plugin = withAssets({ routes: [{ method: 'POST', path: '/assets/app.js' }] });
    await asApp(plugin, '/api/plugins/shortcut/assets/app.js', { method: 'POST' });
    assert.lengthOf(plugin.calls, 1);
  });

  it('never go to a route of an app’s request, and say so when storage fails', async () => {
    const plugin = withAssets({ routes: [{ method: '', path: '*' }] });
    await assertAssetMissing(await asApp(plugin, '/api/plugins/shortcut/assets/status'));
    assert.lengthOf(plugin.calls, 0);
    plugin.asset = () => Promise.reject(new ClocheError('STORAGE_FAILED', 'it is gone'));
    const response = await asApp(plugin, '/api/plugins/shortcut/assets/app.js');
    assert.equal(response.status, 500);
    assert.deepEqual(await response.json(), {
      error: 'Internal server error',
      code: 'INTERNAL_ERROR',
      details: 'it is gone',
    });
  });
});

describe('the page of a plugin', () => {
  const routes = [{ path: '/status' }, { method: 'POST', path: '/sub/save' }];

  it('reaches the routes of its plugin', async () => {
    const plugin = withAssets({ routes, answer: () => '{"body":"up"}' });
    assert.equal(await (await asPage(plugin, '/api/plugins/shortcut/status')).text(), 'up');
  });

  it('means a route where it asks beside itself for what is not an asset', async () => {
    const plugin = withAssets({ routes, answer: ({ input }) => JSON.stringify({ body: JSON.parse(input).path }) });
    assert.equal(await (await asPage(plugin, '/api/plugins/shortcut/assets/status')).text(), '/status');
    const saved = await asPage(plugin, '/api/plugins/shortcut/assets/sub/save', { method: 'POST', body: 'x' });
    assert.equal(await saved.text(), '/sub/save');
    await assertAssetMissing(await asPage(plugin, '/api/plugins/shortcut/assets/stat'));
    const none = await asPage(plugin, '/api/plugins/shortcut/assets/status', { method: 'POST', body: 'x' });
    assert.equal(await none.text(), 'Route not found in plugin: POST /assets/status\n');
  });

  it('gets the asset where there are both, and the route that has the whole path', async () => {
    const both = withAssets({ routes: [{ path: '/app.js' }, { method: 'POST', path: '*' }] });
    assert.equal(await (await asPage(both, '/api/plugins/shortcut/assets/app.js')).text(), 'x');
    await asPage(both, '/api/plugins/shortcut/assets/app.js', { method: 'POST' });
    assert.equal(JSON.parse(both.calls[0]?.input ?? '').path, '/assets/app.js');
  });

  it('reaches neither another plugin nor a route of the host', async () => {
    const plugin = withAssets({ routes });
    const others: [path: string, method: string][] = [
      ['/api/plugins', 'GET'],
      ['/api/plugins/', 'GET'],
      ['/api/plugins/extensions', 'GET'],
      ['/api/plugins/upload', 'POST'],
      ['/api/plugins/other/status', 'GET'],
      ['/api/plugins/other/assets/index.html', 'GET'],
      ['/api/plugins/shortcut/../other/status', 'GET'],
      ['/api/plugins/shortcut%2f..%2fother/status', 'GET'],
      ['/api/plugins/Shortcut/status', 'GET'],
      ['/api/plugins/shortcutx/status', 'GET'],
      ['/api/plugins/shortcut/..%2fother/status', 'GET'],
      ['/api/users/me', 'GET'],
      ['/', 'GET'],
    ];
    for (const [path, method] of others) {
      const response = await asPage(plugin, path, { method });
      assert.equal(`${response.status} ${await response.text()}`, '404 404 page not found\n', path);
    }
    const own: [path: string, method: string][] = [
      ['/api/plugins/shortcut', 'DELETE'],
      ['/api/plugins/shortcut/toggle', 'PUT'],
      ['/api/plugins/shortcut/reload', 'POST'],
    ];
    for (const [path, method] of own) {
      const response = await asPage(plugin, path, { method });
      assert.match(`${response.status} ${await response.text()}`, /^404 Route not found in plugin: /, path);
    }
    assert.isEmpty(plugin.calls);
    assert.isEmpty(plugin.acts);
  });

  it('is refused when its plugin is off', async () => {
    const response = await asPage(withAssets({ routes, active: false }), '/api/plugins/shortcut/assets/status');
    assert.equal(`${response.status} ${await response.text()}`, '403 Plugin is disabled: shortcut\n');
  });
});
