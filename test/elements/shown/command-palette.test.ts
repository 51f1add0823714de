import { assert } from 'chai';
import { html } from 'lit';
import '../../../src/elements/palette/palette.ts';
import type { ClochePalette } from '../../../src/elements/palette/palette.ts';
import { defineMessages } from '../../../src/elements/words/catalogue.ts';
import { assertAccessible } from '../../helpers/axe.ts';
import { find, renderElement, textOf, until } from '../../helpers/render.ts';
import { command, drawn, FakeHost, key, options, palette, search, type } from '../palette-stand-in.ts';

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
});

async function reopened(element: ClochePalette): Promise<ClochePalette> {
  await until(() => !element.open, 'it to close');
  element.show();
  await drawn(element);
  return element;
}
