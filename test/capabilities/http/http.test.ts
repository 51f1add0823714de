import { assert } from 'chai';
import { type HttpAnswer, packHttpAnswer, unpackHttpAnswer } from '../../../src/capabilities/http/answer.ts';
import { http } from '../../../src/capabilities/http/http.ts';
import { canary } from '../../helpers/canary.ts';
import { type CloningFetch, cloningFetch } from '../../helpers/cloning-fetch.ts';
import { rejectsCode } from '../../helpers/expect-code.ts';
import { later } from '../../helpers/later.ts';
import { type CallFacts, callFunction, functionOf } from '../call.ts';

const NOTHING = new Uint8Array();
/** What the canary is reached by: an address, so nothing but its exact name covers it. */
const CANARY = { allow: [canary.origin] };

async function request(json: unknown, facts: CallFacts = {}, body = NOTHING, capability = http()): Promise<HttpAnswer> {
  const packed = await callFunction(capability, 'http_request', [json, body], { grant: CANARY, ...facts });
  return unpackHttpAnswer(packed as Uint8Array);
}

interface Echo {
  method: string;
  url: string;
  headers: Record<string, string>;
  body: string;
}

async function echo(json: object, facts?: CallFacts, body?: Uint8Array<ArrayBuffer>): Promise<Echo> {
  const answer = await request({ url: canary.url('/echo'), ...json }, facts, body);
  return JSON.parse(new TextDecoder().decode(answer.body)) as Echo;
}

const lengths = async (page: CloningFetch) => (await page.texts()).map(({ length }) => length);

const bytes = (text: string) => new TextEncoder().encode(text);

describe('http', () => {
  it('is linked as `http_request` of `extism:host/env`', () => {
    for (const dialect of ['extism', 'cloche']) {
      const { namespace, params, result } = functionOf(http(), 'http_request', dialect)?.shape ?? {};
      assert.deepEqual([namespace, params, result], ['extism:host/env', ['json', 'bytes'], 'bytes']);
    }
  });

  describe('request', () => {
    it('is a GET without headers when it has only a URL', async () => {
      const seen = await echo({});
      assert.equal(seen.method, 'GET');
      assert.equal(seen.body, '');
    });

    it('sends method, headers and body', async () => {
      const seen = await echo({ method: 'post', headers: { 'X-One': 'a' } }, {}, bytes('naïve'));
      assert.equal(seen.method, 'POST');
      assert.equal(seen.headers['x-one'], 'a');
      assert.equal(seen.body, 'naïve');
    });

    it('reads `header` in place of `headers`, as the JS SDK does', async () => {
      assert.equal((await echo({ header: { 'X-One': 'a' } })).headers['x-one'], 'a');
    });

    it('sends only the bytes of a view', async () => {
      const view = bytes('abcdef').subarray(2, 4);
      assert.equal((await echo({ method: 'PUT' }, {}, view)).body, 'cd');
    });

    for (const method of ['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS']) {
      it(`takes ${method} with an empty body`, async () => {
        assert.equal((await request({ url: canary.url('/status/200'), method })).status, 200);
      });
    }

    it('drops headers that browsers keep to themselves, and says so in the log', async () => {
      const lines: string[] = [];
      const headers = {
        Cookie: 'a=1',
        'Sec-Fetch-Site': 'none',
        'proxy-x': '1',
        Referer: 'https://x.y/',
        'X-One': 'a',
      };
      const seen = await echo({ headers }, { lines });
      assert.equal(seen.headers['x-one'], 'a');
      assert.notProperty(seen.headers, 'cookie');
      assert.notProperty(seen.headers, 'referer');
      assert.notProperty(seen.headers, 'proxy-x');
      assert.lengthOf(lines, 1);
      assert.match(lines[0] ?? '', /^debug: .*proxy-x, cookie, referer, sec-fetch-site$/);
    });

    const broken: [what: string, json: unknown][] = [
      ['nothing', undefined],
      ['null', null],
      ['text', 'https://x.y/'],
      ['an array', []],
      ['no URL', {}],
      ['a URL that is not a string', { url: 1 }],
      ['an unknown key', { url: canary.url('/echo'), redirect: 'follow' }],
      ['`__proto__` as a key', JSON.parse(`{"url":"${canary.url('/echo')}","__proto__":{}}`)],
      ['a method that is not a string', { url: canary.url('/echo'), method: 1 }],
      ['an empty method', { url: canary.url('/echo'), method: '' }],
      ['a method with a space', { url: canary.url('/echo'), method: 'GET /' }],
      ['headers that are not an object', { url: canary.url('/echo'), headers: [] }],
      ['headers that are text', { url: canary.url('/echo'), headers: 'a: b' }],
      ['a header that is not a string', { url: canary.url('/echo'), headers: { a: 1 } }],
      ['a header name with a colon', { url: canary.url('/echo'), headers: { 'a:': 'b' } }],
      ['a header value with a line break', { url: canary.url('/echo'), headers: { a: 'b\r\nc: d' } }],
      ['a header value beyond Latin-1', { url: canary.url('/echo'), headers: { a: '€' } }],
      [
        '65 headers',
        { url: canary.url('/echo'), headers: Object.fromEntries(Array.from({ length: 65 }, (_, i) => [`h${i}`, ''])) },
      ],
      ['over 16 KiB of headers', { url: canary.url('/echo'), headers: { a: 'x'.repeat(16_384) } }],
      ['a relative URL', { url: '/echo' }],
      ['a data URL', { url: 'data:text/plain,x' }],
    ];
    for (const [what, json] of broken) {
      it(`rejects ${what} with HTTP_FAILED`, () => rejectsCode('HTTP_FAILED', request(json)));
    }

    it('keeps the value of a bad header and the query of a bad URL out of the message', async () => {
      await rejectsCode('HTTP_FAILED', request({ url: canary.url('/'), headers: { a: 'se\ncret' } }), /^((?!cret).)*$/);
      await rejectsCode('HTTP_FAILED', request({ url: 'ftp://x.y/?key=secret' }), /^((?!secret).)*$/);
      await rejectsCode('HTTP_FAILED', request({ url: 'https://user:secret@x.y/' }), /^((?!secret).)*$/);
    });
  });

  describe('answer', () => {
    it('has status, headers with names in lower case where the app shows them, and the body', async () => {
      const answer = await request({ url: canary.url('/headers') }, {}, NOTHING, http({ responseHeaders: true }));
      assert.equal(answer.status, 200);
      assert.equal(answer.headers?.['x-canary'], 'sings');
      assert.equal(new TextDecoder().decode(answer.body), '{"ok":true}');
    });

    it('keeps the headers to itself otherwise, as the native runtime does', async () => {
      assert.isUndefined((await request({ url: canary.url('/headers') })).headers);
    });

    for (const status of [201, 204, 404, 418, 500, 503]) {
      it(`is an answer with status ${status}`, async () => {
        assert.equal((await request({ url: canary.url(`/status/${status}`) })).status, status);
      });
    }

    it('comes out of its layout as it went in', () => {
      const head = { status: 299, headers: { 'x-ü': 'ß', ['__proto__']: 'own' } };
      const packed = packHttpAnswer(head, [bytes('ab'), NOTHING, bytes('c')]);
      const inFront = new Uint8Array([9, 9, ...packed]).subarray(2);
      const { status, headers, body } = unpackHttpAnswer(inFront);
      assert.deepEqual([status, Object.entries(headers ?? {})], [299, Object.entries(head.headers)]);
      assert.equal(new TextDecoder().decode(body), 'abc');
      assert.throws(() => unpackHttpAnswer(packed.subarray(0, 8)), RangeError);
    });
  });

  describe('N1: redirects', () => {
    for (const status of [301, 302, 303, 307, 308]) {
      it(`N1: the target of a ${status} is not hit`, async () => {
        const id = crypto.randomUUID();
        const url = canary.url(`/redirect?status=${status}&to=${encodeURIComponent(canary.url(`/hit/${id}`))}`);
        await rejectsCode('HTTP_FAILED', request({ url }), /redirects/);
        await rejectsCode('HTTP_FAILED', request({ url, method: 'POST' }, {}, bytes('secret')));
        await new Promise((done) => setTimeout(done, 100));
        assert.equal(await canary.count(id), 0);
        // The positive control: an unguarded fetch gets there.
        await fetch(url);
        assert.equal(await canary.count(id), 1);
      });
    }

    it('N1: what a replaced fetch has followed is refused', async () => {
      const followed = http({ fetch: async (input) => fetch(input as string) });
      const url = canary.url(`/redirect?to=${encodeURIComponent(canary.url('/echo'))}`);
      await rejectsCode('HTTP_FAILED', request({ url }, {}, NOTHING, followed), /redirects/);
    });
  });

  describe('N5: nothing of the user goes along', () => {
    after(() => {
      // biome-ignore lint/suspicious/noDocumentCookie: as below
      document.cookie = 'session=; path=/; max-age=0';
    });

    it('N5: sends no cookie and no referrer', async () => {
      // Cookies know no ports: under the page's own host name the canary gets those of the page.
      const sameSite = new URL(canary.url('/echo'));
      sameSite.hostname = location.hostname;
      // biome-ignore lint/suspicious/noDocumentCookie: Firefox ESR and WebKitGTK have no Cookie Store
      document.cookie = 'session=secret; path=/';
      const answer = await request({ url: sameSite.href }, { grant: { allow: [sameSite.origin] } });
      const { headers } = JSON.parse(new TextDecoder().decode(answer.body)) as Echo;
      assert.notProperty(headers, 'cookie');
      assert.notProperty(headers, 'referer');
      // The positive control: an unguarded fetch carries both.
      const unguarded = await fetch(sameSite, { credentials: 'include', referrerPolicy: 'unsafe-url' });
      const control = (await unguarded.json()) as Echo;
      assert.include(control.headers.cookie, 'session=secret');
      assert.property(control.headers, 'referer');
    });

    it('N5: asks fetch for neither credentials, referrer, cache nor redirects', async () => {
      let seen: RequestInit | undefined;
      const spy = http({
        fetch: async (_input, init) => {
          seen = init;
          return new Response('');
        },
      });
      await request({ url: canary.url('/') }, {}, NOTHING, spy);
      assert.include(seen, {
        credentials: 'omit',
        referrer: '',
        referrerPolicy: 'no-referrer',
        cache: 'no-store',
        redirect: 'error',
        mode: 'cors',
        keepalive: false,
      });
    });

    const own = new URL('/__canary.json', location.href).href;
    it('N5: refuses own origin by host, wildcard and `*`', async () => {
      for (const allow of [['*'], [location.hostname], []]) {
        await rejectsCode('PERMISSION_DENIED', request({ url: own }, { grant: { allow } }));
      }
    });

    it('N5: reaches own origin when the grant names it exactly', async () => {
      const answer = await request({ url: own }, { grant: { allow: [location.origin] } });
      assert.equal(answer.status, 200);
    });
  });

  describe('N7: size and time', () => {
    const limits = { httpResponseBytes: 100_000 };

    it('N7: a body of exactly the limit passes', async () => {
      const answer = await request({ url: canary.url('/big?bytes=100000') }, { limits });
      assert.equal(answer.body.byteLength, 100_000);
    });

    it('N7: a body of one byte more is HTTP_FAILED', () =>
      rejectsCode('HTTP_FAILED', request({ url: canary.url('/big?bytes=100001') }, { limits }), /100000 bytes/));

    it('N7: a limit of 0 lets an empty body pass and nothing else', async () => {
      const none = { limits: { httpResponseBytes: 0 } };
      assert.equal((await request({ url: canary.url('/status/204') }, none)).status, 204);
      await rejectsCode('HTTP_FAILED', request({ url: canary.url('/big?bytes=1') }, none));
    });

    it('N7: a gzip bomb is cut by its decoded size', () =>
      rejectsCode('HTTP_FAILED', request({ url: canary.url('/gzip?bytes=50000000') }, { limits }), /100000 bytes/));

    it('N7: an endless body is cut at the limit', () =>
      rejectsCode('HTTP_FAILED', request({ url: canary.url('/endless') }, { limits: { httpResponseBytes: 3_000 } })));

    it('N7: a slow answer and an endless body end at the deadline', async () => {
      for (const path of ['/slow?ms=5000', '/endless']) {
        const start = performance.now();
        const slow = request({ url: canary.url(path) }, { limits: { httpTimeoutMs: 200 } });
        await rejectsCode('HTTP_FAILED', slow, /200 ms/);
        assert.isBelow(performance.now() - start, 1_500);
      }
    });

    it('says which of its deadline and its call came first, though the other follows before it has ended', async () => {
      for (const [httpTimeoutMs, wording] of [
        [50, /longer than 50 ms/],
        [60_000, /ended with the plugin's call/],
      ] as const) {
        const call = new AbortController();
        const stalled = http({
          fetch: (_input, init) => {
            if (httpTimeoutMs > 50) call.abort();
            const { promise, reject } = Promise.withResolvers<Response>();
            const signal = init?.signal ?? AbortSignal.abort();
            const end = () => {
              call.abort();
              reject(new TypeError('gone'));
            };
            if (signal.aborted) end();
            else signal.addEventListener('abort', end);
            return promise;
          },
        });
        const pending = request(
          { url: canary.url('/') },
          { signal: call.signal, limits: { httpTimeoutMs } },
          NOTHING,
          stalled,
        );
        await rejectsCode('HTTP_FAILED', pending, wording);
      }
    });

    it('N7: a request ends when the call of its plugin ends', async () => {
      for (const path of ['/slow?ms=5000', '/endless']) {
        const abort = new AbortController();
        const start = performance.now();
        const pending = request({ url: canary.url(path) }, { signal: abort.signal });
        setTimeout(() => abort.abort(), 100);
        await rejectsCode('HTTP_FAILED', pending, /call/);
        assert.isBelow(performance.now() - start, 1_500);
      }
    });

    it('sends nothing when the call has ended before', async () => {
      const id = crypto.randomUUID();
      const ended = request({ url: canary.url(`/hit/${id}`) }, { signal: AbortSignal.abort() });
      await rejectsCode('HTTP_FAILED', ended);
      assert.equal(await canary.count(id), 0);
    });

    it('leaves clones alone that scripts of the page keep of an answer that was whole', async () => {
      const page = cloningFetch();
      await request({ url: canary.url('/big?bytes=100') }, {}, NOTHING, http({ fetch: page.fetch }));
      assert.deepEqual(await lengths(page), [100]);
    });

    it('aborts the body of an answer that is too large', async () => {
      let signal: AbortSignal | null | undefined;
      const spy = http({
        fetch: (input, init) => {
          signal = init?.signal;
          return fetch(input, init);
        },
      });
      await rejectsCode(
        'HTTP_FAILED',
        request({ url: canary.url('/endless') }, { limits: { httpResponseBytes: 10 } }, NOTHING, spy),
      );
      assert.isTrue(signal?.aborted);
    });

    it('refuses headers over 64 KiB', async () => {
      const large = http({ fetch: async () => new Response('', { headers: { a: 'x'.repeat(65_536) } }) });
      await rejectsCode('HTTP_FAILED', request({ url: canary.url('/') }, {}, NOTHING, large), /65536 bytes/);
    });

    it('N7: counts the requests of a minute for each plugin, before anything is sent', async () => {
      const capability = http();
      const limits = { httpPerMinute: 2 };
      const id = crypto.randomUUID();
      const send = (plugin: string) =>
        request({ url: canary.url(`/hit/${id}`) }, { plugin, limits }, NOTHING, capability);
      await send('a');
      await send('a');
      await rejectsCode('RATE_LIMITED', send('a'), /2 requests .* last minute/);
      await send('b');
      assert.equal(await canary.count(id), 3);
      using _ = later(60_000);
      await send('a');
    });

    it('N7: a limit of no requests lets none pass', () =>
      rejectsCode('RATE_LIMITED', request({ url: canary.url('/') }, { limits: { httpPerMinute: 0 } })));

    it('counts requests under way for each plugin, and lets go of failed ones', async () => {
      const capability = http();
      const limits = { httpInFlight: 2, httpTimeoutMs: 300 };
      const slow = (plugin: string) =>
        request({ url: canary.url('/slow?ms=5000') }, { plugin, limits }, NOTHING, capability);
      const running = [slow('a'), slow('a')].map((pending) => rejectsCode('HTTP_FAILED', pending, /300 ms/));
      await rejectsCode('HTTP_FAILED', slow('a'), /under way/);
      const quick = request({ url: canary.url('/status/200') }, { plugin: 'b', limits }, NOTHING, capability);
      assert.equal((await quick).status, 200);
      await Promise.all(running);
      const after = request({ url: canary.url('/status/200') }, { plugin: 'a', limits }, NOTHING, capability);
      assert.equal((await after).status, 200);
    });
  });

  describe('N8: methods', () => {
    for (const method of ['CONNECT', 'TRACE', 'TRACK', 'trace']) {
      it(`N8: refuses ${method}`, () => rejectsCode('HTTP_FAILED', request({ url: canary.url('/echo'), method })));
    }

    for (const method of ['GET', 'HEAD', 'get']) {
      it(`N8: refuses a body with ${method}`, () =>
        rejectsCode('HTTP_FAILED', request({ url: canary.url('/echo'), method }, {}, bytes('x')), /body/));
    }

    it('N8: sends only the methods that a grant lists', async () => {
      const grant = { ...CANARY, methods: ['GET'] };
      assert.equal((await request({ url: canary.url('/echo') }, { grant })).status, 200);
      await rejectsCode(
        'PERMISSION_DENIED',
        request({ url: canary.url('/echo'), method: 'DELETE' }, { grant }),
        /DELETE/,
      );
    });

    it('N8: takes a method in an override header for that method', async () => {
      const grant = { ...CANARY, methods: ['POST'] };
      for (const name of ['X-HTTP-Method-Override', 'x-http-method', 'X-Method-Override']) {
        const json = { url: canary.url('/echo'), method: 'POST', headers: { [name]: 'delete' } };
        await rejectsCode('PERMISSION_DENIED', request(json, { grant }), /DELETE/);
        await rejectsCode('HTTP_FAILED', request({ ...json, headers: { [name]: 'TRACE' } }, { grant }));
      }
    });
  });

  describe('permission', () => {
    it('denies what the grant does not cover, and names the entry that would', async () => {
      const id = crypto.randomUUID();
      const url = canary.url(`/hit/${id}?key=secret`);
      const denied = request({ url }, { grant: { allow: ['example.com'] } });
      await rejectsCode('PERMISSION_DENIED', denied, new RegExp(`allow: \\['${canary.origin}'\\]((?!secret).)*$`));
      assert.equal(await canary.count(id), 0);
    });

    it('names what the manifest asks for and does not get', async () => {
      const grant = { allow: [], withheld: ['*'] };
      await rejectsCode('PERMISSION_DENIED', request({ url: canary.url('/') }, { grant }), /asks for \*/);
    });

    it('denies what the policy does not cover, whatever the grant says', async () => {
      const url = canary.url('/echo');
      await rejectsCode('PERMISSION_DENIED', request({ url }, { policy: { allow: ['*'] } }), /policy/);
      await rejectsCode(
        'PERMISSION_DENIED',
        request({ url, method: 'PUT' }, { policy: { ...CANARY, methods: ['GET'] } }),
      );
      assert.equal((await request({ url }, { policy: CANARY })).status, 200);
    });

    it('X6: denies under a grant or policy that cannot be read', async () => {
      for (const grant of [undefined, null, true, 'https://x.y', {}, { allow: canary.origin }]) {
        await rejectsCode('PERMISSION_DENIED', request({ url: canary.url('/echo') }, { grant }));
      }
      for (const policy of [null, false, {}, { allow: canary.origin }]) {
        await rejectsCode('PERMISSION_DENIED', request({ url: canary.url('/echo') }, { policy }));
      }
    });
  });
});
