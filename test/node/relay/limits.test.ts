import assert from 'node:assert/strict';
import { connect } from 'node:net';
import { after, before, describe, it } from 'node:test';
import { Rate } from '../../../demo/relay/rate.ts';
import {
  EVERYTHING,
  holdingCommand,
  type RelayUnderTest,
  startRelay,
  TOKEN,
  testConfig,
  until,
} from './relay-under-test.ts';

const comment = { item_id: 1, author_id: 7, content: 'Hello' };
const BODY_BYTES = 4_096;

describe('what is not a request of the protocol', () => {
  let relay: RelayUnderTest;
  before(async () => {
    relay = await startRelay({ limits: { bodyBytes: BODY_BYTES } });
  });
  after(() => relay.end());

  const body = (change: object = {}) => ({
    plugin: { id: 'standup', version: '1' },
    capability: 'comments',
    deadlineMs: 5_000,
    arguments: comment,
    ...change,
  });
  const nested = (levels: number): unknown => (levels === 0 ? 1 : [nested(levels - 1)]);

  for (const [what, sent] of [
    ['nothing', ''],
    ['text', 'hello'],
    ['half an object', '{"plugin":{"id":"standup"'],
    ['a list', '[]'],
    ['null', 'null'],
    ['a number', '7'],
    ['two objects', `${JSON.stringify(body())}${JSON.stringify(body())}`],
    ['bytes that are not UTF-8', new Uint8Array([0x7b, 0x22, 0xff, 0x22, 0x7d])],
    ['brackets without end', '['.repeat(BODY_BYTES)],
    ['an object of nothing', '{}'],
    ['no plugin', JSON.stringify(body({ plugin: undefined }))],
    ['a plugin by its name alone', JSON.stringify(body({ plugin: 'standup' }))],
    ['a plugin without a version', JSON.stringify(body({ plugin: { id: 'standup' } }))],
    ['a plugin with more to it', JSON.stringify(body({ plugin: { id: 'standup', version: '1', grant: 'all' } }))],
    ['a plugin whose id is a path', JSON.stringify(body({ plugin: { id: '../standup', version: '1' } }))],
    ['a plugin whose id is *', JSON.stringify(body({ plugin: { id: '*', version: '1' } }))],
    ['a plugin whose id has a line break', JSON.stringify(body({ plugin: { id: 'standup\n', version: '1' } }))],
    ['a plugin whose id is a list', JSON.stringify(body({ plugin: { id: ['standup'], version: '1' } }))],
    ['another capability', JSON.stringify(body({ capability: 'mail' }))],
    ['no capability', JSON.stringify(body({ capability: undefined }))],
    ['no deadline', JSON.stringify(body({ deadlineMs: undefined }))],
    ['a deadline that is over', JSON.stringify(body({ deadlineMs: 0 }))],
    ['a deadline in the past', JSON.stringify(body({ deadlineMs: -1 }))],
    ['a deadline that is text', JSON.stringify(body({ deadlineMs: '5000' }))],
    ['a deadline without end', JSON.stringify(body()).replace('5000', '1e999')],
    ['no arguments', JSON.stringify(body({ arguments: undefined }))],
    ['a list of arguments', JSON.stringify(body({ arguments: [1] }))],
    ['arguments that nest', JSON.stringify(body({ arguments: { item_id: nested(200) } }))],
    ['a field that nobody knows', JSON.stringify(body({ admin: true }))],
  ] as const) {
    it(`answers 400 to ${what}`, async () => {
      const answer = await relay.call('create_comment', {}, { body: sent });
      assert.deepEqual([answer.status, answer.body.code], [400, 'bad_request'], answer.text);
    });
  }

  for (const type of ['text/plain', 'application/x-www-form-urlencoded', 'application/jsonp', '']) {
    it(`answers 400 to the content type "${type}"`, async () => {
      const { status } = await relay.call('create_comment', comment, { headers: { 'Content-Type': type } });
      assert.equal(status, 400);
    });
  }

  it('takes a deadline with a fraction, and a content type with parameters', async () => {
    const headers = { 'Content-Type': 'Application/JSON; charset=utf-8' };
    const { status } = await relay.call('create_comment', comment, { deadlineMs: 4_199.7, headers });
    assert.equal(status, 200);
  });

  for (const [method, path] of [
    ['POST', '/v1/unknown'],
    ['POST', '/v1/constructor'],
    ['POST', '/v1/__proto__'],
    ['POST', '/v1/create_comment/'],
    ['POST', '/v1/create_comment/more'],
    ['POST', '/v1'],
    ['POST', '/create_comment'],
    ['GET', '/v1/create_comment'],
    ['PUT', '/v1/create_comment'],
    ['GET', '/'],
  ] as const) {
    it(`answers 404 to ${method} ${path}`, async () => {
      const { status, body: problem } = await relay.request(path, {
        method,
        headers: { Authorization: `Bearer ${TOKEN}` },
      });
      assert.deepEqual([status, problem.code], [404, 'not_found']);
    });
  }

  it('answers 413 to a body that is too large, whether or not it says so', async () => {
    const large = JSON.stringify(body({ arguments: { ...comment, content: 'x'.repeat(BODY_BYTES) } }));
    const stream = () => new Blob([large]).stream();
    for (const sent of [large, stream()]) {
      const answer = await relay.call('create_comment', {}, { body: sent });
      assert.deepEqual([answer.status, answer.body.code], [413, 'payload_too_large']);
    }
    const fits = await relay.call('create_comment', comment, { body: new Blob([JSON.stringify(body())]).stream() });
    assert.equal(fits.status, 200);
  });

  for (const [what, header] of [
    ['a body that it measured', 'Content-Length: 1000'],
    ['a body in chunks', 'Transfer-Encoding: chunked'],
  ] as const) {
    it(`lives on when a client leaves in the middle of ${what}, and calls nobody for it`, async () => {
      const refused = () => relay.audit().filter(({ outcome }) => outcome === 'bad_request').length;
      const before = refused();
      const { hostname, port } = new URL(relay.server.url);
      const socket = connect(Number(port), hostname);
      const key = `Idempotency-Key: ${crypto.randomUUID()}`;
      const headers = [`Authorization: Bearer ${TOKEN}`, key, 'Content-Type: application/json', header];
      socket.write(`POST /v1/create_comment HTTP/1.1\r\nHost: x\r\n${headers.join('\r\n')}\r\n\r\n9\r\n{"plugin"`);
      await new Promise((resolve) => setTimeout(resolve, 100));
      socket.destroy();
      assert.equal((await relay.call('create_comment', comment)).status, 200);
      await until(() => refused() === before + 1);
      assert.deepEqual(relay.reports, []);
    });
  }

  it('says what is wrong, with the path of the field', async () => {
    const { body: problem } = await relay.call(
      'create_comment',
      {},
      { body: JSON.stringify(body({ plugin: { id: 'a b', version: '1' } })) },
    );
    assert.equal(problem.detail, 'plugin.id: Expected 1 to 64 letters, digits, "_" or "-"');
  });
});

describe('rates', () => {
  it('counts calls at once, and calls a minute', () => {
    const rate = new Rate({ perMinute: 60, burst: 3 }, 0);
    assert.deepEqual(
      [0, 0, 0, 0].map((now) => rate.take(now)),
      [0, 0, 0, 1],
    );
    assert.deepEqual(
      [999, 1_000, 1_000].map((now) => rate.take(now)),
      [1, 0, 1],
    );
    assert.deepEqual(
      Array.from({ length: 5 }, () => rate.take(3_600_000)),
      [0, 0, 0, 1, 1],
    );
  });

  it('tells how many seconds to wait', () => {
    const rate = new Rate({ perMinute: 2, burst: 1 }, 0);
    assert.deepEqual([rate.take(0), rate.take(0), rate.take(20_500), rate.take(30_000)], [0, 30, 10, 0]);
  });

  for (const [what, limited] of [
    ['a caller', { rate: { perMinute: 1, burst: 2 } }],
    ['a plugin', { plugins: { standup: { ...EVERYTHING, rate: { perMinute: 1, burst: 2 } }, other: EVERYTHING } }],
  ] as const) {
    it(`answers 429 with Retry-After to ${what} that calls too often`, async () => {
      const [caller] = (await testConfig()).callers;
      const relay = await startRelay({ callers: [{ ...caller, ...limited }] });
      try {
        const key = crypto.randomUUID();
        const answers = [];
        for (let i = 0; i < 3; i++) answers.push(await relay.call('create_comment', comment, i === 2 ? { key } : {}));
        const last = answers[2];
        assert.deepEqual(
          answers.map(({ status }) => status),
          [200, 200, 429],
        );
        assert.equal(last?.body.code, 'rate_limited');
        const seconds = Number(last.headers.get('Retry-After'));
        assert.ok(seconds > 30 && seconds <= 60, `${seconds}`);
        const other = await relay.call('create_comment', comment, { plugin: { id: 'other', version: '1' } });
        assert.equal(other.status, what === 'a plugin' ? 200 : 429);
        assert.equal((await relay.query(`SELECT 1 FROM calls WHERE key = '${key}'`)).length, 0);
      } finally {
        await relay.end();
      }
    });
  }

  it('answers 503 with Retry-After beyond the calls that may be under way', async () => {
    const relay = await startRelay({
      limits: { inFlight: 1 },
      commands: { node: { program: process.execPath, workingDir: '.', argPattern: '[^]*' } },
      callers: [{ ...(await testConfig()).callers[0], plugins: { standup: { ...EVERYTHING, commands: ['node'] } } }],
    });
    const { script, begun, release } = holdingCommand(relay.folder);
    const running = relay.call('cli_exec', { command: 'node', args: ['-e', script] }, { deadlineMs: 30_000 });
    await begun();
    const { status, body, headers } = await relay.call('create_comment', comment);
    assert.deepEqual([status, body.code, headers.get('Retry-After')], [503, 'unavailable', '1']);
    release();
    assert.equal((await running).status, 200);
    assert.equal((await relay.call('create_comment', comment)).status, 200);
    await relay.end();
  });
});
