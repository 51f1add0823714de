import { assert } from 'chai';
import { type HttpAnswer, unpackHttpAnswer } from '../../../src/capabilities/http/answer.ts';
import { type HttpOptions, http } from '../../../src/capabilities/http/http.ts';
import { ClocheError } from '../../../src/errors.ts';
import { ClaimedContext } from '../../../src/manifest/claims.ts';
import { canary } from '../../helpers/canary.ts';
import { rejectsCode } from '../../helpers/expect-code.ts';
import { type CallFacts, callFunction } from '../call.ts';
import { problem, result, type ScriptedAnswer, type ScriptedRelay, scriptedRelay } from '../scripted-relay.ts';
import { askWindshift } from '../windshift.ts';

const API = 'https://api.example.com';
const GRANT = { allow: [API, canary.origin] };
const ANSWER = result({ status: 201, headers: { 'content-type': 'text/plain' }, body: btoa('made') });
const OFFERS: ScriptedAnswer = { body: JSON.stringify({ protocol: 1, status: 'ok', functions: ['http_fetch'] }) };
const OFFERS_NOTHING: ScriptedAnswer = {
  body: JSON.stringify({ protocol: 1, status: 'ok', functions: ['smtp_send'] }),
};

interface Envelope {
  plugin: { id: string };
  capability: string;
  claims?: object;
  deadlineMs: number;
  arguments: Record<string, unknown>;
}

/** What the plugin hears. @throws when the request is answered, or fails with another code */
async function failureOf(answer: Promise<unknown>): Promise<string> {
  const error = await answer.then(
    () => new Error('It was answered'),
    (thrown: unknown) => thrown,
  );
  if (error instanceof ClocheError && error.code === 'HTTP_FAILED') return error.message;
  throw error;
}

describe('http by the relay', () => {
  async function stage(answers: readonly ScriptedAnswer[], options: HttpOptions = {}) {
    const relay = await scriptedRelay(...answers);
    const capability = http({ relay: { url: relay.url }, ...options });
    const ask = async (json: object, facts: CallFacts = {}, body = ''): Promise<HttpAnswer> => {
      const args = [{ url: `${API}/x`, ...json }, new TextEncoder().encode(body)];
      return unpackHttpAnswer(
        (await callFunction(capability, 'http_request', args, { grant: GRANT, ...facts })) as Uint8Array,
      );
    };
    return { relay, capability, ask };
  }

  const paths = async (relay: ScriptedRelay) =>
    (await relay.seen()).map(({ method, path }) => `${method} ${path.replace(/^.*(?=\/v1\/)/, '')}`);
  const text = ({ body }: HttpAnswer) => new TextDecoder().decode(body);

  it('asks the relay with what the plugin wants to send and what the page allows, and leaves handles as they are', async () => {
    const { relay, ask } = await stage([ANSWER], { via: 'relay', responseHeaders: true });
    const headers = { Authorization: 'Bearer {{secret:api-token}}', Cookie: 'a=1', Host: 'evil.example' };
    const policy = { allow: ['*'], via: 'relay' };
    const lines: string[] = [];
    const context = new ClaimedContext({ userId: 7 });
    const answer = await ask({ method: 'post', headers }, { plugin: 'integration', policy, lines, context }, 'naïve');
    assert.deepEqual([answer.status, answer.headers, text(answer)], [201, { 'content-type': 'text/plain' }, 'made']);
    const [seen] = await relay.seen();
    const { plugin, capability, claims, deadlineMs, arguments: args } = JSON.parse(seen?.body ?? '') as Envelope;
    assert.deepEqual([plugin.id, capability, claims], ['integration', 'http', { userId: 7 }]);
    assert.isAtMost(deadlineMs, 10_000);
    assert.deepEqual(args, {
      method: 'POST',
      url: `${API}/x`,
      headers: { authorization: 'Bearer {{secret:api-token}}', cookie: 'a=1' },
      body: 'bmHDr3Zl',
      timeout_ms: 10_000,
      within: [GRANT, policy],
    });
    assert.deepEqual(lines, ['debug: Relays do not send these headers: Host']);
  });

  it('shows no headers where the app does not want it, and a body of nothing', async () => {
    const { ask } = await stage([result({ status: 204, headers: { a: 'b' } })], { via: 'relay' });
    const answer = await ask({});
    assert.deepEqual([answer.status, answer.headers, answer.body.length], [204, undefined, 0]);
  });

  it('sends a GET with a body, which a page could not', async () => {
    const { ask } = await stage([ANSWER], { via: 'relay' });
    assert.equal(text(await ask({}, {}, 'x')), 'made');
  });

  describe('by `auto`', () => {
    it('asks a relay that offers it, which it finds out once', async () => {
      const { relay, ask } = await stage([OFFERS, ANSWER]);
      assert.equal(text(await ask({})), 'made');
      assert.equal(text(await ask({})), 'made');
      assert.deepEqual(await paths(relay), ['GET /v1/health', 'POST /v1/http_fetch', 'POST /v1/http_fetch']);
    });

    it('goes from the page where the relay does not offer it, where there is none, and to the page’s own host', async () => {
      const { relay, ask } = await stage([OFFERS_NOTHING]);
      assert.equal((await ask({ url: canary.url('/status/404') })).status, 404);
      assert.deepEqual(await paths(relay), ['GET /v1/health']);
      const own = await stage([OFFERS, ANSWER]);
      const { status } = await own.ask(
        { url: `${location.origin}/nothing-here` },
        { grant: { allow: [location.origin] } },
      );
      assert.notEqual(status, 201);
      assert.isEmpty(await own.relay.seen());
    });

    it('does not fall back on the page where the relay cannot be asked', async () => {
      const { relay, ask } = await stage([{ status: 503, body: '' }]);
      const error = await failureOf(ask({}, { limits: { httpTimeoutMs: 400 } }));
      assert.equal(error, 'relay unavailable');
      assert.deepEqual((await paths(relay)).slice(0, 2), ['GET /v1/health', 'POST /v1/http_fetch']);
    });
  });

  it('tells the plugin nothing of a relay that does not say what it offers', async () => {
    const { relay, ask } = await stage([problem(403, 'forbidden')]);
    const lines: string[] = [];
    assert.equal(await failureOf(ask({}, { lines })), 'relay does not allow this');
    assert.deepEqual(await paths(relay), ['GET /v1/health']);
    assert.include(lines[0], `warn: The relay at ${relay.url}`);
  });

  describe('or from the page', () => {
    const page = async (facts: CallFacts, options?: HttpOptions) => {
      const { relay, ask } = await stage([ANSWER], options);
      const { status } = await ask({ url: canary.url('/status/404') }, facts);
      return [status, (await relay.seen()).length];
    };

    it('is what the option says, or the grant, or before both the policy', async () => {
      assert.deepEqual(await page({}, { via: 'page' }), [404, 0]);
      assert.deepEqual(await page({}, { via: 'relay' }), [201, 1]);
      assert.deepEqual(await page({ grant: { ...GRANT, via: 'page' } }, { via: 'relay' }), [404, 0]);
      const grant = { ...GRANT, via: 'relay' };
      assert.deepEqual(await page({ grant }, { via: 'page' }), [201, 1]);
      assert.deepEqual(await page({ grant, policy: { ...GRANT, via: 'page' } }), [404, 0]);
    });

    it('is what the first entry says that covers the host', async () => {
      const other = { [API]: 'page', [canary.origin]: 'relay', '*': 'page' };
      assert.deepEqual(await page({ policy: { ...GRANT, via: other } }, { via: 'page' }), [201, 1]);
      assert.deepEqual(await page({ policy: { ...GRANT, via: { [API]: 'relay' } } }, { via: 'page' }), [404, 0]);
    });

    it('is NEEDS_SERVER where it must go by a relay and there is none', async () => {
      const capability = http({ via: 'relay' });
      const args = [{ url: API }, new Uint8Array()];
      await rejectsCode('NEEDS_SERVER', callFunction(capability, 'http_request', args, { grant: GRANT }));
    });

    it('has a redirect refused by a text that names the relay', async () => {
      const url = canary.url(`/redirect?to=${encodeURIComponent('/echo')}`);
      const error = await failureOf((await stage([], { via: 'page' })).ask({ url }));
      assert.match(error, /or it redirects; a relay that offers `http_fetch` .* follows redirects$/);
    });
  });

  describe('refuses', () => {
    it('what grant or policy do not cover, before anything leaves the page', async () => {
      const { relay, ask } = await stage([ANSWER], { via: 'relay' });
      await rejectsCode('PERMISSION_DENIED', ask({ url: 'https://evil.example' }));
      await rejectsCode('PERMISSION_DENIED', ask({}, { policy: { allow: ['https://other.example'] } }));
      assert.isEmpty(await relay.seen());
    });

    it('an answer that is larger than the plugin may have', async () => {
      const { ask } = await stage([ANSWER], { via: 'relay' });
      const error = await failureOf(ask({}, { limits: { httpResponseBytes: 3 } }));
      assert.equal(error, `The answer of ${API} is over 3 bytes`);
      const bomb = result({ status: 200, headers: { a: 'x'.repeat(65_536) } });
      const headers = await failureOf((await stage([bomb], { via: 'relay' })).ask({}));
      assert.equal(headers, `The headers of ${API} are over 65536 bytes`);
    });

    it('what is no answer', async () => {
      for (const wrong of [
        {},
        { status: 'ok' },
        { status: 'error' },
        { status: 99 },
        { status: 1000 },
        { status: 20.5 },
        { status: 200, body: 'e30' },
        { status: 200, body: 7 },
        { status: 200, headers: [] },
        { status: 200, headers: { a: 1 } },
      ]) {
        const { ask } = await stage([result(wrong)], { via: 'relay' });
        const error = await failureOf(ask({}));
        assert.equal(error, 'relay answer has an unexpected form', JSON.stringify(wrong));
      }
    });

    it('with the relay’s words for a failure, and nothing of the relay itself, which the log alone hears of', async () => {
      const failed = await stage([result({ status: 'error', error: `No answer from ${API}` })], { via: 'relay' });
      assert.equal(await failureOf(failed.ask({})), `No answer from ${API}`);
      const { relay, ask } = await stage([problem(403, 'forbidden')], { via: 'relay' });
      const lines: string[] = [];
      const error = await failureOf(ask({}, { lines }));
      assert.equal(error, 'relay does not allow this');
      assert.lengthOf(lines, 1);
      assert.include(lines[0], `warn: The relay at ${relay.url} does not allow this`);
    });
  });

  describe('for Windshift', () => {
    const fetched = async (answer: ScriptedAnswer, request: object = {}) => {
      const { capability, relay } = await stage([answer], { via: 'relay' });
      const json = JSON.stringify({ url: `${API}/x`, timeout_ms: 700, ...request });
      return { told: await askWindshift(capability, 'http_fetch', json, { grant: GRANT }), seen: await relay.seen() };
    };

    it('is the answer in the form of the contract', async () => {
      const { told, seen } = await fetched(ANSWER);
      assert.equal(told, '{"status":201,"headers":{"Content-Type":"text/plain"},"body":"bWFkZQ=="}');
      const { deadlineMs, arguments: args } = JSON.parse(seen[0]?.body ?? '') as Envelope;
      assert.equal(args.timeout_ms, 700);
      assert.isAtMost(deadlineMs, 700);
    });

    it('is a 502 for what fails, and a 400 for what nobody can send', async () => {
      const body = (message: string) => `{"status":502,"body":"${btoa(message)}"}`;
      assert.equal((await fetched(result({ status: 'error', error: 'cut' }))).told, body('cut'));
      assert.equal((await fetched(problem(403, 'forbidden'))).told, body('relay does not allow this'));
      assert.equal((await fetched(problem(404, 'not_found'))).told, body('relay does not offer this'));
      const { told, seen } = await fetched(ANSWER, { url: '' });
      assert.deepEqual([told, seen.length], ['{"status":400}', 0]);
    });
  });

  it('is refused options that say nothing', async () => {
    for (const options of [{ via: 'server' }, { relay: {} }] as unknown as HttpOptions[]) {
      assert.throws(() => http(options), /Expected `(?:via|relay\.url)`/);
    }
    const rule = http().scope;
    assert.throws(
      () => rule?.parse({ allow: [], via: { 'https://': 'page' } }, 'policy.http'),
      /its host is not valid/,
    );
    assert.throws(() => rule?.parse({ allow: [], via: { [API]: 'there' } }, 'policy.http'), /policy\.http\.via/);
    assert.throws(() => rule?.satisfy?.({ allow: [], via: 'page' }, 'permissions.http', undefined), /not "via"/);
  });
});
