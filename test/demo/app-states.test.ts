import { assert } from 'chai';
import { html } from 'lit';
import '../../demo/playground/app/app.ts';
import type { PlaygroundApp } from '../../demo/playground/app/app.ts';
import { failureOf } from '../../demo/playground/failure.ts';
import { ClocheError } from '../../src/errors.ts';
import { assertAccessible } from '../helpers/axe.ts';
import { closeHosts } from '../helpers/hosts.ts';
import { find, press, renderElement, settled, textOf, until } from '../helpers/render.ts';
import { app, drop, forgetTheme, headOf, resultOf } from './app-stand-in.ts';
import { ECHO, exampleOf } from './plugins.ts';

afterEach(closeHosts);
after(forgetTheme);

const statusOf = (element: PlaygroundApp): string => textOf(find(element, '[role=status]'));

async function choose(element: PlaygroundApp, name: string): Promise<void> {
  const rows = find(element, 'playground-plugin-list').shadowRoot?.querySelectorAll<HTMLElement>('.row') ?? [];
  [...rows].find((row) => row.textContent?.includes(name))?.click();
  await until(() => headOf(element).includes(name), `${name} to be shown`);
  await settled(document.body);
}

describe('<playground-app>', () => {
  it('shows a plugin that has already run, and passes the axe checks with it', async () => {
    const { element } = await app();
    assert.include(resultOf(element), 'Answered in');
    await assertAccessible(element);
  });

  it('goes through a kill with the keyboard, and tells a screen reader how it went', async () => {
    const { element, session } = await app();
    await choose(element, 'Endless loop');
    await until(() => session.facts.has('loop'), 'the exports to be read');
    await settled(document.body);
    const input = find(element, 'playground-workbench', 'playground-call-form', '#text');
    input.focus();
    press(input, 'Enter', { ctrlKey: true });
    await until(() => resultOf(element).includes('Running'), 'the call to run');
    await until(() => resultOf(element).includes('Ready again in'), 'the plugin to be ready again');
    assert.match(statusOf(element), /^Killed at its deadline, after (?:\d{3} ms|[\d.]+ s)\. Ready again in /);
    assert.include(resultOf(element), 'Killed at its deadline');
  });

  it('stops a call with Escape', async () => {
    const { element, session } = await app();
    await choose(element, 'Endless loop');
    await until(() => session.facts.has('loop'), 'the exports to be read');
    await settled(document.body);
    const input = find(element, 'playground-workbench', 'playground-call-form', '#text');
    press(input, 'Enter', { ctrlKey: true });
    await until(() => session.isRunning('loop'), 'the call to run');
    await settled(document.body);
    press(input, 'Escape');
    await until(() => resultOf(element).includes('Stopped after'), 'the call to stop');
  });

  it('shows why a dropped file is not a plugin, and goes on with what was there', async () => {
    const { element } = await app();
    drop([new File(['just text'], 'holiday.zip')]);
    const dialog = find(element, 'cloche-consent', 'dialog');
    await until(() => textOf(dialog).includes('This plugin cannot be installed'), 'the failure');
    find(dialog, '.actions button').click();
    assert.include(headOf(element), 'Echo');
    drop(['a', 'b', 'c'].map((name) => new File([], name)));
    await until(() => element.shadowRoot?.querySelector('.notice') !== null, 'a notice');
    await settled(document.body);
    const notice = find(element, '.notice');
    assert.include(textOf(notice), 'Installing a and b and c failed');
    assert.include(textOf(find(notice, 'playground-error-panel')), 'SOURCE_INVALID');
    await assertAccessible(element);
    find(notice, 'button').click();
    await settled(document.body);
    assert.isNull(element.shadowRoot?.querySelector('.notice') ?? null);
  });

  it('goes from the notice of a plugin to its page, and from there to what it did', async () => {
    const { element, session } = await app();
    const { source } = await exampleOf({ ...ECHO, manifest: { version: '2', permissions: { kv: true } } });
    await session.host.install(source, { replace: true });
    await until(() => headOf(element).includes('An update') || headOf(element).includes('waits'), 'the notice');
    find(element, 'playground-plugin-head', '.asks button').click();
    await until(() => find(element, 'playground-inspector').shadowRoot?.querySelector('cloche-plugin') != null, 'it');
    await settled(document.body);
    const page = find(element, 'playground-inspector', 'cloche-plugin');
    assert.include(textOf(page), 'waits for your decision');
    await assertAccessible(element);
  });

  it('says what is wrong when no host can be made', async () => {
    const failure = failureOf(new ClocheError('CSP_BLOCKED', 'The page forbids workers'));
    const element = await renderElement<PlaygroundApp>(html`<playground-app .failure=${failure}></playground-app>`);
    await settled(document.body);
    assert.include(textOf(element), 'The playground cannot start');
    assert.include(textOf(find(element, 'playground-error-panel')), 'CSP_BLOCKED');
    await assertAccessible(element);
  });
});
