import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { createClient } from '@libsql/client';
import { type LibsqlServer, startLibsqlServer } from './libsql-server.ts';
import { type RelayUnderTest, startRelay } from './relay-under-test.ts';
import { type SmtpSink, startSmtpSink } from './smtp-sink.ts';

describe('relays on one libSQL server', () => {
  const folder = mkdtempSync(join(tmpdir(), 'relay-libsql-'));
  const file = join(folder, 'server.db');
  let database: LibsqlServer;
  let smtp: SmtpSink;
  let one: RelayUnderTest;
  let other: RelayUnderTest;
  before(async () => {
    database = await startLibsqlServer(file);
    smtp = await startSmtpSink();
    const { url, authToken } = database;
    const changes = { database: { url, authToken }, smtp: { url: smtp.url } };
    one = await startRelay(changes);
    other = await startRelay(changes);
  });
  after(async () => {
    await one.end();
    await other.end();
    await database.close();
    await smtp.close();
    rmSync(folder, { recursive: true });
  });

  const comment = { item_id: 1, author_id: 7, content: 'Hello' };
  const mail = { to: ['ann@example.com'], subject: 'Hi', text: 'Hello' };

  /** Reads beside the server, so that nothing of the relay's own is between. */
  async function rows(sql: string) {
    const client = createClient({ url: `file:${file}` });
    const set = await client.execute(sql);
    client.close();
    return set.rows;
  }

  it('write and refuse as on a file', async () => {
    const written = await one.call('create_comment', comment);
    assert.equal(written.body.result.status, 'ok');
    const [row] = await rows(`SELECT * FROM comments WHERE id = ${written.body.result.comment_id}`);
    assert.deepEqual([row?.item_id, row?.author_id, row?.plugin], [1, 7, 'standup']);
    const refused = await one.call('create_comment', { ...comment, item_id: 99 });
    assert.deepEqual(refused.body.result, { status: 'error', error: 'failed to create comment' });
    const link = { item_id: 99, workspace_repository_id: 1, link_type: 'commit', external_id: 'x' };
    const unlinked = await one.call('scm_create_item_link', link);
    assert.deepEqual(unlinked.body.result, { status: 'error', error: 'item not found: 99' });
  });

  it('answer for each other', async () => {
    const key = crypto.randomUUID();
    const first = await one.call('create_comment', comment, { key });
    const again = await other.call('create_comment', comment, { key });
    const reused = await other.call('create_comment', { ...comment, content: 'Other' }, { key });
    assert.equal(again.text, first.text);
    assert.equal(reused.body.code, 'key_reused');
  });

  it('write one comment and send one mail for a key that comes to both at once', async () => {
    smtp.behave = { holdMs: 300 };
    for (const [fn, args] of [
      ['create_comment', { ...comment, content: 'Only once' }],
      ['smtp_send', mail],
    ] as const) {
      const key = crypto.randomUUID();
      const answers = await Promise.all([one, other, one, other].map((relay) => relay.call(fn, args, { key })));
      assert.ok(answers.some(({ status }) => status === 200));
      assert.ok(answers.every(({ status, body }) => status === 200 || body.code === 'in_progress'));
      assert.equal((await other.call(fn, args, { key })).body.result.status, 'ok');
    }
    assert.equal((await rows("SELECT * FROM comments WHERE content LIKE '%Only once%'")).length, 1);
    assert.equal(smtp.received.length, 1);
  });

  it('answer unavailable while the server is down, and work again after it', async () => {
    database.broken = true;
    const key = crypto.randomUUID();
    const down = await one.call('create_comment', comment, { key });
    database.broken = false;
    const up = await one.call('create_comment', comment, { key });
    assert.deepEqual([down.status, down.body.code], [503, 'unavailable']);
    assert.equal(up.body.result.status, 'ok');
    assert.ok(one.reports.length > 0);
  });
});
