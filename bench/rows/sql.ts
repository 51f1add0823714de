// A database of a component: its first statement, from the snapshot, and a commit; beside PGlite by itself in a worker of the page.

import type { Host, HostCallEvent, Plugin } from '../../src/index.ts';
import { sqlPlugin } from '../../test/helpers/sql-plugin.ts';
import { openHost, type Setting } from '../library.ts';
import { expectEqual, timed } from '../measure.ts';
import { ofBoth, type Row, type Side } from '../row.ts';
import { startedAnew } from '../sides/once.ts';
import { openPglite } from '../sides/pglite.ts';

type Placement = 'memory' | 'durable';

const CREATE = 'create table entries (id int)';
const INSERT = 'insert into entries values (1)';
const COMMIT = 'commit-hasura-transaction';
/** What all of its rows have. */
const BESIDE_PGLITE = {
  unit: 'ms',
  floor: 'PGlite by itself in a plain worker, from the same files',
  against: 'floor',
} as const;

export const sqlFirst = first('sql-first', 'first SQL of a database, with its commit', 'memory');
export const sqlFirstDurable = first('sql-first-durable', 'the same, stored', 'durable');
export const sqlCommit = commit('sql-commit', 'a commit of SQL', 'memory');
export const sqlCommitDurable = commit('sql-commit-durable', 'the same, stored', 'durable');

function first(id: string, name: string, placement: Placement): Row {
  return {
    id,
    name,
    ...BESIDE_PGLITE,
    goals: ofBoth({ bound: 1_200 }),
    rounds: { runs: 10, warmUps: 1 },
    async cloche(setting) {
      const host = await openSqlHost(setting, placement);
      const bytes = await sqlPlugin();
      return {
        async sample() {
          // Another installation has other databases.
          const plugin = await install(host, bytes);
          const took = await timed(() => run(plugin, CREATE));
          await plugin.uninstall({ wipe: true });
          return took;
        },
        close: () => host.close(),
      };
    },
    beside: {
      async floor() {
        return startedAnew(async () => {
          const pglite = await openPglite();
          await pglite.run(CREATE);
          return pglite;
        });
      },
    },
  };
}

function commit(id: string, name: string, placement: Placement): Row {
  return {
    id,
    name,
    ...BESIDE_PGLITE,
    goals: ofBoth({ bound: 3 }),
    async cloche(setting) {
      const host = await openSqlHost(setting, placement);
      const plugin = await install(host, await sqlPlugin());
      await run(plugin, CREATE);
      return {
        sample: () => commitOf(host, () => run(plugin, INSERT)),
        async close() {
          await plugin.uninstall({ wipe: true });
          await host.close();
        },
      };
    },
    beside: { floor: bareCommit },
  };
}

async function bareCommit(): Promise<Side> {
  const pglite = await openPglite();
  await pglite.run(CREATE);
  return {
    async sample() {
      await pglite.run('begin');
      await pglite.run(INSERT);
      return timed(() => pglite.run('commit'));
    },
    close: () => pglite.close(),
  };
}

async function openSqlHost(setting: Setting, placement: Placement): Promise<Host> {
  const { defaultCapabilities, windmillCapabilities } = setting.library;
  const storage = `${setting.storage}-${placement}`;
  const capabilities = [
    ...defaultCapabilities({ storage }),
    ...(await windmillCapabilities({ databases: { storage, placement } })),
  ];
  return openHost(setting, { capabilities, limits: { timeoutMs: 60_000 } });
}

/** One that runs by then. */
async function install(host: Host, bytes: Uint8Array<ArrayBuffer>): Promise<Plugin> {
  const plugin = await host.install(bytes, { id: 'sql', replace: 'wipe', grant: { database: { allow: ['hasura'] } } });
  const outcome = await plugin.call('bare', 'select 1').then(
    () => undefined,
    (thrown: { readonly detail?: string }) => thrown.detail,
  );
  expectEqual(outcome, 'No transaction', 'what a statement outside of a transaction gives');
  return plugin;
}

async function run(plugin: Plugin, sql: string): Promise<void> {
  expectEqual((await plugin.call('run', sql)).text(), '[]', 'what the statement gives');
}

/** What its host function took, until the plugin hears that it is done. */
async function commitOf(host: Host, work: () => Promise<void>): Promise<number> {
  let took: number | undefined;
  const hear = ({ record }: HostCallEvent): void => {
    if (record.name === COMMIT) took = record.durationMs;
  };
  const over = new AbortController();
  host.addEventListener('hostcall', hear, { signal: over.signal });
  await work();
  over.abort();
  if (took === undefined) throw new Error('Expected the plugin to commit');
  return took;
}
