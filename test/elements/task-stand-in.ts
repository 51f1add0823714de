// The tasks of a host in memory, for tests of <cloche-tasks>.

import { html } from 'lit';
import '../../src/elements/tasks/tasks.ts';
import type { ShownTask } from '../../src/elements/tasks/host-like.ts';
import type { ClocheTasks } from '../../src/elements/tasks/tasks.ts';
import { renderElement, settled } from '../helpers/render.ts';

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

export class FakeTasks extends EventTarget {
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
/** One of each state. */
export const LIST = [
  task({ ...OPEN, id: 'r', state: 'running', progress: { done: 0.4, text: 'accounts \u202e<b>' } }),
  task({ ...OPEN, state: 'running', name: 'x'.repeat(300) }),
  task({ ...OPEN, state: 'pending', startedAt: undefined }),
  task({}),
  task({ state: 'failed', error: { code: 'TIMEOUT', message: 'Export `work` ran longer than 5000 ms' } }),
  task({ state: 'interrupted' }),
];

export async function shownTasks(list = LIST, lang = 'en'): Promise<{ element: ClocheTasks; tasks: FakeTasks }> {
  const tasks = new FakeTasks(list);
  const element = await renderElement<ClocheTasks>(
    html`<cloche-tasks lang=${lang} .host=${{ tasks: async () => tasks }}></cloche-tasks>`,
  );
  await settled(element.parentElement as Element);
  return { element, tasks };
}
