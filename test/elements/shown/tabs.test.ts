import { assert } from 'chai';
import '../../../src/elements/tabs/tabs.ts';
import { assertAccessible } from '../../helpers/axe.ts';
import { find } from '../../helpers/render.ts';
import { isShown, pressOnFocused, TABS, tab, tabs } from '../three-tabs.ts';

describe('<cloche-tabs>', () => {
  it('passes the axe checks, as tabs and spread out', async () => {
    await assertAccessible(await tabs());
    await assertAccessible(await tabs(true));
  });

  it('sets tabs of a group under its name, which each of them says', async () => {
    const element = await tabs();
    element.tabs = TABS.map((tab, at) => ({ ...tab, group: at === 0 ? 'Odd' : 'Even' }));
    await element.updateComplete;
    assert.deepEqual(
      TABS.map(({ id }) => tab(element, id).textContent),
      ['One, Odd', 'Two, Even', 'Three, Even'],
    );
    assert.equal(element.shadowRoot?.querySelectorAll('.caption').length, 2);
    await assertAccessible(element);
    tab(element, 'one').focus();
    await pressOnFocused(element, 'ArrowRight');
    assert.equal(element.value, 'two');
  });

  it('has no names of groups where there is one', async () => {
    const element = await tabs();
    element.tabs = TABS.map((tab) => ({ ...tab, group: 'All' }));
    await element.updateComplete;
    assert.equal(tab(element, 'one').textContent, 'One');
    assert.isNull(element.shadowRoot?.querySelector('.caption') ?? null);
  });

  it('shows all panels as named regions in a spread', async () => {
    const element = await tabs(true);
    for (const { id, label } of TABS) {
      assert.isTrue(isShown(element, id));
      assert.equal(find(element, `#panel-${id}`).getAttribute('role'), 'region');
      assert.equal(find(element, `#panel-${id}`).getAttribute('aria-label'), label);
    }
    assert.isNull(element.shadowRoot?.querySelector('[role=tablist]') ?? null);
  });
});
