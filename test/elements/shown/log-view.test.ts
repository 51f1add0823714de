import { assert } from 'chai';
import '../../../src/elements/log-view/log-view.ts';
import { assertAccessible } from '../../helpers/axe.ts';
import { textOf } from '../../helpers/render.ts';
import { line, view } from '../log-view-stand-in.ts';

describe('<cloche-log-view>', () => {
  it('passes the axe checks, with lines and without', async () => {
    const levels = ['trace', 'debug', 'info', 'warn', 'error'] as const;
    await assertAccessible(await view(levels.map((level) => line('text', { level }))));
    await assertAccessible(await view([]));
  });

  it('shows the newest line first, with its level as a word', async () => {
    const element = await view([line('older'), line('newer', { level: 'warn' })]);
    const lines = [...(element.shadowRoot?.querySelectorAll('li') ?? [])].map((li) => textOf(li));
    assert.equal(lines.length, 2);
    assert.match(lines[0] ?? '', /^warn .*newer$/);
    assert.match(lines[1] ?? '', /^info .*older$/);
  });

  it('names the source of what the plugin did not log itself', async () => {
    assert.include(textOf(await view([line('killed', { source: 'host' })])), 'host');
    assert.notInclude(textOf(await view([line('hello')])), 'plugin');
  });

  it('shows markup of a plugin as text', async () => {
    const element = await view([line('<img src=x onerror=alert(1)><b>bold</b>')]);
    assert.isNull(element.shadowRoot?.querySelector('img, b') ?? null);
    assert.include(textOf(element), '<b>bold</b>');
  });

  it('draws at most 200 of a flood and says how many it left out', async () => {
    const element = await view(Array.from({ length: 1_000 }, (_, index) => line(`line ${index}`)));
    assert.equal(element.shadowRoot?.querySelectorAll('li').length, 200);
    assert.include(textOf(element), 'line 999');
    assert.include(textOf(element), '800 older lines not shown');
  });
});
