// SQL databases on a real PostgreSQL server, by the reference relay: the same contract as in the page, and what only a server has.

import '../with-resolvers.ts';
import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import pg from 'pg';
import type { PostgresConfig } from '../../../demo/relay/node/sql/config.ts';
import { createPostgres } from '../../../demo/relay/node/sql/postgres.ts';
import { connectionTo, Provider, passwordKey } from '../../../demo/relay/node/sql/provide.ts';
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
  let relayUrl: string;
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
    relayUrl = server.url.replace('postgres@', 'relay@');
    const plugins = {
      ledger: { sql: { databases: ['hasura', 'keycloak'] } },
      other: { sql: { databases: ['hasura'] } },
    };
    relay = await startRelay({
      ...config,
      callers: callers.map((caller) => ({ ...caller, plugins })),
      sql: { url: relayUrl, connections: 2, silentMs: SILENT_MS },
    });
    driver = newDriver();
  });
  after(async () => {
    await relay?.end();
    await server?.stop();
  });

  async function asSuperuser<T>(
    run: (query: (sql: string) => Promise<Record<string, unknown>[]>) => Promise<T>,
  ): Promise<T> {
    const client = new pg.Client({ connectionString: server.url });
    await client.connect();
    try {
      return await run(async (sql) => (await client.query(sql)).rows);
    } finally {
      await client.end();
    }
  }

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

  it('says of a commit that was cut off that nobody knows whether it was done', async () => {
    const database = newDatabase();
    await inTransaction(driver, database, async (ask) => {
      await ask('create table kept (id int)');
      await ask(
        "create function wait() returns trigger language plpgsql as 'begin perform pg_sleep(60); return null; end'",
      );
      await ask(`create constraint trigger slow after insert on kept deferrable initially deferred
        for each row execute function wait()`);
    });
    const transaction = await driver.begin(database, RULES);
    await transaction.execute('insert into kept values (1)', [], RULES);
    const committed = assert.rejects(transaction.commit(RULES), {
      code: 'RELAY_FAILED',
      message: /did not say in time whether .* is committed/,
    });
    await asSuperuser(async (query) => {
      const cut = `select count(pg_terminate_backend(pid))::int as cut from pg_stat_activity
        where usename like 'cloche%' and query = 'commit' and state = 'active'`;
      while ((await query(cut))[0]?.cut === 0) await new Promise((wake) => setTimeout(wake, 20));
    });
    await committed;
    assert.equal(transaction.isOpen, false);
    assert.deepEqual(await inTransaction(driver, database, (ask) => ask('select * from kept')), []);
  });

  describe('within the limits of its operator', () => {
    const LIMITS = {
      connections: 2,
      totalConnections: 3,
      databases: 1_000,
      databaseBytes: 16 << 20,
      answerBytes: 10_000,
      silentMs: 10_000,
    };
    const open: { close(): Promise<void> }[] = [];
    after(() => Promise.all(open.map((one) => one.close())));
    let count = 0;
    const { signal } = RULES;
    const newOwner = () => ({ caller: 'app', plugin: 'ledger', installation: `limits${count++}` });

    /** Statements of one owner, each with a key of its own. */
    function started(changes: Partial<typeof LIMITS> = {}) {
      const sessions = createPostgres({ ...LIMITS, url: relayUrl, ...changes }, (error) => assert.fail(String(error)));
      open.push(sessions);
      const begin = (owner = newOwner(), isTemporary = false) =>
        sessions.begin(owner, 'hasura', { signal, isTemporary });
      const ask = (owner: ReturnType<typeof newOwner>, id: string, sql: string, key: string = crypto.randomUUID()) =>
        sessions.execute(owner, id, { sql, params: [], key, mostBytes: 1 << 20 }, signal);
      const run = async (owner: ReturnType<typeof newOwner>, ...statements: string[]) => {
        const id = await begin(owner);
        const answers = [];
        for (const sql of [...statements, 'commit']) answers.push(await ask(owner, id, sql));
        return answers;
      };
      return { sessions, begin, ask, run };
    }

    it('answers a commit that is asked for again with the same key as it did before, and to its owner alone', async () => {
      const { begin, ask } = started();
      const owner = newOwner();
      const id = await begin(owner);
      const key = crypto.randomUUID();
      const done = await ask(owner, id, 'commit', key);
      assert.deepEqual(done, { columns: [], rows: [] });
      assert.deepEqual(await ask(owner, id, 'commit', key), done);
      assert.equal(await ask(owner, id, 'commit'), undefined);
      assert.equal(await ask(newOwner(), id, 'commit', key), undefined);
    });

    it('M6: ends a statement that fills its disk, takes no commit beyond it, and lets a database be made smaller', async (test) => {
      const { run } = started();
      const rows = (megabytes: number) =>
        `insert into kept select repeat(md5(n::text), 32) from generate_series(1, ${megabytes * 1_000}) n`;
      const table = 'create table kept (text text)';
      const ended = newOwner();
      await run(ended, table);
      assert.deepEqual((await run(ended, rows(2_000)))[0], { ended: 'full' });
      // Too quick for a look at it.
      test.mock.timers.enable({ apis: ['setInterval'] });
      const owner = newOwner();
      await run(owner, table, rows(4));
      const refused = (await run(owner, rows(12))).at(-1);
      assert.ok(refused && 'refused' in refused, JSON.stringify(refused));
      assert.equal(refused.refused.code, '53100');
      for (const sql of ['select count(*) from kept', 'truncate kept', rows(1)]) {
        const last = (await run(owner, sql)).at(-1);
        assert.ok(last && 'rows' in last, `${sql}: ${JSON.stringify(last)}`);
      }
    });

    it('M6: has its own limit of an answer, whatever a page says', async () => {
      const { run } = started();
      assert.deepEqual((await run(newOwner(), "select repeat('x', 20000)"))[0], { ended: 'large' });
      assert.deepEqual((await run(newOwner(), 'select from generate_series(1, 2000)'))[0], { ended: 'large' });
    });

    it('gives all plugins together no more connections and databases than there may be', async () => {
      const { begin, sessions } = started({ totalConnections: 2 });
      const [first, second] = [newOwner(), newOwner()];
      const id = await begin(first);
      await begin(second);
      await assert.rejects(begin(), { code: 'unavailable', message: /all its SQL connections/ });
      await sessions.rollback(first, id);
      await begin(first);
      const full = started({ databases: 1 });
      await assert.rejects(full.begin(), { code: 'unavailable', message: /all the databases/ });
      await full.begin(second);
    });

    it('deletes what is temporary a day after it was used last, and nothing else', async () => {
      const { begin, sessions } = started();
      const [fleeting, used, kept] = [newOwner(), newOwner(), newOwner()];
      const ids = [await begin(fleeting, true), await begin(used, true), await begin(kept)];
      await sessions.rollback(fleeting, ids[0] as string);
      await sessions.rollback(kept, ids[2] as string);
      const sizes = () =>
        Promise.all([fleeting, used, kept].map(async (owner) => (await sessions.size(owner, ['hasura'])) > 0));
      await sessions.sweep(Date.now() + 23 * 3_600_000);
      assert.deepEqual(await sizes(), [true, true, true]);
      await sessions.sweep(Date.now() + 25 * 3_600_000);
      assert.deepEqual(await sizes(), [false, true, true]);
    });
  });
});

describe('passwords of roles', () => {
  it('follow from a secret, and from no URL that is none', () => {
    const url = 'postgres://relay@localhost/postgres';
    assert.notDeepEqual(passwordKey({ url }), passwordKey({ url }));
    assert.ok(!String(passwordKey({ url })).includes('localhost'));
    assert.equal(passwordKey({ url, secret: 'of the operator' }), 'of the operator');
    const withPassword = url.replace('@', ':hidden@');
    assert.equal(passwordKey({ url: withPassword }), withPassword);
  });
});

describe('connections of plugins', () => {
  const as = { user: 'cloche_a', password: 'of the role' };
  for (const [url, host] of [
    ['postgres://relay:hidden@db.example/postgres', 'db.example'],
    ['postgres://db.example/postgres?user=relay&password=hidden', 'db.example'],
    ['postgres:///postgres?host=/run/postgresql', '/run/postgresql'],
  ] as const) {
    it(`N11: are of the plugin's own role, wherever the operator's name stands: ${url}`, () => {
      const client = new pg.Client({ connectionString: connectionTo(url, 'cloche_a_hasura', as) });
      const { user, password, database } = client;
      assert.deepEqual([user, password, database, client.host], [as.user, as.password, 'cloche_a_hasura', host]);
    });
  }
});

describe('what is temporary', () => {
  it('is deleted also where something of another plugin cannot be', async () => {
    const [dropped, reported]: [string[], unknown[]] = [[], []];
    const rows = ['cloche_a', 'cloche_b'].map((role) => ({ role, note: 'temporary, used last at 0', databases: [] }));
    const admin = {
      async query(sql: string) {
        if (sql.includes('pg_roles')) return { rows };
        if (sql.includes('cloche_a')) throw new Error('it is used elsewhere');
        dropped.push(sql);
        return { rows: [] };
      },
    } as unknown as pg.Pool;
    const config = { url: 'postgres://localhost/postgres' } as PostgresConfig;
    await new Provider(config, admin, (error) => reported.push(error)).sweep(() => false);
    assert.deepEqual([dropped, reported.length], [['drop role if exists cloche_b'], 1]);
  });
});
