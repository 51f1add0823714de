import { assert } from 'chai';
import { html } from 'lit';
import '../../src/elements/state/state.ts';
import type { ClocheState, ShownState } from '../../src/elements/state/state.ts';
import { assertAccessible } from '../helpers/axe.ts';
import { find, renderElement, textOf } from '../helpers/render.ts';

const WORDS: readonly (readonly [ShownState, string])[] = [
  ['running', 'running'],
  ['asleep', 'asleep'],
  ['off', 'off'],
  ['asking', 'asking'],
  ['quarantined', 'quarantined'],
  ['failed', 'failed'],
  ['needs-server', 'needs a server'],
  ['blocked', 'blocked'],
  ['closed', 'closed'],
];

describe('<cloche-state>', () => {
  it('passes the axe checks in every state', async () => {
    await assertAccessible(
      await renderElement(
        html`<div>${WORDS.map(([state]) => html`<cloche-state .state=${state}></cloche-state>`)}</div>`,
      ),
    );
  });

  it('has a word and a shape of its own for each state, so that colour says nothing alone', async () => {
    const shapes = new Set<string>();
    for (const [state, word] of WORDS) {
      const element = await renderElement<ClocheState>(html`<cloche-state .state=${state}></cloche-state>`);
      assert.equal(textOf(element), word);
      shapes.add(find(element, 'svg').innerHTML.replace(/<!--.*?-->/g, ''));
    }
    assert.equal(shapes.size, WORDS.length);
  });
});
