import assert from 'node:assert/strict';
import { after, afterEach, before, describe, it } from 'node:test';
import { gzipSync } from 'node:zlib';
import {
  EVERYTHING,
  ORIGIN,
  type RelayUnderTest,
  type Sending,
  startRelay,
  testConfig,
  until,
} from './relay-under-test.ts';
import { type Answering, endless, slow, startRaw, startUpstream, type UpstreamUnderTest } from './upstream.ts';

const SECRET = 'tk-5f2b9a77c1';
const PASSWORD = 'correct horse battery staple';
const MOST_BYTES = 1 << 20;
const MIB = new Uint8Array(1 << 20);

interface FetchResult {
  readonly status: number | 'error';
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string;
  readonly error?: string;
}

const decoded = (body = '') => Buffer.from(body, 'base64').toString();

const echo: Answering = ({ method, path, headers, body }, response) => {
  response.setHeader('Content-Type', 'application/json').end(JSON.stringify({ method, path, headers, body }));
};

const redirect =
  (status: number): Answering =>
  ({ path }, response) =>
    response.writeHead(status, { Location: new URLSearchParams(path.split('?')[1]).get('to') ?? '' }).end('moved');

describe('http_fetch', () => {
  let relay: RelayUnderTest;
  let upstream: UpstreamUnderTest;
  let other: UpstreamUnderTest;
  let hidden: UpstreamUnderTest;

  before(async () => {
    [upstream, other, hidden] = await Promise.all([
      startUpstream({
        '/echo': echo,
        '/v1/items': echo,
        '/status': (_, response) =>
          response.writeHead(418, { 'X-Twice': ['one', 'two'], 'Set-Cookie': 'a=1' }).end('tea'),
        '/empty': (_, response) => response.writeHead(204).end(),
        '/301': redirect(301),
        '/302': redirect(302),
        '/303': redirect(303),
        '/307': redirect(307),
        '/308': redirect(308),
        '/300': (_, response) => response.writeHead(300, { Location: '/echo' }).end('choose'),
        '/nowhere': (_, response) => response.writeHead(302).end('stay'),
        '/count': ({ path }, response) => {
          const left = Number(path.split('?')[1]);
          if (left > 0) response.writeHead(302, { Location: `/count?${left - 1}` }).end();
          else response.end('arrived');
        },
        '/gzip': (_, response) => {
          const body = gzipSync('unpacked');
          response.writeHead(200, { 'Content-Encoding': 'gzip', 'Content-Length': body.length }).end(body);
        },
        '/not-gzip': (_, response) => response.writeHead(200, { 'Content-Encoding': 'gzip' }).end('plain'),
        '/unasked': (_, response) => response.writeHead(200, { 'Content-Encoding': 'br' }).end('brotli'),
        '/large': (_, response) => response.end(Buffer.alloc(MOST_BYTES)),
        '/larger': (_, response) => response.end(Buffer.alloc(MOST_BYTES + 1)),
        '/endless': endless(MIB),
        '/bomb': (_, response) => {
          response.writeHead(200, { 'Content-Encoding': 'gzip' }).end(gzipSync(Buffer.alloc(256 << 20)));
        },
        // A member of no content, again and again: it never becomes a byte.
        '/hollow': (request, response) => {
          response.writeHead(200, { 'Content-Encoding': 'gzip' });
          return endless(Buffer.concat(Array.from({ length: 1_000 }, () => gzipSync(''))))(request, response);
        },
        '/slow': slow,
        '/never': () => undefined,
        '/headers': (_, response) => response.writeHead(200, { 'X-Bomb': 'x'.repeat(70_000) }).end(),
        '/many-headers': (_, response) => {
          for (let at = 0; at < 10_000; at++) response.setHeader(`X-${at}`, 'x');
          response.end();
        },
        '/cut': (_, response) => {
          response.writeHead(200, { 'Content-Length': 100 }).write('x', () => response.destroy());
        },
        '/tell': ({ headers }, response) => {
          const token = headers.authorization ?? '';
          response.writeHead(200, `OK ${token}`, { 'X-Token': token, [`x-${SECRET}`]: 'named' });
          // In pieces, so that the secret comes in two of them.
          response.write(`[${token.slice(0, 10)}`, () => setTimeout(() => response.end(`${token.slice(10)}]`), 20));
        },
      }),
      startUpstream({ '/echo': echo, '/back': redirect(307) }),
      startUpstream({ '/': (_, response) => response.end('inside') }),
    ]);
    const { callers } = await testConfig();
    const allow = [upstream.url(''), 'localhost', hidden.url('', '127.0.0.2')];
    relay = await startRelay({
      innerHosts: [upstream.url(''), 'localhost'],
      limits: { responseBytes: MOST_BYTES },
      callers: [
        {
          ...callers[0],
          plugins: {
            standup: {
              ...EVERYTHING,
              http: {
                allow,
                disallow: [upstream.url('/v1/items/secret')],
                methods: ['GET', 'POST', 'PUT', 'HEAD'],
                secrets: {
                  token: { value: SECRET },
                  password: { value: PASSWORD, hosts: [other.url('', 'localhost')] },
                },
              },
            },
            narrow: { http: { allow: [upstream.url('/v1')] } },
          },
        },
      ],
    });
  });
  after(async () => {
    await relay.end();
    await Promise.all([upstream, other, hidden].map((server) => server.close()));
  });
  afterEach(() => {
    for (const server of [upstream, other, hidden]) server.seen.length = 0;
  });

  async function ask(args: object, sending?: Sending): Promise<FetchResult> {
    const { status, body, text } = await relay.call('http_fetch', args, sending);
    assert.equal(status, 200, text);
    return body.result as unknown as FetchResult;
  }
  const get = (path: string, args: object = {}, sending?: Sending) =>
    ask({ url: upstream.url(path), ...args }, sending);
  const lastReason = () => relay.audit().at(-1)?.reason;
  const echoed = ({ body }: FetchResult) =>
    JSON.parse(decoded(body)) as { method: string; headers: Record<string, string> };

  describe('answers', () => {
    it('with what came back, 4xx included: the first of each header, without those of the connection', async () => {
      const { status, headers = {}, body } = await get('/status');
      const { date, ...others } = headers;
      assert.ok(date);
      assert.deepEqual([status, others, decoded(body)], [418, { 'x-twice': 'one', 'set-cookie': 'a=1' }, 'tea']);
    });

    it('without a body where there is none', async () => {
      for (const result of [await get('/empty'), await get('/echo', { method: 'HEAD' })])
        assert.ok(!('body' in result));
    });

    it('with a body that it has unpacked, and another as it came', async () => {
      const unpacked = await get('/gzip');
      assert.equal(decoded(unpacked.body), 'unpacked');
      assert.ok(!('content-encoding' in (unpacked.headers ?? {})) && !('content-length' in (unpacked.headers ?? {})));
      const { headers, body } = await get('/unasked');
      assert.deepEqual([headers?.['content-encoding'], decoded(body)], ['br', 'brotli']);
    });

    it('with a body of as much as it takes', async () => {
      assert.equal(Buffer.from((await get('/large')).body ?? '', 'base64').length, MOST_BYTES);
    });
  });

  describe('sends', () => {
    it('method, headers and body, and of the headers all that are not of the connection', async () => {
      const headers = {
        'X-One': 'a',
        Cookie: 'b=1',
        Host: 'evil.example',
        'Transfer-Encoding': 'chunked',
        Connection: 'upgrade',
      };
      const body = Buffer.from('naïve').toString('base64');
      const seen = echoed(await get('/echo', { method: 'put', headers, body }));
      const { 'content-length': length, connection, ...others } = seen.headers;
      assert.deepEqual([seen.method, length, connection], ['PUT', '6', 'keep-alive']);
      assert.deepEqual(others, {
        'x-one': 'a',
        cookie: 'b=1',
        host: `127.0.0.1:${upstream.port}`,
        'accept-encoding': 'gzip',
        'user-agent': 'cloche-relay',
      });
      assert.equal(upstream.seen[0]?.body, 'naïve');
    });

    for (const [what, args] of [
      ['no URL', {}],
      ['a URL of another scheme', { url: 'file:///etc/passwd' }],
      ['a URL with a password', { url: 'http://a:b@127.0.0.1' }],
      ['a method that is none', { url: 'http://127.0.0.1', method: 'GET /' }],
      ['CONNECT', { url: 'http://127.0.0.1', method: 'CONNECT' }],
      ['a header with a line break', { url: 'http://127.0.0.1', headers: { a: 'b\r\nHost: c' } }],
      ['a body that is no base64', { url: 'http://127.0.0.1', body: 'x' }],
      ['a scope that cannot be read', { url: 'http://127.0.0.1', within: [{ allowed: ['*'] }] }],
    ] as const) {
      it(`nothing for ${what}, which is a bad_request`, async () => {
        const { status, body } = await relay.call('http_fetch', args);
        assert.deepEqual([status, body.code], [400, 'bad_request']);
      });
    }
  });

  describe('the grant', () => {
    const refused = async (args: object, sending?: Sending) => {
      const { status, body } = await relay.call('http_fetch', args, sending);
      assert.deepEqual([status, body.code, upstream.seen.length], [403, 'forbidden', 0]);
      assert.doesNotMatch(String(body.detail), /echo|secret=/);
      return lastReason();
    };
    const narrow: Sending = { plugin: { id: 'narrow', version: '1' } };

    it('is checked for scheme, host, port, path and method, and the audit says which rule refused', async () => {
      const host = `127.0.0.1:${upstream.port}`;
      assert.equal(await refused({ url: `https://${host}/echo?secret=1` }), `grant: it does not cover ${host} (none)`);
      assert.equal(await refused({ url: 'http://127.0.0.3/echo' }), 'grant: it does not cover 127.0.0.3 (none)');
      assert.equal(await refused({ url: 'http://127.0.0.1/echo' }), 'grant: it does not cover 127.0.0.1 (none)');
      assert.equal(
        await refused({ url: upstream.url('/v1/%69tems/secret') }),
        `grant: it does not cover ${host} (disallow)`,
      );
      assert.equal(
        await refused({ url: upstream.url('/echo'), method: 'DELETE' }),
        `grant: it does not cover ${host} (methods)`,
      );
      const headers = { 'X-HTTP-Method-Override': 'DELETE' };
      assert.equal(
        await refused({ url: upstream.url('/echo'), method: 'POST', headers }),
        `grant: it does not cover ${host} (methods)`,
      );
      assert.match(String(await refused({ url: upstream.url('/echo') }, narrow)), /\(none\)$/);
      assert.equal((await get('/v1/items', {}, narrow)).status, 200);
    });

    it('of the page holds as well, and no plugin has one where it is not named', async () => {
      assert.match(
        String(await refused({ url: upstream.url('/echo'), within: [{ allow: [upstream.url('/v1')] }] })),
        /\(none\)$/,
      );
      assert.match(
        String(await refused({ url: upstream.url('/echo'), within: [{ allow: [upstream.url('')] }, { allow: [] }] })),
        /\(none\)$/,
      );
      assert.equal((await get('/echo', { within: [{ allow: [upstream.url('')] }] })).status, 200);
      const { status } = await relay.call(
        'http_fetch',
        { url: upstream.url('/echo') },
        { plugin: { id: 'stranger', version: '1' } },
      );
      assert.equal(status, 403);
    });

    it('N5: covers the page that calls only where it names it', async () => {
      const app = await refused(
        { url: `${ORIGIN}/`, within: [{ allow: ['*.example.com'] }] },
        { headers: { Origin: ORIGIN } },
      );
      assert.match(String(app), /\(none\)$/);
    });
  });

  describe('redirects', () => {
    for (const status of [301, 302, 303]) {
      it(`${status} is followed with GET and without the body`, async () => {
        const args = {
          method: 'POST',
          headers: { 'Content-Type': 'text/plain', Authorization: 'Bearer mine' },
          body: 'eA==',
        };
        const { method, headers } = echoed(await get(`/${status}?to=/echo`, args));
        assert.deepEqual([method, headers.authorization, upstream.seen[1]?.body], ['GET', 'Bearer mine', '']);
        assert.ok(!('content-type' in headers) && !('content-length' in headers));
      });
    }

    for (const status of [307, 308]) {
      it(`${status} is followed with method and body as they were`, async () => {
        const { method } = echoed(await get(`/${status}?to=/echo`, { method: 'POST', body: 'eA==' }));
        assert.deepEqual([method, upstream.seen[1]?.body], ['POST', 'x']);
      });
    }

    it('are followed 10 times, and no more', async () => {
      assert.equal(decoded((await get('/count?10')).body), 'arrived');
      upstream.seen.length = 0;
      assert.deepEqual(await get('/count?11'), { status: 'error', error: 'stopped after 10 redirects' });
      assert.equal(upstream.seen.length, 11);
      assert.match(String(lastReason()), /^redirect: .*one too many$/);
    });

    it('that name no place, or leave a choice, are answers', async () => {
      assert.deepEqual([(await get('/nowhere')).status, (await get('/300')).status], [302, 300]);
    });

    it('N1: to another origin lose what could be a credential, and do not get it back', async () => {
      const headers = {
        Authorization: 'Bearer mine',
        Cookie: 'a=1',
        'X-Api-Key': 'k',
        'X-Custom': 'from {{secret:token}}',
        'X-Plain': 'stays',
      };
      const there = echoed(await get(`/307?to=${other.url('/echo', 'localhost')}`, { headers }));
      const back = `${other.url('/back', 'localhost')}?to=${upstream.url('/echo')}`;
      const again = echoed(await get(`/307?to=${encodeURIComponent(back)}`, { headers }));
      for (const seen of [there, again]) {
        assert.equal(seen.headers['x-plain'], 'stays');
        for (const name of ['authorization', 'cookie', 'x-api-key', 'x-custom'])
          assert.ok(!(name in seen.headers), name);
      }
      const near = echoed(await get('/307?to=/echo', { headers }));
      assert.deepEqual(
        [near.headers.authorization, near.headers['x-custom']],
        ['Bearer mine', 'from {{secret:token}}'],
      );
    });

    it('N1: are checked by the grant, the page’s own included', async () => {
      const error = (origin: string) => ({ status: 'error', error: `It redirects to ${origin}, which is not allowed` });
      assert.deepEqual(await get('/302?to=http://127.0.0.3/'), error('http://127.0.0.3'));
      assert.equal(lastReason(), 'redirect: the grant does not cover 127.0.0.3 (none)');
      const within = [{ allow: [upstream.url('')] }];
      assert.deepEqual(
        await get(`/302?to=${other.url('/echo', 'localhost')}`, { within }),
        error(other.url('', 'localhost')),
      );
      assert.equal(other.seen.length, 0);
    });

    it('N9: to an inner address are refused, though the grant covers it', async () => {
      const to = hidden.url('/', '127.0.0.2');
      const origin = new URL(to).origin;
      assert.deepEqual(await get(`/302?to=${to}`), {
        status: 'error',
        error: `No answer from ${origin}: it cannot be reached`,
      });
      assert.equal(lastReason(), 'address: 127.0.0.2 is loopback');
      assert.equal(hidden.seen.length, 0);
    });

    for (const to of ['file:///etc/passwd', 'http://a:b@127.0.0.1/', 'gopher://127.0.0.1/', 'http://']) {
      it(`to ${to} are refused`, async () => {
        const { error } = await get(`/302?to=${encodeURIComponent(to)}`);
        assert.equal(error, `${upstream.url('')} redirects to what cannot be asked`);
      });
    }
  });

  describe('what never ends, or is too much', () => {
    const cases: readonly (readonly [what: string, path: string, error: RegExp, reason: RegExp])[] = [
      ['a body of one byte too many', '/larger', /is over 1048576 bytes$/, /^body: /],
      ['a body without end', '/endless', /is over 1048576 bytes$/, /^body: /],
      ['a gzip bomb', '/bomb', /is over 1048576 bytes$/, /^body: /],
      ['a gzip body that goes on and becomes nothing', '/hollow', /is over 1048576 bytes$/, /^body: /],
      ['a header bomb', '/headers', /^The headers of .* are over 65536 bytes$/, /^headers: /],
      ['ten thousand headers', '/many-headers', /^The headers of .* are over 65536 bytes$/, /^headers: /],
      ['a body that breaks off', '/cut', /broke off$/, /^cut: /],
      ['a body that is not as it says', '/not-gzip', /broke off$/, /^cut: /],
    ];
    for (const [what, path, error, reason] of cases) {
      it(`N7: ${what} is cut off`, async () => {
        const at = performance.now();
        const result = await get(path);
        assert.equal(result.status, 'error');
        assert.match(result.error ?? '', error);
        assert.match(String(lastReason()), reason);
        assert.ok(performance.now() - at < 4_000);
      });
    }

    it('N7: what is over the cap is not read to its end', async () => {
      const before = upstream.written();
      await get('/endless');
      await until(() => upstream.written() > before);
      // What the kernel holds on both sides is a few MiB.
      assert.ok(upstream.written() - before < 32 << 20, `${upstream.written() - before}`);
    });

    for (const path of ['/slow', '/never']) {
      it(`N7: ${path.slice(1)} is over in the time that the plugin gave it`, async () => {
        const at = performance.now();
        const { error } = await get(path, { timeout_ms: 300 });
        assert.equal(error, `${upstream.url('')} took longer than 300 ms`);
        assert.equal(lastReason(), `late: 127.0.0.1:${upstream.port}, 300 ms`);
        assert.ok(performance.now() - at < 3_000);
      });
    }

    it('N7: headers that come byte by byte are over with the deadline of the call', async () => {
      const raw = await startRaw((socket) => {
        socket.write('HTTP/1.1 200 OK\r\n');
        const timer = setInterval(() => socket.write('x'), 20);
        socket.once('close', () => clearInterval(timer));
      });
      const { error } = await ask({ url: `http://localhost:${raw.port}/` }, { deadlineMs: 1_000 }).finally(raw.close);
      assert.match(error ?? '', /took longer than 9\d\d ms$/);
    });

    it('N7: what is not HTTP is no answer', async () => {
      const raw = await startRaw((socket) => socket.end('SSH-2.0-OpenSSH_9.0\r\n'));
      const { error } = await ask({ url: `http://localhost:${raw.port}/` }).finally(raw.close);
      assert.equal(error, `No answer from http://localhost:${raw.port}: it cannot be reached`);
    });
  });

  describe('secrets', () => {
    it('X1: go out in place of their handle, and come back as it: in status, headers and body, also in two pieces', async () => {
      const { status, headers, body } = await get('/tell', { headers: { Authorization: 'Bearer {{secret:token}}' } });
      assert.equal(upstream.seen[0]?.headers.authorization, `Bearer ${SECRET}`);
      assert.deepEqual(
        [status, headers?.['x-token'], decoded(body)],
        [200, 'Bearer {{secret:token}}', '[Bearer {{secret:token}}]'],
      );
      assert.ok(!JSON.stringify(headers).includes(SECRET));
      assert.ok(!('content-length' in (headers ?? {})));
    });

    it('X1: leave no trace in the answer that is remembered, in the audit or in what is reported', async () => {
      const key = crypto.randomUUID();
      await get('/tell', { method: 'POST', headers: { Authorization: '{{secret:token}}' } }, { key });
      const rows = await relay.query(`SELECT * FROM calls WHERE key = '${key}'`);
      assert.equal(rows.length, 1);
      for (const text of [JSON.stringify(rows), JSON.stringify(relay.audit()), String(relay.reports)]) {
        assert.ok(!text.includes(SECRET));
      }
    });

    it('X1: are in no text about a redirect to a host that has one in its name', async () => {
      const to = encodeURIComponent(`http://${SECRET}.example/`);
      const { error } = await get(`/302?to=${to}`, { headers: { Authorization: '{{secret:token}}' } });
      assert.equal(error, 'It redirects to http://{{secret:token}}.example, which is not allowed');
      assert.equal(lastReason(), 'redirect: the grant does not cover {{secret:token}}.example (none)');
    });

    const unsent: readonly (readonly [what: string, value: string, error: string, reason: string])[] = [
      [
        'a handle that stands for none',
        '{{secret:other}}',
        'The relay has no secret "other" for this plugin',
        'secret: "other" is not configured',
      ],
      [
        'a name that every object has',
        '{{secret:constructor}}',
        'The relay has no secret "constructor" for this plugin',
        'secret: "constructor" is not configured',
      ],
      ['a handle that is none', '{{secret:a b}}', '"a b}}" is no name of a secret', 'secret: a handle without a name'],
    ];
    for (const [what, value, error, reason] of unsent) {
      it(`X1: ${what} is not sent`, async () => {
        assert.deepEqual(await get('/echo', { headers: { 'X-A': value } }), { status: 'error', error });
        assert.deepEqual([upstream.seen.length, lastReason()], [0, reason]);
      });
    }

    it('X1: go only where the configuration lets them, and to no other plugin', async () => {
      const headers = { Authorization: 'Basic {{secret:password}}' };
      assert.equal((await get('/echo', { headers })).error, `The secret "password" may not go to ${upstream.url('')}`);
      const there = echoed(await ask({ url: other.url('/echo', 'localhost'), headers }));
      assert.equal(there.headers.authorization, 'Basic {{secret:password}}');
      assert.equal(other.seen[0]?.headers.authorization, `Basic ${PASSWORD}`);
      const narrow = { plugin: { id: 'narrow', version: '1' } };
      const { error } = await get('/v1/items', { headers: { Authorization: '{{secret:token}}' } }, narrow);
      assert.equal(error, 'The relay has no secret "token" for this plugin');
    });

    it('stand for nothing outside of headers', async () => {
      const result = echoed(
        await get('/echo?a={{secret:token}}', {
          method: 'POST',
          body: Buffer.from('{{secret:token}}').toString('base64'),
        }),
      );
      assert.equal(upstream.seen[0]?.body, '{{secret:token}}');
      assert.ok(!JSON.stringify(upstream.seen).includes(SECRET) && result.method === 'POST');
    });
  });

  describe('once', () => {
    it('is how often one key sends what changes something', async () => {
      const key = crypto.randomUUID();
      const args = { method: 'POST', body: 'eA==' };
      const first = await get('/echo', args, { key });
      assert.deepEqual(await get('/echo', args, { key }), first);
      assert.equal(upstream.seen.length, 1);
      assert.equal(relay.audit().at(-1)?.outcome, 'repeated ok');
    });

    it('is not kept for what changes nothing, of which nothing is stored', async () => {
      const key = crypto.randomUUID();
      await get('/echo', {}, { key });
      await get('/echo', {}, { key });
      assert.equal(upstream.seen.length, 2);
      assert.deepEqual(await relay.query(`SELECT * FROM calls WHERE key = '${key}'`), []);
    });

    it('counts a GET that asks for another method as one that may change something', async () => {
      const key = crypto.randomUUID();
      const headers = { 'X-HTTP-Method-Override': 'PUT' };
      await get('/echo', { headers }, { key });
      await get('/echo', { headers }, { key });
      assert.equal(upstream.seen.length, 1);
    });

    it('holds for a request that failed, since nobody knows how far it came', async () => {
      const key = crypto.randomUUID();
      const args = { method: 'POST', timeout_ms: 200 };
      const first = await get('/never', args, { key });
      assert.deepEqual(await get('/never', args, { key }), first);
      assert.equal(upstream.seen.length, 1);
    });
  });
});

describe('a relay where no plugin is granted http', () => {
  it('does not offer it', async () => {
    const { callers } = await testConfig();
    const { http: _, ...others } = EVERYTHING;
    const relay = await startRelay({ callers: [{ ...callers[0], plugins: { standup: others } }] });
    const { body } = await relay.request('/v1/health');
    assert.ok(!(body.functions as string[]).includes('http_fetch'));
    assert.equal((await relay.call('http_fetch', { url: 'https://example.com' })).status, 404);
    await relay.end();
  });
});
