// A guest that asks by `http_request`, and what holds whether the page or a relay sends it.

import { assert } from 'chai';
import { type ClocheError, type HttpOptions, http, type Plugin, type RelayOptions } from '../../../src/index.ts';
import { canary } from '../../helpers/canary.ts';
import { makeHost } from '../../helpers/hosts.ts';
import { abiGuest } from '../../workers/extism/abi-guest.ts';
import { ELSEWHERE, referenceRelay } from '../reference-relay.ts';

/**
 * `ask` takes the length of a request (u64), the request and a body, and puts out the status (u64), the length of the headers (u64),
 * the headers and the body. `before` puts out the status before any request.
 */
const ASKING = `
  (func $copy (param $to i64) (param $from i64) (param $n i64) (local $i i64)
    (block $done (loop $next
      (br_if $done (i64.ge_u (local.get $i) (local.get $n)))
      (call $store_u8 (i64.add (local.get $to) (local.get $i)) (call $load_u8 (i64.add (local.get $from) (local.get $i))))
      (local.set $i (i64.add (local.get $i) (i64.const 1)))
      (br $next))))
  (func $part (param $from i64) (param $n i64) (result i64) (local $block i64)
    (local.set $block (call $alloc (local.get $n)))
    (call $copy (local.get $block) (i64.add (call $input_offset) (local.get $from)) (local.get $n))
    (local.get $block))
  (func (export "ask") (result i32)
    (local $request i64) (local $body i64) (local $headers i64) (local $head i64) (local $out i64)
    (local.set $request (call $input_load_u64 (i64.const 0)))
    (local.set $body (call $http_request
      (call $part (i64.const 8) (local.get $request))
      (call $part (i64.add (i64.const 8) (local.get $request))
        (i64.sub (i64.sub (call $input_length) (i64.const 8)) (local.get $request)))))
    (local.set $headers (call $http_headers))
    (local.set $head (call $length (local.get $headers)))
    (local.set $out (call $alloc (i64.add (i64.const 16) (i64.add (local.get $head) (call $length (local.get $body))))))
    (call $store_u64 (local.get $out) (i64.extend_i32_u (call $http_status_code)))
    (call $store_u64 (i64.add (local.get $out) (i64.const 8)) (local.get $head))
    (call $copy (i64.add (local.get $out) (i64.const 16)) (local.get $headers) (local.get $head))
    (call $copy (i64.add (local.get $out) (i64.add (i64.const 16) (local.get $head)))
      (local.get $body) (call $length (local.get $body)))
    (call $out (local.get $out))
    (i32.const 0))
  (func (export "before") (result i32) (call $note32 (call $http_status_code)) (call $notes) (i32.const 0))`;

interface Heard {
  status: number;
  /** Undefined for offset 0. */
  headers: Record<string, string> | undefined;
  body: string;
}

interface Echo {
  method: string;
  url: string;
  headers: Record<string, string>;
  body: string;
}

export const echoed = ({ body }: Heard): Echo => JSON.parse(body) as Echo;
export const redirecting = (to: string): string => canary.url(`/redirect?to=${encodeURIComponent(to)}`);
export const NEVER_REACHED = 'http://127.0.0.1:1';
const GRANT = { allow: [canary.origin, ELSEWHERE, NEVER_REACHED, 'http://10.0.0.1'] };

/** A host whose plugins ask one way, with `responseHeaders` unless told otherwise. */
export function asking(options: (relay: RelayOptions) => HttpOptions) {
  let plugin: Plugin;
  before(async () => {
    const [relay, wasm] = await Promise.all([referenceRelay(), abiGuest(ASKING)]);
    const host = await makeHost({
      serviceWorker: '/cloche-sw.js',
      capabilities: [http({ responseHeaders: true, ...options(relay.options) })],
      // As much as the relay of this test lets through.
      limits: { httpResponseBytes: 1 << 16 },
    });
    plugin = await host.open(wasm, { id: 'integration', grant: { http: GRANT } });
  });

  const ask = async (request: object, body = ''): Promise<Heard> => {
    const [json, sent] = [new TextEncoder().encode(JSON.stringify(request)), new TextEncoder().encode(body)];
    const input = new Uint8Array(8 + json.length + sent.length);
    new DataView(input.buffer).setBigUint64(0, BigInt(json.length), true);
    input.set(json, 8);
    input.set(sent, 8 + json.length);
    return heardFrom((await plugin.call('ask', input)).bytes());
  };
  /** Code and text of the failure that ends the plugin's call. */
  const failure = async (request: object, body?: string): Promise<string> => {
    const error = await ask(request, body).then(
      () => assert.fail('it was answered'),
      (thrown: ClocheError) => thrown,
    );
    return `${error.code}: ${error.message}`;
  };
  const statusBefore = async (): Promise<Uint8Array> => (await plugin.call('before')).bytes();
  return { statusBefore, ask, failure };
}

function heardFrom(bytes: Uint8Array): Heard {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  const head = Number(view.getBigUint64(8, true));
  const text = (from: number, to?: number) => new TextDecoder().decode(bytes.subarray(from, to));
  return {
    status: Number(view.getBigUint64(0, true)),
    headers: head > 0 ? JSON.parse(text(16, 16 + head)) : undefined,
    body: text(16 + head),
  };
}

/** What holds whichever way it goes. */
export function bothWays({ statusBefore, ask, failure }: ReturnType<typeof asking>): void {
  it('EX42: has status 0 before any request', async () => {
    assert.deepEqual([...(await statusBefore())], Array(8).fill(0));
  });

  it('EX40: gives status, headers and body, and takes a status such as 404 for an answer', async () => {
    const { status, headers, body } = await ask({ url: canary.url('/status/404') });
    assert.deepEqual([status, headers?.['content-type'], body], [404, 'text/plain', 'status 404']);
    assert.deepEqual((({ status, body }) => [status, body])(await ask({ url: canary.url('/status/204') })), [204, '']);
  });

  it('EX40: sends method, headers and body', async () => {
    const heard = await ask({ url: canary.url('/echo?a=1'), method: 'post', headers: { 'X-One': '1' } }, 'naïve');
    const { method, url, headers, body } = echoed(heard);
    assert.deepEqual([method, url, headers['x-one'], body], ['POST', '/echo?a=1', '1', 'naïve']);
  });

  it('takes as much of a body as it may, and no byte more', async () => {
    const { body } = await ask({ url: canary.url(`/big?bytes=${1 << 16}`) });
    assert.lengthOf(body, 1 << 16);
    const tooLarge = `The answer of ${canary.origin} is over 65536 bytes`;
    for (const path of [`/big?bytes=${(1 << 16) + 1}`, '/endless', `/gzip?bytes=${64 << 20}`]) {
      assert.match(await failure({ url: canary.url(path) }), new RegExp(`^HTTP_FAILED: .*: ${tooLarge}$`), path);
    }
  });

  it('N4: reaches no host that was not granted, which its call ends with', async () => {
    const id = crypto.randomUUID();
    const url = canary.url(`/hit/${id}`).replace('127.0.0.1', '127.0.0.2');
    assert.match(await failure({ url }), /^PERMISSION_DENIED: .*No entry of its grant covers http:\/\/127\.0\.0\.2/);
    assert.equal(await canary.count(id), 0);
  });

  it('ends its call for what is no request', async () => {
    assert.match(await failure({ url: 'no url' }), /^HTTP_FAILED: .*"no url" cannot be fetched: no absolute URL$/);
    assert.match(await failure({ url: canary.origin, method: 'TRACE' }), /^HTTP_FAILED: .*No browser sends TRACE$/);
  });
}
