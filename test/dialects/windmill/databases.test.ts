// Transactions of plugins of Windmill, from the guest to the database and back: docs/contracts/windmill.md.

import { assert } from 'chai';
import {
  type ClocheError,
  type DatabaseTable,
  defaultCapabilities,
  type Host,
  type Plugin,
  type PluginDatabases,
  windmillCapabilities,
} from '../../../src/index.ts';
import { rejectsCode } from '../../helpers/expect-code.ts';
import { closeHosts, eventually, makeHost, uniqueStorage } from '../../helpers/hosts.ts';
import { sqlPlugin } from '../../helpers/sql-plugin.ts';

const GRANT = { database: { allow: ['hasura'] }, vault: true };
/** Of no end and of no size: one that keeps rows is out of room before its time is over, where the machine is quick. */
const ENDLESS = 'do $$ begin loop end loop; end $$';

describe('a database of a plugin of Windmill', function () {
  this.timeout(110_000);
  let host: Host;
  let plugin: Plugin;
  const lines: string[] = [];
  const progress: number[] = [];
  const { reportError } = globalThis;

  before(async () => {
    // What the app throws that is told how far loading is concerns no plugin.
    const onProgress = ({ done }: { done: number }): void => {
      progress.push(done);
      throw new Error('the fault of the app');
    };
    globalThis.reportError = () => undefined;
    const capabilities = await windmillCapabilities({ databases: { storage: uniqueStorage(), onProgress } });
    host = await makeHost({ capabilities: [...defaultCapabilities(), ...capabilities], limits: { timeoutMs: 60_000 } });
    host.addEventListener('log', ({ record }) => lines.push(record.text));
    plugin = await host.install(await sqlPlugin(), { id: 'ledger', grant: GRANT });
  });
  after(() => {
    globalThis.reportError = reportError;
    return closeHosts();
  });

  const lacksHostCalls = (): boolean => host.environment.hostCalls === 'none';
  /** What its export gives, or its error. */
  const ask = async (name: string, text: string, of = plugin): Promise<string> => {
    try {
      return (await of.call(name, text)).text();
    } catch (thrown) {
      const { code, detail } = thrown as ClocheError;
      return detail ?? code;
    }
  };

  it('is loaded with its first use, keeps what is committed, and says what is wrong in the words of the contract', async () => {
    if (lacksHostCalls()) return;
    assert.isEmpty(progress);
    assert.equal(await ask('bare', 'select 1'), 'No transaction');
    assert.equal(await ask('run', 'create table entries (id int primary key, at timestamptz)'), '[]');
    assert.isNotEmpty(progress);
    assert.equal(
      await ask('run', "insert into entries values (1, '2024-02-29 12:00+00') returning *"),
      '[{"id":1,"at":"2024-02-29T12:00:00+00:00"}]',
    );
    assert.equal(await ask('run', 'select * from entries'), '[{"id":1,"at":"2024-02-29T12:00:00+00:00"}]');
    assert.equal(
      await ask('run', 'select * from nowhere'),
      'Hasura query failed: db error: ERROR: relation "nowhere" does not exist',
    );
    assert.match(await ask('run', '/* a /* b */ */ commit'), /^Hasura query failed: `commit` is not run/);
    assert.match(await ask('run', "copy entries to program 'true'"), /^Hasura query failed: `copy` is not run/);
  });

  it('rolls back what a call leaves open, whether it returns, traps or is ended, and tells the author', async () => {
    if (lacksHostCalls()) return;
    lines.length = 0;
    const spins = plugin.call('spin', 'insert into entries values (4)', { timeoutMs: 1_500 });
    assert.propertyVal(await spins.catch((thrown: unknown) => thrown), 'code', 'TIMEOUT');
    assert.equal(await ask('leave', 'insert into entries values (2)'), '[]');
    assert.match(await ask('trap', 'insert into entries values (3)'), /unreachable/);
    assert.equal(await ask('run', 'select count(*) from entries'), '[{"count":1}]');
    const told = lines.filter((text) => text.includes('The transaction on `hasura` was open when its call ended'));
    assert.lengthOf(told, 3);
    assert.equal(await ask('bare', 'select 1'), 'No transaction');
  });

  it('ends a statement without an end with its call, opens again, and lets others go on meanwhile', async () => {
    if (lacksHostCalls()) return;
    const other = await host.install(await sqlPlugin(), { id: 'other', grant: GRANT });
    // Stored half a second after its commit, else it would be gone with what is ended.
    assert.equal(await ask('run', "select set_config('cloche.durable', 'on', true)"), '[{"set_config":"on"}]');
    assert.equal(await ask('run', 'select 0 as open', other), '[{"open":0}]');
    let isOver = false;
    const endless = plugin.call('run', ENDLESS, { timeoutMs: 2_500 }).catch((thrown: unknown) => {
      isOver = true;
      return thrown;
    });
    assert.equal(await ask('run', 'select 1 as one', other), '[{"one":1}]');
    assert.isFalse(isOver);
    const ended = await endless;
    assert.match(
      `${(ended as ClocheError).code} ${(ended as ClocheError).detail}`,
      /TIMEOUT|took too long|did not answer within/,
    );
    assert.equal(await ask('run', 'select count(*) from entries'), '[{"count":1}]');
  });

  it('keeps secrets encrypted', async () => {
    if (lacksHostCalls()) return;
    assert.equal(await ask('read', ''), '');
    assert.equal(await ask('save', 'open sesame'), 't');
    assert.equal(await ask('read', ''), 'open sesame');
    const [row] = JSON.parse(await ask('run', 'select * from cloche_vault')) as { sealed: string }[];
    assert.match(String(row?.sealed), /^(?:1|memory)\./);
    assert.notInclude(String(row?.sealed), 'sesame');
  });

  it('answers ready-made queries with rows as JSON', async () => {
    if (lacksHostCalls()) return;
    assert.match(
      await ask('election', 'e'),
      /^Failed to get election event by id: db error: ERROR: relation "sequent_backend.election_event" does not exist/,
    );
    await ask('run', 'create schema sequent_backend');
    await ask('run', 'create table sequent_backend.election_event (tenant_id text, id text, annotations jsonb)');
    assert.match(await ask('election', 'e'), /^Failed to get election event by id: no row was found$/);
    await ask('run', `insert into sequent_backend.election_event values ('t', 'e', '{"a":1}')`);
    assert.deepEqual(JSON.parse(await ask('election', 'e')), { tenant_id: 't', id: 'e', annotations: { a: 1 } });
  });

  it('is listed without being opened, and read by whoever looks, who waits for the transaction of a call', async () => {
    if (lacksHostCalls()) return;
    const idle = await host.install(await sqlPlugin(), { id: 'idle', grant: GRANT });
    const nothing = await (await idle.databases())?.list();
    assert.deepEqual(
      nothing?.databases.map(({ name, state, bytes, placement, quotaBytes }) => [
        name,
        state,
        bytes,
        placement,
        quotaBytes,
      ]),
      [['hasura', 'empty', 0, 'memory', 64 << 20]],
    );
    assert.deepEqual((await (await idle.databases())?.tables('hasura'))?.tables, []);
    await idle.uninstall({ wipe: true });

    const databases = (await plugin.databases()) as PluginDatabases;
    const [found] = (await databases.list()).databases;
    assert.deepEqual([found?.name, found?.state, found?.problem], ['hasura', 'open', undefined]);
    const spins = plugin.call('spin', 'insert into entries values (7)', { timeoutMs: 1_500 }).catch(() => undefined);
    await eventually(async () => plugin.state === 'running', 'the call to run');
    const { tables } = await databases.tables('hasura');
    await spins;
    const entries = tables.find(({ name }) => name === 'entries') as DatabaseTable;
    assert.deepEqual([entries.schema, entries.count], ['public', { rows: 1, how: 'exact' }]);
    const { columns, rows } = await databases.rows('hasura', entries);
    assert.deepEqual(
      [columns.map(({ type }) => type), rows.map((row) => row.map(({ text }) => text))],
      [['integer', 'timestamp with time zone'], [['1', '2024-02-29 12:00:00+00']]],
    );
    await rejectsCode('OPTION_INVALID', databases.tables('another'));
    await rejectsCode('OPTION_INVALID', databases.rows('hasura', { schema: 'public', name: 'nowhere' }));
    await ask('run', 'create view broken as select 1 / (id - 1) from entries');
    await rejectsCode(
      'PLUGIN_ERROR',
      databases.rows('hasura', { schema: 'public', name: 'broken' }),
      /division by zero/,
    );
    assert.equal(await ask('run', 'select count(*) from entries'), '[{"count":1}]');
  });

  it('goes along with what the plugin keeps, all of it or nothing', async () => {
    if (lacksHostCalls()) return;
    await ask('run', 'create table moved (id int)');
    const file = await plugin.exportData();
    const other = await host.install(await sqlPlugin(), { id: 'next', grant: GRANT });
    await ask('run', 'create table old (id int)', other);
    const tables = () =>
      ask('run', "select to_regclass('moved')::text as moved, to_regclass('old')::text as old", other);
    const { put } = IDBObjectStore.prototype;
    IDBObjectStore.prototype.put = function (this: IDBObjectStore, value: unknown, key?: IDBValidKey) {
      if (this.transaction.db.name.includes(':kv:')) throw new DOMException('full', 'QuotaExceededError');
      return put.call(this, value, key);
    };
    try {
      const failed = await other.importData(file, { from: 'ledger' }).catch((thrown: unknown) => thrown);
      assert.propertyVal(failed, 'code', 'STORAGE_FAILED');
    } finally {
      IDBObjectStore.prototype.put = put;
    }
    assert.equal(await tables(), '[{"moved":null,"old":"old"}]');
    await other.importData(file, { from: 'ledger' });
    assert.equal(await tables(), '[{"moved":"moved","old":null}]');
    await other.uninstall({ wipe: true });
  });

  it('counts what is stored, and deletes it with the plugin', async () => {
    if (lacksHostCalls()) return;
    const database = host.capabilities.find(({ name }) => name === 'database');
    const { installation } = plugin;
    await eventually(async () => ((await database?.usage?.(installation)) ?? 0) > 0, 'something to be stored');
    await plugin.uninstall({ wipe: true });
    assert.equal(await database?.usage?.(installation), 0);
  });
});
