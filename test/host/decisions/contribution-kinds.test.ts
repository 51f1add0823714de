import { assert } from 'chai';
import type { Host } from '../../../src/index.ts';
import { CONTRIBUTION_KEYS } from '../../../src/manifest/contributions.ts';
import { CONTRIBUTION_KINDS, type ContributionKind } from '../../../src/manifest/read-contributions.ts';
import { rejectsCode } from '../../helpers/expect-code.ts';
import { guest } from '../../helpers/guests.ts';
import { closeHosts, existing, makeHost, uniqueStorage } from '../../helpers/hosts.ts';

interface Task {
  readonly id: string;
  readonly keys: readonly string[];
}

const TASKS: ContributionKind<Task> = {
  fields: {
    id: CONTRIBUTION_KINDS.schedules.fields.id,
    keys: (item, key) => item.texts(key, 10, { max: 20 }) ?? [],
  },
  unique: ({ id }) => id,
};

const tasksOf = (host: Host, id: string): unknown => Reflect.get(existing(host.get(id)).manifest, 'tasks');

describe('a kind of contribution that is one more key, and one more entry of the table', () => {
  const keys = CONTRIBUTION_KEYS as unknown as string[];
  const table = CONTRIBUTION_KINDS as Record<string, unknown>;
  let storage: string;
  let install: (id: string, manifest: object) => Promise<unknown>;

  beforeEach(async () => {
    storage = uniqueStorage();
    const host = await makeHost({ storage });
    install = async (id, manifest) => host.install({ wasm: await guest(), manifest: { id, ...manifest } });
    await install('before', {});
    table.tasks = TASKS;
    keys.push('tasks');
  });

  afterEach(async () => {
    delete table.tasks;
    keys.pop();
    await closeHosts();
  });

  it('is read from a manifest, stored, and read from storage by the next page', async () => {
    const tasks = [{ id: 'format', keys: ['Ctrl+K'] }];
    await install('after', { tasks: [{ id: 'save' }, ...tasks] });
    assert.deepEqual(tasksOf(await makeHost({ storage }), 'after'), [{ id: 'save', keys: [] }, ...tasks]);
  });

  it('is an empty list for a record from before, and for a plugin without a manifest', async () => {
    const next = await makeHost({ storage });
    await next.open(await guest(), { id: 'bare' });
    assert.deepEqual([tasksOf(next, 'before'), tasksOf(next, 'bare')], [[], []]);
  });

  it('keeps to its rules, and to what no two of a plugin may share', async () => {
    const wrong: [tasks: unknown, message: RegExp][] = [
      [[{ id: 'a b' }], /`tasks\[0\]\.id` should be 1 to 64 letters/],
      [[{ id: 'a', keys: ['x'.repeat(21)] }], /`tasks\[0\]\.keys\[0\]` is longer/],
      [[{ id: 'a', run: 'x' }], /`tasks\[0\]\.run` is unknown/],
      [[{ id: 'a' }, { id: 'a' }], /`tasks\[1\]\.id` is there twice/],
    ];
    for (const [tasks, message] of wrong) {
      await rejectsCode('MANIFEST_INVALID', install('wrong', { tasks }), message);
    }
  });
});
