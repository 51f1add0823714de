import { assert } from 'chai';
import { html } from 'lit';
import '../../demo/playground/app/app.ts';
import type { PlaygroundApp } from '../../demo/playground/app/app.ts';
import { failureOf } from '../../demo/playground/failure.ts';
import { Session } from '../../demo/playground/session.ts';
import { ClocheError } from '../../src/errors.ts';
import { assertAccessible } from '../helpers/axe.ts';
import { find, press, renderElement, settled, textOf, until } from '../helpers/render.ts';
import { EXAMPLES, SCRIPTS } from './scripts.ts';
import { StandInHost } from './stand-in.ts';

async function app(): Promise<{ element: PlaygroundApp; session: Session }> {
  const session = new Session(new StandInHost(SCRIPTS));
  await session.load(async () => EXAMPLES);
  await session.showFirst();
  const element = await renderElement<PlaygroundApp>(html`<playground-app .session=${session}></playground-app>`);
  await settled(document.body);
  return { element, session };
}

const resultOf = (element: PlaygroundApp): string => textOf(find(element, 'playground-workbench', 'playground-result'));
const statusOf = (element: PlaygroundApp): string => textOf(find(element, '[role=status]'));

async function choose(element: PlaygroundApp, name: string): Promise<void> {
  const rows = find(element, 'playground-plugin-list').shadowRoot?.querySelectorAll<HTMLElement>('.row') ?? [];
  [...rows].find((row) => row.textContent?.includes(name))?.click();
  await until(() => textOf(find(element, 'playground-plugin-head')).includes(name), `${name} to be shown`);
  await settled(document.body);
}

function drop(files: readonly File[]): void {
  const data = new DataTransfer();
  for (const file of files) data.items.add(file);
  for (const type of ['dragover', 'drop']) {
    window.dispatchEvent(new DragEvent(type, { dataTransfer: data, cancelable: true, bubbles: true }));
  }
}

describe('<playground-app>', () => {
  it('passes the axe checks with a plugin that has run', async () => {
    const { element } = await app();
    await assertAccessible(element);
  });

  it('shows a plugin that has already run', async () => {
    const { element } = await app();
    assert.include(resultOf(element), 'Answered in');
    assert.include(textOf(find(element, 'playground-workbench', 'playground-result', 'playground-output')), '"count"');
    assert.isAbove(
      find(element, 'playground-inspector', 'playground-usage').shadowRoot?.querySelectorAll('cloche-limit-bar')
        .length ?? 0,
      3,
    );
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
    assert.match(statusOf(element), /^Killed at its deadline, after \d{3,4} ms\. Ready again in /);
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

  it('installs what is dropped anywhere, and asks before it may do anything', async () => {
    const { element } = await app();
    drop([new File([], 'notes.wasm')]);
    await until(() => textOf(find(element, 'playground-plugin-head')).includes('Notes'), 'the plugin to be shown');
    assert.include(textOf(find(element, 'playground-plugin-head')), 'It asks for something you have not allowed');
  });

  it('shows why a dropped file is not a plugin, and goes on with what was there', async () => {
    const { element } = await app();
    drop([new File([], 'holiday.zip')]);
    await until(() => element.shadowRoot?.querySelector('.notice') !== null, 'a notice');
    await settled(document.body);
    const notice = find(element, '.notice');
    assert.include(textOf(notice), 'Installing holiday.zip failed');
    assert.include(textOf(find(notice, 'playground-error-panel')), 'MODULE_REJECTED');
    assert.include(textOf(find(element, 'playground-plugin-head')), 'Count vowels');
    await assertAccessible(element);
    find(notice, 'button').click();
    await settled(document.body);
    assert.isNull(element.shadowRoot?.querySelector('.notice') ?? null);
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
