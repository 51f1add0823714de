// What a host call promises, whatever way the guest waits: one suite, run for each way that an engine has.

import { assert } from 'chai';
import {
  ClocheError,
  defineCapability,
  type ErrorCode,
  type Host,
  type HostCallRecord,
  type HostCallWay,
  type HostOptions,
  http,
  kv,
  log,
  type Plugin,
} from '../../src/index.ts';
import { canary } from '../helpers/canary.ts';
import { rejectsCode } from '../helpers/expect-code.ts';
import { guest, packed, passing } from '../helpers/guests.ts';
import { closeHosts, eventually, killsOf, makeHost } from '../helpers/hosts.ts';
import { assertSameBytes, patterned } from '../helpers/large-bytes.ts';
import { wat } from '../helpers/wat.ts';
import { BODY, IMPORTS, USER } from './host-calls.guest.ts';
import { COUNT, leasing } from './leased-kv.guest.ts';

const MIB = 1 << 20;

interface Seen {
  args: unknown[];
  context: unknown;
  signal: AbortSignal;
}

/** Host functions of every shape, and what the last of them was called with. */
function makeProbe() {
  const seen: Seen[] = [];
  const cloned: Promise<string>[] = [];
  const note = (args: readonly unknown[], { context, signal }: { context: unknown; signal: AbortSignal }): void => {
    seen.push({ args: [...args], context, signal });
  };
  const capability = defineCapability({
    name: 'probe',
    functions: {
      bytes: { params: ['bytes'], result: 'bytes', call: async ([value]) => value.toReversed() },
      text: { params: ['text'], result: 'text', call: ([value]) => value.toUpperCase() },
      json: { params: ['json'], result: 'json', call: async ([value]) => ({ got: value }) },
      i64: { params: ['i64', 'i64'], result: 'i64', call: async ([a, b]) => a + b },
      i32: { params: ['i32', 'i32'], result: 'i32', call: ([a, b]) => a - b },
      f32: { params: ['f32'], result: 'f32', call: async ([value]) => value / 2 },
      f64: { params: ['f64'], result: 'f64', call: async ([value]) => value / 3 },
      all: {
        params: ['bytes', 'i64', 'i32', 'f32', 'f64', 'text', 'json'],
        call: async (args, context) => note(args, context),
      },
      fetched: {
        params: ['bytes'],
        result: 'text',
        call: async (_, { signal }) => {
          const response = await fetch(canary.url('/big?bytes=100'), { signal });
          // What a script of the page does that watches `fetch`.
          cloned.push(response.clone().text());
          return response.text();
        },
      },
      nothing: { params: ['bytes'], result: 'bytes', call: async () => null },
      empty: { params: ['bytes'], result: 'bytes', call: async () => new Uint8Array() },
      large: {
        params: ['i64'],
        result: 'bytes',
        call: async ([size]) => patterned(Number(size)),
      },
      wrong: { params: ['bytes'], result: 'i64', call: async () => 'no number' as unknown as bigint },
      fail: { params: ['bytes'], result: 'bytes', call: () => Promise.reject(new Error('the shelf is empty')) },
      fail_at_once: {
        params: ['bytes'],
        result: 'bytes',
        call: (): Uint8Array => {
          throw new Error('at once');
        },
      },
      fail_by_code: {
        params: ['bytes'],
        result: 'bytes',
        call: () => Promise.reject(new ClocheError('QUOTA_EXCEEDED', 'no more room')),
      },
      never: {
        params: ['bytes'],
        result: 'bytes',
        call: (args, context) => {
          note(args, context);
          return new Promise<null>(() => undefined);
        },
      },
    },
  });
  return { capability, seen, cloned };
}

export interface Contract {
  readonly way: HostCallWay;
  readonly isolation: 'opaque-origin' | 'same-origin';
  readonly options: HostOptions;
}

/** The whole contract, for a way that this engine and page have. */
export function hostCallsContract({ way, isolation, options }: Contract): void {
  const probe = makeProbe();
  let host: Host;
  let plugin: Plugin;

  before(async () => {
    const storage = `test-${crypto.randomUUID()}`;
    host = await makeHost({
      ...options,
      storage,
      capabilities: [probe.capability, log(), kv({ storage }), http()],
      limits: { exchangeBytes: 20 * MIB },
    });
    plugin = await host.open(await guest(BODY, IMPORTS), { id: 'caller' });
  });
  after(closeHosts);

  const call = async (name: string, input?: unknown) => (await plugin.call(name, input)).bytes();
  const number = async (name: string, input: Uint8Array) => new DataView((await call(name, input)).buffer);
  /** A fresh plugin, for what ends one. */
  const another = async (grant: 'manifest' | 'none' = 'manifest', timeoutMs = 5_000) =>
    host.open(await guest(BODY, IMPORTS), { id: `other-${crypto.randomUUID()}`, grant, limits: { timeoutMs } });

  it('says which way is used, where workers live, and why', () => {
    assert.deepInclude(host.environment, { hostCalls: way, isolation });
    assert.match(host.environment.reason, /^[A-Z].*\.$/);
  });

  describe('values', () => {
    it('passes bytes both ways', async () => {
      assert.deepEqual([...(await call('bytes', new Uint8Array([1, 0, 255])))], [255, 0, 1]);
    });

    it('passes text both ways, beyond the basic plane too', async () => {
      assert.equal((await plugin.call('text', 'straße 𝒳')).text(), 'STRASSE 𝒳');
    });

    it('passes JSON both ways', async () => {
      assert.deepEqual((await plugin.call('json', { a: [1, null, 'x'] })).json(), { got: { a: [1, null, 'x'] } });
    });

    const sums: [bigint, bigint, bigint][] = [
      [40n, 2n, 42n],
      [-1n, -2n, -3n],
      [2n ** 63n - 1n, 0n, 2n ** 63n - 1n],
      [-(2n ** 63n), 0n, -(2n ** 63n)],
      [2n ** 63n - 1n, 1n, -(2n ** 63n)],
      [2n ** 53n, 1n, 2n ** 53n + 1n],
    ];
    for (const [a, b, sum] of sums) {
      it(`passes i64 both ways: ${a} + ${b} = ${sum}`, async () => {
        assert.equal((await number('i64', packed(a, b))).getBigInt64(0, true), sum);
      });
    }

    it('passes i32 both ways, negative too', async () => {
      assert.equal((await number('i32', packed(-2147483648n, 0n))).getBigInt64(0, true), -2147483648n);
      assert.equal((await number('i32', packed(5n, 7n))).getBigInt64(0, true), -2n);
    });

    it('passes f32 and f64 both ways, without losing a digit or the infinities', async () => {
      assert.equal((await number('f32', packed(0.5))).getFloat64(0, true), 0.25);
      assert.equal((await number('f64', packed(0.3))).getFloat64(0, true), 0.3 / 3);
      assert.equal((await number('f64', packed(-Infinity))).getFloat64(0, true), -Infinity);
      assert.isNaN((await number('f64', packed(NaN))).getFloat64(0, true));
    });

    it('passes several arguments of every shape to a function without a result', async () => {
      await plugin.call('all', '[1]', { context: { user: 'ada' } });
      const last = probe.seen.at(-1);
      assert.deepEqual(last?.args, [new TextEncoder().encode('[1]'), -(2n ** 63n), -7, 0.5, -0.1, '', [1]]);
      assert.deepEqual(last?.context, { user: 'ada' });
      await eventually(() => last?.signal.aborted === true, 'its signal to be aborted');
    });

    it('leaves clones alone that scripts of the page read of what a host function has fetched', async () => {
      assert.lengthOf(await call('fetched', 'x'), 100);
      assert.deepEqual(
        (await Promise.all(probe.cloned)).map(({ length }) => length),
        [100],
      );
    });

    it('passes null and empty bytes as offset 0', async () => {
      assert.equal((await number('none_is_zero', packed(1n))).getBigInt64(0, true), 0n);
      assert.lengthOf(await call('nothing', 'x'), 0);
      assert.lengthOf(await call('empty', 'x'), 0);
    });

    it('passes an absent block as empty', async () => {
      assert.lengthOf(await call('bytes'), 0);
    });

    for (const size of [65_536, 65_537, MIB, 8 * MIB]) {
      it(`passes an answer of ${size} bytes whole`, async () => {
        assertSameBytes(await call('large', packed(BigInt(size))), patterned(size));
      });
    }

    it('passes an argument of 4 MiB whole, twice in one call', async () => {
      const input = patterned(4 * MIB, 7);
      assertSameBytes(await call('twice', input), input);
    });
  });

  describe('failures leave the worker alive', () => {
    const cases: [name: string, code: ErrorCode, wording: RegExp][] = [
      ['fail', 'HOST_FUNCTION_FAILED', /`fail` failed: the shelf is empty/],
      ['fail_at_once', 'HOST_FUNCTION_FAILED', /at once/],
      ['fail_by_code', 'QUOTA_EXCEEDED', /`fail_by_code`: no more room/],
      ['wrong', 'HOST_FUNCTION_FAILED', /expected `wrong` to return i64, got string/],
      ['beyond', 'TRAP', /invalid handle offset: 549755813887/],
      ['negative', 'TRAP', /invalid handle offset: 18446744073709551615/],
      ['inside', 'TRAP', /invalid handle offset/],
    ];
    for (const [name, code, wording] of cases) {
      it(`${code === 'TRAP' ? 'H7' : 'H15'}: \`${name}\` rejects with ${code}`, async () => {
        const kills = killsOf(host);
        const started = plugin.stats.startMs;
        await rejectsCode(code, plugin.call(name, 'input'), wording);
        assert.equal((await plugin.call('text', 'still here')).text(), 'STILL HERE');
        assert.isEmpty(kills);
        assert.equal(plugin.stats.startMs, started, 'the worker was not started again');
      });
    }

    it('rejects with HOST_FUNCTION_FAILED when an argument is not JSON', async () => {
      await rejectsCode(
        'HOST_FUNCTION_FAILED',
        plugin.call('json', '{'),
        /failed: `json`: argument 1 of `json` is not JSON(?!.*is not JSON)/,
      );
    });

    it('rejects with QUOTA_EXCEEDED when an answer is larger than `exchangeBytes`', async () => {
      await rejectsCode('QUOTA_EXCEEDED', plugin.call('large', packed(BigInt(20 * MIB + 1))), /`exchangeBytes`/);
      assert.equal((await plugin.call('text', 'x')).text(), 'X');
    });

    it('rejects with OUT_OF_MEMORY when an answer does not fit beside what the guest holds', async () => {
      const input = new Uint8Array(2 * MIB);
      input.set(packed(BigInt(19 * MIB)));
      await rejectsCode('OUT_OF_MEMORY', plugin.call('large', input));
      assert.equal((await plugin.call('text', 'x')).text(), 'X');
    });

    it('rejects with PERMISSION_DENIED when the capability was not granted', async () => {
      const denied = await another('none');
      await rejectsCode('PERMISSION_DENIED', denied.call('text', 'x'), /`text` needs the capability `probe`/);
      assert.equal((await denied.call('echo', 'fine')).text(), 'fine');
      await denied.close();
    });

    it('C6: rejects with HOST_TIMEOUT when a host function never answers', async () => {
      // A service worker on a busy machine takes some of it to pass the host call on.
      const patient = await another('manifest', 800);
      const began = performance.now();
      await rejectsCode('HOST_TIMEOUT', patient.call('never', 'x'), /did not answer within \d{2,3} ms/);
      assert.isBelow(performance.now() - began, 800 + 1_000);
      assert.isTrue(probe.seen.at(-1)?.signal.aborted);
      assert.equal((await patient.call('text', 'x')).text(), 'X');
      assert.equal(patient.stats.kills, 0);
      await patient.close();
    });
  });

  describe('a call that ends while a host call is pending', () => {
    it('rejects with ABORTED, and aborts the host function', async () => {
      const stopped = await another();
      const controller = new AbortController();
      const before = probe.seen.length;
      const pending = stopped.call('never', 'x', { signal: controller.signal });
      await eventually(() => probe.seen.length > before, 'the host function to be called');
      controller.abort(new Error('changed my mind'));
      await rejectsCode('ABORTED', pending);
      assert.isTrue(probe.seen.at(-1)?.signal.aborted);
      assert.equal((await stopped.call('text', 'next')).text(), 'NEXT');
      await stopped.close();
    });

    it('rejects with CLOSED when the plugin is closed', async () => {
      const closing = await another();
      const before = probe.seen.length;
      const pending = closing.call('never', 'x');
      await eventually(() => probe.seen.length > before, 'the host function to be called');
      await Promise.all([rejectsCode('CLOSED', pending), closing.close()]);
      assert.isTrue(probe.seen.at(-1)?.signal.aborted);
    });
  });

  describe('records', () => {
    it('tells of each host call with its capability, sizes and outcome', async () => {
      const records: HostCallRecord[] = [];
      host.addEventListener('hostcall', ({ record }) => records.push(record));
      await plugin.call('text', 'abc');
      await rejectsCode('HOST_FUNCTION_FAILED', plugin.call('fail', 'abcd'));
      assert.deepInclude(records[0], {
        plugin: 'caller',
        capability: 'probe',
        name: 'text',
        requestBytes: 3,
        answerBytes: 3,
        outcome: 'ok',
      });
      assert.deepInclude(records[1], {
        name: 'fail',
        requestBytes: 4,
        answerBytes: 0,
        outcome: 'HOST_FUNCTION_FAILED',
      });
    });
  });

  describe('linked modules', () => {
    it('lets a linked module call a host function on behalf of the main one', async () => {
      const helper = await wat(`(module
        (import "${USER}" "text" (func $text (param i64) (result i64)))
        (func (export "shout") (param i64) (result i64) (call $text (local.get 0))))`);
      const main = await guest(
        passing('run', 'shout'),
        '(import "helper" "shout" (func $shout (param i64) (result i64)))',
      );
      const linked = await host.open(
        {
          wasm: [
            { data: helper, name: 'helper' },
            { data: main, name: 'main' },
          ],
        },
        { id: 'linked' },
      );
      assert.equal((await linked.call('run', 'deep')).text(), 'DEEP');
      await linked.close();
    });
  });

  describe('built-in capabilities', () => {
    const KV = ['kv_get', 'kv_list'].map(
      (name) => `(import "${USER}" "${name}" (func $${name} (param i64) (result i64)))`,
    );
    const KV_IMPORTS = `${KV.join('')}
      (import "${USER}" "kv_set" (func $kv_set (param i64 i64) (result i64)))
      (import "${USER}" "kv_delete" (func $kv_delete (param i64) (result i64)))`;
    const KV_BODY = `${passing('get', 'kv_get')} ${passing('list', 'kv_list')}
      (func (export "set") (result i32)
        (call $put_u64 (call $kv_set (call $input_offset) (call $input_offset))) (i32.const 0))
      (func (export "delete") (result i32) (call $put_u64 (call $kv_delete (call $input_offset))) (i32.const 0))`;

    it('stores with kv, end to end', async () => {
      const keeper = await host.open(await guest(KV_BODY, KV_IMPORTS), { id: 'keeper' });
      assert.lengthOf((await keeper.call('get', 'a key')).bytes(), 0);
      assert.deepEqual([...(await keeper.call('set', 'a key')).bytes()], [0, 0, 0, 0, 0, 0, 0, 0]);
      assert.equal((await keeper.call('get', 'a key')).text(), 'a key');
      assert.deepEqual((await keeper.call('list', '')).json(), ['a key']);
      assert.equal((await keeper.call('delete', 'a key')).bytes()[0], 1);
      assert.equal((await keeper.call('delete', 'a key')).bytes()[0], 0);
      await keeper.close();
    });

    it('reads and writes much with kv, of which the page is not asked each time', async () => {
      const reader = await host.open(await leasing(), { id: 'reader' });
      const records: HostCallRecord[] = [];
      host.addEventListener('hostcall', ({ record }) => records.push(record));
      const count = async (name: string) => new DataView((await reader.call(name)).bytes().buffer).getBigInt64(0, true);
      assert.equal(await count('fill'), 0n);
      records.length = 0;
      assert.equal(await count('sum'), BigInt(COUNT * 4));
      assert.isBelow(records.length, COUNT / 2);
      assert.equal(await count('clear'), BigInt(COUNT));
      assert.equal(await count('sum'), 0n);
      await reader.close();
    });

    const HTTP_IMPORTS = `
      (import "extism:host/env" "http_request" (func $http_request (param i64 i64) (result i64)))
      (import "extism:host/env" "http_status_code" (func $status (result i32)))`;
    const HTTP_BODY = `
      (func (export "get") (result i32) (call $put (call $http_request (call $input_offset) (i64.const 0))) (i32.const 0))
      (func (export "status") (result i32)
        (drop (call $http_request (call $input_offset) (i64.const 0)))
        (call $put_u64 (i64.extend_i32_u (call $status))) (i32.const 0))`;

    it('fetches with http from a granted host, end to end', async () => {
      const grant = { http: { allow: [canary.origin] } };
      const fetcher = await host.open(await guest(HTTP_BODY, HTTP_IMPORTS), { id: 'fetcher', grant });
      const id = crypto.randomUUID();
      assert.equal((await fetcher.call('get', { url: canary.url(`/hit/${id}`) })).text(), 'hit');
      assert.equal(await canary.count(id), 1);
      const status = (await fetcher.call('status', { url: canary.url('/status/404') })).bytes();
      assert.equal(new DataView(status.buffer).getBigInt64(0, true), 404n);
      await fetcher.close();
    });

    it('N7: refuses more http than the requests of a minute, tells of it, and the plugin lives on', async () => {
      const options = { id: 'fetcher', grant: { http: { allow: [canary.origin] } }, limits: { httpPerMinute: 1 } };
      const fetcher = await host.open(await guest(HTTP_BODY, HTTP_IMPORTS), options);
      const outcomes: string[] = [];
      host.addEventListener('hostcall', ({ record }) => outcomes.push(`${record.name} ${record.outcome}`));
      const id = crypto.randomUUID();
      await fetcher.call('get', { url: canary.url(`/hit/${id}`) });
      await rejectsCode('RATE_LIMITED', fetcher.call('get', { url: canary.url(`/hit/${id}`) }), /last minute/);
      assert.equal(await canary.count(id), 1);
      assert.deepEqual(outcomes, ['http_request ok', 'http_request RATE_LIMITED']);
      assert.equal((await fetcher.call('echo', 'x')).text(), 'x');
      await fetcher.close();
    });

    it('N4: refuses http to a host that was not granted, and the canary sees nothing', async () => {
      const grant = { http: { allow: ['https://api.example.com'] } };
      const fetcher = await host.open(await guest(HTTP_BODY, HTTP_IMPORTS), { id: 'fetcher', grant });
      const id = crypto.randomUUID();
      await rejectsCode('PERMISSION_DENIED', fetcher.call('get', { url: canary.url(`/hit/${id}`) }));
      assert.equal(await canary.count(id), 0);
      await fetcher.close();
    });
  });
}

/** What holds where a way is missing: it is said, plugins run, and only what must wait fails. */
export function assertWayMissing(options: HostOptions, reason: RegExp): void {
  let host: Host;
  before(async () => {
    host = await makeHost({ ...options, capabilities: [makeProbe().capability] });
  });
  after(closeHosts);

  it('says that the way is missing, and why', () => {
    assert.equal(host.environment.hostCalls, 'none');
    assert.match(host.environment.reason, reason);
  });

  it('runs plugins, and fails a host call with HOST_CALLS_UNAVAILABLE', async () => {
    const plugin = await host.open(await guest(BODY, IMPORTS), { id: 'caller' });
    await rejectsCode('HOST_CALLS_UNAVAILABLE', plugin.call('text', 'x'), /neither JSPI nor shared memory/);
    assert.equal((await plugin.call('echo', 'fine')).text(), 'fine');
    assert.equal(plugin.stats.kills, 0);
  });
}
