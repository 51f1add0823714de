// What the page of a plugin does with its data and its versions.

import { assert } from 'chai';
import { html } from 'lit';
import '../../../src/elements/admin/plugin/plugin.ts';
import type { ClocheConsent } from '../../../src/elements/admin/consent/consent.ts';
import type { ClocheInstall } from '../../../src/elements/admin/install/install.ts';
import type { ClochePlugin } from '../../../src/elements/admin/plugin/plugin.ts';
import type { Host, PermissionQuestion, Plugin } from '../../../src/index.ts';
import { assertAccessible } from '../../helpers/axe.ts';
import { guest, passing } from '../../helpers/guests.ts';
import { existing, makeHost, pause } from '../../helpers/hosts.ts';
import { find, renderElement, settled, textOf, until } from '../../helpers/render.ts';
import { isInert, takesAnswers } from '../../helpers/uninstall.ts';
import { makeZip } from '../../package/zip-maker.ts';

const IMPORTS = `
  (import "extism:host/user" "kv_get" (func $kv_get (param i64) (result i64)))
  (import "extism:host/user" "kv_set" (func $kv_set (param i64 i64) (result i64)))`;
const KEEPING = `${passing('recall', 'kv_get')}
  (func (export "keep") (result i32)
    (drop (call $kv_set (call $input_offset) (call $input_offset))) (i32.const 0))`;
const FIRST = { kv: true, http: { allow: ['https://a.example'] } };
const MORE = { kv: true, http: { allow: ['https://a.example', 'https://b.example'] } };

let host: Host;
let wasm: Uint8Array<ArrayBuffer>;
before(async () => {
  [host, wasm] = await Promise.all([makeHost({ usage: true }), guest(KEEPING, IMPORTS)]);
});

const manifestOf = (id: string, version: string, permissions: object, more: object = {}) => ({
  cloche: 1,
  id,
  name: `Plugin ${id}`,
  version,
  permissions,
  ...more,
});
const install = (id: string, more: object = {}): Promise<Plugin> =>
  host.install({ wasm, manifest: manifestOf(id, '1', FIRST, more) });

/** Where guests cannot wait for the page, nothing is kept for them either. */
function needsHostCalls(test: Mocha.Context): void {
  if (host.environment.hostCalls === 'none') test.skip();
}

function packageOf(id: string, version: string, permissions: object): File {
  const manifest = manifestOf(id, version, permissions, { wasm: 'plugin.wasm' });
  const zip = makeZip([
    { name: 'manifest.json', data: new TextEncoder().encode(JSON.stringify(manifest)) },
    { name: 'plugin.wasm', data: wasm },
  ]);
  return new File([zip], 'plugin.zip');
}

async function pageOf(id: string): Promise<ClochePlugin> {
  const page = await renderElement<ClochePlugin>(html`<cloche-plugin .host=${host} plugin=${id}></cloche-plugin>`);
  await until(() => textOf(page).includes('earlier version') || textOf(page).includes('is kept'), 'its versions');
  return page;
}

function press(root: Element, name: string): void {
  const buttons = [...(root.shadowRoot?.querySelectorAll('button') ?? [])];
  const button = buttons.find((one) => textOf(one).includes(name));
  if (!button) throw new Error(`Expected a button ${name}`);
  button.click();
}

/** As if somebody had picked the file. */
function pick(input: HTMLInputElement, file: File): void {
  const transfer = new DataTransfer();
  transfer.items.add(file);
  input.files = transfer.files;
  input.dispatchEvent(new Event('change'));
}

/** The file that is saved meanwhile; nothing is downloaded. */
async function saved(work: () => void): Promise<Blob> {
  try {
    const url = new Promise<string>((resolve) => {
      HTMLAnchorElement.prototype.click = function (): void {
        resolve(this.href);
      };
    });
    work();
    return await (await fetch(await url)).blob();
  } finally {
    Reflect.deleteProperty(HTMLAnchorElement.prototype, 'click');
  }
}

/** The dialog that asks, when it may be answered. */
async function asked(root: Element): Promise<Element> {
  const consent = find(root, 'cloche-consent');
  await until(
    () => textOf(consent).includes('Update') && consent.shadowRoot?.querySelector('[inert]') === null,
    'the question',
  );
  return consent;
}

describe('<cloche-plugin>', () => {
  it('saves the data of a plugin as a file, and puts such a file in the place of what it has', async function () {
    needsHostCalls(this);
    const plugin = await install('data');
    await plugin.call('keep', 'old');
    const page = await pageOf('data');
    const file = await saved(() => press(page, 'Save its data as a file'));
    await plugin.call('keep', 'new');
    pick(find(page, '.pick input'), new File([file], 'data.cloche-data'));
    await until(() => textOf(page).includes('The data of the file is in place.'), 'the import');
    assert.deepEqual(
      [(await plugin.call('recall', 'old')).text(), (await plugin.call('recall', 'new')).text()],
      ['old', ''],
    );
  });

  it('says what is wrong with a file that holds no data, and leaves what there is', async function () {
    needsHostCalls(this);
    const plugin = await install('other-data');
    await plugin.call('keep', 'old');
    const page = await pageOf('other-data');
    pick(find(page, '.pick input'), new File(['no'], 'x'));
    await until(() => textOf(page).includes('This file holds no data of this plugin'), 'the failure');
    await assertAccessible(page);
    assert.equal((await plugin.call('recall', 'old')).text(), 'old');
  });

  it('shows what a plugin has in databases, and nothing where it has none', async () => {
    await Promise.all(['with', 'without'].map((id) => install(id)));
    const plugin = existing(host.get('with'));
    const bytes = 1 << 20;
    const database = { name: 'hasura', state: 'asleep', placement: 'memory', quotaBytes: 64 << 20, problem: undefined };
    const list = async () => ({ databases: [{ ...database, bytes }], bytes, problem: undefined, programBytes: 0 });
    Object.assign(plugin, { databases: async () => ({ list }) });
    const page = await pageOf('with');
    const stored = (): string => {
      const bar = page.shadowRoot?.querySelector('cloche-databases')?.shadowRoot?.querySelector('cloche-limit-bar');
      return bar ? textOf(bar) : '';
    };
    await until(() => stored().includes('1 MiB of 64 MiB'), 'its database');
    await assertAccessible(page);
    const without = await pageOf('without');
    assert.isNull(without.shadowRoot?.querySelector('cloche-databases'));
  });

  it('goes back to the version before, and says what that may again', async () => {
    await host.install({ wasm, manifest: manifestOf('back', '1', MORE) });
    await host.install({ wasm, manifest: manifestOf('back', '2', FIRST) }, { replace: true });
    const page = await pageOf('back');
    assert.include(textOf(page), 'It may then again: Exchange data with https://b.example.');
    await assertAccessible(page);
    press(page, 'Go back to version 1');
    await until(() => existing(host.get('back')).manifest.version === '1', 'version 1');
  });

  for (const [way, give] of [
    ['a file', (install: ClocheInstall, file: File) => pick(find(install, 'input[type=file]'), file)],
    [
      'an address',
      (install: ClocheInstall, file: File) => {
        find<HTMLInputElement>(install, 'input[name=url]').value = URL.createObjectURL(file);
        find<HTMLFormElement>(install, 'form').requestSubmit();
      },
    ],
  ] as const) {
    it(`updates from ${way}, after it has shown the difference sentence by sentence`, async () => {
      const id = `by-${way.split(' ')[1]}`;
      await install(id);
      const page = await pageOf(id);
      const element = find<ClocheInstall>(page, 'cloche-install');
      give(element, packageOf(id, '2', MORE));
      const consent = await asked(element);
      const sentences = [...(consent.shadowRoot?.querySelectorAll('.sentence') ?? [])].map(textOf);
      assert.include(sentences, 'New: Exchange data with https://b.example.');
      assert.include(sentences, 'As before: Exchange data with https://a.example.');
      assert.equal(existing(host.get(id)).manifest.version, '1');
      find<HTMLElement>(consent, 'input[value=http]').click();
      await settled(page);
      find<HTMLElement>(consent, '.yes').click();
      await until(() => existing(host.get(id)).manifest.version === '2', 'version 2');
    });
  }

  it('gives the focus back to the field after a no', async () => {
    await install('focus');
    const element = find<ClocheInstall>(await pageOf('focus'), 'cloche-install');
    const field = find<HTMLInputElement>(element, 'input[name=url]');
    field.value = URL.createObjectURL(packageOf('focus', '2', MORE));
    field.focus();
    find<HTMLFormElement>(element, 'form').requestSubmit();
    const dialog = find<HTMLDialogElement>(await asked(element), 'dialog');
    dialog.dispatchEvent(new Event('cancel', { cancelable: true }));
    await until(() => !dialog.open, 'the dialog to be closed');
    assert.equal(element.shadowRoot?.activeElement, field);
  });

  it('keeps a limit that was lowered where an update is lower still, and the next is not', async () => {
    const plugin = await install('limited');
    await plugin.configure({ limits: { timeoutMs: 2_000 } });
    const update = (version: string, limits: object): Promise<Plugin> =>
      host.install({ wasm, manifest: manifestOf('limited', version, FIRST, { limits }) }, { replace: true });
    await update('2', { timeoutMs: 1_000 });
    const page = await pageOf('limited');
    await until(() => page.shadowRoot?.querySelector('.limits') != null, 'the limits');
    find<HTMLInputElement>(page, 'input[name=memoryBytes]').value = '8';
    find<HTMLFormElement>(page, '.limits').requestSubmit();
    await until(() => plugin.limits.memoryBytes === 8 << 20, 'the other limit');
    assert.equal(plugin.limits.timeoutMs, 1_000);
    await update('3', {});
    assert.equal(plugin.limits.timeoutMs, 2_000);
  });

  it('updates to one that calls what nobody provides, after it has said so', async () => {
    await install('stubbed');
    const lacking = await guest('', '(import "elsewhere" "do_it" (func))');
    const element = find<ClocheInstall>(await pageOf('stubbed'), 'cloche-install');
    const taking = element.take({ wasm: lacking, manifest: manifestOf('stubbed', '2', FIRST) });
    const consent = await asked(element);
    assert.include(textOf(consent), 'which nobody provides here');
    find<HTMLElement>(consent, '.yes').click();
    await taking;
    assert.equal(existing(host.get('stubbed')).manifest.version, '2');
  });

  it('does not take another plugin for an update of this one', async () => {
    await install('this');
    const page = await pageOf('this');
    const element = find<ClocheInstall>(page, 'cloche-install');
    await element.take(packageOf('another', '1', FIRST));
    await until(() => textOf(element).includes('This package is another plugin: Plugin another.'), 'the notice');
    assert.isUndefined(host.get('another'));
  });

  it('says why a plugin is in quarantine, and lets it out', async () => {
    const plugin = await install('wild', { limits: { timeoutMs: 100 } });
    while (plugin.state !== 'quarantined') await plugin.call('spin').catch(() => undefined);
    const page = await pageOf('wild');
    await until(() => textOf(page).includes('in spin: It took too long, and was stopped.'), 'the reason');
    await assertAccessible(page);
    press(page, 'Let out');
    await until(() => plugin.state !== 'quarantined', 'it to be let out');
    assert.equal((await plugin.call('echo', 'hello')).text(), 'hello');
  });

  it('says how much a plugin leaves before it is removed, and deletes it where it is told to', async function () {
    needsHostCalls(this);
    const plugin = await install('gone');
    await plugin.call('keep', 'old');
    const page = await pageOf('gone');
    press(page, 'Remove');
    const dialog = find(page, 'cloche-uninstall');
    await until(() => /Keep \d+ bytes, for when it is installed again/.test(textOf(dialog)), 'the size');
    await assertAccessible(dialog);
    find<HTMLElement>(dialog, 'input[value=wipe]').click();
    await takesAnswers(dialog);
    press(dialog, 'Remove it');
    await until(() => host.get('gone') === undefined, 'it to be gone');
    // What it kept goes after it.
    while ((await host.orphans()).some(({ id }) => id === 'gone')) await pause(20);
  });

  it('U7: takes no answer in the first half second that the removal is on top, also where a question was over it', async () => {
    const plugin = await install('stays');
    const page = await pageOf('stays');
    const consent = await renderElement<ClocheConsent>(html`<cloche-consent .host=${host}></cloche-consent>`);
    press(page, 'Remove');
    const removal = find(page, 'cloche-uninstall');
    await until(() => textOf(removal).includes('Remove it'), 'the removal');
    press(removal, 'Remove it');
    await takesAnswers(removal);
    const request = { capability: 'kv', risk: 'low', sentences: [], given: [], missing: [] };
    const question = { plugin: { id: 'p', name: 'p', version: '1' }, request } as unknown as PermissionQuestion;
    const asking = consent.ask(question, new AbortController().signal);
    await until(() => consent.shadowRoot?.querySelector('.no') != null, 'the question');
    find(consent, 'dialog').dispatchEvent(new Event('cancel', { cancelable: true }));
    await asking;
    await settled(consent);
    await settled(page);
    assert.isTrue(isInert(removal));
    press(removal, 'Remove it');
    await settled(page);
    assert.isTrue(find<HTMLDialogElement>(removal, 'dialog').open);
    assert.equal(host.get('stays'), plugin);
    await takesAnswers(removal);
    press(removal, 'Remove it');
    await until(() => host.get('stays') === undefined, 'it to be gone');
  });
});
