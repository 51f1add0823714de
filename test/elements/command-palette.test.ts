import { assert } from 'chai';
import '../../src/elements/palette/palette.ts';
import { find, press, textOf, until } from '../helpers/render.ts';
import { drawn, key, options, palette, search, type } from './palette-stand-in.ts';

describe('<cloche-palette>', () => {
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
