import { assert } from 'chai';
import { html } from 'lit';
import '../../src/elements/tabs/tabs.ts';
import type { TabEvent } from '../../src/elements/tabs/tabs.ts';
import { renderElement, settled } from '../helpers/render.ts';
import { isShown, pressOnFocused, TABS, tab, tabs } from './three-tabs.ts';

describe('<cloche-tabs>', () => {
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
});
