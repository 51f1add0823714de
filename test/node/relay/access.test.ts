import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { sha256Hex } from '../../../demo/relay/digest.ts';
import {
  EVERYTHING,
  ORIGIN,
  OTHER_TOKEN,
  type RelayUnderTest,
  startRelay,
  TOKEN,
  testConfig,
} from './relay-under-test.ts';

const comment = { item_id: 1, author_id: 7, content: 'Hello' };
const OTHER_ORIGIN = 'https://other.example.com';

describe('who may call', () => {
  let relay: RelayUnderTest;
  before(async () => {
    const config = await testConfig();
    const [app] = config.callers;
    const other = {
      name: 'other',
      tokenSha256: [await sha256Hex(OTHER_TOKEN), await sha256Hex('the-next-token')],
      origins: [OTHER_ORIGIN, 'http://localhost:*'],
      plugins: { '*': { comments: EVERYTHING.comments }, shy: {} },
    };
    relay = await startRelay({ callers: [app, other] });
  });
  after(() => relay.end());

  describe('claims', () => {
    const claims = { userId: 7, name: 'Ann', roles: ['admin'] };

    it('are noted with whom it was done for, beside the caller', async () => {
      const { body } = await relay.call('create_comment', comment, { claims });
      assert.equal(body.result.status, 'ok');
      const { caller, user } = relay.audit().at(-1) ?? {};
      assert.deepEqual([caller, user], ['app', 7]);
      await relay.call('create_comment', comment);
      assert.equal('user' in (relay.audit().at(-1) ?? {}), false);
    });

    it('never take the place of a token', async () => {
      const { status, body } = await relay.call('create_comment', comment, { claims, token: null });
      assert.deepEqual([status, body.code], [401, 'unauthorized']);
    });

    it('never add to what the token may', async () => {
      const plugin = { id: 'shy', version: '1' };
      const sending = { token: OTHER_TOKEN, headers: { Origin: OTHER_ORIGIN }, plugin };
      const { status } = await relay.call('create_comment', comment, { ...sending, claims });
      assert.equal(status, 403);
    });

    it('make another request under the same key', async () => {
      const key = crypto.randomUUID();
      await relay.call('create_comment', comment, { key, claims });
      const again = await relay.call('create_comment', comment, { key, claims });
      assert.equal(again.body.result.status, 'ok');
      const other = await relay.call('create_comment', comment, { key, claims: { userId: 8 } });
      assert.deepEqual([other.status, other.body.code], [422, 'key_reused']);
    });

    for (const wrong of [
      null,
      {},
      { userId: '' },
      { userId: 1.5 },
      { userId: 1, admin: true },
      { userId: 1, roles: 'x' },
    ]) {
      it(`are a bad request as ${JSON.stringify(wrong)}`, async () => {
        const { status, body } = await relay.call('create_comment', comment, { claims: wrong });
        assert.deepEqual([status, body.code], [400, 'bad_request']);
      });
    }
  });

  describe('tokens', () => {
    for (const [what, authorization] of [
      ['no token', undefined],
      ['an unknown token', 'Bearer wrong'],
      ['a token in another case', `Bearer ${TOKEN.toUpperCase()}`],
      ['a part of a token', `Bearer ${TOKEN.slice(0, -1)}`],
      ['another scheme', `Basic ${btoa(TOKEN)}`],
      ['a bare token', TOKEN],
      ['the digest in place of the token', `Bearer ${'a'.repeat(64)}`],
      ['two tokens', `Bearer ${TOKEN}, Bearer ${TOKEN}`],
    ] as const) {
      it(`answers 401 to ${what}`, async () => {
        const headers = authorization === undefined ? undefined : { Authorization: authorization };
        const {
          status,
          body,
          headers: answered,
        } = await relay.call('create_comment', comment, {
          token: null,
          ...(headers && { headers }),
        });
        assert.deepEqual([status, body.code], [401, 'unauthorized']);
        assert.equal(answered.get('WWW-Authenticate'), 'Bearer');
      });
    }

    it('refuses before it reads the body', async () => {
      const { status } = await relay.call('create_comment', {}, { token: null, body: 'no JSON' });
      assert.equal(status, 401);
    });

    it('takes each token of a caller, so that one can replace the other', async () => {
      for (const token of [OTHER_TOKEN, 'the-next-token']) {
        const { status } = await relay.call('create_comment', comment, { token });
        assert.equal(status, 200);
      }
    });

    it('N13: keeps no token in its files', () => {
      for (const file of ['relay.json', 'audit.log', 'relay.db', 'relay.db-wal']) {
        const text = readFileSync(join(relay.folder, file), 'latin1');
        assert.ok(!text.includes(TOKEN) && !text.includes(OTHER_TOKEN), file);
      }
    });
  });

  describe('origins', () => {
    for (const [origin, token, status] of [
      [undefined, TOKEN, 200],
      [ORIGIN, TOKEN, 200],
      [OTHER_ORIGIN, TOKEN, 403],
      [OTHER_ORIGIN, OTHER_TOKEN, 200],
      [ORIGIN, OTHER_TOKEN, 403],
      ['http://localhost:5173', OTHER_TOKEN, 200],
      ['http://localhost', OTHER_TOKEN, 200],
      ['http://localhost:5173', TOKEN, 403],
      ['http://localhost.evil.example', OTHER_TOKEN, 403],
      ['http://localhost:5173.evil.example', OTHER_TOKEN, 403],
      ['https://localhost:5173', OTHER_TOKEN, 403],
      ['null', TOKEN, 403],
      ['https://evil.example', TOKEN, 403],
      [`${ORIGIN}.evil.example`, TOKEN, 403],
      ['https://APP.example.com', TOKEN, 403],
    ] as const) {
      it(`answers ${status} to ${origin ?? 'no origin'} with the token of ${token === TOKEN ? 'app' : 'other'}`, async () => {
        const headers = origin === undefined ? {} : { Origin: origin };
        const answer = await relay.call('create_comment', comment, { token, headers });
        assert.equal(answer.status, status);
        if (status === 403) assert.equal(answer.body.code, 'forbidden');
      });
    }
  });

  describe('CORS', () => {
    const preflight = (origin: string) =>
      relay.request('/v1/create_comment', {
        method: 'OPTIONS',
        headers: {
          Origin: origin,
          'Access-Control-Request-Method': 'POST',
          'Access-Control-Request-Headers': 'authorization,content-type,idempotency-key',
        },
      });

    it('answers a preflight of a known origin, for that origin alone', async () => {
      const { status, headers } = await preflight(ORIGIN);
      assert.equal(status, 204);
      assert.equal(headers.get('Access-Control-Allow-Origin'), ORIGIN);
      assert.match(headers.get('Access-Control-Allow-Methods') ?? '', /POST/);
      for (const name of ['Authorization', 'Content-Type', 'Idempotency-Key']) {
        assert.match(headers.get('Access-Control-Allow-Headers') ?? '', new RegExp(name, 'i'));
      }
      assert.match(headers.get('Vary') ?? '', /Origin/);
      assert.equal(headers.get('Access-Control-Allow-Credentials'), null);
    });

    it('answers 403 without any CORS header to a preflight of another', async () => {
      const { status, headers } = await preflight('https://evil.example');
      assert.equal(status, 403);
      assert.deepEqual(
        [...headers.keys()].filter((name) => name.startsWith('access-control')),
        [],
      );
    });

    it('lets a known page read results, problems and Retry-After', async () => {
      const headers = { Origin: ORIGIN };
      const result = await relay.call('create_comment', comment, { headers });
      const problem = await relay.call('create_comment', comment, { headers, token: 'wrong' });
      for (const answer of [result, problem]) {
        assert.equal(answer.headers.get('Access-Control-Allow-Origin'), ORIGIN);
        assert.equal(answer.headers.get('Access-Control-Expose-Headers'), 'Retry-After');
        assert.equal(answer.headers.get('Cache-Control'), 'no-store');
      }
      assert.deepEqual([result.status, problem.status], [200, 401]);
    });
  });

  describe('plugins', () => {
    for (const [what, plugin, fn, status] of [
      ['a plugin without a grant', 'stranger', 'create_comment', 403],
      ['a name that every object has', 'constructor', 'create_comment', 403],
    ] as const) {
      it(`N11: answers ${status} to ${what}`, async () => {
        const answer = await relay.call(fn, comment, { plugin: { id: plugin, version: '1' } });
        assert.deepEqual([answer.status, answer.body.code], [status, 'forbidden']);
      });
    }

    it('N11: a plugin that is named has its own grant only, not that of *', async () => {
      const named = await relay.call('create_comment', comment, {
        token: OTHER_TOKEN,
        plugin: { id: 'shy', version: '1' },
      });
      const unnamed = await relay.call('create_comment', comment, {
        token: OTHER_TOKEN,
        plugin: { id: 'any', version: '1' },
      });
      assert.deepEqual([named.status, unnamed.status], [403, 200]);
    });

    it('N11: a grant for one capability is none for another', async () => {
      const mail = { to: ['ann@example.com'], subject: 'Hi', text: 'Hello' };
      const answer = await relay.call('smtp_send', mail, { token: OTHER_TOKEN });
      assert.deepEqual([answer.status, answer.body.code], [403, 'forbidden']);
    });

    it('N11: nothing in the body chooses another caller', async () => {
      const body = {
        plugin: { id: 'standup', version: '1' },
        capability: 'comments',
        deadlineMs: 5_000,
        arguments: { ...comment, caller: 'app', plugin: 'standup', token: TOKEN },
      };
      const answer = await relay.call('create_comment', {}, { token: OTHER_TOKEN, body: JSON.stringify(body) });
      assert.equal(answer.status, 200);
      assert.equal(relay.audit().at(-1)?.caller, 'other');

      const more = await relay.call('create_comment', {}, { body: JSON.stringify({ ...body, caller: 'app' }) });
      assert.deepEqual([more.status, more.body.code], [400, 'bad_request']);
    });
  });

  it('answers its health to anybody without an origin, and to known origins', async () => {
    const { status, body } = await relay.request('/v1/health');
    const functions = [
      'smtp_send',
      'cli_exec',
      'create_comment',
      'scm_create_branch',
      'scm_create_item_link',
      'http_fetch',
    ];
    assert.equal(status, 200);
    assert.deepEqual(body, { protocol: 1, status: 'ok', functions });
    const elsewhere = await relay.request('/v1/health', { headers: { Origin: 'https://evil.example' } });
    assert.equal(elsewhere.status, 403);
  });

  it('writes one line for each call, with who, what and how it ended, and nothing else', async () => {
    const before = relay.audit().length;
    const key = crypto.randomUUID();
    const secret = 'a text that nobody logs';
    await relay.call('create_comment', { ...comment, content: secret }, { key });
    await relay.call('create_comment', { ...comment, content: secret }, { key });
    await relay.call('create_comment', { ...comment, item_id: 99 });
    await relay.call('create_comment', comment, { token: 'wrong' });
    await relay.call('create_comment', comment, { plugin: { id: 'stranger', version: '1' } });
    await relay.call('nothing', comment);
    const lines = relay.audit().slice(before);
    assert.deepEqual(
      lines.map(({ caller, plugin, function: fn, outcome }) => [caller, plugin, fn, outcome]),
      [
        ['app', 'standup', 'create_comment', 'ok'],
        ['app', 'standup', 'create_comment', 'repeated ok'],
        ['app', 'standup', 'create_comment', 'error'],
        [null, null, null, 'unauthorized'],
        ['app', 'stranger', 'create_comment', 'forbidden'],
        ['app', null, null, 'not_found'],
      ],
    );
    for (const line of lines) {
      assert.deepEqual(Object.keys(line), ['time', 'caller', 'plugin', 'function', 'outcome', 'ms']);
      assert.ok(Math.abs(Date.parse(String(line.time)) - Date.now()) < 60_000);
      assert.equal(typeof line.ms, 'number');
    }
    assert.ok(!readFileSync(join(relay.folder, 'audit.log'), 'utf8').includes(secret));
  });
});
