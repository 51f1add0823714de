import { assert } from 'chai';
import { html } from 'lit';
import '../../demo/playground/theme-switch/theme-switch.ts';
import type { ThemeSwitch } from '../../demo/playground/theme-switch/theme-switch.ts';
import { assertAccessible } from '../helpers/axe.ts';
import { find, renderElement } from '../helpers/render.ts';

const root = document.documentElement;
const themes = () => renderElement<ThemeSwitch>(html`<playground-theme-switch></playground-theme-switch>`);
const radio = (element: ThemeSwitch, theme: string): HTMLInputElement => find(element, `[value=${theme}]`);

describe('<playground-theme-switch>', () => {
  const before = root.style.colorScheme;
  const forget = (): void => localStorage.removeItem('cloche-playground-theme');
  beforeEach(forget);
  after(() => {
    forget();
    root.style.colorScheme = before;
  });

  it('passes the axe checks', async () => {
    await assertAccessible(await themes());
  });

  it('follows the system until told otherwise', async () => {
    const element = await themes();
    assert.equal(root.style.colorScheme, 'light dark');
    assert.isTrue(radio(element, 'auto').checked);
  });

  it('sets the scheme of the page and remembers it', async () => {
    radio(await themes(), 'dark').click();
    assert.equal(root.style.colorScheme, 'dark');
    root.style.colorScheme = '';
    const again = await themes();
    assert.equal(root.style.colorScheme, 'dark');
    assert.isTrue(radio(again, 'dark').checked);
  });
});
