import { assert } from 'chai';
import { html } from 'lit';
import type { ClocheTasks } from '../../../src/elements/tasks/tasks.ts';
import { assertAccessible } from '../../helpers/axe.ts';
import { find, renderElement, settled, textOf, until } from '../../helpers/render.ts';
import { FakeTasks, LIST, shownTasks } from '../task-stand-in.ts';

describe('<cloche-tasks>', () => {
  it('is accessible with tasks of every state, and with none', async () => {
    const { element, tasks } = await shownTasks();
    await assertAccessible(element);
    tasks.show([]);
    await settled(element.parentElement as Element);
    assert.include(textOf(element), 'No task has run yet.');
    await assertAccessible(element);
  });

  it('names each state, says how far it is, and why one failed', async () => {
    const { element } = await shownTasks();
    const bar = find(element, '[role=progressbar]');
    assert.deepEqual(
      [bar.getAttribute('aria-valuenow'), bar.getAttribute('aria-label')],
      ['40', 'Progress of post-entries'],
    );
    const text = textOf(element);
    for (const word of [
      'waiting',
      'running',
      'complete',
      'interrupted',
      'took 2.5 s',
      'ran longer than 5000 ms',
      '3 under way',
    ]) {
      assert.include(text, word);
    }
    assert.notInclude(text, '\u202e');
    assert.isNull(element.shadowRoot?.querySelector('li b') ?? null);
    assert.isAtMost(element.scrollWidth, element.clientWidth, 'a long name does not widen it');
  });

  it('speaks German where the page does', async () => {
    const { element } = await shownTasks(LIST, 'de-CH');
    await until(() => textOf(element).includes('Aufgaben'), 'the German words');
    for (const word of ['Aufgaben', 'wartet', 'läuft', 'fertig', 'fehlgeschlagen', 'unterbrochen', '3 in Arbeit']) {
      assert.include(textOf(element), word);
    }
  });

  it('says what it cannot read, and tries again', async () => {
    let isBroken = true;
    const tasks = new FakeTasks([]);
    const host = { tasks: async () => (isBroken ? Promise.reject(new Error('the disk is full')) : tasks) };
    const element = await renderElement<ClocheTasks>(html`<cloche-tasks .host=${host}></cloche-tasks>`);
    await settled(element.parentElement as Element);
    assert.include(textOf(element), 'the disk is full');
    isBroken = false;
    find<HTMLButtonElement>(element, '[role=alert] button').click();
    await settled(element.parentElement as Element);
    await new Promise((wake) => setTimeout(wake));
    await settled(element.parentElement as Element);
    assert.include(textOf(element), 'No task has run yet.');
  });
});
