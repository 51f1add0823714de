import { assert } from 'chai';
import { problem, result, type ScriptedAnswer, scriptedRelay } from '../capabilities/scripted-relay.ts';
import { cloningFetch } from '../helpers/cloning-fetch.ts';
import { eventually, pause } from '../helpers/hosts.ts';
import { callRelay, failureOf } from './call.ts';

const DONE = result({ note: 'done' });
const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/;

interface Envelope {
  deadlineMs: number;
}

/** Options whose fetch tells when a relay is asked. */
function counting(url: string) {
  const times: number[] = [];
  const waiting = new Map<number, () => void>();
  return {
    times,
    untilAsked(count: number): Promise<void> {
      return times.length >= count ? Promise.resolve() : new Promise((resolve) => waiting.set(count, resolve));
    },
    options: {
      url,
      fetch(input: RequestInfo | URL, init?: RequestInit) {
        times.push(performance.now());
        waiting.get(times.length)?.();
        return fetch(input, init);
      },
    },
  };
}

/** What is said at last of a relay that fails again and again, when the call ends in its last attempt of so many. */
async function failureAfter(attempts: number, url: string, headers: HeadersInit = {}) {
  const { times, untilAsked, options } = counting(url);
  const call = new AbortController();
  const failure = failureOf({ ...options, headers }, { signal: call.signal });
  await untilAsked(attempts);
  call.abort();
  return { failure: await failure, times };
}

/** A relay that is no more than a body. */
function bodied(start: (body: ReadableStreamDefaultController<Uint8Array>, signal: AbortSignal) => void) {
  return {
    url: 'https://relay.example',
    fetch: async (_: unknown, init?: RequestInit) => {
      const signal = init?.signal ?? AbortSignal.abort();
      const body = new ReadableStream<Uint8Array>({ start: (controller) => start(controller, signal) });
      return new Response(body, { headers: { 'Content-Type': 'application/json' } });
    },
  };
}

describe('relay', () => {
  describe('request', () => {
    it('is one POST of the envelope, with the headers of the app and a key, and nothing of the user', async () => {
      const relay = await scriptedRelay(DONE);
      const headers = {
        Authorization: 'Bearer t0ken-of-the-app',
        'Content-Type': 'text/plain',
        'Idempotency-Key': '1',
      };
      assert.equal(await callRelay({ url: relay.url, headers }), 'done');
      const [seen, ...others] = await relay.seen();
      assert.isEmpty(others);
      assert.equal(seen?.method, 'POST');
      assert.equal(`${new URL(relay.url).pathname}/v1/note`, seen?.path);
      assert.equal(seen?.headers.authorization, 'Bearer t0ken-of-the-app');
      assert.equal(seen?.headers['content-type'], 'application/json');
      assert.match(seen?.headers['idempotency-key'] ?? '', UUID);
      assert.notProperty(seen?.headers, 'cookie');
      assert.notProperty(seen?.headers, 'referer');
      const { deadlineMs } = JSON.parse(seen?.body ?? '') as Envelope;
      const body = `{"plugin":{"id":"tester","version":"1.2.3"},"capability":"notes","deadlineMs":${deadlineMs},"arguments":{"text":"hi"}}`;
      assert.equal(seen?.body, body);
      assert.isTrue(Number.isInteger(deadlineMs) && deadlineMs > 30_000 && deadlineMs < 60_000, `${deadlineMs}`);
    });

    it('has another key for each call', async () => {
      const relay = await scriptedRelay(DONE);
      await Promise.all([callRelay(relay), callRelay(relay)]);
      const keys = (await relay.seen()).map(({ headers }) => headers['idempotency-key']);
      assert.lengthOf(new Set(keys), 2);
    });

    it('adds to the path of the URL, with or without a slash at its end', async () => {
      const relay = await scriptedRelay(DONE);
      await callRelay({ url: new URL(`${relay.url}/`) });
      await callRelay({ url: `${relay.url}//` });
      const paths = (await relay.seen()).map(({ path }) => path.split('/').slice(3).join('/'));
      assert.deepEqual(paths, ['v1/note', 'v1/note']);
    });
  });

  describe('failures', () => {
    const answers: [what: string, answer: ScriptedAnswer, heard: string, told: RegExp][] = [
      ['400', problem(400, 'bad_request'), 'relay rejected the request', /version 1/],
      ['401', problem(401, 'unauthorized'), 'relay rejected the credentials of this site', /relay\.headers/],
      ['403', problem(403, 'forbidden'), 'relay does not allow this', /origins, plugins and arguments/],
      ['404', problem(404, 'not_found'), 'relay does not offer this', /relay\.url/],
      [
        '409, interrupted',
        problem(409, 'outcome_unknown'),
        'relay does not know whether this was done',
        /before you repeat/,
      ],
      ['413', problem(413, 'payload_too_large'), 'request too large for the relay', /raise the limit/],
      ['422', problem(422, 'key_reused'), 'relay mistook this for another request', /changes requests/],
      ['500', problem(500, 'internal'), 'relay failed', /its own log/],
      ['504', problem(504, 'deadline'), 'relay ran out of time', /timeoutMs/],
      [
        '500 with HTML',
        { status: 500, headers: { 'Content-Type': 'text/html' }, body: '<h1>/srv/app.js:1' },
        'relay failed',
        /its own log/,
      ],
      ['409 without a code', { status: 409 }, 'relay does not know whether this was done', /before you repeat/],
      [
        '413 of a gateway',
        { status: 413, headers: { 'Content-Type': 'text/html' } },
        'request too large for the relay',
        /limit/,
      ],
      ['a code of another status', problem(500, 'in_progress'), 'relay failed', /its own log/],
      ['a code that nobody knows', problem(403, '__proto__'), 'relay does not allow this', /granted/],
      [
        'a problem that is not JSON',
        { ...problem(401, ''), body: '{' },
        'relay rejected the credentials of this site',
        /relay\.headers/,
      ],
      [
        'a problem that does not end',
        { ...problem(401, ''), body: ' '.repeat(20_000) },
        'relay rejected the credentials of this site',
        /./,
      ],
      ['418', { status: 418 }, 'relay answered with an unexpected status', /not of the protocol/],
      ['201', { ...DONE, status: 201 }, 'relay answered with an unexpected status', /not of the protocol/],
      ['204', { status: 204 }, 'relay answered with an unexpected status', /not of the protocol/],
      [
        'a web page',
        { headers: { 'Content-Type': 'text/html' }, body: '<p>' },
        'relay answered with an unexpected content type',
        /web page/,
      ],
      [
        'no content type',
        { ...DONE, headers: {} },
        'relay answered with an unexpected content type',
        /application\/json/,
      ],
      [
        'JSON in another type',
        { ...DONE, headers: { 'Content-Type': 'text/json' } },
        'relay answered with an unexpected content type',
        /./,
      ],
      ['no JSON', { body: '{"result":}' }, 'relay answer is not JSON', /broken JSON/],
      ['JSON of 500,000 brackets', { body: '['.repeat(500_000) }, 'relay answer is not JSON', /broken JSON/],
      ['no result', { body: '{}' }, 'relay answer has an unexpected form', /version 1/],
      [
        'a result in another case',
        { body: '{"Result":{"note":"x"}}' },
        'relay answer has an unexpected form',
        /version 1/,
      ],
      ['null', { body: 'null' }, 'relay answer has an unexpected form', /version 1/],
      ['a list', { body: '[{"result":{"note":"x"}}]' }, 'relay answer has an unexpected form', /version 1/],
      ['a result of another type', result(['x']), 'relay answer has an unexpected form', /version 1/],
      ['a field of another type', result({ note: { text: 'x' } }), 'relay answer has an unexpected form', /version 1/],
      ['over 8 MiB', result({ note: 'x'.repeat(8 << 20) }), 'relay answer too large', /more than this page reads/],
    ];
    for (const [what, answer, heard, told] of answers) {
      it(`${what}: "${heard}", once`, async () => {
        const relay = await scriptedRelay(answer);
        const failure = await failureOf(relay);
        assert.equal(failure.code, 'RELAY_FAILED');
        assert.equal(failure.heard, heard);
        assert.match(failure.message, told);
        assert.isTrue(failure.message.startsWith(`The relay at ${relay.url} `), failure.message);
        assert.notMatch(failure.message, /told to nobody|srv|<h1>/);
        assert.lengthOf(await relay.seen(), 1);
      });
    }

    it('are told apart by what the plugin hears', () => {
      const heard = new Set(answers.map(([, , text]) => text));
      assert.equal(heard.size, 14);
    });

    it('a relay that is down, or closed to this page by CORS, is unreachable', async () => {
      const closed = await scriptedRelay({ ...DONE, closed: true });
      for (const url of [closed.url, 'http://127.0.0.1:9/']) {
        const { failure } = await failureAfter(2, url);
        assert.equal(failure.heard, 'relay unreachable', url);
        assert.match(failure.message, /CORS.*connect-src/);
      }
    });

    it('an answer that ends too early is cut off, and asked for again', async () => {
      for (const answer of [{ drop: true }, { body: '' }, { body: '{"result":{"note":"do' }]) {
        const relay = await scriptedRelay(answer);
        const { failure } = await failureAfter(2, relay.url);
        assert.equal(failure.heard, 'relay answer was cut off', JSON.stringify(answer));
      }
    });

    it('N1: a relay that redirects is unreachable, and where it leads gets no token', async () => {
      const target = await scriptedRelay(DONE);
      const relay = await scriptedRelay({ status: 307, headers: { Location: `${target.url}/v1/note` } });
      const headers = { Authorization: 'Bearer t0ken-of-the-app' };
      const { failure } = await failureAfter(2, relay.url, headers);
      assert.equal(failure.heard, 'relay unreachable');
      assert.isEmpty(await target.seen());
      // A fetch of the app's that follows is caught when it is too late for the token, but its answer does not count.
      const following = async (input: RequestInfo | URL, init?: RequestInit) =>
        fetch(input, { ...init, redirect: 'follow' });
      assert.equal(
        (await failureOf({ url: relay.url, headers, fetch: following })).heard,
        'relay answered with an unexpected status',
      );
      assert.lengthOf(await target.seen(), 1);
    });
  });

  describe('retries', () => {
    const passing: [what: string, answer: ScriptedAnswer][] = [
      ['a lost connection', { drop: true }],
      ['409 while it is being worked on', problem(409, 'in_progress')],
      ['429', problem(429, 'rate_limited')],
      ['502', { status: 502, headers: { 'Content-Type': 'text/html' }, body: 'Bad Gateway' }],
      ['503', problem(503, 'unavailable')],
    ];
    for (const [what, answer] of passing) {
      it(`repeats after ${what}, with the same key and less time`, async () => {
        const relay = await scriptedRelay(answer, answer, DONE);
        assert.equal(await callRelay(relay), 'done');
        const seen = await relay.seen();
        assert.lengthOf(seen, 3);
        assert.lengthOf(new Set(seen.map(({ headers }) => headers['idempotency-key'])), 1);
        const deadlines = seen.map(({ body }) => (JSON.parse(body) as Envelope).deadlineMs);
        assert.isBelow(deadlines.at(-1) ?? 0, (deadlines[0] ?? 0) - 100);
      });

      it(`never repeats what may be sent only once, after ${what}`, async () => {
        const relay = await scriptedRelay(answer, DONE);
        await failureOf(relay, { once: true });
        await pause(400);
        assert.lengthOf(await relay.seen(), 1);
      });
    }

    it('waits as long as Retry-After says, and asks the headers anew', async () => {
      const relay = await scriptedRelay(problem(503, 'unavailable', { 'Retry-After': '1' }), DONE);
      let asked = 0;
      const began = performance.now();
      await callRelay({ url: relay.url, headers: async () => ({ Authorization: `Bearer t0ken-number-${++asked}` }) });
      assert.isAtLeast(performance.now() - began, 1_000);
      const tokens = (await relay.seen()).map(({ headers }) => headers.authorization);
      assert.deepEqual(tokens, ['Bearer t0ken-number-1', 'Bearer t0ken-number-2']);
    });

    it('reads a date in Retry-After', async () => {
      const date = new Date(Date.now() + 3_600_000).toUTCString();
      const relay = await scriptedRelay(problem(429, 'rate_limited', { 'Retry-After': date }), DONE);
      assert.equal((await failureOf(relay)).heard, 'relay rate limit exceeded');
      assert.lengthOf(await relay.seen(), 1);
    });

    it('gives up at once when the wait is longer than the call', async () => {
      const relay = await scriptedRelay(problem(429, 'rate_limited', { 'Retry-After': '60' }));
      const began = performance.now();
      assert.equal((await failureOf(relay)).heard, 'relay rate limit exceeded');
      assert.isBelow(performance.now() - began, 2_000);
      assert.lengthOf(await relay.seen(), 1);
    });

    it('backs off, and says what was wrong last when the time is over', async () => {
      const relay = await scriptedRelay(problem(503, 'unavailable'));
      const { failure, times } = await failureAfter(4, relay.url);
      assert.equal(failure.heard, 'relay unavailable');
      const waits = times.slice(1).map((time, index) => time - (times[index] ?? 0));
      // Half of 100, 200 and 400 ms at least; a timer may fire a millisecond early.
      [49, 99, 199].forEach((least, index) => {
        assert.isAtLeast(waits[index] ?? 0, least);
      });
    });
  });

  it('leaves clones alone that scripts of the page keep of its answers, whole ones and refusals', async () => {
    const relay = await scriptedRelay(problem(503, 'unavailable'), { status: 503, body: 'Later' }, DONE);
    const page = cloningFetch();
    assert.equal(await callRelay({ url: relay.url, fetch: page.fetch }), 'done');
    const [refused = '', later, done] = await page.texts();
    assert.include(refused, 'unavailable');
    assert.deepEqual([later, done], ['Later', DONE.body]);
  });

  describe('deadline', () => {
    it('a slow relay is late, and the request is aborted', async () => {
      const relay = await scriptedRelay({ ...DONE, delayMs: 3_000 });
      let signal: AbortSignal | null | undefined;
      const watched = {
        url: relay.url,
        fetch: (input: RequestInfo | URL, init?: RequestInit) => {
          signal = init?.signal;
          return fetch(input, init);
        },
      };
      const failure = await failureOf(watched, { remainingMs: 400 });
      assert.equal(failure.heard, 'relay did not answer in time');
      assert.isTrue(signal?.aborted);
    });

    const half = new TextEncoder().encode('{"result"');

    for (const [what, reason] of [
      ['as fetch does it', (signal: AbortSignal) => signal.reason],
      ['with an error of its own', () => new TypeError('gone')],
    ] as const) {
      it(`a body that stops half way and ends with the call, ${what}, is late`, async () => {
        const relay = bodied((body, signal) => {
          body.enqueue(half);
          signal.addEventListener('abort', () => body.error(reason(signal)));
        });
        assert.equal((await failureOf(relay, { remainingMs: 300 })).heard, 'relay did not answer in time');
      });
    }

    for (const [text, heard] of [
      ['{"result":{"note":"do', 'relay answer was cut off'],
      ['{"result":}', 'relay answer is not JSON'],
      ['{"result":[]}', 'relay answer has an unexpected form'],
    ] as const) {
      it(`what is wrong with an answer stays wrong when time is over just after it: "${heard}"`, async () => {
        const call = new AbortController();
        const relay = bodied((body) => {
          body.enqueue(new TextEncoder().encode(text));
          body.close();
          call.abort();
        });
        assert.equal((await failureOf(relay, { signal: call.signal })).heard, heard);
      });
    }

    it('a refusal is one, though what it says of itself breaks off', async () => {
      const relay = await scriptedRelay({ ...problem(403, 'forbidden'), drop: true });
      assert.equal((await failureOf(relay)).heard, 'relay does not allow this');
      assert.lengthOf(await relay.seen(), 1);
    });

    it('ends with the call of the plugin, in the middle of a request or of a pause', async () => {
      for (const answer of [{ ...DONE, delayMs: 3_000 }, problem(503, 'unavailable', { 'Retry-After': '2' })]) {
        const relay = await scriptedRelay(answer);
        const controller = new AbortController();
        const pending = failureOf(relay, { signal: controller.signal });
        await eventually(async () => (await relay.seen()).length === 1, 'the request');
        await pause(50);
        controller.abort();
        // A call that did not end would succeed, or be repeated.
        await pending;
        assert.lengthOf(await relay.seen(), 1);
      }
    });
  });
});
