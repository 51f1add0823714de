import { assert } from 'chai';
import { html } from 'lit';
import '../../src/elements/mark/mark.ts';
import type { ClocheMark } from '../../src/elements/mark/mark.ts';
import { assertAccessible } from '../helpers/axe.ts';
import { find, renderElement } from '../helpers/render.ts';

describe('<cloche-mark>', () => {
  it('passes the axe checks', async () => {
    await assertAccessible(await renderElement(html`<cloche-mark label="Running"></cloche-mark>`));
  });

  it('is hidden from screen readers without a label, and an image with one', async () => {
    const mark = await renderElement<ClocheMark>(html`<cloche-mark></cloche-mark>`);
    assert.equal(find(mark, 'svg').getAttribute('aria-hidden'), 'true');
    mark.label = 'Killed';
    await mark.updateComplete;
    assert.equal(find(mark, 'svg').getAttribute('role'), 'img');
    assert.equal(find(mark, 'svg').getAttribute('aria-label'), 'Killed');
    assert.isFalse(find(mark, 'svg').hasAttribute('aria-hidden'));
  });

  it('empties the dome and reddens its line when what it covers was killed', async () => {
    const mark = await renderElement<ClocheMark>(html`<cloche-mark></cloche-mark>`);
    const leaf = find(mark, '.leaf');
    const line = find(mark, '.line');
    assert.equal(getComputedStyle(leaf).opacity, '1');
    const before = getComputedStyle(line).stroke;
    mark.style.setProperty('--cloche-motion', '0s');
    mark.state = 'killed';
    await mark.updateComplete;
    assert.equal(getComputedStyle(leaf).opacity, '0');
    assert.notEqual(getComputedStyle(line).stroke, before);
  });
});
