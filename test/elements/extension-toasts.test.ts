import { assert } from 'chai';
import { html } from 'lit';
import { page } from '../../src/dialects/windshift/page/page.ts';
import type { ShowToast } from '../../src/manifest/page-messages.ts';
import '../../src/elements/extension/toasts/toasts.ts';
import type { PluginToasts } from '../../src/elements/extension/toasts/toasts.ts';
import { assertAccessible } from '../helpers/axe.ts';
import { pause } from '../helpers/hosts.ts';
import { find, renderElement, textOf, until } from '../helpers/render.ts';

const toasts = () =>
  renderElement<PluginToasts>(html`<cloche-plugin-toasts pluginName="Standup"></cloche-plugin-toasts>`);

async function show(element: PluginToasts, fields: object): Promise<void> {
  element.show(page.read({ type: 'plugin:showToast', ...fields }) as ShowToast);
  await element.updateComplete;
}

const shown = (element: PluginToasts): string[] =>
  [...(element.shadowRoot?.querySelectorAll('li') ?? [])].map((toast) => textOf(toast));
const spoken = (element: PluginToasts): string => textOf(find(element, '[role=status]'));

describe('<cloche-plugin-toasts>', () => {
  it('passes the axe checks', async () => {
    const element = await toasts();
    for (const variant of ['info', 'success', 'error']) await show(element, { message: 'Text', variant });
    await assertAccessible(element);
  });

  it('shows the message under the name of the plugin, and says it to screen readers', async () => {
    const element = await toasts();
    await show(element, { message: 'Saved', variant: 'success' });
    assert.deepEqual(shown(element), ['Standup Saved']);
    assert.equal(spoken(element), 'Standup, Done: Saved');
  });

  it('has a word and a shape for each variant', async () => {
    const words = new Set<string>();
    const shapes = new Set<string>();
    for (const variant of ['info', 'success', 'warning', 'error']) {
      const element = await toasts();
      await show(element, { message: 'x', variant });
      words.add(find(element, 'li > svg').getAttribute('aria-label') ?? '');
      shapes.add(find(element, 'li > svg').innerHTML);
    }
    assert.equal(words.size, 4);
    assert.equal(shapes.size, 4);
  });

  it('goes after its time, or when it is dismissed', async () => {
    const element = await toasts();
    await show(element, { message: 'One', duration: 1_000 });
    await show(element, { message: 'Two', duration: 10_000 });
    await until(() => shown(element).length === 1, 'the first to go');
    assert.deepEqual(shown(element), ['Standup Two']);
    find(element, 'button').click();
    await element.updateComplete;
    assert.isEmpty(shown(element));
    assert.equal(spoken(element), '');
  });

  it('stays while somebody reads it', async () => {
    const element = await toasts();
    await show(element, { message: 'Slowly', duration: 1_000 });
    find(element, 'ul').dispatchEvent(new PointerEvent('pointerenter'));
    await pause(1_100);
    assert.equal(shown(element).length, 1);
    find(element, 'ul').dispatchEvent(new PointerEvent('pointerleave'));
    await until(() => shown(element).length === 0, 'it to go');
  });

  it('shows the three newest', async () => {
    const element = await toasts();
    for (const message of ['1', '2', '3', '4', '5']) await show(element, { message });
    assert.deepEqual(shown(element), ['Standup 3', 'Standup 4', 'Standup 5']);
  });

  it('U7: drops what is more than ten within ten seconds', async () => {
    const element = await toasts();
    for (let at = 0; at < 500; at++) await show(element, { message: `No. ${at}` });
    assert.deepEqual(shown(element), ['Standup No. 7', 'Standup No. 8', 'Standup No. 9']);
  });

  it('U11: shows markup as the text that it is', async () => {
    const element = await toasts();
    await show(element, { message: '<img src=x onerror=alert(1)>\n<b>x</b>' });
    assert.isNull(element.shadowRoot?.querySelector('li img, li b') ?? null);
    assert.include(shown(element)[0], '<b>x</b>');
  });
});
