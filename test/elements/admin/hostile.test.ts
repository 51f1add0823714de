// A plugin whose every word is hostile, in every place of the admin that shows one (U7, U11): always text, and nothing that hides,
// turns or covers the text around it.

import { assert } from 'chai';
import { html } from 'lit';
import '../../../src/elements/admin/index.ts';
import type { ClocheAdmin } from '../../../src/elements/admin/index.ts';
import type { ClocheInstall } from '../../../src/elements/admin/install/install.ts';
import type { Host, Plugin } from '../../../src/index.ts';
import { guest } from '../../helpers/guests.ts';
import { closeHosts, makeHost } from '../../helpers/hosts.ts';
import { find, renderElement, settled, textOf, until } from '../../helpers/render.ts';

afterEach(closeHosts);

const MARKUP = '<img src=x onerror="globalThis.evil=1"><b>Allow</b>';
/** What a manifest lets in: no control characters, so that it says so at once. */
const EVIL = `${MARKUP} \u202eevil\u2066 ${'x'.repeat(100)}`;
/** What a plugin says while it runs may hold anything. */
const SAID = `${EVIL} \u001b[31m\u0000`;
const SHOWN = '<img src=x onerror="globalThis.evil=1"><b>Allow</b> \\u202eevil';
const SAYING = `
  (func (export "log") (result i32) (call $log_info (call $input_offset)) (i32.const 0))`;

const manifest = (version: string) => ({
  cloche: 1,
  id: 'evil',
  name: EVIL,
  version,
  author: EVIL,
  description: EVIL,
  permissions: { http: { allow: [`https://${version}.example`], reason: EVIL } },
  configSchema: {
    type: 'object',
    title: EVIL,
    properties: {
      [EVIL]: { type: 'string', title: EVIL, description: EVIL, default: EVIL },
      level: { type: 'string', title: EVIL, enum: [EVIL, 'low'] },
    },
  },
});

/** All text and all names of it, through its shadow trees. */
function allOf(root: Element): string {
  const parts = [...(root.shadowRoot ?? root).querySelectorAll('*')];
  const names = parts.flatMap((one) =>
    ['aria-label', 'title', 'placeholder', 'value'].map((name) => one.getAttribute(name) ?? ''),
  );
  return [textOf(root), ...names, ...parts.filter((one) => one.shadowRoot).map(allOf)].join(' ');
}

function assertHarmless(root: Element, place: string): void {
  const all = allOf(root);
  assert.include(all, SHOWN, place);
  for (const mark of ['\u202e', '\u2066', '\u001b', '\u0000']) assert.notInclude(all, mark, place);
  const made = (at: ParentNode): boolean =>
    at.querySelector('img, b') !== null ||
    [...at.querySelectorAll('*')].some((one) => one.shadowRoot && made(one.shadowRoot));
  assert.isFalse(made(root.shadowRoot ?? root), place);
  assert.isAtMost(document.documentElement.scrollWidth, innerWidth, place);
  assert.notProperty(globalThis, 'evil');
}

async function install(host: Host, version: string): Promise<Plugin> {
  return host.install({ wasm: await guest(SAYING), manifest: manifest(version) }, { replace: true });
}

describe('a plugin with hostile words, in <cloche-admin>', () => {
  it('U7, U11: is shown as text in the list, on its page, in dialogs, its settings and the log', async () => {
    const host = await makeHost({ audit: true, usage: true });
    const plugin = await install(host, '1');
    const admin = await renderElement<ClocheAdmin>(html`<cloche-admin .host=${host} no-address></cloche-admin>`);
    const go = async (route: string, holds: string): Promise<void> => {
      admin.route = route;
      await until(() => allOf(admin).includes(holds), holds);
    };
    assertHarmless(find(admin, 'cloche-plugins'), 'list');

    await go('#plugin/evil', 'What it may do');
    await until(() => allOf(find(admin, 'cloche-plugin')).includes('Default:'), 'the settings');
    assertHarmless(find(admin, 'cloche-plugin'), 'page');
    assertHarmless(find(admin, 'cloche-plugin', 'cloche-config'), 'settings');

    find(admin, 'cloche-plugin', 'header .danger').click();
    const uninstall = find(admin, 'cloche-plugin', 'cloche-uninstall');
    await until(() => allOf(uninstall).includes('Remove'), 'the dialog');
    assertHarmless(uninstall, 'removal');
    find<HTMLDialogElement>(uninstall, 'dialog').close();

    const updating = find<ClocheInstall>(admin, 'cloche-plugin', 'cloche-install');
    void updating.take({ wasm: await guest(SAYING), manifest: manifest('2') });
    await until(() => allOf(updating).includes('What is new'), 'the consent');
    assertHarmless(find(updating, 'cloche-consent'), 'consent');
    find<HTMLDialogElement>(updating, 'cloche-consent', 'dialog').dispatchEvent(
      new Event('cancel', { cancelable: true }),
    );
    await settled(admin);

    await go('#activity', 'Containing');
    await plugin.call('log', SAID);
    await until(() => allOf(admin).includes(SHOWN), 'the line');
    const audit = find(admin, 'cloche-audit');
    [...(audit.shadowRoot?.querySelectorAll<HTMLElement>('.row') ?? [])]
      .find((row) => textOf(row).includes('Allow'))
      ?.click();
    await until(() => audit.shadowRoot?.querySelector('.detail') !== null, 'the open row');
    assertHarmless(audit, 'log');

    await (await host.bisect()).begin();
    await go('#trouble', 'switched off for now');
    assertHarmless(find(admin, 'cloche-trouble'), 'search');
  });
});
