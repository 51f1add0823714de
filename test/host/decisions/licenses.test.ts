// Licences in packages of Windshift plugins, and the features that they switch on.

import { assert } from 'chai';
import type { Host, HostOptions, VerifyLicense } from '../../../src/index.ts';
import { rejectsCode } from '../../helpers/expect-code.ts';
import { closeHosts, makeHost, uniqueStorage } from '../../helpers/hosts.ts';
import { packageOf, windshiftGuest } from '../windshift/guest.ts';

const LICENSE = { 'license.token': ' a token\n' };

describe('the licence in a package', () => {
  let wasm: Uint8Array;
  before(async () => {
    wasm = await windshiftGuest('');
  });
  afterEach(closeHosts);

  const hostWith = (verifyLicense?: VerifyLicense, options: HostOptions = {}): Promise<Host> =>
    makeHost({ ...options, ...(verifyLicense && { verifyLicense }) });
  const demo = (files: Record<string, string> = LICENSE, more: object = {}): File =>
    packageOf({ name: 'demo', version: '1', routes: [], capabilities: ['board', 'reports'], ...more }, wasm, files);
  const features = (host: Host): string[] => [...host.features].sort();

  it('is for the verifier of the app, which hears whose it is, and for nobody else', async () => {
    const asked: unknown[] = [];
    const host = await hostWith((...given) => asked.push(given) > 0);
    for (const path of ['license.token', 'demo/license.token']) {
      const plugin = await host.install(demo({ [path]: ' a token\n' }), { replace: true });
      assert.isUndefined(await plugin.asset('license.token'));
    }
    const call = ['a token', { id: 'demo', name: 'demo', version: '1' }];
    assert.deepEqual(asked, [call, call]);
  });

  it('switches its features on while the plugin is on, the union over all', async () => {
    const host = await hostWith(() => true);
    assert.deepEqual(features(host), []);
    const plugin = await host.install(demo());
    await host.install(demo(LICENSE, { name: 'other', capabilities: ['board', 'export'] }));
    assert.deepEqual(features(host), ['board', 'export', 'reports']);
    await plugin.disable();
    assert.deepEqual(features(host), ['board', 'export']);
    await plugin.enable();
    assert.deepEqual(features(host), ['board', 'export', 'reports']);
    await plugin.uninstall();
    assert.deepEqual(features(host), ['board', 'export']);
  });

  it('counts in the next page too, where nobody asks again', async () => {
    const storage = uniqueStorage();
    await (await hostWith(() => true, { storage })).install(demo());
    await closeHosts();
    const host = await hostWith(() => false, { storage });
    assert.deepEqual(features(host), ['board', 'reports']);
  });

  it('is the new one at an update: without one its features go', async () => {
    const host = await hostWith(() => true);
    await host.install(demo());
    await host.install(demo({}, { version: '2' }), { replace: true });
    assert.deepEqual(features(host), []);
  });

  it('gives nothing where there is none, and nobody is asked', async () => {
    const host = await hostWith(() => assert.fail('there is nothing to verify'));
    await host.install(demo({}));
    // What pages may load is none.
    await host.install(demo({ 'assets/license.token': 'a token' }), { replace: true });
    assert.deepEqual(features(host), []);
    assert.isEmpty(host.logs('demo'));
  });

  it('gives nothing where the app has no verifier, and the log says so', async () => {
    const host = await hostWith();
    const plugin = await host.install(demo());
    assert.deepEqual([features(host), plugin.state], [[], 'running']);
    assert.include(
      host
        .logs('demo')
        .map(({ text }) => text)
        .join(),
      '`verifyLicense`',
    );
  });

  const refusals: [what: string, verify: () => unknown, reason: string][] = [
    ['says why', () => 'expired on 2026-01-01', 'expired on 2026-01-01'],
    ['says no', async () => false, 'it was not accepted'],
    ['throws', () => Promise.reject(new Error('not signed by us')), 'not signed by us'],
    ['says nothing', () => undefined, 'it was not accepted'],
    ['says something like yes', () => 1, 'it was not accepted'],
    ['says what cannot be seen', () => 'a\nb', 'a\\nb'],
  ];
  for (const [what, verify, reason] of refusals) {
    it(`refuses its package where the verifier ${what}`, async () => {
      const host = await hostWith(verify as VerifyLicense);
      const message = `The package of plugin "demo" is refused: license rejected: ${reason}`;
      const exactly = new RegExp(`^${message.replace(/[\\.]/g, '\\$&')}$`);
      await rejectsCode('PACKAGE_REJECTED', host.install(demo()), exactly);
      await rejectsCode('PACKAGE_REJECTED', host.review(demo()), exactly);
      assert.isEmpty(host.plugins);
    });
  }

  it('refuses an update, and the plugin stays as it was', async () => {
    let isGood = true;
    const host = await hostWith(() => isGood);
    await host.install(demo());
    isGood = false;
    await rejectsCode('PACKAGE_REJECTED', host.install(demo(LICENSE, { version: '2' }), { replace: true }));
    assert.deepEqual([host.get('demo')?.manifest.version, features(host)], ['1', ['board', 'reports']]);
  });

  it('is bounded', async () => {
    const host = await hostWith(() => true);
    await rejectsCode('PACKAGE_REJECTED', host.install(demo({ 'license.token': 'x'.repeat(65_537) })), /65536 bytes/);
  });

  it('tells whoever uploads why it was rejected', async () => {
    const host = await hostWith(() => 'expired');
    const body = new FormData();
    body.append('plugin', demo());
    const response = await host.fetch('/api/plugins/upload', { method: 'POST', body });
    assert.equal(response.status, 400);
    assert.match(((await response.json()) as { error: string }).error, /license rejected: expired$/);
  });
});
