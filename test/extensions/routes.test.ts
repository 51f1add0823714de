// The contract of routes, row by row: who is asked, with what, and what becomes of the answer.

import { assert } from 'chai';
import { defaultDialects } from '../../src/dialects/index.ts';
import type { LogWriter } from '../../src/extensions/context.ts';
import { fetchFromHost } from '../../src/extensions/host-fetch.ts';
import { ClocheError, type ErrorCode } from '../../src/index.ts';
import { StandIn, type StandInFacts, sayInto, standInHost } from './stand-in.ts';

const KNOWN = await defaultDialects();

const NOBODY: LogWriter = () => undefined;

function fetching(...plugins: StandIn[]): (path: string, init?: RequestInit) => Promise<Response> {
  return (path, init) =>
    fetchFromHost({ host: standInHost(plugins), dialects: async () => KNOWN, say: NOBODY }, path, init);
}

const echoing = (facts: StandInFacts = {}): StandIn => new StandIn({ routes: [{ method: '', path: '*' }], ...facts });

/** What a plugin hears of a request. */
async function heard(path: string, init?: RequestInit): Promise<Record<string, unknown>> {
  const plugin = echoing();
  const response = await fetching(plugin)(`/api/plugins/shortcut${path}`, init);
  assert.equal(response.status, 200, await response.clone().text());
  return JSON.parse(plugin.calls[0]?.input ?? '') as Record<string, unknown>;
}

/** What becomes of an output of `handle_request`. */
function answered(output: string, say: LogWriter = NOBODY): Promise<Response> {
  const host = standInHost([echoing({ answer: () => output })]);
  return fetchFromHost({ host, dialects: async () => KNOWN, say }, '/api/plugins/shortcut/x', undefined);
}

async function assertText(response: Response, status: number, text: string): Promise<void> {
  assert.equal(await response.text(), `${text}\n`);
  assert.equal(response.status, status);
  assert.equal(response.headers.get('content-type'), 'text/plain; charset=utf-8');
  assert.equal(response.headers.get('x-content-type-options'), 'nosniff');
}

describe('WS9: route matching', () => {
  const rows: [route: string, path: string, request: string, matches: boolean][] = [
    ['GET', '/status', 'GET /status', true],
    ['GET', '/status', 'GET /status/', false],
    ['GET', '/status', 'HEAD /status', false],
    ['HEAD', '/status', 'HEAD /status', true],
    ['get', '/status', 'GET /status', false],
    ['', '/x', 'DELETE /x', true],
    ['', '/x', 'PATCH /x/y', false],
    ['GET', '/items/*', 'GET /items/7/notes', true],
    ['GET', '/items/*', 'GET /items/', true],
    ['GET', '/items/*', 'GET /items', false],
    ['GET', '/it*ms', 'GET /items', false],
    ['GET', '*', 'GET /', true],
    ['POST', '*', 'GET /', false],
    ['GET', '/caf\u00e9 au lait', 'GET /caf%C3%A9%20au%20lait', true],
  ];
  for (const [method, path, request, matches] of rows) {
    it(`\`${method} ${path}\` ${matches ? 'takes' : 'does not take'} ${request}`, async () => {
      const plugin = new StandIn({ routes: [{ method, path }] });
      const [requestMethod = '', requestPath] = request.split(' ');
      const response = await fetching(plugin)(`/api/plugins/shortcut${requestPath}`, { method: requestMethod });
      assert.equal(response.status, matches ? 200 : 404);
      assert.lengthOf(plugin.calls, matches ? 1 : 0);
      if (matches) assert.equal(plugin.calls[0]?.name, 'handle_request');
    });
  }
});

describe('a request that reaches no handler', () => {
  const off = new StandIn({ id: 'off', active: false });

  it('is 404 for an unknown plugin', async () => {
    await assertText(await fetching()('/api/plugins/nobody/x'), 404, 'Plugin not found: nobody');
    await assertText(await fetching()('/api/plugins/constructor/x'), 404, 'Plugin not found: constructor');
  });

  it('is 403 for a plugin that is off, before its routes are looked at', async () => {
    await assertText(await fetching(off)('/api/plugins/off/x'), 403, 'Plugin is disabled: off');
  });

  it('is 404 for a route that it does not have, with method and path', async () => {
    const fetch = fetching(new StandIn());
    const response = await fetch('/api/plugins/shortcut/items/7?x=1', { method: 'POST', body: 'x' });
    await assertText(response, 404, 'Route not found in plugin: POST /items/7');
    await assertText(await fetch('/api/plugins/shortcut/'), 404, 'Route not found in plugin: GET /');
    await assertText(await fetch('/api/plugins/shortcut'), 404, 'Route not found in plugin: GET /');
  });

  it('is 400 when the body cannot be read', async () => {
    const request = new Request('/api/plugins/shortcut/x', { method: 'POST', body: 'x' });
    request.arrayBuffer = () => Promise.reject(new TypeError('the disk is gone'));
    const real = globalThis.Request;
    globalThis.Request = function made() {
      return request;
    } as unknown as typeof Request;
    try {
      await assertText(await fetching(echoing())('/api/plugins/shortcut/x'), 400, 'Failed to read request body');
    } finally {
      globalThis.Request = real;
    }
  });

  it('is 404 outside of /api/plugins, and 405 for a method that no plugin can take', async () => {
    const fetch = fetching(echoing());
    for (const path of ['/', '/api', '/api/pluginsx', '/api/users/1', '/API/plugins/shortcut/x']) {
      await assertText(await fetch(path), 404, '404 page not found');
    }
    const strange = await fetch('/api/plugins/shortcut/x', { method: 'PROPFIND' });
    await assertText(strange, 405, 'Method Not Allowed');
    await assertText(await fetch('/api/plugins', { method: 'POST' }), 405, 'Method Not Allowed');
  });
});

describe('paths', () => {
  it('N11: no spelling of a path leads from one plugin to another', async () => {
    const mine = echoing({ id: 'mine' });
    const other = echoing({ id: 'other' });
    const fetch = fetching(mine, other);
    const tricks = [
      '/api/plugins/mine/..%2fother/x',
      '/api/plugins/mine/%2e%2e%2fother/x',
      '/api/plugins/mine%2f..%2fother/x',
      '/api/plugins/mine/x%2f..%2f..%2fother',
      '/api/plugins/mine/..%5cother/x',
      '/api/plugins/mine/x/..%2f',
      '/api/plugins/mine/.%2fx',
      '/api/plugins/mine/x%2f.',
    ];
    for (const path of tricks) await assertText(await fetch(path), 400, '400 Bad Request');
    await assertText(await fetch('/api/plugins/mine%2fother/x'), 404, 'Plugin not found: mine/other');
    // This is the other plugin's own path, as for any server.
    assert.equal((await fetch('/api/plugins/mine/../other/x')).status, 200);
    assert.lengthOf(mine.calls, 0);
    assert.lengthOf(other.calls, 1);
  });

  it('are refused where `%` does not begin an encoded byte', async () => {
    for (const path of ['/api/plugins/shortcut/100%', '/api/plugins/shortcut/%zz', '/api/plugins/sh%/x']) {
      await assertText(await fetching(echoing())(path), 400, '400 Bad Request');
    }
  });

  it('are cleaned of repeated slashes, and decoded once', async () => {
    assert.equal((await heard('//a///b')).path, '/a/b');
    assert.equal((await heard('/a%20b/%E4%BD%A0%F0%9F%98%80')).path, '/a b/你😀');
    assert.equal((await heard('/a%2Fb')).path, '/a/b');
    assert.equal((await heard('/a%252Fb')).path, '/a%2Fb');
    assert.equal((await heard('/%FF%C3')).path, '/\ufffd\ufffd');
    assert.equal((await heard('/%EF%BB%BFx')).path, '/\ufeffx');
    assert.equal((await heard('/a...b/..c')).path, '/a...b/..c');
  });
});

describe('what `handle_request` is given', () => {
  it('is the request, in the fields and the order of the contract', async () => {
    const plugin = echoing();
    await fetching(plugin)('/api/plugins/shortcut/config?page=2', {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: '{"a":1}',
    });
    assert.equal(
      plugin.calls[0]?.input,
      '{"method":"POST","path":"/config","headers":{"Content-Type":"application/json"},"body":"{\\"a\\":1}",' +
        '"query":{"page":"2"},"params":{"plugin":"shortcut"}}',
    );
  });

  it('is written as Go writes it: headers and query in the order of their names, and what HTML would read escaped', async () => {
    const plugin = echoing();
    const init = { method: 'POST', headers: { 'x-b': '<', 'x-a': '1' }, body: 'a & b' };
    await fetching(plugin)('/api/plugins/shortcut/x?z=1&b=2&a=%3E', init);
    assert.include(plugin.calls[0]?.input, '"X-A":"1","X-B":"\\u003c"},"body":"a \\u0026 b",');
    assert.include(plugin.calls[0]?.input, '"query":{"a":"\\u003e","b":"2","z":"1"}');
  });

  it('has empty body, headers and query where the request has none', async () => {
    assert.deepEqual(await heard('/x'), {
      method: 'GET',
      path: '/x',
      headers: {},
      body: '',
      query: {},
      params: { plugin: 'shortcut' },
    });
  });

  it('has header names in the canonical form of Go', async () => {
    const { headers } = await heard('/x', {
      headers: { 'x-api-key': 'k', ETAG: 'e', 'X-1st-nAmE': 'n', authorization: 'Bearer of the app' },
    });
    assert.deepEqual(headers, {
      'X-Api-Key': 'k',
      Etag: 'e',
      'X-1st-Name': 'n',
      Authorization: 'Bearer of the app',
    });
  });

  it('has neither the cookies of the page nor a host', async () => {
    // biome-ignore lint/suspicious/noDocumentCookie: Firefox and WebKit of the tests have no cookieStore
    document.cookie = 'session=secret; path=/';
    const { headers } = await heard('/x', { headers: { Cookie: 'session=secret', Host: 'evil.example' } });
    // biome-ignore lint/suspicious/noDocumentCookie: as above
    document.cookie = 'session=; path=/; max-age=0';
    assert.deepEqual(headers, {});
  });

  it('has the first value of each key of the query, decoded', async () => {
    const { query } = await heard('/x?a=1&a=2&b&c=%20x+y&%C3%A9=%FF&__proto__=p');
    assert.deepEqual(Object.entries(query as object), [
      ['__proto__', 'p'],
      ['a', '1'],
      ['b', ''],
      ['c', ' x y'],
      ['é', '\ufffd'],
    ]);
  });

  it('drops what Go cannot read of the query, pair by pair', async () => {
    const { query } = await heard('/x?a=1;b=2&c=%zz&d%=1&e=%3B&;&f=5%');
    assert.deepEqual(query, { e: ';' });
    assert.deepEqual((await heard('/x?;a=1&a=2')).query, { a: '2' });
  });

  it('has U+FFFD where the body is not UTF-8, and keeps a byte order mark', async () => {
    const body = Uint8Array.of(0xef, 0xbb, 0xbf, 0x61, 0xff, 0x62);
    assert.equal((await heard('/x', { method: 'PUT', body })).body, '\ufeffa\ufffdb');
  });
});

describe('what becomes of the output', () => {
  const rows: [output: string, status: number, type: string, body: string][] = [
    ['{"statusCode":201,"headers":{"Content-Type":"text/csv"},"body":"a,b"}', 201, 'text/csv', 'a,b'],
    ['{}', 200, 'text/plain', ''],
    ['null', 200, 'text/plain', ''],
    ['{"statusCode":0,"body":"hello"}', 200, 'text/plain', 'hello'],
    ['{"body":"{\\"a\\":1}"}', 200, 'application/json', '{"a":1}'],
    ['{"body":"true"}', 200, 'application/json', 'true'],
    ['{"body":" 12 "}', 200, 'application/json', ' 12 '],
    ['{"body":"\\"x\\""}', 200, 'application/json', '"x"'],
    ['{"body":"{\\"a\\":1} x"}', 200, 'text/plain', '{"a":1} x'],
    ['{"STATUSCODE":404,"Body":"gone","HEADERS":{"content-TYPE":"text/x"}}', 404, 'text/x', 'gone'],
    ['{"body":"one","Body":"two"}', 200, 'text/plain', 'two'],
    ['{"statusCode":null,"headers":null,"body":null,"other":[1]}', 200, 'text/plain', ''],
    ['{"statusCode":204}', 204, 'text/plain', ''],
    ['{"statusCode":304,"body":"not sent"}', 304, 'text/plain', ''],
    ['{"statusCode":599,"body":"last"}', 599, 'text/plain', 'last'],
    ['{"body":"\\ud800"}', 200, 'text/plain', '\ufffd'],
  ];
  for (const [output, status, type, body] of rows) {
    it(`${output} is a ${status} of ${type}`, async () => {
      const response = await answered(output);
      assert.equal(response.status, status);
      assert.equal(response.headers.get('content-type'), type);
      assert.equal(await response.text(), body);
    });
  }

  it('has the words of its status, which pages show where there is nothing else', async () => {
    assert.equal((await answered('{}')).statusText, 'OK');
    assert.equal((await answered('{"statusCode":418,"body":"{}"}')).statusText, "I'm a teapot");
    assert.equal((await answered('{"statusCode":599}')).statusText, '');
    assert.equal((await fetching()('/api/plugins/nobody/x')).statusText, 'Not Found');
    assert.equal((await fetching(echoing())('/api/plugins/shortcut/assets/x')).statusText, 'Not Found');
  });

  it('has the headers of the plugin, and no others', async () => {
    const response = await answered('{"headers":{"X-A":"1","x-empty":null,"Cache-Control":"no-store"},"body":"x"}');
    assert.deepEqual(
      [...response.headers],
      [
        ['cache-control', 'no-store'],
        ['content-type', 'text/plain'],
        ['x-a', '1'],
        ['x-empty', ''],
      ],
    );
  });

  it('leaves out headers that no answer can have, cookies among them, and says so', async () => {
    const lines: string[] = [];
    const headers = { 'bad name': '1', 'x-bad': 'a\nb: c', 'x-wide': '你', 'set-COOKIE': 'a=b', 'x-good': 'é' };
    const response = await answered(JSON.stringify({ headers }), sayInto(lines));
    assert.deepEqual([...response.headers.keys()], ['content-type', 'x-good']);
    assert.lengthOf(lines, 4);
    for (const line of lines) assert.match(line, /^shortcut warn A header of its answer to GET \/x was left out: /);
  });

  for (const status of [-1, 1, 100, 199, 600, 999, 1_000]) {
    it(`is 502 for status ${status}, which no answer can have`, async () => {
      const text = `Plugin error: it answered with status ${status}, and an answer has one from 200 to 599`;
      await assertText(await answered(`{"statusCode":${status}}`), 502, text);
    });
  }

  const unparsable: [output: string, why: string][] = [
    ['', 'unexpected end of JSON input'],
    ['{"body":', 'unexpected end of JSON input'],
    ['hello', "invalid character 'h' looking for beginning of value"],
    ['{} {}', "invalid character '{' after top-level value"],
    ['\ufeff{}', "invalid character '\u00ef' looking for beginning of value"],
    ['[]', 'json: cannot unmarshal array into Go value of type plugins.HTTPResponse'],
    ['"x"', 'json: cannot unmarshal string into Go value of type plugins.HTTPResponse'],
    ['{"statusCode":"200"}', 'json: cannot unmarshal string into Go struct field HTTPResponse.statusCode of type int'],
    [
      '{"statusCode":200.5}',
      'json: cannot unmarshal number 200.5 into Go struct field HTTPResponse.statusCode of type int',
    ],
    ['{"body":{}}', 'json: cannot unmarshal object into Go struct field HTTPResponse.body of type string'],
    ['{"headers":{"a":1}}', 'json: cannot unmarshal number into Go struct field HTTPResponse.headers of type string'],
    [
      '{"headers":[]}',
      'json: cannot unmarshal array into Go struct field HTTPResponse.headers of type map[string]string',
    ],
  ];
  for (const [output, why] of unparsable) {
    it(`${JSON.stringify(output)} is 500: ${why}`, async () => {
      await assertText(await answered(output), 500, `Plugin error: failed to parse plugin response: ${why}`);
    });
  }

  it('M8: an answer that is made to hold up the page is not parsed', async () => {
    const began = performance.now();
    const deep = await answered(`{"headers":${'['.repeat(4 << 20)}`);
    assert.equal(deep.status, 500);
    const body = '['.repeat(4 << 20);
    const guessed = await answered(JSON.stringify({ body: `${body}${']'.repeat(4 << 20)}` }));
    assert.equal(guessed.headers.get('content-type'), 'application/json');
    assert.isBelow(performance.now() - began, 1_500);
  });

  it('has no body for HEAD', async () => {
    const plugin = echoing({ answer: () => '{"headers":{"X-A":"1"},"body":"not sent"}' });
    const response = await fetching(plugin)('/api/plugins/shortcut/x', { method: 'HEAD' });
    assert.equal(response.headers.get('x-a'), '1');
    assert.equal(await response.text(), '');
  });
});

describe('a call that fails', () => {
  const rows: [code: ErrorCode, facts: { detail?: string; exitCode?: number }, text: string][] = [
    ['CLOSED', {}, 'plugin not found: shortcut'],
    ['DISABLED', {}, 'plugin is disabled: shortcut'],
    ['QUARANTINED', {}, 'plugin is disabled: shortcut'],
    ['START_FAILED', {}, 'failed to instantiate plugin: the words'],
    ['IMPORT_MISSING', {}, 'failed to instantiate plugin: the words'],
    ['EXPORT_MISSING', {}, 'failed to call plugin handler: unknown function: handle_request'],
    ['PLUGIN_ERROR', { detail: 'no such item', exitCode: 1 }, 'failed to call plugin handler: no such item'],
    ['PLUGIN_ERROR', { exitCode: 3 }, 'failed to call plugin handler: plugin returned non-zero status: 3'],
    ['TIMEOUT', {}, 'failed to call plugin handler: module closed with context deadline exceeded'],
    ['HOST_TIMEOUT', {}, 'failed to call plugin handler: module closed with context deadline exceeded'],
    ['TRAP', { detail: 'unreachable' }, 'failed to call plugin handler: the words'],
    ['HOST_FUNCTION_FAILED', {}, 'failed to call plugin handler: a host function failed'],
    ['BUSY', {}, 'failed to call plugin handler: the words'],
  ];
  for (const [code, facts, text] of rows) {
    it(`with ${code} and ${JSON.stringify(facts)} is 500 \`Plugin error: ${text}\``, async () => {
      const answer = (): never => {
        throw new ClocheError(code, 'the words', facts);
      };
      const response = await fetching(echoing({ answer }))('/api/plugins/shortcut/x');
      await assertText(response, 500, `Plugin error: ${text}`);
    });
  }

  it('has the frames of the guest after a trap, in one visible line each', async () => {
    const trapping = (wasmStack: readonly string[]) =>
      fetching(
        echoing({
          answer: () => {
            throw new ClocheError('TRAP', 'unreachable', { wasmStack });
          },
        }),
      )('/api/plugins/shortcut/x');
    const trapped = 'Plugin error: failed to call plugin handler: unreachable';
    await assertText(
      await trapping(['inner (function 2 at 0x5d)', 'a\nb\u202ec']),
      500,
      `${trapped}\nwasm stack trace:\n\tinner (function 2 at 0x5d)\n\ta\\nb\\u202ec`,
    );
    await assertText(await trapping([]), 500, trapped);
    const endless = await (await trapping(new Array<string>(50).fill('f'.repeat(10_000)))).text();
    assert.lengthOf(endless.match(/\n\tf/g) ?? [], 30);
    assert.match(endless, /\n\t\.\.\. maybe followed by omitted frames\n$/);
    assert.isBelow(endless.length, 7_000);
  });

  it('is logged with what the plugin is not told', async () => {
    const lines: string[] = [];
    const answer = (): never => {
      throw new ClocheError('HOST_FUNCTION_FAILED', 'the store is at tcp://10.0.0.7');
    };
    const context = { host: standInHost([echoing({ answer })]), dialects: async () => KNOWN, say: sayInto(lines) };
    const response = await fetchFromHost(context, '/api/plugins/shortcut/x?y=1', undefined);
    assert.notInclude(await response.text(), '10.0.0.7');
    assert.deepEqual(lines, ['shortcut error GET /x: the store is at tcp://10.0.0.7']);
  });
});

describe('an aborted request', () => {
  it('aborts the call, and rejects with the reason of its signal', async () => {
    const aborting = new AbortController();
    const plugin = echoing({
      answer: ({ options }) =>
        new Promise((_, reject) => {
          options?.signal?.addEventListener('abort', () => reject(new ClocheError('ABORTED', 'aborted')));
          aborting.abort(new Error('changed my mind'));
        }),
    });
    await assertRejects(fetching(plugin)('/api/plugins/shortcut/x', { signal: aborting.signal }), 'changed my mind');
    assert.lengthOf(plugin.calls, 1);
  });

  it('is not begun', async () => {
    const plugin = echoing();
    const signal = AbortSignal.abort(new Error('too late'));
    await assertRejects(fetching(plugin)('/api/plugins/shortcut/x', { signal }), 'too late');
    assert.lengthOf(plugin.calls, 0);
  });

  it('rejects with an AbortError where no reason was given', async () => {
    const error = await fetching(echoing())('/api/plugins/shortcut/x', { signal: AbortSignal.abort() }).then(
      () => assert.fail('it was answered'),
      (thrown: unknown) => thrown,
    );
    assert.instanceOf(error, DOMException);
    assert.equal((error as DOMException).name, 'AbortError');
  });
});

describe('a request that none can be made of', () => {
  it('rejects with a TypeError, as fetch does', async () => {
    for (const [path, init] of [
      ['http://[', {}],
      ['/api/plugins', { method: 'GET', body: 'x' }],
    ] as const) {
      const error = await fetching()(path, init).then(
        () => assert.fail('it was answered'),
        (thrown: unknown) => thrown,
      );
      assert.instanceOf(error, TypeError);
    }
  });
});

async function assertRejects(promise: Promise<unknown>, message: string): Promise<void> {
  const error = await promise.then(
    () => assert.fail('it was answered'),
    (thrown: unknown) => thrown,
  );
  assert.equal((error as Error).message, message);
}
