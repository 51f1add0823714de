// What <cloche-admin> leaves out: in a kiosk by its attributes, for people by their roles. What is hidden is refused as well.

import { assert } from 'chai';
import { html } from 'lit';
import '../../../src/elements/admin/index.ts';
import type { ClocheAdmin } from '../../../src/elements/admin/index.ts';
import type { ClocheInstall } from '../../../src/elements/admin/install/install.ts';
import type { ClocheTabs } from '../../../src/elements/tabs/tabs.ts';
import type { Host } from '../../../src/index.ts';
import { rejectsCode, throwsCode } from '../../helpers/expect-code.ts';
import { closeHosts, existing, makeHost, uniqueStorage } from '../../helpers/hosts.ts';
import { find, renderElement, settled, textOf, until } from '../../helpers/render.ts';
import { packageOf, saying, windshiftGuest } from '../../host/windshift/guest.ts';

afterEach(closeHosts);

const MANIFEST = {
  name: 'board',
  version: '1.0.0',
  extensions: [{ point: 'admin.tab', id: 'main', label: 'Board', component: 'index.html' }],
};
const board = async (): Promise<File> =>
  packageOf(MANIFEST, await windshiftGuest(saying('handle_request', '{}', 64)), {
    'assets/index.html': '<!doctype html><title>Board</title>',
  });

async function kiosk(host: Host, tabs: string, noPages = false): Promise<ClocheAdmin> {
  return renderElement<ClocheAdmin>(
    html`<cloche-admin .host=${host} tabs=${tabs} ?no-pages=${noPages} no-address></cloche-admin>`,
  );
}

const labels = (element: ClocheAdmin): string[] =>
  find<ClocheTabs>(element, 'cloche-tabs').tabs.map(({ label }) => label);
const has = (element: ClocheAdmin, selector: string): boolean => element.shadowRoot?.querySelector(selector) != null;

describe('<cloche-admin> as a kiosk', () => {
  it('shows nothing but the pages of plugins, the first at once and without a way to its plugin', async () => {
    const host = await makeHost();
    await host.install(await board());
    const element = await kiosk(host, '');
    await until(() => has(element, 'cloche-extension'), 'the page');
    assert.deepEqual(labels(element), ['Board']);
    assert.isFalse(has(element, '.chrome a'));
    assert.include(textOf(find(element, '.chrome')), 'board');
    for (const route of ['#plugins', '#plugin/board', '#activity', '#trouble']) {
      element.route = route;
      await settled(element.parentElement ?? element);
      assert.isFalse(
        has(element, 'cloche-plugins, cloche-plugin, cloche-audit, cloche-trouble, cloche-install'),
        route,
      );
    }
  });

  it('shows the list alone, whatever address it is given', async () => {
    const host = await makeHost();
    await host.install(await board());
    const element = await kiosk(host, 'plugins', true);
    assert.deepEqual(labels(element), ['Plugins']);
    assert.isTrue(has(element, 'cloche-plugins'));
    for (const route of ['#plugin/board/main', '#activity', '#trouble']) {
      element.route = route;
      await settled(element.parentElement ?? element);
      assert.isFalse(has(element, 'cloche-extension, cloche-audit, cloche-trouble'), route);
    }
  });
});

describe('<cloche-admin> for somebody without a role', () => {
  it('offers no installation, and refuses one that is begun all the same', async () => {
    const storage = uniqueStorage();
    await (await makeHost({ storage })).install(await board());
    const host = await makeHost({ storage, trust: { can: { install: false } } });
    const element = await kiosk(host, 'plugins trouble');
    assert.isFalse(has(element, 'cloche-install'));
    const install = document.createElement('cloche-install') as ClocheInstall;
    Object.assign(install, { host, onConsent: () => ({ allow: [] }) });
    element.parentElement?.append(install);
    await install.take(await board());
    assert.include(textOf(install), 'You may not do this here');
    const plugin = existing(host.get('board'));
    await rejectsCode('FORBIDDEN', plugin.disable());
    await rejectsCode('FORBIDDEN', plugin.uninstall());
    install.remove();
  });

  it('shows grants and settings without a way to change them, and refuses a change', async () => {
    const storage = uniqueStorage();
    await (await makeHost({ storage })).install(await board());
    const host = await makeHost({ storage, trust: { can: { grant: false, config: false, logs: false } } });
    const element = await kiosk(host, 'plugins activity');
    assert.deepEqual(labels(element), ['Plugins', 'Board']);
    element.route = '#plugin/board';
    await until(() => has(element, 'cloche-plugin'), 'the page of the plugin');
    await settled(element.parentElement ?? element);
    const page = find(element, 'cloche-plugin');
    assert.notInclude(textOf(page), 'Take it back');
    assert.isNull(page.shadowRoot?.querySelector('cloche-config') ?? null);
    const plugin = existing(host.get('board'));
    await rejectsCode('FORBIDDEN', plugin.amend({ kv: false }));
    await rejectsCode('FORBIDDEN', plugin.configure({ config: {} }));
    throwsCode('FORBIDDEN', () => host.logs());
  });
});
