import { assert } from 'chai';
import { html } from 'lit';
import '../../src/elements/palette/palette.ts';
import type { PaletteCommand } from '../../src/elements/palette/host-like.ts';
import type { Keymap } from '../../src/elements/palette/keymap.ts';
import type { ClochePalette } from '../../src/elements/palette/palette.ts';
import { defineMessages } from '../../src/elements/words/catalogue.ts';
import { assertAccessible } from '../helpers/axe.ts';
import { find, press, renderElement, settled, textOf, until } from '../helpers/render.ts';

const command = (name: string, fields: Partial<PaletteCommand> = {}): PaletteCommand => ({
  name,
  plugin: name.split('.')[0] ?? '',
  description: '',
  params: [],
  returnType: '',
  ...fields,
});

const COMMANDS = [
  command('case.upper', { description: 'Makes letters <b>large</b>' }),
  command('harpoon.set', { params: [{ name: 'index', type: 'int' }], returnType: 'string' }),
  command('slow.wait'),
];

class FakeHost extends EventTarget {
  commands: readonly PaletteCommand[] = COMMANDS;
  readonly ran: string[] = [];
  aborted = false;

  async run(name: string, args: string, { signal }: { signal?: AbortSignal } = {}): Promise<string> {
    this.ran.push(`${name} ${args}`.trim());
    if (name === 'slow.wait') {
      return new Promise((_, reject) =>
        signal?.addEventListener('abort', () => {
          this.aborted = true;
          reject(signal.reason);
        }),
      );
    }
    if (args === '13') throw new Error('no thirteen');
    return name === 'harpoon.set' ? `set ${args}` : '';
  }
}

async function palette(keymap: Keymap = {}): Promise<{ element: ClochePalette; host: FakeHost }> {
  localStorage.removeItem('cloche-palette-recent');
  const host = new FakeHost();
  const element = await renderElement<ClochePalette>(
    html`<cloche-palette .host=${host} .keymap=${keymap} open></cloche-palette>`,
  );
  await drawn(element);
  return { element, host };
}

const drawn = (element: ClochePalette): Promise<void> => settled(element.parentElement ?? document);
const search = (element: ClochePalette): HTMLInputElement => find(element, '.search');
const options = (element: ClochePalette): string[] =>
  [...(element.shadowRoot?.querySelectorAll('[role=option]') ?? [])].map((one) => textOf(one));

async function type(element: ClochePalette, text: string): Promise<void> {
  search(element).value = text;
  search(element).dispatchEvent(new InputEvent('input', { bubbles: true }));
  await drawn(element);
}

async function key(element: ClochePalette, name: string): Promise<void> {
  press(search(element), name);
  await drawn(element);
}

describe('<cloche-palette>', () => {
  it('passes the axe checks: its list, its fields, what came of it', async () => {
    const { element } = await palette({ 'Alt+2': 'harpoon.set 2' });
    await assertAccessible(element);
    await type(element, 'set');
    await key(element, 'Enter');
    await assertAccessible(element);
    find<HTMLInputElement>(element, '#param-0').value = '2';
    find<HTMLFormElement>(element, 'form').requestSubmit();
    await until(() => textOf(element).includes('set 2'), 'its result');
    await assertAccessible(element);
  });

  it('shows names, signatures, keys, and what a plugin says as text', async () => {
    const { element } = await palette({ 'Alt+2': 'harpoon.set 2' });
    assert.deepEqual(options(element), [
      'case.upper Makes letters <b>large</b>',
      'harpoon.set index: int → string Alt+2 2',
      'slow.wait',
    ]);
    assert.equal(element.shadowRoot?.activeElement, search(element));
  });

  it('is used by keys alone: chosen, around the ends, run, and closed', async () => {
    const { element, host } = await palette();
    const chosen = (): string => textOf(find(element, '[aria-selected=true]'));
    await key(element, 'ArrowUp');
    assert.include(chosen(), 'slow.wait');
    assert.equal(search(element).getAttribute('aria-activedescendant'), 'command-2');
    await key(element, 'ArrowDown');
    assert.include(chosen(), 'case.upper');
    await key(element, 'Enter');
    await until(() => !element.open, 'it to close');
    assert.deepEqual(host.ran, ['case.upper']);
    element.show();
    await drawn(element);
    find<HTMLDialogElement>(element, 'dialog').dispatchEvent(new Event('cancel', { cancelable: true }));
    assert.isFalse(element.open);
  });

  it('shows first what was run last, also another of it', async () => {
    const { element } = await palette();
    await type(element, 'case');
    await key(element, 'Enter');
    await type(await reopened(element), '');
    const other = (await renderElement<ClochePalette>(
      html`<cloche-palette .host=${new FakeHost()} open></cloche-palette>`,
    )) as ClochePalette;
    await drawn(other);
    assert.include(options(other)[0] ?? '', 'case.upper');
  });

  it('asks for arguments, and runs nothing before they fit', async () => {
    const { element, host } = await palette();
    await type(element, 'set');
    await key(element, 'Enter');
    const field = find<HTMLInputElement>(element, '#param-0');
    assert.equal(element.shadowRoot?.activeElement, field);
    field.value = 'two';
    find<HTMLFormElement>(element, 'form').requestSubmit();
    await drawn(element);
    assert.equal(field.getAttribute('aria-invalid'), 'true');
    assert.match(textOf(find(element, '#problem-0')), /Expected index: int/);
    assert.isEmpty(host.ran);
    field.value = '2';
    find<HTMLFormElement>(element, 'form').requestSubmit();
    await until(() => textOf(element).includes('set 2'), 'its result');
    assert.deepEqual(host.ran, ['harpoon.set 2']);
  });

  it('takes a whole line, and says what failed', async () => {
    const { element, host } = await palette();
    await type(element, 'harpoon.set 13');
    await key(element, 'Enter');
    await until(() => textOf(element).includes('no thirteen'), 'the failure');
    assert.equal(find(element, '.result').getAttribute('role'), 'alert');
    assert.deepEqual(host.ran, ['harpoon.set 13']);
  });

  it('stops a command that nobody waits for any more', async () => {
    const { element, host } = await palette();
    await type(element, 'slow');
    await key(element, 'Enter');
    find<HTMLButtonElement>(element, 'button').click();
    await until(() => host.aborted, 'its end');
    await drawn(element);
    assert.deepEqual(options(element), ['slow.wait']);
  });

  it('runs what a key is bound to while it is closed, and opens by a key', async () => {
    const { element, host } = await palette({ 'Alt+2': 'harpoon.set 2' });
    element.close();
    await drawn(element);
    press(document.body, '2', { altKey: true });
    await until(() => host.ran.length === 1, 'the command');
    assert.deepEqual(host.ran, ['harpoon.set 2']);
    assert.isFalse(element.open);
    press(document.body, 'P', { ctrlKey: true, shiftKey: true, metaKey: false });
    await drawn(element);
    assert.isTrue(element.open || /Mac/.test(navigator.platform));
  });

  it('leaves the keys of a field to it, and those of a composition', async () => {
    const { element, host } = await palette({ X: 'case.upper', 'Alt+2': 'harpoon.set 2' });
    element.close();
    await drawn(element);
    const field = document.createElement('input');
    element.parentElement?.append(field);
    press(field, 'x');
    press(document.body, 'x', { keyCode: 229 });
    assert.isEmpty(host.ran);
    press(field, '2', { altKey: true });
    press(document.body, 'x');
    assert.deepEqual(host.ran, ['harpoon.set 2', 'case.upper']);
  });

  it('makes visible what hides or turns text in all that a plugin says', async () => {
    const { element, host } = await palette();
    const turned = '\u202egnp';
    host.commands = [command('evil.run', { description: turned, params: [{ name: turned, type: '?bool' }] })];
    host.run = async () => `one\n${turned}`;
    host.dispatchEvent(new Event('commandschange'));
    await drawn(element);
    assert.deepEqual(options(element), ['evil.run \\u202egnp: ?bool \\u202egnp']);
    await key(element, 'Enter');
    assert.notInclude(textOf(element), '\u202e');
    assert.equal(find<HTMLSelectElement>(element, '#param-0').value, '');
    find<HTMLFormElement>(element, 'form').requestSubmit();
    await until(() => textOf(element).includes('gave:'), 'its result');
    assert.equal(find(element, '.result').textContent, 'one\n\\u202egnp');
  });

  it('is closed when it leaves the page, and shows nothing that fails afterwards', async () => {
    const { element, host } = await palette({ 'Alt+2': 'harpoon.set 2' });
    const place = element.parentElement;
    element.close();
    await drawn(element);
    let fail = (_: Error): void => undefined;
    host.run = () => new Promise((_, reject) => (fail = reject));
    press(document.body, '2', { altKey: true });
    element.show();
    await drawn(element);
    element.remove();
    const told = new Promise((resolve) => element.addEventListener('commandrun', resolve));
    fail(new Error('late'));
    await told;
    await element.updateComplete;
    assert.isFalse(element.open);
    place?.append(element);
    await drawn(element);
    assert.isFalse(find<HTMLDialogElement>(element, 'dialog').open);
  });

  it('follows the commands of its host', async () => {
    const { element, host } = await palette();
    host.commands = [command('other.one')];
    host.dispatchEvent(new Event('commandschange'));
    await drawn(element);
    assert.deepEqual(options(element), ['other.one']);
    host.commands = [];
    host.dispatchEvent(new Event('commandschange'));
    await drawn(element);
    assert.include(textOf(element), 'No plugin that is on has a command');
  });

  it('speaks German where the page does, and any language that the app brings', async () => {
    const { element } = await palette();
    element.lang = 'de';
    await until(() => textOf(element).includes('3 Befehle'), 'the German words');
    defineMessages('nl', { 'palette.command': 'Opdracht', 'palette.count': { other: '{n} opdrachten' } });
    element.lang = 'nl';
    await until(() => textOf(element).includes('3 opdrachten'), 'the words of the app');
    assert.equal(search(element).getAttribute('aria-label'), 'Opdracht');
    assert.equal(search(element).placeholder, 'Run a command', 'what it leaves out is in English');
  });

  it('fits a screen of 360 px', async () => {
    const { element } = await palette({ 'Ctrl+Alt+Shift+A': 'case.upper' });
    const frame = document.createElement('div');
    frame.style.width = '360px';
    element.parentElement?.append(frame);
    const dialog = find<HTMLDialogElement>(element, 'dialog');
    dialog.style.width = '344px';
    assert.isAtMost(dialog.scrollWidth, dialog.clientWidth);
  });
});

async function reopened(element: ClochePalette): Promise<ClochePalette> {
  await until(() => !element.open, 'it to close');
  element.show();
  await drawn(element);
  return element;
}
