// Three tabs, for tests of <cloche-tabs>.

import { html } from 'lit';
import '../../src/elements/tabs/tabs.ts';
import type { ClocheTabs } from '../../src/elements/tabs/tabs.ts';
import { find, press, renderElement, settled } from '../helpers/render.ts';

export const TABS = [
  { id: 'one', label: 'One' },
  { id: 'two', label: 'Two' },
  { id: 'three', label: 'Three' },
];

export const tabs = (spread = false, direction = 'ltr') =>
  renderElement<ClocheTabs>(html`
    <cloche-tabs label="Numbers" dir=${direction} .tabs=${TABS} value="one" ?spread=${spread}>
      <p slot="one">First</p>
      <p slot="two">Second</p>
      <p slot="three">Third</p>
      <button slot="actions">Act</button>
    </cloche-tabs>
  `);

export const tab = (element: ClocheTabs, id: string): HTMLElement => find(element, `#tab-${id}`);
export const isShown = (element: ClocheTabs, id: string): boolean => !find(element, `#panel-${id}`).hidden;

export async function pressOnFocused(element: ClocheTabs, key: string): Promise<void> {
  const focused = element.shadowRoot?.activeElement;
  if (!focused) throw new Error('Expected a tab to have the focus');
  press(focused, key);
  await settled(element.parentElement ?? document);
}
