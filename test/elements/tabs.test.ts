import { assert } from 'chai';
import { html } from 'lit';
import '../../src/elements/tabs/tabs.ts';
import type { ClocheTabs, TabEvent } from '../../src/elements/tabs/tabs.ts';
import { assertAccessible } from '../helpers/axe.ts';
import { find, press, renderElement, settled } from '../helpers/render.ts';

const TABS = [
  { id: 'one', label: 'One' },
  { id: 'two', label: 'Two' },
  { id: 'three', label: 'Three' },
];

const tabs = (spread = false, direction = 'ltr') =>
  renderElement<ClocheTabs>(html`
    <cloche-tabs label="Numbers" dir=${direction} .tabs=${TABS} value="one" ?spread=${spread}>
      <p slot="one">First</p>
      <p slot="two">Second</p>
      <p slot="three">Third</p>
      <button slot="actions">Act</button>
    </cloche-tabs>
  `);

const tab = (element: ClocheTabs, id: string): HTMLElement => find(element, `#tab-${id}`);
const isShown = (element: ClocheTabs, id: string): boolean => !find(element, `#panel-${id}`).hidden;

async function pressOnFocused(element: ClocheTabs, key: string): Promise<void> {
  const focused = element.shadowRoot?.activeElement;
  if (!focused) throw new Error('Expected a tab to have the focus');
  press(focused, key);
  await settled(element.parentElement ?? document);
}

describe('<cloche-tabs>', () => {
  it('passes the axe checks, as tabs and spread out', async () => {
    await assertAccessible(await tabs());
    await assertAccessible(await tabs(true));
  });

  it('scrolls with whatever it stands in, with the words that only readers hear', async () => {
    await renderElement(html`
      <div style="height: 100px; overflow: auto">
        <div style="height: 50000px"></div>
        <cloche-tabs label="Numbers" .tabs=${[{ id: 'one', label: 'One', detail: '3' }]} value="one"></cloche-tabs>
      </div>
    `);
    assert.isBelow(document.documentElement.scrollHeight, 50_000);
  });

  it('shows the chosen tab only', async () => {
    const element = await tabs();
    assert.isTrue(isShown(element, 'one'));
    assert.isFalse(isShown(element, 'two'));
    tab(element, 'two').click();
    await settled(element.parentElement ?? document);
    assert.isFalse(isShown(element, 'one'));
    assert.isTrue(isShown(element, 'two'));
  });

  it('chooses with arrows, Home and End, around the ends', async () => {
    const element = await tabs();
    tab(element, 'one').focus();
    const visited: string[] = [];
    for (const key of ['ArrowRight', 'End', 'ArrowRight', 'ArrowLeft', 'Home']) {
      await pressOnFocused(element, key);
      visited.push(element.value);
      assert.equal(element.shadowRoot?.activeElement, tab(element, element.value));
    }
    assert.deepEqual(visited, ['two', 'three', 'one', 'three', 'one']);
  });

  it('gives the focus to another tab when the one that has it goes', async () => {
    const element = await tabs();
    tab(element, 'three').focus();
    element.tabs = TABS.slice(0, 2);
    await settled(element.parentElement ?? document);
    assert.equal(element.shadowRoot?.activeElement, tab(element, 'two'));
  });

  it('turns the arrows around where writing runs from right to left', async () => {
    const element = await tabs(false, 'rtl');
    tab(element, 'one').focus();
    await pressOnFocused(element, 'ArrowLeft');
    assert.equal(element.value, 'two');
  });

  it('has one stop for the Tab key', async () => {
    const element = await tabs();
    const stops = TABS.filter(({ id }) => tab(element, id).tabIndex === 0).map(({ id }) => id);
    assert.deepEqual(stops, ['one']);
  });

  it('tells which tab was chosen by hand, and nothing when it is set from outside', async () => {
    const element = await tabs();
    const told: string[] = [];
    element.addEventListener('cloche-tab', (event: TabEvent) => told.push(event.tab));
    element.value = 'three';
    await element.updateComplete;
    tab(element, 'two').click();
    tab(element, 'two').click();
    assert.deepEqual(told, ['two']);
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
