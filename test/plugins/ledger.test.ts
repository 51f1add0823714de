// plugins/ledger from its built component: its hook, its route and its task, and what each says where no database is offered.

import { assert } from 'chai';
import { defaultCapabilities, type Host, type Plugin, windmillCapabilities } from '../../src/index.ts';
import { rejectsCode } from '../helpers/expect-code.ts';
import { closeHosts, existing, makeHost, uniqueStorage } from '../helpers/hosts.ts';

const COMPONENT = new URL('/plugins/ledger/dist/plugin.wasm', location.href);
const MISSING =
  '`plugins-manager:transactions-manager/transaction/create-hasura-transaction` is not offered by this host';

describe('ledger', () => {
  const storage = uniqueStorage();
  let host: Host;
  let plugin: Plugin;
  before(async function () {
    // What transpiles is built when it is first asked for.
    this.timeout(120_000);
    host = await makeHost({ storage });
    plugin = await host.install(COMPONENT);
  });
  after(closeHosts);

  it('says what it is called, and which hook, routes and task it has', () => {
    const { id, manifest } = plugin;
    assert.deepInclude(manifest, { dialect: 'windmill', name: 'ledger' });
    assert.equal(id, 'ledger');
    assert.sameDeepMembers(
      [...manifest.handlers],
      [
        { use: 'hook', handler: 'entry-shown', path: undefined },
        { use: 'endpoint', handler: 'post-entry', path: '/post' },
        { use: 'endpoint', handler: 'close-books', path: '/close' },
        { use: 'task', handler: 'close-books', path: undefined },
        { use: 'task', handler: 'close-books', path: undefined },
      ],
    );
  });

  it('counts by its hook what it is shown, and keeps that from call to call', async () => {
    const value = async (text: string): Promise<unknown> => (await host.hook('entry-shown', text))[0]?.value;
    for (let n = 1; n <= 12; n++) assert.deepEqual(await value('rent'), { tag: 'ok', val: `{"shown":${n}}` });
    assert.deepEqual(await value(''), { tag: 'err', val: 'An entry has some text' });
  });

  it('hands on what the database says, by its route and as a task', async () => {
    const door = { method: 'POST', body: JSON.stringify({ path: '/ledger/post', data: { amount: 1 } }) };
    const answer = await host.fetch('/plugin', door);
    assert.equal(answer.status, 500);
    assert.include(await answer.text(), `Plugin hook error: ${MISSING}`);
    const task = await host.task('close-books', '{}');
    await rejectsCode('PLUGIN_ERROR', task.result);
    const { state, error } = (await host.tasks()).get(task.id) ?? {};
    assert.deepEqual(
      [state, error?.message],
      ['failed', `Failed to call task close-books in plugin ledger: ${MISSING}`],
    );
  });

  it('keeps entries, and closes them by its task, in a database of its own', async function () {
    this.timeout(120_000);
    const capabilities = [...defaultCapabilities(), ...(await windmillCapabilities({ databases: {} }))];
    await host.close();
    // On the storage of the first, where it is made ready already.
    const own = await makeHost({ storage, capabilities, limits: { timeoutMs: 60_000 } });
    // Without host calls a transaction cannot be waited for.
    if (own.environment.hostCalls === 'none') return;
    await existing(own.get('ledger')).configure({ grant: { database: { allow: ['hasura'] } } });
    const post = async (): Promise<unknown> => {
      const body = JSON.stringify({ path: '/ledger/post', data: { amount: 1 } });
      const answer = await own.fetch('/plugin', { method: 'POST', body });
      return answer.ok ? answer.json() : answer.text();
    };
    assert.deepEqual(await post(), { data: [{ entries: 1 }] });
    assert.deepEqual(await post(), { data: [{ entries: 2 }] });
    const close = async (): Promise<unknown> => (await (await own.task('close-books', '{}')).result)[0]?.value;
    assert.equal(await close(), '[{"closed":2}]');
    assert.equal(await close(), '[{"closed":0}]');
  });
});
