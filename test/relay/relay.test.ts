// The relay as a page reaches it: what browsers send, refuse, redirect, cut off and abort. What answers mean is in answers.test.ts.

import { assert } from 'chai';
import { problem, result, scriptedRelay } from '../capabilities/scripted-relay.ts';
import { cloningFetch } from '../helpers/cloning-fetch.ts';
import { eventually, pause } from '../helpers/hosts.ts';
import { bodied, callRelay, failureAfter, failureOf } from './call.ts';
import { type Envelope, retriesAfter } from './retries.ts';

const DONE = result({ note: 'done' });
const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/;

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
  });

  describe('failures', () => {
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
    retriesAfter([['a lost connection', { drop: true }]]);
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
