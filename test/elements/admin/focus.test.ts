// The focus never falls to the top of the page: where what had it goes, what is nearest gets it.

import { assert } from 'chai';
import { html } from 'lit';
import '../../../src/elements/admin/admin/admin.ts';
import type { ClocheAdmin } from '../../../src/elements/admin/admin/admin.ts';
import { focusedIn } from '../../../src/elements/focus-place.ts';
import type { Host } from '../../../src/index.ts';
import { existing, makeHost } from '../../helpers/hosts.ts';
import { find, renderElement, settled, textOf, until } from '../../helpers/render.ts';
import { takesAnswers } from '../../helpers/uninstall.ts';

const home = location.href.replace(/#.*/, '');

let host: Host;
before(async () => {
  host = await makeHost();
});
afterEach(() => Promise.all(host.plugins.map((plugin) => plugin.uninstall({ wipe: true }))));
afterEach(() => history.replaceState(null, '', home));

const wasm = new Uint8Array([0, 0x61, 0x73, 0x6d, 1, 0, 0, 0]);
const source = (id: string, permissions: object = { kv: true, clock: true }, version = '1') => ({
  wasm,
  manifest: { cloche: 1, id, name: `Plugin ${id}`, version, permissions },
});

async function admin(...ids: string[]): Promise<ClocheAdmin> {
  for (const id of ids) await host.install(source(id));
  return renderElement<ClocheAdmin>(html`<cloche-admin .host=${host}></cloche-admin>`);
}

const focused = (): string => {
  const at = focusedIn(document);
  return at ? `${at.localName} ${textOf(at)}` : 'nothing';
};
const gets = (what: string) => until(() => focused() === what, `the focus on ${what}`);

function button(root: Element, name: string): HTMLElement {
  const all = [...(root.shadowRoot?.querySelectorAll<HTMLElement>('button') ?? [])];
  const found = all.find((one) => textOf(one) === name);
  if (!found) throw new Error(`Expected a button ${name}`);
  return found;
}

/** As with the keyboard. */
function press(target: HTMLElement): void {
  target.focus();
  target.click();
}

async function openPage(element: ClocheAdmin, id: string): Promise<Element> {
  press(find(element, 'cloche-plugins', `h3 a[href="#plugin/${id}"]`));
  await gets(`h2 Plugin ${id}`);
  await settled(element);
  return find(element, 'cloche-plugin');
}

async function remove(root: Element): Promise<void> {
  press(button(root, 'Remove'));
  const uninstall = find(root, 'cloche-uninstall');
  await takesAnswers(uninstall);
  press(button(uninstall, 'Remove it'));
}

describe('the focus in <cloche-admin>', () => {
  it('goes to the heading of a page that a link has opened, and back to that link', async () => {
    const element = await admin('one', 'two');
    await openPage(element, 'two');
    press(find(element, '.back'));
    await gets('a Plugin two');
    history.back();
    await gets('h2 Plugin two');
  });

  it('stays in the row of tabs, and with an app that has it', async () => {
    const element = await admin('one');
    press(find(element, 'cloche-tabs', '#tab-trouble'));
    await until(() => element.route === '#trouble', 'the tab');
    await gets('button Help');
    const own = document.createElement('input');
    element.after(own);
    own.focus();
    location.hash = '#plugin/one';
    await until(() => element.shadowRoot?.querySelector('cloche-plugin') != null, 'the page');
    await settled(element);
    assert.equal(document.activeElement, own);
    own.remove();
  });

  it('goes to the next row when a plugin was removed, and to what is said when none is left', async () => {
    const element = await admin('one', 'two');
    await remove(find(element, 'cloche-plugins'));
    await gets('a Plugin two');
    await remove(find(element, 'cloche-plugins'));
    await gets('p No plugin is installed yet.');
  });

  it('goes to what is said of a plugin that was removed on its page', async () => {
    const element = await admin('one');
    await remove(await openPage(element, 'one'));
    await gets('p This plugin is not installed.');
  });

  it('stays beside a button that becomes another, and on one that stays', async () => {
    const element = await admin('one');
    const plugin = existing(host.get('one'));
    const page = await openPage(element, 'one');
    press(button(page, 'Switch off'));
    await until(() => plugin.state === 'off', 'it to be off');
    await gets('button Switch on');
    press(button(page, 'Switch on'));
    await until(() => plugin.state !== 'off', 'it to be on');
    await gets('button Reload');
    press(button(page, 'Reload'));
    await until(() => plugin.state === 'running', 'it to run');
    await settled(element);
    assert.equal(focused(), 'button Reload');
    await until(() => page.shadowRoot?.querySelector('[aria-disabled=true]') === null, 'it to be done');
    press(button(page, 'Take it back'));
    await until(() => plugin.grants.size < 3, 'the permission to be gone');
    await settled(element);
    assert.match(focused(), /^button (Take it back|Allow)$/);
  });

  it('stays on the page when an update was accepted, and the notice of it has gone', async () => {
    const element = await admin('one');
    await host.install(source('one', { kv: true, http: { allow: ['a.example'] } }, '2'), { replace: true });
    const page = await openPage(element, 'one');
    press(button(page, 'Look at the update'));
    const consent = find(page, 'cloche-consent');
    const isThere = (selector: string): boolean => consent.shadowRoot?.querySelector(selector) != null;
    await until(() => isThere('.yes') && !isThere('[inert]'), 'the question');
    press(find(consent, '.yes'));
    await until(() => host.get('one')?.manifest.version === '2', 'version 2');
    await until(() => !isThere('dialog[open]'), 'the dialog to be closed');
    await settled(element);
    assert.match(focused(), /^(button|a|h2|summary) /);
  });
});
