// SQL databases on a real PostgreSQL server, by the reference relay: the same contract as in the page, and what only a server has.

import '../with-resolvers.ts';
import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import pg from 'pg';
import { openRelay } from '../../../src/relay/relay.ts';
import { RelayDriver } from '../../../src/sql/relay/relay-driver.ts';
import type { UsedDatabases } from '../../../src/sql/relay/used-databases.ts';
import type { DatabaseOf } from '../../../src/sql/sql-driver.ts';
import { inTransaction, newDatabase, RULES, sqlContract } from '../../sql/contract.ts';
import { type RelayUnderTest, startRelay, TOKEN, testConfig } from '../relay/relay-under-test.ts';
import { type PostgresServer, postgresPrograms, startPostgresServer } from './postgres-server.ts';

const programs = postgresPrograms();
const SILENT_MS = 3_000;

/** Of one browser. */
function notedInMemory(): UsedDatabases {
  const noted = new Map<string, DatabaseOf['plugin']>();
  return {
    note: async (installation, plugin) => void noted.set(installation, plugin),
    pluginOf: async (installation) => noted.get(installation),
    forget: async (installation) => void noted.delete(installation),
  };
}

describe('PostgreSQL by the relay', {
  skip: programs === undefined && 'PostgreSQL is not installed (apt-get install postgresql)',
}, () => {
  let server: PostgresServer;
  let relay: RelayUnderTest;
  let driver: RelayDriver;
  const used = notedInMemory();
  const newDriver = (): RelayDriver =>
    new RelayDriver(openRelay({ url: relay.server.url, headers: { Authorization: `Bearer ${TOKEN}` } }), used);

  before(async () => {
    server = await startPostgresServer(programs as string);
    const { callers, ...config } = await testConfig();
    const client = new pg.Client({ connectionString: server.url });
    await client.connect();
    await client.query('create role relay login createdb createrole');
    await client.end();
    // No superuser: it has what the README asks for, and no more.
    const url = server.url.replace('postgres@', 'relay@');
    const plugins = {
      ledger: { sql: { databases: ['hasura', 'keycloak'] } },
      other: { sql: { databases: ['hasura'] } },
    };
    relay = await startRelay({
      ...config,
      callers: callers.map((caller) => ({ ...caller, plugins })),
      sql: { url, connections: 2, silentMs: SILENT_MS },
    });
    driver = newDriver();
  });
  after(async () => {
    await relay?.end();
    await server?.stop();
  });

  sqlContract(it, () => driver);

  it('deletes what an earlier page has used, and asks nothing of who has used nothing', async () => {
    const database = newDatabase();
    await inTransaction(driver, database, (ask) => ask('create table kept (id int)'));
    const next = newDriver();
    assert.ok((await next.size(database.installation)) > 0);
    await next.wipe(database.installation);
    assert.deepEqual(await inTransaction(driver, database, (ask) => ask("select to_regclass('kept')::text as kept")), [
      { kept: null },
    ]);
    const nobody = newDatabase().installation;
    assert.equal(await next.size(nobody), 0);
    await next.wipe(nobody);
  });

  it('rolls back a transaction of which nothing is heard', async () => {
    const database = newDatabase();
    await inTransaction(driver, database, (ask) => ask('create table kept (id int)'));
    const transaction = await driver.begin(database, RULES);
    await transaction.execute('insert into kept values (1)', [], RULES);
    // Longer than the relay waits.
    await new Promise((wake) => setTimeout(wake, SILENT_MS * 2));
    await assert.rejects(transaction.execute('select 1', [], RULES), { code: 'ABORTED' });
    assert.deepEqual(await inTransaction(driver, database, (ask) => ask('select * from kept')), []);
  });

  it('gives a plugin no more connections than it may have, and those of others stay theirs', async () => {
    const database = newDatabase();
    const taken = [await driver.begin(database, RULES), await driver.begin(database, RULES)];
    const patience = AbortSignal.timeout(500);
    await assert.rejects(driver.begin(database, { ...RULES, signal: patience }), { code: 'RELAY_FAILED' });
    await inTransaction(driver, newDatabase(), (ask) => ask('select 1'));
    for (const transaction of taken) await transaction.rollback();
  });

  it('M6: cuts off one row that is larger than an answer may be, before all of it is there', async () => {
    const transaction = await driver.begin(newDatabase(), RULES);
    const before = process.memoryUsage().arrayBuffers;
    let most = 0;
    const watch = setInterval(() => {
      most = Math.max(most, process.memoryUsage().arrayBuffers - before);
    }, 5);
    const large = transaction.execute("select repeat('x', 300000000)", [], RULES);
    await assert.rejects(large, { code: 'OUTPUT_TOO_LARGE' });
    clearInterval(watch);
    assert.ok(most < 64 << 20, `${most} bytes`);
    await transaction.rollback();
  });

  it('makes again what another relay has deleted', async () => {
    const database = newDatabase();
    const [made] = await inTransaction(driver, database, (ask) => ask('select current_database() as name'));
    const client = new pg.Client({ connectionString: server.url });
    await client.connect();
    await client.query(`drop database ${(made as { name: string }).name} with (force)`);
    await client.end();
    assert.deepEqual(await inTransaction(driver, database, (ask) => ask('select 1 as one')), [{ one: 1 }]);
  });

  it('lets a role connect to its own databases alone, and grants no database that the operator has not', async () => {
    await inTransaction(driver, newDatabase(), (ask) => ask('select 1'));
    await inTransaction(driver, newDatabase(), (ask) => ask('select 1'));
    const client = new pg.Client({ connectionString: server.url });
    await client.connect();
    const { rows } = await client.query(
      `select count(*)::int as foreign from pg_roles r, pg_database d
        where r.rolname like 'cloche%' and d.datname like 'cloche%' and d.datname not like r.rolname || '%'
        and has_database_privilege(r.rolname, d.datname, 'connect')`,
    );
    await client.end();
    assert.deepEqual(rows, [{ foreign: 0 }]);
    const of = { ...newDatabase('keycloak'), plugin: { id: 'other', version: '1' } };
    await assert.rejects(driver.begin(of, RULES), { code: 'RELAY_FAILED' });
  });
});
