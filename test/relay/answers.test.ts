// What answers of a relay mean, and which of them are asked for again.

import { assert } from 'chai';
import { problem, result, type ScriptedAnswer, scriptedRelay } from '../capabilities/scripted-relay.ts';
import { bodied, callRelay, failureAfter, failureOf } from './call.ts';
import { retriesAfter } from './retries.ts';

const DONE = result({ note: 'done' });

describe('relay', () => {
  describe('request', () => {
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
  });

  describe('retries', () => {
    retriesAfter([
      ['409 while it is being worked on', problem(409, 'in_progress')],
      ['429', problem(429, 'rate_limited')],
      ['502', { status: 502, headers: { 'Content-Type': 'text/html' }, body: 'Bad Gateway' }],
      ['503', problem(503, 'unavailable')],
    ]);

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

  describe('deadline', () => {
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
  });
});
