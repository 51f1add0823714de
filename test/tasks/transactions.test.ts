// A task that is ended within a transaction, by somebody or with its page: nothing of it is there.

import { assert } from 'chai';
import { defaultCapabilities, type Host, type TaskHandle, windmillCapabilities } from '../../src/index.ts';
import { rejectsCode } from '../helpers/expect-code.ts';
import { closeHosts, eventually, existing, makeHost, uniqueStorage } from '../helpers/hosts.ts';
import { sqlTaskPlugin } from '../helpers/sql-plugin.ts';
import { closeTabs, openTab } from '../host/open-tab.ts';

const PLUGIN = 'books';
const GRANT = { database: { allow: ['hasura'] } };
const COUNT = 'select count(*)::int as count from entries';
const INSERT = 'insert into entries select generate_series(1, 1000)';

const run = async (host: Host, sql: string): Promise<string> =>
  (await existing(host.get(PLUGIN)).call('run', sql, { timeoutMs: 60_000 })).text();

/** Begins the task, and resolves when its statement was run. */
async function halfWritten(host: Host): Promise<TaskHandle> {
  const { promise, resolve } = Promise.withResolvers<void>();
  host.addEventListener('hostcall', ({ record: { name, outcome } }) => {
    if (name === 'execute-hasura-query' && outcome === 'ok') resolve();
  });
  const task = await host.task('spin', INSERT, { timeoutMs: 60_000 });
  await promise;
  return task;
}

describe('a task within a transaction', function () {
  this.timeout(180_000);
  afterEach(closeTabs);
  afterEach(closeHosts);

  it('leaves nothing of it when it is stopped, and is interrupted when its page goes without a word', async () => {
    const storage = uniqueStorage();
    const { host: first } = await openTab(storage, 'durable');
    if (first.environment.hostCalls === 'none') return;
    await first.install(await sqlTaskPlugin(PLUGIN), { grant: GRANT });
    await run(first, 'create table entries (id int)');
    const stopped = await halfWritten(first);
    stopped.cancel();
    // Of another realm, as all that comes of that tab.
    assert.equal(await stopped.result.catch(({ code }: { code: string }) => code), 'ABORTED');
    assert.equal(await run(first, COUNT), '[{"count":0}]');
    assert.equal(await run(first, 'insert into entries values (0) returning id'), '[{"id":0}]');
    const { id } = await halfWritten(first);
    const databases = await windmillCapabilities({ databases: { storage, placement: 'durable' } });
    const capabilities = [...defaultCapabilities({ storage }), ...databases];
    const next = await makeHost({ storage, capabilities, limits: { timeoutMs: 60_000 } });
    const tasks = await next.tasks();
    assert.equal(tasks.get(id)?.state, 'running');
    closeTabs();
    await eventually(() => tasks.get(id)?.state === 'interrupted', 'the task to be interrupted', 20_000);
    assert.equal(await run(next, COUNT), '[{"count":1}]');
    await rejectsCode('EXPORT_MISSING', next.task('none'));
  });
});
