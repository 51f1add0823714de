import { assert } from 'chai';
import { html } from 'lit';
import '../../../src/elements/admin/admin/admin.ts';
import '../../../src/elements/admin/audit/audit.ts';
import type { ClocheAdmin } from '../../../src/elements/admin/admin/admin.ts';
import type { AdminHost, AdminPlugin } from '../../../src/elements/admin/base/admin-host.ts';
import type { ClochePlugins } from '../../../src/elements/admin/plugins/plugins.ts';
import type { Host, HostOptions } from '../../../src/index.ts';
import { assertAccessible } from '../../helpers/axe.ts';
import { rejectsCode } from '../../helpers/expect-code.ts';
import { closeHosts, existing, makeHost, uniqueStorage } from '../../helpers/hosts.ts';
import { find, press, renderElement, settled, textOf, until } from '../../helpers/render.ts';
import { takesAnswers } from '../../helpers/uninstall.ts';
import { tamper } from '../../registry/records.ts';

const home = location.href.replace(/#.*/, '');

afterEach(closeHosts);
afterEach(() => history.replaceState(null, '', home));

const wasm = new Uint8Array([0, 0x61, 0x73, 0x6d, 1, 0, 0, 0]);
/** A section that makes a memory of 4 MiB. */
const LARGE_MEMORY = [5, 3, 1, 0, 64];
const EVIL = '<img src=x onerror="globalThis.evil=1"> \u202egnitset';
const permissions = { kv: true, http: { allow: ['https://api.example.com'], reason: EVIL } };
const source = (id: string, name = `Plugin ${id}`, version = '1') => ({
  wasm,
  manifest: { cloche: 1, id, name, version, description: name, author: name, permissions },
});

async function adminOf(host: Host): Promise<ClocheAdmin> {
  const admin = await renderElement<ClocheAdmin>(html`<cloche-admin .host=${host}></cloche-admin>`);
  admin.style.setProperty('--cloche-motion', '0s');
  return admin;
}

async function admin(options: HostOptions = {}, ...ids: string[]) {
  const host = await makeHost({ usage: true, audit: true, ...options });
  for (const id of ids) await host.install(source(id));
  return { host, element: await adminOf(host) };
}

/** All that a reader sees of it, through its shadow trees. */
function shown(root: Element): string {
  const inner = [...(root.shadowRoot ?? root).querySelectorAll('*')].filter((one) => one.shadowRoot);
  return [textOf(root), ...inner.map(shown)].join(' ');
}

const seen = (element: Element, text: string) => until(() => shown(element).includes(text), `“${text}”`);

async function go(element: ClocheAdmin, hash: string): Promise<void> {
  location.hash = hash;
  await until(() => element.route === hash, hash);
  await settled(element.parentElement ?? element);
}

function existingParent({ parentElement }: Element): HTMLElement {
  if (!parentElement) throw new Error('Expected the element to be in the page');
  return parentElement;
}

const list = (element: ClocheAdmin): ClochePlugins => find(element, 'cloche-plugins');
const button = (element: Element, name: string): HTMLButtonElement => {
  const found = [...(element.shadowRoot?.querySelectorAll('button') ?? [])].find(
    (one) => one.textContent?.trim() === name,
  );
  if (!found) throw new Error(`Expected a button ${name}`);
  return found;
};

describe('<cloche-admin>', () => {
  for (const hash of ['#plugins', '#plugin/one', '#plugin/long', '#activity/one', '#trouble']) {
    it(`passes the axe checks at ${hash}, and is no wider than 360 px where there is no more, as a zoom of 200 % leaves`, async () => {
      const { host, element } = await admin({}, 'one');
      await host.install(source('long', 'A name that goes on and on, and on '.repeat(4)));
      await go(element, hash);
      await assertAccessible(element);
      const place = existingParent(element);
      for (const dir of ['ltr', 'rtl']) {
        Object.assign(place, { dir });
        Object.assign(place.style, { width: '360px', overflow: 'auto' });
        await settled(place);
        assert.isAtMost(place.scrollWidth, 360, dir);
      }
    });
  }

  it('passes the axe checks in the dark, in German and from right to left', async () => {
    const { element } = await admin({}, 'one');
    Object.assign(element.style, { colorScheme: 'dark', background: 'var(--cloche-surface)' });
    element.lang = 'de';
    element.dir = 'rtl';
    await go(element, '#plugin/one');
    await seen(element, 'Was es darf');
    await assertAccessible(element);
  });

  it('has a place in the address for each plugin, and goes back and forward', async () => {
    const { element } = await admin({}, 'one');
    find(list(element), 'h3 a').click();
    await seen(element, 'What it may do');
    assert.equal(location.hash, '#plugin/one');
    history.back();
    await seen(element, 'Install a plugin');
    history.forward();
    await seen(element, 'What it may do');
  });

  it('leads from the page of a plugin to its activity, says whose that is, and leads to that of all', async () => {
    const { element } = await admin({}, 'one');
    const follow = (text: string): void => {
      const links = [...(element.shadowRoot?.querySelectorAll('a') ?? [])];
      links.find((link) => link.textContent === text)?.click();
    };
    await go(element, '#plugin/one');
    follow('Its activity');
    await seen(element, 'Activity of');
    assert.equal(location.hash, '#activity/one');
    follow('All activity');
    await until(() => !shown(element).includes('Activity of'), 'that of all');
    assert.equal(location.hash, '#activity');
    await go(element, '#activity/a%E2%81%A9%E2%80%AEb');
    await seen(element, 'a\\u2069\\u202eb');
  });

  it('goes from tab to tab by keys', async () => {
    const { element } = await admin();
    const tabs = find(element, 'cloche-tabs');
    press(find(tabs, '[role=tab]'), 'End');
    await seen(element, 'Safe mode');
    assert.equal(location.hash, '#trouble');
  });

  it('P9: shows what a stranger wrote as text, with what turns or hides it made visible', async () => {
    const host = await makeHost();
    await host.install(source('evil', EVIL));
    const element = await adminOf(host);
    for (const hash of ['#plugins', '#plugin/evil']) {
      await go(element, hash);
      const text = shown(element);
      assert.include(text, '<img src=x onerror="globalThis.evil=1"> \\u202egnitset');
      assert.notInclude(text, '\u202e');
    }
    assert.notProperty(globalThis, 'evil');
  });

  it('says what a plugin may do, takes it back, and gives it again', async () => {
    const { host, element } = await admin({}, 'one');
    const plugin = existing(host.get('one'));
    await go(element, '#plugin/one');
    const page = find(element, 'cloche-plugin');
    find<HTMLElement>(page, '[aria-label^="Take it back: Exchange data"]').click();
    await until(() => !plugin.grants.has('http'), 'the grant to be gone');
    await settled(page.parentElement ?? page);
    find<HTMLElement>(page, '[aria-label^="Allow: Exchange data"]').click();
    await until(() => plugin.grants.has('http'), 'the grant to be back');
    assert.deepEqual(plugin.requests().find(({ capability }) => capability === 'http')?.missing, []);
  });

  it('says of a plugin that was not called yet that nothing is known of its memory, and not that it needs none', async () => {
    const { element } = await admin({}, 'one');
    await go(element, '#plugin/one');
    await seen(element, 'Not yet called');
    assert.notInclude(shown(element), 'Most memory seen');
  });

  it('says of a plugin that could not be started that it failed, and why, until it starts', async () => {
    const { host, element } = await admin();
    const plugin = await host.install({ ...source('p'), wasm: new Uint8Array([...wasm, ...LARGE_MEMORY]) });
    await plugin.configure({ limits: { memoryBytes: 1 << 20 } });
    await rejectsCode('MODULE_REJECTED', plugin.start());
    assert.equal(plugin.state, 'failed');
    await seen(element, 'failed');
    await go(element, '#plugin/p');
    await seen(element, 'It could not be started the last time.');
    assert.equal(plugin.stats.startError?.code, 'MODULE_REJECTED');
    await plugin.configure({ limits: { memoryBytes: 8 << 20 } });
    await plugin.start();
    await until(() => !shown(element).includes('It could not be started'), 'the failure to be gone');
    await seen(element, 'running');
  });

  it('changes the limits of a plugin, within those of the app', async () => {
    const { host, element } = await admin({ limits: { timeoutMs: 4_000 } }, 'one');
    const plugin = existing(host.get('one'));
    await plugin.configure({ limits: { logLines: 7 } });
    await go(element, '#plugin/one');
    const page = find(element, 'cloche-plugin');
    await until(() => page.shadowRoot?.querySelector('.limits') != null, 'the limits');
    const input = (name: string): HTMLInputElement => find(page, `input[name=${name}]`);
    input('timeoutMs').value = '4001';
    assert.isFalse(find<HTMLFormElement>(page, '.limits').checkValidity());
    input('timeoutMs').value = '900';
    input('memoryBytes').value = '2.5';
    find<HTMLFormElement>(page, '.limits').requestSubmit();
    await until(() => plugin.limits.timeoutMs === 900, 'the new limits');
    assert.include(plugin.limits, { memoryBytes: 2.5 * 1_048_576, logLines: 7 });
    assert.equal(plugin.limits.storageBytes, host.limits.storageBytes);
  });

  it('shows the page of a plugin without what was typed on that of another', async () => {
    const { element } = await admin({}, 'one', 'two');
    await go(element, '#plugin/one');
    const field = () => find(element, 'cloche-plugin').shadowRoot?.querySelector('input[name=timeoutMs]');
    const input = (): HTMLInputElement => find(find(element, 'cloche-plugin'), 'input[name=timeoutMs]');
    await until(() => field() != null, 'the limits');
    input().value = '900';
    await go(element, '#plugin/two');
    await until(() => field() != null, 'the limits of the other');
    assert.equal(input().value, input().defaultValue);
  });

  it('hides what somebody may not do', async () => {
    const can = { install: false, grant: false, config: false, logs: false };
    const storage = uniqueStorage();
    await (await makeHost({ storage })).install(source('one'));
    const { element } = await admin({ storage, trust: { can } });
    await go(element, '#plugin/one');
    const texts = shown(element);
    for (const hidden of ['Remove', 'Switch off', 'Take it back', 'Settings', 'Activity', 'Update']) {
      assert.notInclude(texts, hidden);
    }
  });

  it('asks before it removes a plugin, and says what that leaves', async () => {
    const { host, element } = await admin({}, 'one');
    button(list(element), 'Remove').click();
    const dialog = find(list(element), 'cloche-uninstall');
    await seen(dialog, 'It has stored nothing');
    await assertAccessible(dialog);
    await takesAnswers(dialog);
    button(dialog, 'Remove it').click();
    await until(() => host.get('one') === undefined, 'the plugin to be gone');
    await seen(element, 'No plugin is installed yet');
  });

  it('lists a plugin that cannot be read with its fault, and removes it, in safe mode too', async () => {
    const storage = uniqueStorage();
    const before = await makeHost({ storage });
    await before.install(source('broken'));
    await before.close();
    await tamper(storage, (objects) => objects.put({ schema: 1 }, ['record', 'broken']));
    const { host, element } = await admin({ storage, disabled: true });
    assert.lengthOf(host.unreadable, 1);
    await seen(element, 'unreadable');
    await assertAccessible(element);
    button(list(element), 'Remove').click();
    const dialog = find(list(element), 'cloche-uninstall');
    await seen(dialog, 'Remove broken?');
    await takesAnswers(dialog);
    button(dialog, 'Remove it').click();
    await until(() => host.unreadable.length === 0, 'it to be gone');
  });

  it('leads a link to the page of a plugin there in safe mode, and out of safe mode to the same page', async () => {
    const storage = uniqueStorage();
    await (await makeHost({ storage })).install(source('one'));
    await closeHosts();
    const safe = new URL(home);
    safe.searchParams.set('plugins', 'off');
    history.replaceState(null, '', `${safe}#plugin/one`);
    const { host, element } = await admin({ storage });
    assert.isTrue(host.disabled);
    await seen(element, 'Safe mode: nothing of it runs.');
    safe.searchParams.delete('plugins');
    assert.equal(find<HTMLAnchorElement>(element, '.banner a').href, `${safe}#plugin/one`);
    button(find(element, 'cloche-plugin'), 'Switch off').click();
    await until(() => !existing(host.get('one')).enabled, 'it to be off');
  });

  it('finds the plugin that breaks the app, a page each look', async () => {
    const storage = uniqueStorage();
    const { element } = await admin({ storage }, 'one', 'two');
    await go(element, '#trouble');
    await seen(element, 'Begin the search');
    button(find(element, 'cloche-trouble'), 'Begin the search').click();
    await seen(element, 'Does it still happen?');
    element.remove();
    await closeHosts();

    const next = await admin({ storage });
    await go(next.element, '#plugins');
    await seen(next.element, 'A search for the plugin that breaks this app is under way.');
    await go(next.element, '#trouble');
    await seen(next.element, 'Does it still happen?');
    await assertAccessible(next.element);
    button(find(next.element, 'cloche-trouble'), 'It is gone').click();
    await seen(next.element, 'It is Plugin two.');
    button(find(next.element, 'cloche-trouble'), 'Leave it off').click();
    await seen(next.element, 'Begin the search');
    assert.deepEqual(
      ['one', 'two'].map((id) => existing(next.host.get(id)).enabled),
      [true, false],
    );
  });
});

/** As much of a plugin as its row takes. */
function row(id: string): AdminPlugin {
  const manifest = { id, name: `Plugin ${id}`, version: '1' };
  const shape = { id, manifest, state: 'asleep', active: true, enabled: true, signature: { state: 'unsigned' } };
  return shape as unknown as AdminPlugin;
}

describe('<cloche-plugins>', () => {
  it('shows 100 plugins, and makes no more of them in a frame than a frame has time for', async () => {
    const plugins = Array.from({ length: 100 }, (_, at) => row(`p${at}`));
    const events = new EventTarget();
    const host = Object.assign(events, {
      plugins,
      unreadable: [],
      disabled: false,
      may: () => true,
      get: () => undefined,
    });
    const element = document.createElement('cloche-plugins');
    const rows = (): number => element.shadowRoot?.querySelectorAll('li').length ?? 0;
    element.host = host as unknown as AdminHost;
    document.body.append(element);
    await element.updateComplete;
    assert.equal(rows(), 10);
    await until(() => rows() === 100, 'all rows');
    const field = find<HTMLInputElement>(element, 'input');
    field.value = 'plugin p42';
    field.dispatchEvent(new Event('input'));
    await element.updateComplete;
    assert.equal(rows(), 1);
    element.remove();
  });
});
