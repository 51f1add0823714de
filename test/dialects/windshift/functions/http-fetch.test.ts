import { assert } from 'chai';
import { http } from '../../../../src/capabilities/http/http.ts';
import type { CallFacts } from '../../../capabilities/call.ts';
import { askWindshift, whenFailed } from '../../../capabilities/windshift.ts';
import { canary } from '../../../helpers/canary.ts';
import { linkedDialect } from '../../../helpers/dialects.ts';
import { Timers, turn } from '../../../helpers/timers.ts';

const CANARY = { allow: [canary.origin] };

interface Answer {
  status: number;
  headers?: Record<string, string>;
  /** Decoded. */
  body?: string;
}

const text = (base64: string) => new TextDecoder().decode(Uint8Array.from(atob(base64), (c) => c.charCodeAt(0)));

/** The answer as it stands, with a grant for the canary. */
const ask = (request: object | string, facts: CallFacts = {}, capability = http()) =>
  askWindshift(capability, 'http_fetch', typeof request === 'string' ? request : JSON.stringify(request), {
    grant: CANARY,
    ...facts,
  });

async function answerTo(request: object, facts?: CallFacts, capability = http()): Promise<Answer> {
  const answer = JSON.parse((await ask(request, facts, capability)) ?? 'null') as Answer;
  return answer.body === undefined ? answer : { ...answer, body: text(answer.body) };
}

/** A server as the app may put in place of `fetch`. */
function answering(body: BodyInit | null, init: ResponseInit = {}) {
  return http({ fetch: async () => new Response(body, init) });
}

interface Echo {
  method: string;
  url: string;
  headers: Record<string, string>;
  body: string;
}

async function echo(request: object): Promise<Echo> {
  const { body } = await answerTo({ url: canary.url('/echo'), ...request });
  return JSON.parse(body ?? '') as Echo;
}

describe('http for Windshift', () => {
  it('is `http_fetch` of `extism:host/user`, and `http_request` is not part of it', async () => {
    const { linked } = await linkedDialect('windshift', [http()]);
    assert.deepEqual(
      linked.map(({ name }) => name),
      ['http_fetch'],
    );
    const { namespace, params, result } = linked[0]?.shape ?? {};
    assert.deepEqual([namespace, params, result], ['extism:host/user', ['bytes'], 'bytes']);
  });

  describe('answers', () => {
    it('in the order and the form of the contract', async () => {
      const capability = answering('{"id":7}', { status: 201, headers: { 'Content-Type': 'application/json' } });
      assert.equal(
        await ask({ url: 'https://api.example.com/x' }, { grant: { allow: ['api.example.com'] } }, capability),
        '{"status":201,"headers":{"Content-Type":"application/json"},"body":"eyJpZCI6N30="}',
      );
    });

    it('without `headers` and `body` where there are none', async () => {
      assert.equal(await ask({ url: canary.url('/') }, {}, answering(null, { status: 204 })), '{"status":204}');
      const empty = answering(null, { headers: { 'X-A': '' } });
      assert.equal(await ask({ url: canary.url('/') }, {}, empty), '{"status":200,"headers":{"X-A":""}}');
    });

    it('with header names in canonical form, sorted, and what Go escapes', async () => {
      const headers = { 'x-request-id': '<1>', etag: '&', 'WWW-AUTHENTICATE': 'b', '1-a_b': 'c' };
      assert.equal(
        await ask({ url: canary.url('/') }, {}, answering(null, { status: 401, headers })),
        '{"status":401,"headers":{"1-A_b":"c","Etag":"\\u0026","Www-Authenticate":"b","X-Request-Id":"\\u003c1\\u003e"}}',
      );
    });

    it('without the length and coding of a body that browsers have decoded', async () => {
      const headers = { 'Content-Encoding': 'gzip', 'Content-Length': '999', 'X-A': '1' };
      assert.deepEqual((await answerTo({ url: canary.url('/') }, {}, answering('abc', { headers }))).headers, {
        'Content-Type': 'text/plain;charset=UTF-8',
        'X-A': '1',
      });
    });

    it('with 4xx and 5xx as they are', async () => {
      for (const status of [404, 500]) {
        const answer = await answerTo({ url: canary.url(`/status/${status}`) });
        assert.deepEqual([answer.status, answer.body], [status, `status ${status}`]);
        assert.equal(answer.headers?.['Content-Type'], 'text/plain');
      }
    });

    it('with bytes that are not text', async () => {
      const bytes = new Uint8Array([0, 255, 128, 13]);
      assert.include((await ask({ url: canary.url('/') }, {}, answering(bytes))) ?? '', '"body":"AP+ADQ=="');
    });
  });

  describe('requests', () => {
    it('are a GET when they have only a URL', async () => {
      const seen = await echo({});
      assert.deepEqual([seen.method, seen.body], ['GET', '']);
      assert.equal((await echo({ method: '', headers: null, body: null, timeout_ms: 0 })).method, 'GET');
    });

    it('send method, headers and body', async () => {
      const seen = await echo({ method: 'post', headers: { 'X-One': 'a' }, body: btoa('{"a":1}') });
      assert.deepEqual([seen.method, seen.headers['x-one'], seen.body], ['POST', 'a', '{"a":1}']);
    });

    it('may have their keys in any case', async () => {
      const seen = await echo({ Method: 'PUT', HEADERS: { 'x-one': 'b' }, Body: 'YWJj', retries: 3 });
      assert.deepEqual([seen.method, seen.headers['x-one'], seen.body], ['PUT', 'b', 'abc']);
    });

    it('take 10 MiB each way', async () => {
      const size = 10 << 20;
      let sent = 0;
      const capability = http({
        fetch: async (_url, init) => {
          if (init?.body instanceof Uint8Array) sent = init.body.length;
          return new Response(new Uint8Array(size));
        },
      });
      const request = `{"method":"POST","url":"${canary.url('/')}","body":"${'AAAA'.repeat(size / 4)}"}`;
      const answer = await ask(request, {}, capability);
      assert.equal(sent, (size / 4) * 3);
      assert.isAbove(answer?.length ?? 0, (size * 4) / 3);
    });
  });

  describe('offset 0', () => {
    const payloads = [
      '',
      'x',
      '[]',
      '{"url":1}',
      '{"url":"https://x.y","body":{}}',
      '{"url":"https://x.y","body":"e"}',
      '{"url":"https://x.y","body":"e30"}',
      '{"url":"https://x.y","body":"e-_="}',
      '{"url":"https://x.y","headers":[]}',
      '{"url":"https://x.y","headers":{"a":1}}',
      '{"url":"https://x.y","timeout_ms":"5"}',
      '{"url":"https://x.y","timeout_ms":1.5}',
    ];
    for (const payload of payloads) {
      it(`is the answer to ${payload || 'nothing'}`, async () => assert.isNull(await ask(payload)));
    }

    it('is the answer to a block that cannot be read', async () => {
      assert.isNull(await whenFailed(http(), 'http_fetch', 'ARGUMENT_UNREADABLE', 'there is none'));
    });

    it('M9: is the answer to a bomb, at once', async () => {
      const began = performance.now();
      assert.isNull(await ask(`{"url":"x","y":${'['.repeat(4_000_000)}`));
      assert.isNull(await ask(`{"url":"x","y":[${'{},'.repeat(1_000_000)}0]}`));
      assert.isBelow(performance.now() - began, 2_000);
    });
  });

  describe('400', () => {
    it('has no text where there is no URL', async () => {
      assert.equal(await ask('{}'), '{"status":400}');
      assert.equal(await ask('null'), '{"status":400}');
      assert.equal(await ask({ url: '', method: 'GE T' }), '{"status":400}');
    });

    for (const url of ['http://[::1', 'https://x:99999/']) {
      it(`says what is wrong with ${url}`, async () => {
        const { status, body } = await answerTo({ url });
        assert.deepEqual([status, body], [400, `"${url}" is not a URL`]);
      });
    }

    const NONE: readonly [url: string, shown: string, problem: string][] = [
      ['://nope', '://nope', 'missing protocol scheme'],
      ['https://x.y/a\nb', 'https://x.y/a\\nb', 'net/url: invalid control character in URL'],
      ['https://x.y\t/', 'https://x.y\\t/', 'net/url: invalid control character in URL'],
      [' https://x.y/', ' https://x.y/', 'first path segment in URL cannot contain colon'],
      ['https://x y/', 'https://x y/', 'invalid character " " in host name'],
      ['https://x.y\\z/', 'https://x.y\\z/', 'invalid character "\\\\" in host name'],
      ['https://a:b@{x}/', 'https://a:b@{x}/', 'invalid character "{" in host name'],
      ['https://x.y/100%', 'https://x.y/100%', 'invalid URL escape "%"'],
      ['https://x.y/%zz/a', 'https://x.y/%zz/a', 'invalid URL escape "%zz"'],
    ];
    for (const [url, shown, problem] of NONE) {
      it(`says of ${JSON.stringify(url)} what Go says, where a browser would ask for another`, async () => {
        const { status, body } = await answerTo({ url }, { grant: { allow: ['https://x.y'] } });
        assert.deepEqual([status, body], [400, `parse "${shown}": ${problem}`]);
      });
    }

    for (const method of ['GE T', 'GET\r\nX: y', 'ä', '(']) {
      it(`says what is wrong with the method ${JSON.stringify(method)}`, async () => {
        const { status, body } = await answerTo({ url: canary.url('/'), method });
        assert.equal(status, 400);
        assert.match(body ?? '', /^net\/http: invalid method "/);
      });
    }

    it('says it of the method as it would have been sent', async () => {
      const { body } = await answerTo({ url: canary.url('/'), method: 'bad method' });
      assert.equal(body, 'net/http: invalid method "BAD METHOD"');
    });
  });

  it('N7: is 429 above the requests of a minute', async () => {
    const capability = answering('ok');
    const facts = { limits: { httpPerMinute: 1 } };
    assert.equal((await answerTo({ url: canary.url('/') }, facts, capability)).status, 200);
    const { status, body } = await answerTo({ url: canary.url('/') }, facts, capability);
    assert.equal(status, 429);
    assert.match(body ?? '', /1 requests were made in the last minute/);
  });

  describe('502', () => {
    const badGateway = async (request: object, wording: RegExp, facts?: CallFacts): Promise<void> => {
      const answer = await answerTo(request, facts);
      assert.equal(answer.status, 502);
      assert.match(answer.body ?? '', wording);
      assert.isUndefined(answer.headers);
    };

    it('for a server that is not there', () => {
      const grant = { allow: ['localhost'] };
      return badGateway({ url: 'http://localhost:9/' }, /^No answer from http:\/\/localhost:9/, { grant });
    });

    it('N1: for a redirect, and says so', () =>
      badGateway({ url: canary.url(`/redirect?to=${encodeURIComponent(canary.url('/echo'))}`) }, /redirects$/));

    it('for what is late: the least of `timeout_ms`, the limit, and what the call has left', async () => {
      const url = canary.url('/slow?ms=5000');
      await badGateway({ url, timeout_ms: 50 }, /longer than 50 ms/);
      await badGateway({ url, timeout_ms: 9_000 }, /longer than 60 ms/, { limits: { httpTimeoutMs: 60 } });
      await badGateway({ url, timeout_ms: 9_000 }, /longer than 70 ms/, { remainingMs: 70 });
      await badGateway({ url, timeout_ms: -1 }, /longer than 80 ms/, { remainingMs: 80 });
    });

    it('for 5 s where no time is given, though more is allowed', async () => {
      let asked = false;
      let aborted = false;
      const capability = http({
        fetch: (_url, init) =>
          new Promise((_, reject) => {
            asked = true;
            init?.signal?.addEventListener('abort', () => {
              aborted = true;
              reject(new Error('aborted'));
            });
          }),
      });
      await using time = new Timers();
      const answer = answerTo({ url: canary.url('/') }, { remainingMs: 9_000 }, capability);
      while (!asked) await turn();
      await time.pass(4_900);
      assert.isFalse(aborted);
      await time.pass(200);
      assert.isTrue(aborted);
      const { status, body } = await answer;
      assert.equal(status, 502);
      assert.match(body ?? '', /longer than 5000 ms/);
    });

    for (const url of ['http://', 'http:///x.y', 'https:x.y/', 'https:/x.y']) {
      it(`for ${url}, which has no host`, () =>
        badGateway({ url }, new RegExp(`^Get "${url}": http: no Host in request URL$`), {
          grant: { allow: ['https://x.y'] },
        }));
    }

    it('N7: for an answer over the cap', () =>
      badGateway({ url: canary.url('/echo?a=b') }, /over 5 bytes/, { limits: { httpResponseBytes: 5 } }));

    it('N3, N2: for what is neither https nor http, or has a password', async () => {
      for (const url of ['ftp://example.com/', 'FILE:///etc/passwd', 'javascript:1', 'data:,x']) {
        const scheme = url.replace(/:.*/, '').toLowerCase();
        await badGateway({ url }, new RegExp(`^Get "${url}": unsupported protocol scheme "${scheme}"$`));
      }
      await badGateway({ url: 'https://a:secret@example.com/' }, /^((?!secret).)*$/);
    });

    it('for a relative URL, which Go takes for a good one', async () => {
      await badGateway({ url: 'relative/path' }, /^Get "relative\/path": unsupported protocol scheme ""$/);
      await badGateway({ url: '//example.com/', method: 'post' }, /^Post "\/\/example.com\/": unsupported/);
    });

    it('N8: for methods and bodies that browsers do not send', async () => {
      await badGateway({ url: canary.url('/'), method: 'TRACE' }, /No browser sends TRACE/);
      await badGateway({ url: canary.url('/'), method: 'GET', body: 'YQ==' }, /use POST/);
    });

    it('for headers that are none', () =>
      badGateway({ url: canary.url('/'), headers: { 'a b': 'secret' } }, /^Header "a b" is not valid$/));

    it('for a host that is not granted, names the entry that would do, and sends nothing', async () => {
      const id = crypto.randomUUID();
      const url = canary.url(`/hit/${id}?key=secret`);
      const wording = new RegExp(`allow: \\['${canary.origin}'\\] \\} \\}\` would allow it\\. It asks for \\*`);
      await badGateway({ url }, wording, { grant: { allow: [], withheld: ['*'] } });
      await badGateway({ url }, /policy/, { policy: { allow: ['example.com'] } });
      await badGateway({ url }, /^((?!secret).)*$/, { grant: undefined });
      assert.equal(await canary.count(id), 0);
    });

    it('with the words of the host for what it denies', async () => {
      const answer = await whenFailed(http(), 'http_fetch', 'PERMISSION_DENIED', 'not granted');
      assert.equal(answer, `{"status":502,"body":"${btoa('not granted')}"}`);
    });
  });
});
