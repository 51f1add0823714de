import { assert } from 'chai';
import type { Host } from '../../src/index.ts';
import { CONTRIBUTION_KINDS, type ContributionKind } from '../../src/manifest/contributions.ts';
import { rejectsCode } from '../helpers/expect-code.ts';
import { guest } from '../helpers/guests.ts';
import { closeHosts, existing, makeHost, uniqueStorage } from '../helpers/hosts.ts';

interface Command {
  readonly id: string;
  readonly keys: readonly string[];
}

const COMMANDS: ContributionKind<Command> = {
  fields: {
    id: CONTRIBUTION_KINDS.schedules.fields.id,
    keys: (item, key) => item.texts(key, 10, { max: 20 }) ?? [],
  },
  unique: ({ id }) => id,
};

const commandsOf = (host: Host, id: string): unknown => Reflect.get(existing(host.get(id)).manifest, 'commands');

describe('a kind of contribution that is one more entry of the table', () => {
  const table = CONTRIBUTION_KINDS as Record<string, unknown>;
  let storage: string;
  let install: (id: string, manifest: object) => Promise<unknown>;

  beforeEach(async () => {
    storage = uniqueStorage();
    const host = await makeHost({ storage });
    install = async (id, manifest) => host.install({ wasm: await guest(), manifest: { id, ...manifest } });
    await install('before', {});
    table.commands = COMMANDS;
  });

  afterEach(async () => {
    delete table.commands;
    await closeHosts();
  });

  it('is read from a manifest, stored, and read from storage by the next page', async () => {
    const commands = [{ id: 'format', keys: ['Ctrl+K'] }];
    await install('after', { commands: [{ id: 'save' }, ...commands] });
    assert.deepEqual(commandsOf(await makeHost({ storage }), 'after'), [{ id: 'save', keys: [] }, ...commands]);
  });

  it('is an empty list for a record from before, and for a plugin without a manifest', async () => {
    const next = await makeHost({ storage });
    await next.open(await guest(), { id: 'bare' });
    assert.deepEqual([commandsOf(next, 'before'), commandsOf(next, 'bare')], [[], []]);
  });

  it('keeps to its rules, and to what no two of a plugin may share', async () => {
    const wrong: [commands: unknown, message: RegExp][] = [
      [[{ id: 'a b' }], /`commands\[0\]\.id` should be 1 to 64 letters/],
      [[{ id: 'a', keys: ['x'.repeat(21)] }], /`commands\[0\]\.keys\[0\]` is longer/],
      [[{ id: 'a', run: 'x' }], /`commands\[0\]\.run` is unknown/],
      [[{ id: 'a' }, { id: 'a' }], /`commands\[1\]\.id` is there twice/],
    ];
    for (const [commands, message] of wrong) {
      await rejectsCode('MANIFEST_INVALID', install('wrong', { commands }), message);
    }
  });
});
