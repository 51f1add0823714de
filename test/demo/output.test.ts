import { assert } from 'chai';
import { html } from 'lit';
import '../../demo/playground/output/output.ts';
import type { PlaygroundOutput } from '../../demo/playground/output/output.ts';
import { assertAccessible } from '../helpers/axe.ts';
import { find, press, renderElement, settled, textOf } from '../helpers/render.ts';

const output = (bytes: Uint8Array | string) =>
  renderElement<PlaygroundOutput>(html`
    <playground-output .bytes=${typeof bytes === 'string' ? new TextEncoder().encode(bytes) : bytes}></playground-output>
  `);

describe('<playground-output>', () => {
  it('passes the axe checks in each view', async () => {
    await assertAccessible(await output('hello'));
    await assertAccessible(await output('{"a":1}'));
    await assertAccessible(await output(new Uint8Array([0, 255])));
  });

  it('shows markup of a plugin as text', async () => {
    const element = await output('<img src=x onerror="document.title=1"><script>1</script>');
    assert.isNull(element.shadowRoot?.querySelector('img, script') ?? null);
    assert.include(find(element, 'pre').textContent ?? '', '<img src=x');
  });

  it('goes from view to view with the arrow keys', async () => {
    const element = await output('{"a":1}');
    const tabs = find<HTMLElement>(element, 'cloche-tabs');
    find(tabs, '#tab-json').focus();
    press(find(tabs, '#tab-json'), 'ArrowRight');
    await settled(document.body);
    assert.match(find(element, '.dump').textContent ?? '', /7b 22 61/);
  });

  it('says that there was no output', async () => {
    assert.equal(textOf(await output('')), 'It returned nothing: 0 bytes.');
  });

  it('draws only the beginning of a large output and says so', async () => {
    const element = await output('x'.repeat(1 << 20));
    assert.equal(find(element, 'pre').textContent?.length, 64 << 10);
    assert.include(textOf(element), 'The first 64 KiB of 1 MiB');
  });

  it('chooses the view anew for each output', async () => {
    const element = await output('{"a":1}');
    element.bytes = new Uint8Array([0xff]);
    await settled(document.body);
    assert.isNotNull(element.shadowRoot?.querySelector('.dump') ?? null);
  });
});
