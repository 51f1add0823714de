import assert from 'node:assert/strict';
import { after, afterEach, before, describe, it } from 'node:test';
import { createAnswers } from '../../../demo/relay/answers.ts';
import { sha256Hex } from '../../../demo/relay/digest.ts';
import { openDatabase } from '../../../demo/relay/node/libsql.ts';
import { readServerConfig } from '../../../demo/relay/node/server-config.ts';
import { Problem } from '../../../demo/relay/problem.ts';
import { EVERYTHING, OTHER_TOKEN, type RelayUnderTest, startRelay, testConfig, until } from './relay-under-test.ts';
import { type SmtpSink, startSmtpSink } from './smtp-sink.ts';

const comment = { item_id: 1, author_id: 7, content: 'Hello' };
const mail = { to: ['ann@example.com'], subject: 'Hi', text: 'Hello' };

describe('the idempotency key', () => {
  let relay: RelayUnderTest;
  let smtp: SmtpSink;
  before(async () => {
    smtp = await startSmtpSink();
    const config = await testConfig();
    const other = {
      name: 'other',
      tokenSha256: [await sha256Hex(OTHER_TOKEN)],
      origins: [],
      plugins: { standup: EVERYTHING },
    };
    relay = await startRelay({ smtp: { url: smtp.url }, callers: [...config.callers, other] });
  });
  after(async () => {
    await relay.end();
    await smtp.close();
  });
  afterEach(() => {
    smtp.behave = {};
  });

  const comments = async () => Number((await relay.query('SELECT count(*) AS n FROM comments'))[0]?.n);

  for (const [what, key] of [
    ['none', null],
    ['an empty one', ''],
    ['a word', 'key'],
    ['a UUID of version 1', 'f81d4fae-7dec-11d0-a765-00a0c91e6bf6'],
    ['a UUID in braces', `{${crypto.randomUUID()}}`],
    ['two', `${crypto.randomUUID()}, ${crypto.randomUUID()}`],
  ] as const) {
    it(`answers 400 to ${what}`, async () => {
      const { status, body } = await relay.call('create_comment', comment, { key });
      assert.deepEqual([status, body.code], [400, 'bad_request']);
    });
  }

  it('answers a repeated request with the first answer, byte for byte, and does nothing', async () => {
    const key = crypto.randomUUID();
    const first = await relay.call('create_comment', comment, { key });
    const count = await comments();
    const again = await relay.call('create_comment', comment, { key: key.toUpperCase(), deadlineMs: 100 });
    assert.equal(again.text, first.text);
    assert.equal(await comments(), count);
  });

  it('takes a request whose fields come in another order for the same', async () => {
    const key = crypto.randomUUID();
    const first = await relay.call('create_comment', comment, { key });
    const again = await relay.call('create_comment', { content: 'Hello', author_id: 7, item_id: 1 }, { key });
    assert.equal(again.text, first.text);
  });

  it('remembers an error of the contract, too', async () => {
    const key = crypto.randomUUID();
    const first = await relay.call('create_comment', { ...comment, item_id: 50 }, { key });
    await relay.query("INSERT INTO items (id, title) VALUES (50, 'Came later')");
    const again = await relay.call('create_comment', { ...comment, item_id: 50 }, { key });
    assert.deepEqual(first.body.result, { status: 'error', error: 'failed to create comment' });
    assert.equal(again.text, first.text);
  });

  for (const [what, change] of [
    ['other arguments', { args: { ...comment, content: 'Other' } }],
    ['another plugin', { plugin: { id: 'twin', version: '1.0.0' } }],
    ['another version of the plugin', { plugin: { id: 'standup', version: '2.0.0' } }],
    ['another function', { fn: 'scm_create_item_link' }],
  ] as const) {
    it(`N11: answers 422 to a key that comes with ${what}`, async () => {
      const config = await testConfig();
      const [caller] = config.callers;
      const twins = await startRelay({
        callers: [{ ...caller, plugins: { standup: EVERYTHING, twin: EVERYTHING } }],
      });
      try {
        const key = crypto.randomUUID();
        const { fn = 'create_comment', args = comment, ...sending } = { fn: undefined, args: undefined, ...change };
        await twins.call('create_comment', comment, { key });
        const { status, body } = await twins.call(fn, args, { key, ...sending });
        assert.deepEqual([status, body.code], [422, 'key_reused']);
      } finally {
        await twins.end();
      }
    });
  }

  it('keeps the keys of callers apart', async () => {
    const key = crypto.randomUUID();
    const one = await relay.call('create_comment', comment, { key });
    const other = await relay.call('create_comment', { ...comment, content: 'Other' }, { key, token: OTHER_TOKEN });
    assert.equal(other.status, 200);
    assert.notEqual(other.body.result.comment_id, one.body.result.comment_id);
  });

  it('sends one mail for one key that comes ten times at once, and says so to the nine', async () => {
    smtp.behave = { holdMs: 200 };
    const key = crypto.randomUUID();
    const answers = await Promise.all(Array.from({ length: 10 }, () => relay.call('smtp_send', mail, { key })));
    assert.deepEqual(answers.map(({ status }) => status).sort(), [200, ...Array(9).fill(409)]);
    for (const { status, body, headers } of answers) {
      if (status === 409) assert.deepEqual([body.code, headers.get('Retry-After')], ['in_progress', '1']);
    }
    assert.equal(smtp.received.filter(({ messageId }) => messageId.startsWith(key)).length, 1);
    assert.deepEqual((await relay.call('smtp_send', mail, { key })).body.result, { status: 'ok' });
  });

  it('answers 422 to another body while the first is being worked on', async () => {
    smtp.behave = { holdMs: 200 };
    const key = crypto.randomUUID();
    const first = relay.call('smtp_send', mail, { key });
    await until(() => smtp.handedOver.some((source) => source.includes(key)));
    const other = await relay.call('smtp_send', { ...mail, subject: 'Other' }, { key });
    assert.deepEqual([other.status, other.body.code], [422, 'key_reused']);
    assert.equal((await first).status, 200);
  });

  it('writes one comment for one key that comes ten times at once', async () => {
    const count = await comments();
    const key = crypto.randomUUID();
    const answers = await Promise.all(Array.from({ length: 10 }, () => relay.call('create_comment', comment, { key })));
    const done = answers.filter(({ status }) => status === 200);
    assert.ok(done.length >= 1);
    assert.equal(new Set(done.map(({ text }) => text)).size, 1);
    assert.ok(answers.every(({ status, body }) => status === 200 || body.code === 'in_progress'));
    assert.equal(await comments(), count + 1);
  });

  it('leaves the key free when nothing was done', async () => {
    const key = crypto.randomUUID();
    const refused = await relay.call('smtp_send', { ...mail, to: ['ann@elsewhere.example'] }, { key });
    assert.equal(refused.status, 403);
    assert.equal((await relay.call('smtp_send', mail, { key })).status, 200);
  });

  it('answers as before after a restart', async () => {
    const [commentKey, mailKey] = [crypto.randomUUID(), crypto.randomUUID()];
    const wrote = await relay.call('create_comment', comment, { key: commentKey });
    const sent = await relay.call('smtp_send', mail, { key: mailKey });
    const [count, mails] = [await comments(), smtp.received.length];
    relay = await relay.restart();
    assert.equal((await relay.call('create_comment', comment, { key: commentKey })).text, wrote.text);
    assert.equal((await relay.call('smtp_send', mail, { key: mailKey })).text, sent.text);
    const other = await relay.call('create_comment', { ...comment, content: 'Other' }, { key: commentKey });
    assert.equal(other.body.code, 'key_reused');
    assert.equal(await comments(), count);
    assert.equal(smtp.received.length, mails);
  });

  it('answers outcome_unknown, and does not send again, when the connection broke while the server had the mail', async () => {
    smtp.behave = { hangUpAfterText: true };
    const key = crypto.randomUUID();
    const first = await relay.call('smtp_send', mail, { key });
    smtp.behave = {};
    const again = await relay.call('smtp_send', mail, { key });
    for (const answer of [first, again]) assert.deepEqual([answer.status, answer.body.code], [409, 'outcome_unknown']);
    assert.equal(smtp.handedOver.filter((source) => source.includes(key)).length, 1);
  });
});

describe('what a relay remembers', () => {
  const ref = async (key: string) => ({ id: crypto.randomUUID(), caller: 'app', key, hash: 'same' });
  const nobody = () => undefined;
  let relay: RelayUnderTest;
  let database: Awaited<ReturnType<typeof openDatabase>>;
  before(async () => {
    relay = await startRelay();
    database = await openDatabase(readServerConfig(`${relay.folder}/relay.json`, {}));
  });
  after(async () => {
    database.close();
    await relay.end();
  });

  const codeOf = async (work: Promise<unknown>) => work.then(nobody, (error) => error instanceof Problem && error.code);

  it('knows no outcome of what another relay began on a file, since it is gone', async () => {
    const gone = createAnswers(database, { sharedDatabase: false, report: nobody });
    const here = createAnswers(database, { sharedDatabase: false, report: nobody });
    const key = crypto.randomUUID();
    await gone.begin(await ref(key), 60_000);
    assert.equal(await codeOf(here.begin(await ref(key), 60_000)), 'outcome_unknown');
  });

  it('takes what another relay began on a shared database as under way, until its time is over', async () => {
    const there = createAnswers(database, { sharedDatabase: true, report: nobody });
    const here = createAnswers(database, { sharedDatabase: true, report: nobody });
    const [running, late] = [crypto.randomUUID(), crypto.randomUUID()];
    await there.begin(await ref(running), 60_000);
    await there.begin(await ref(late), -120_000);
    assert.equal(await codeOf(here.begin(await ref(running), 60_000)), 'in_progress');
    assert.equal(await codeOf(here.begin(await ref(late), 60_000)), 'outcome_unknown');
  });

  it('forgets after a day, and not before', async () => {
    const key = crypto.randomUUID();
    await relay.call('create_comment', comment, { key });
    const age = async (hours: number) => {
      await relay.query(`UPDATE calls SET begun_at = ${Date.now() - hours * 3_600_000} WHERE key = '${key}'`);
      // A fresh one prunes with its first write.
      const answers = createAnswers(database, { sharedDatabase: false, report: nobody });
      await answers.begin(await ref(crypto.randomUUID()), 1_000);
      return (await relay.query(`SELECT 1 FROM calls WHERE key = '${key}'`)).length;
    };
    assert.equal(await age(23.9), 1);
    assert.equal(await age(24.1), 0);
  });

  it('answers unavailable, and tells the operator, when the database fails', async () => {
    const reported: unknown[] = [];
    const broken = { batch: () => Promise.reject(new Error('disk I/O error at /secret/path')) };
    const answers = createAnswers(broken, { sharedDatabase: false, report: (error) => reported.push(error) });
    const failure = await answers.begin(await ref(crypto.randomUUID()), 1_000).catch((error) => error);
    assert.equal(failure.code, 'unavailable');
    assert.equal(failure.retryAfterSeconds, 1);
    assert.ok(!failure.detail.includes('/secret'));
    assert.match(String(reported[0]), /disk I\/O/);
  });
});
