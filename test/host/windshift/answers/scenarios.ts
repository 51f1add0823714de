// Packages, and what is asked of a host that has them: the same was asked of Windshift's own plugin manager, whose answers stand in
// `recorded.json`.

import { zipSync } from 'fflate';
import { imports } from '../../../workers/extism/abi-guest.ts';
import { packageOf, saying, windshiftGuest } from '../guest.ts';

export interface Step {
  /** Of a form, what it is about. */
  readonly what?: string;
  /** Below `/api/plugins`. */
  readonly path: string;
  readonly init: {
    readonly method: string;
    readonly headers?: Record<string, string>;
    readonly body?: string | FormData;
  };
}

export interface Scenario {
  readonly name: string;
  readonly steps: readonly Step[];
}

/** As it is compared: status, body, and headers but for those that a transport adds. */
export type Answer = readonly [status: number, body: string, headers: Readonly<Record<string, string>>];

const COMPARED = /^(?:allow|content-type|location|x-.*)$/;
/** What clients send by themselves; a page sends none of it to a plugin. */
const OF_CLIENTS = /^(?:Accept-Encoding|Accept-Language|Connection|Content-Length|Sec-Fetch-Mode|User-Agent)$/;

/** Both write RFC 3339, Cloche to the millisecond. */
const INSTALLED = /(?<name>"installed_at":)"[-\d]{10}T[:\d]{8}(?:\.\d+)?/g;

export async function answerOf(response: Response): Promise<Answer> {
  const headers = [...response.headers].filter(([name]) => COMPARED.test(name));
  // No byte of it is added or lost, as a mark at its beginning would be.
  const body = new TextDecoder('utf-8', { ignoreBOM: true }).decode(await response.arrayBuffer());
  return [
    response.status,
    withoutClient(body).replace(INSTALLED, '$<name>"2026-01-01T00:00:00'),
    Object.fromEntries(headers),
  ];
}

/** The headers of a request that a plugin shows, as a client gave them that adds none. */
function withoutClient(body: string): string {
  return body.replace(/(?<=^\{"method":"[A-Z]+","path":"[^"]*","headers":)\{[^}]*\}/, (json) => {
    const given = Object.entries(JSON.parse(json) as Record<string, string>);
    return JSON.stringify(
      Object.fromEntries(
        given.filter(([name, value]) => !OF_CLIENTS.test(name) && `${name} ${value}` !== 'Accept */*'),
      ),
    );
  });
}

/** How a step is called in the recording; of two that are the same the later has a number. */
export function keysOf({ name, steps }: Scenario): string[] {
  const keys = steps.map(({ what, path, init: { method, body } }) => {
    const told = what ?? (typeof body === 'string' ? body : undefined);
    return `${name}: ${method} ${path}${told === undefined ? '' : ` ${told}`}`;
  });
  return keys.map((key, at) => {
    const before = keys.slice(0, at).filter((other) => other === key).length;
    return before > 0 ? `${key} (${before + 1})` : key;
  });
}

const get = (path: string, headers: Record<string, string> = {}): Step => ({ path, init: { method: 'GET', headers } });
const send = (method: string, path: string, body?: string): Step => ({
  path,
  init: { method, headers: { 'Content-Type': 'text/plain' }, ...(body !== undefined && { body }) },
});

function upload(what: string, parts: Readonly<Record<string, File | string>>): Step {
  const body = new FormData();
  for (const [name, part] of Object.entries(parts)) body.set(name, part);
  return { what, path: '/upload', init: { method: 'POST', body } };
}

const TAB = { point: 'admin.tab', id: 'tab', label: 'Tab <1>', component: 'page.html' };

const MIRROR = {
  name: 'mirror',
  version: '1.0.0',
  description: 'Shows <what> it & others see',
  author: 'somebody',
  capabilities: ['anything'],
  extensions: [
    { ...TAB, icon: 'code', styles: 'page.css', group: 'Tools', order: 2, displayMode: 'iframe', pluginName: 'other' },
    { point: 'nobody.has-it', id: 'panel', label: 'Panel', description: 'beside', order: 0 },
  ],
  routes: [
    { method: '', path: '/echo*', description: 'its input' },
    { method: 'POST', path: '/answer' },
    { method: 'POST', path: '/call/*' },
    { method: 'get', path: '/lower' },
    { path: '/caf\u00e9' },
  ],
};

/** @param mirror the module of test/fixtures/plugins/mirror */
export async function scenarios(mirror: Uint8Array<ArrayBuffer>): Promise<Scenario[]> {
  const guest = (body: string, more?: string) => windshiftGuest(body, more);
  const empty = await guest('');
  const zip = (
    manifest: { readonly name: unknown; readonly [key: string]: unknown },
    wasm = empty,
    files: Record<string, string> = {},
  ) => upload(`a plugin named ${JSON.stringify(manifest.name)}`, { plugin: packageOf(manifest, wasm, files) });
  const mirrored = zip(MIRROR, mirror, {
    'assets/page.html': '<p>page',
    'assets/img/dot.svg': '<svg/>',
    'assets-too/a.json': '{}',
    'lib/app.js': 'app()',
    'page.css': 'p{}',
    'assets/odd.unknown-type': 'odd',
    'index.html': 'not served',
    'notes.txt': 'not served',
  });
  const answered = (output: string) => send('POST', '/mirror/answer', output);
  const called = (name: string, request: string) => send('POST', `/mirror/call/${name}`, request);
  const run = (code: string) => `(func (export "handle_request") (result i32) ${code})`;
  const SET_ERROR =
    '(data (i32.const 0) "oops") (func $fail (call $error_set (call $text (i32.const 0) (i32.const 4))))';
  const failing: Readonly<Record<string, readonly [body: string, more?: string]>> = {
    'has-no-handler': [''],
    'returns-3': [run('(i32.const 3)')],
    'returns-minus-1': [run('(i32.const -1)')],
    'sets-error-returns-0': [`${SET_ERROR} ${run('(call $fail) (i32.const 0)')}`],
    'sets-error-returns-1': [`${SET_ERROR} ${run('(call $fail) (i32.const 1)')}`],
    'puts-out-nothing': [run('(i32.const 0)')],
    'has-two-results': ['(func (export "handle_request") (result i32 i32) (i32.const 0) (i32.const 0))'],
    'has-a-parameter': ['(func (export "handle_request") (param i32) (result i32) (i32.const 0))'],
    'is-unreachable': [`(func $deep unreachable) ${run('(call $deep) (i32.const 0)')}`],
    'divides-by-zero': [run('(i32.div_s (i32.const 1) (i32.const 0))')],
    'exits-with-7': [
      run('(call $proc_exit (i32.const 7)) (i32.const 0)'),
      imports('wasi_snapshot_preview1', 'proc_exit: i32'),
    ],
    'does-not-start': [`(func (export "_initialize") unreachable) ${run('(i32.const 0)')}`],
    'wants-more': [
      run('(drop (call $item_upsert (i64.const 0))) (i32.const 0)'),
      imports('extism:host/user', 'item_upsert: i64 -> i64'),
    ],
  };
  const failures = await Promise.all(
    Object.entries(failing).map(async ([name, [body, more]]) => [
      zip({ name, routes: [{ path: '*' }] }, await guest(body, more)),
      get(`/${name}/x`),
    ]),
  );
  const says = async (metadata: string, routes = '') =>
    zip(
      { name: 'says', version: '1', extensions: [TAB], routes: [{ path: '/manifest' }] },
      await guest((metadata && saying('get_metadata', metadata, 0)) + (routes && saying('get_routes', routes, 4_096))),
    );
  const METADATA = JSON.stringify({
    name: 'Another',
    version: '2',
    routes: [{ method: 'GET', path: '/metadata' }],
    extensions: [{ ...TAB, id: 'second', component: '' }],
  });
  const spoken = await Promise.all([
    says(METADATA),
    says(METADATA, '{"routes":[{"path":"/routes","description":"listed"}]}'),
    says('{"version":2}', '[{"path":"/bare"}]'),
    says(METADATA, 'nonsense'),
    says('', '{"routes":[]}'),
  ]);
  const name = (given: unknown) => zip({ name: given });
  const wasmFile = new File([empty], 'bare.wasm');

  return [
    {
      name: 'nothing',
      steps: [get(''), get('/extensions'), get('/nobody/x'), get('/nobody/assets/x'), get('/nobody/')],
    },
    {
      name: 'lists',
      steps: [mirrored, get(''), get('/extensions')],
    },
    {
      name: 'assets',
      steps: [
        mirrored,
        ...['page.html', 'app.js', 'page.css', 'dot.svg', 'a.json', 'odd.unknown-type', 'index.html', 'notes.txt'].map(
          (file) => get(`/mirror/assets/${file}`),
        ),
        get('/mirror/assets/img/dot.svg'),
        get('/mirror/assets/'),
        get('/mirror/assets/..%2fmanifest.json'),
        { path: '/mirror/assets/page.html', init: { method: 'HEAD' } },
        send('POST', '/mirror/assets/page.html'),
      ],
    },
    {
      name: 'routes',
      steps: [
        mirrored,
        get('/mirror/echo'),
        get('/mirror/echo/a/b'),
        get('/mirror/echo/'),
        get('/mirror/Echo'),
        get('/mirror/lower'),
        get('/mirror/caf%C3%A9'),
        get('/mirror/echo%20with%2Fmore'),
        get('/mirror/echo/%3Ctag%3E&amp;'),
        get('/mirror/nothing'),
        get('/mirror/'),
        get('/mirror/answer'),
        get('/mirror/echo?a=1&b=2&a=3&c=&=d&e'),
        get('/mirror/echo?a=1;b=2&c=3'),
        get('/mirror/echo?a=%zz&b=%41+c'),
        get('/mirror/echo?%C3%A9=%ff'),
        get('/mirror/echo', { 'X-API-key': 'k', 'x-two': '1, 2', Accept: 'text/html' }),
        send('POST', '/mirror/echo', 'text "with" <marks> & \u2028 \u{1f600}'),
        send('PUT', '/mirror/echo', '\ufeffmark'),
        send('PATCH', '/mirror/echo', ''),
        send('DELETE', '/mirror/echo'),
        send('OPTIONS', '/mirror/echo'),
        { path: '/mirror/echo', init: { method: 'HEAD' } },
      ],
    },
    {
      name: 'answers',
      steps: [
        mirrored,
        ...[
          '{}',
          'null',
          '{"statusCode":0,"body":"x"}',
          '{"statusCode":201,"body":"{\\"a\\":1}"}',
          '{"statusCode":404,"body":"{\\"error\\":\\"no\\"}"}',
          '{"statusCode":204}',
          '{"statusCode":418,"headers":{"X-One":"1","x-two":"2"},"body":"tea"}',
          '{"headers":{"content-type":"text/x-own"},"body":"{}"}',
          '{"headers":{"X-Content-Type-Options":"nosniff","X-Frame-Options":"DENY"},"body":"1"}',
          '{"body":"true"}',
          '{"body":"12"}',
          '{"body":"\\"x\\""}',
          '{"body":" {} "}',
          '{"body":"{"}',
          '{"body":"\\ufeff{}"}',
          '{"body":"{} {}"}',
          '{"STATUSCODE":202,"Body":"any case","unknown":1}',
          '{"statusCode":null,"headers":null,"body":null}',
          '{"statusCode":"200"}',
          '{"statusCode":200.5}',
          '{"headers":{"a":1}}',
          '{"headers":[]}',
          '[]',
          '"text"',
          '',
          'nonsense',
          '{"body":"x"} more',
          '{"statusCode":99}',
          '{"statusCode":600,"body":"x"}',
          '{"statusCode":1000}',
        ].map(answered),
      ],
    },
    {
      name: 'kv',
      steps: [
        mirrored,
        called('kv_get', '{"key":"a"}'),
        called('kv_set', '{"key":"a","value":"1 <b> \\u2028"}'),
        called('kv_get', '{"key":"a"}'),
        called('kv_get', '{"KEY":"a","more":1}'),
        called('kv_set', '{"key":"a","value":""}'),
        called('kv_get', '{"key":"a"}'),
        called('kv_delete', '{"key":"a"}'),
        called('kv_delete', '{"key":"a"}'),
        called('kv_get', '{"key":""}'),
        called('kv_set', '{"value":"x"}'),
        called('kv_set', '{"key":"n","value":1}'),
        called('kv_get', 'nonsense'),
        called('kv_get', ''),
        called('kv_get', 'null'),
      ],
    },
    {
      name: 'http_fetch',
      steps: [
        mirrored,
        called('http_fetch', '{}'),
        called('http_fetch', '{"url":""}'),
        called('http_fetch', 'nonsense'),
        called('http_fetch', '{"url":"http://127.0.0.1:1/","body":"%"}'),
        called('http_fetch', '{"url":"http://127.0.0.1:1/","method":"a b"}'),
        called('http_fetch', '{"url":":x"}'),
        called('http_fetch', '{"url":"relative/path"}'),
        called('http_fetch', '{"url":"ftp://example.com/"}'),
        called('http_fetch', '{"url":"http://127.0.0.1:1/"}'),
      ],
    },
    { name: 'failures', steps: failures.flat() },
    {
      name: 'metadata',
      steps: spoken.flatMap((step) => [
        step,
        get('/extensions'),
        ...['manifest', 'metadata', 'routes', 'bare'].map((path) => get(`/says/${path}`)),
      ]),
    },
    {
      name: 'uploads',
      steps: [
        upload('no plugin', { other: 'x' }),
        upload('a text for the plugin', { plugin: 'no file' }),
        upload('a.tar', { plugin: new File(['x'], 'a.tar') }),
        upload('a.ZIP', { plugin: new File(['x'], 'a.ZIP') }),
        upload('a zip that is none', { plugin: new File(['x'], 'a.zip') }),
        upload('a zip without a manifest', { plugin: new File([zipSync({ 'plugin.wasm': empty })], 'a.zip') }),
        upload('a module alone', { plugin: wasmFile }),
        upload('a module and its manifest', {
          plugin: wasmFile,
          manifest: new File(['{"name":"bare"}'], 'manifest.json'),
        }),
        upload('a module and nonsense', { plugin: wasmFile, manifest: new File(['nonsense'], 'manifest.json') }),
        {
          path: '/upload',
          init: { method: 'POST', headers: { 'Content-Type': 'application/json' }, body: '{}' },
        },
        ...['', '../x', 'a/b', 'a b', 7].map(name),
        get('/bare/x'),
      ],
    },
    {
      name: 'switches',
      steps: [
        mirrored,
        send('PUT', '/mirror/toggle', '{"enabled":false}'),
        get('/mirror/echo'),
        get('/mirror/assets/page.html'),
        get('/extensions'),
        send('PUT', '/mirror/toggle', '{"enabled":"yes"}'),
        send('PUT', '/mirror/toggle', '{"Enabled":true}'),
        get('/mirror/nothing'),
        send('PUT', '/nobody/toggle', '{"enabled":true}'),
        send('POST', '/mirror/reload'),
        send('POST', '/nobody/reload'),
        called('kv_set', '{"key":"stays","value":"here"}'),
        send('DELETE', '/mirror'),
        get('/mirror/echo'),
        send('DELETE', '/mirror'),
        mirrored,
        called('kv_get', '{"key":"stays"}'),
      ],
    },
    {
      name: 'methods',
      steps: [
        mirrored,
        send('PATCH', ''),
        send('PUT', '/extensions'),
        send('POST', '/extensions'),
        { path: '/extensions', init: { method: 'HEAD' } },
        get('/upload'),
        get('/mirror'),
        send('GET', '/mirror/toggle'),
        send('GET', '//mirror//echo'),
      ],
    },
  ];
}
