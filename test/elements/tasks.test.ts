import { assert } from 'chai';
import { html } from 'lit';
import '../../src/elements/tasks/tasks.ts';
import type { ShownTask } from '../../src/elements/tasks/host-like.ts';
import type { ClocheTasks } from '../../src/elements/tasks/tasks.ts';
import { assertAccessible } from '../helpers/axe.ts';
import { find, renderElement, settled, textOf, until } from '../helpers/render.ts';

const task = (fields: Partial<ShownTask>): ShownTask => ({
  id: crypto.randomUUID(),
  name: 'post-entries',
  plugins: ['ledger'],
  state: 'complete',
  progress: { done: undefined, text: '' },
  createdAt: 1,
  startedAt: 1_000,
  endedAt: 3_500,
  error: undefined,
  ...fields,
});

class FakeTasks extends EventTarget {
  list: readonly ShownTask[];
  readonly cancelled: string[] = [];

  constructor(list: readonly ShownTask[]) {
    super();
    this.list = list;
  }

  cancel(id: string): void {
    this.cancelled.push(id);
    this.show(this.list.map((one) => (one.id === id ? { ...one, state: 'failed' as const } : one)));
  }

  async clear(): Promise<void> {
    this.show(this.list.filter(({ state }) => state === 'running'));
  }

  show(list: readonly ShownTask[]): void {
    this.list = list;
    this.dispatchEvent(new Event('taskchange'));
  }
}

const OPEN = { endedAt: undefined } as const;
const LIST = [
  task({ ...OPEN, id: 'r', state: 'running', progress: { done: 0.4, text: 'accounts \u202e<b>' } }),
  task({ ...OPEN, state: 'running', name: 'x'.repeat(300) }),
  task({ ...OPEN, state: 'pending', startedAt: undefined }),
  task({}),
  task({ state: 'failed', error: { code: 'TIMEOUT', message: 'Export `work` ran longer than 5000 ms' } }),
  task({ state: 'interrupted' }),
];

async function shown(list = LIST, lang = 'en'): Promise<{ element: ClocheTasks; tasks: FakeTasks }> {
  const tasks = new FakeTasks(list);
  const element = await renderElement<ClocheTasks>(
    html`<cloche-tasks lang=${lang} .host=${{ tasks: async () => tasks }}></cloche-tasks>`,
  );
  await settled(element.parentElement as Element);
  return { element, tasks };
}

describe('<cloche-tasks>', () => {
  it('is accessible with tasks of every state, and with none', async () => {
    const { element, tasks } = await shown();
    await assertAccessible(element);
    tasks.show([]);
    await settled(element.parentElement as Element);
    assert.include(textOf(element), 'No task has run yet.');
    await assertAccessible(element);
  });

  it('names each state, says how far it is, and why one failed', async () => {
    const { element } = await shown();
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

  it('stops one by its button, forgets what is over, and keeps the focus', async () => {
    const { element, tasks } = await shown();
    const stop = find<HTMLButtonElement>(element, 'button[aria-label="Stop post-entries"]');
    stop.focus();
    stop.click();
    await settled(element.parentElement as Element);
    assert.deepEqual(tasks.cancelled, ['r']);
    assert.equal(element.shadowRoot?.activeElement?.localName, 'h2');
    find<HTMLButtonElement>(element, 'header button').click();
    await settled(element.parentElement as Element);
    assert.equal(tasks.list.length, 1);
  });

  it('speaks German where the page does', async () => {
    const { element } = await shown(LIST, 'de-CH');
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
