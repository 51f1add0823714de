// How much a guest finds of WASI and of clocks, by grant and policy, at its imports.

import { assert } from 'chai';
import type { Grant, Host, HostOptions, Plugin } from '../../src/index.ts';
import { rejectsCode } from '../helpers/expect-code.ts';
import { guest, packed } from '../helpers/guests.ts';
import { closeHosts, makeHost } from '../helpers/hosts.ts';
import { textsOf } from '../helpers/sentences.ts';

afterEach(closeHosts);

const WASI = 'wasi_snapshot_preview1';
const TIME = `(import "${WASI}" "clock_time_get" (func $clock_time_get (param i32 i64 i32) (result i32)))`;
const FULL = `${TIME}
  (import "${WASI}" "clock_res_get" (func $clock_res_get (param i32 i32) (result i32)))
  (import "${WASI}" "poll_oneoff" (func $poll_oneoff (param i32 i32 i32 i32) (result i32)))`;

/** `realtime`, `monotonic`: what those clocks say, in ns. */
const CLOCKS = `(memory (export "memory") 1)
  (func $at (param $clock i32) (result i64)
    (drop (call $clock_time_get (local.get $clock) (i64.const 1) (i32.const 0))) (i64.load (i32.const 0)))
  (func (export "realtime") (result i32) (call $put_u64 (call $at (i32.const 0))) (i32.const 0))
  (func (export "monotonic") (result i32) (call $put_u64 (call $at (i32.const 1))) (i32.const 0))`;

/** `resolution` of the monotonic clock; `sleep`: sleeps so many ns, and gives what the monotonic clock says has passed. */
const SLEEPER = `${CLOCKS}
  (func (export "resolution") (result i32)
    (drop (call $clock_res_get (i32.const 1) (i32.const 0))) (call $put_u64 (i64.load (i32.const 0))) (i32.const 0))
  (func $sleep (param $clock i32) (param $ns i64) (param $flags i32)
    (i64.store (i32.const 64) (i64.const 7)) (i32.store8 (i32.const 72) (i32.const 0))
    (i32.store (i32.const 80) (local.get $clock)) (i64.store (i32.const 88) (local.get $ns))
    (i32.store16 (i32.const 104) (local.get $flags))
    (drop (call $poll_oneoff (i32.const 64) (i32.const 128) (i32.const 1) (i32.const 8))))
  (func (export "sleep") (result i32) (local $began i64)
    (local.set $began (call $at (i32.const 1)))
    (call $sleep (i32.const 1) (call $input_u64 (i64.const 0)) (i32.const 0))
    (call $put_u64 (i64.sub (call $at (i32.const 1)) (local.get $began))) (i32.const 0))
  (func (export "sleep_until") (result i32) (local $began i64)
    (local.set $began (call $at (i32.const 1)))
    (call $sleep (i32.const 1) (i64.add (local.get $began) (call $input_u64 (i64.const 0))) (i32.const 1))
    (call $put_u64 (i64.sub (call $at (i32.const 1)) (local.get $began))) (i32.const 0))`;

const MS = 1_000_000n;

async function opened(host: Host, body: string, imports: string, grant: Grant = 'manifest'): Promise<Plugin> {
  return host.open({ wasm: await guest(body, imports), manifest: { cloche: 1, id: 'p' } }, { grant });
}

async function said(plugin: Plugin, name: string, ns = 0n): Promise<bigint> {
  const bytes = (await plugin.call(name, packed(ns))).bytes();
  return new DataView(bytes.buffer, bytes.byteOffset).getBigUint64(0, true);
}

describe('the clocks of a guest', () => {
  for (const [what, options] of [
    ['says nothing', {}],
    ['gives all of it', { grant: { clock: true } }],
  ] as const) {
    it(`are those of the page where its grant ${what}`, async () => {
      const plugin = await opened(await makeHost(), SLEEPER, FULL, 'grant' in options ? options.grant : undefined);
      const now = BigInt(Date.now()) * MS;
      const told = await said(plugin, 'realtime');
      assert.isTrue(told >= now - 1000n * MS && told <= now + 60_000n * MS, `${told} at ${now}`);
      assert.isTrue(
        (await said(plugin, 'monotonic')) % (1000n * MS) !== 0n ||
          (await said(plugin, 'monotonic')) % (1000n * MS) !== 0n,
      );
      assert.equal(await said(plugin, 'resolution'), 5_000n);
    });
  }

  it('are in whole seconds under `coarse`, and sleeping takes its time', async () => {
    const plugin = await opened(await makeHost(), SLEEPER, FULL, { clock: { mode: 'coarse' } });
    for (const clock of ['realtime', 'monotonic']) assert.equal((await said(plugin, clock)) % (1000n * MS), 0n, clock);
    assert.equal(await said(plugin, 'resolution'), 1000n * MS);
    const began = performance.now();
    assert.include([0n, 1000n * MS], await said(plugin, 'sleep', 30n * MS));
    assert.isAtLeast(performance.now() - began, 29);
    assert.isTrue((await said(plugin, 'sleep_until', 1000n * MS)) >= 1000n * MS);
  });

  it('stand at 0 under `none`, and pass only what it sleeps', async () => {
    const plugin = await opened(await makeHost(), SLEEPER, FULL, { clock: false });
    assert.deepEqual([await said(plugin, 'realtime'), await said(plugin, 'monotonic')], [0n, 0n]);
    await plugin.call('echo');
    assert.equal(await said(plugin, 'monotonic'), 0n);
    const began = performance.now();
    const slept = await said(plugin, 'sleep', 30n * MS);
    assert.isAtLeast(performance.now() - began, 29);
    assert.isTrue(slept > 29n * MS && slept < 31n * MS, `${slept}`);
    const until = await said(plugin, 'sleep_until', 20n * MS);
    assert.isTrue(until > 19n * MS && until < 21n * MS, `${until}`);
  });

  it('are as the policy leaves them, whatever is granted', async () => {
    const options: HostOptions = { policy: { clock: { mode: 'coarse' } } };
    const plugin = await opened(await makeHost(options), CLOCKS, TIME, { clock: true });
    assert.equal((await said(plugin, 'realtime')) % (1000n * MS), 0n);
    const use = { capability: 'clock', mode: 'real' };
    assert.deepInclude(await plugin.explain(use), { allowed: false, decidedBy: 'policy', rule: 'mode' });
  });

  it('change with the grant, from the next call on', async () => {
    const plugin = await opened(await makeHost(), CLOCKS, TIME);
    assert.isTrue((await said(plugin, 'realtime')) > 0n);
    await plugin.configure({ grant: { '+': { clock: false } } });
    assert.equal(await said(plugin, 'realtime'), 0n);
    await plugin.configure({ grant: 'manifest' });
    assert.isTrue((await said(plugin, 'realtime')) > 0n);
  });

  it('are asked for in the manifest, with a reason', async () => {
    const permissions = { clock: { mode: 'coarse', reason: 'dates its entries' } };
    const source = { wasm: await guest(CLOCKS, TIME), manifest: { cloche: 1, id: 'p', permissions } };
    const plugin = await (await makeHost()).open(source);
    assert.equal((await said(plugin, 'realtime')) % (1000n * MS), 0n);
    const [request] = plugin.requests();
    assert.deepInclude(request, { capability: 'clock', risk: 'low', granted: true, reason: 'dates its entries' });
    assert.deepEqual(textsOf(request?.sentences), ['Know the time, in whole seconds.']);
  });
});

describe('the WASI of a guest', () => {
  it('is all of it where its grant says nothing of it, even that of nothing', async () => {
    const host = await makeHost();
    for (const grant of ['manifest', 'none', { kv: true }] as const) {
      const plugin = await opened(host, SLEEPER, FULL, grant);
      assert.isTrue((await said(plugin, 'monotonic')) > 0n);
      await plugin.close();
    }
  });

  it('is what programs need to start under `reduced`', async () => {
    const host = await makeHost();
    const plugin = await opened(host, CLOCKS, TIME, { wasi: { mode: 'reduced' } });
    assert.isTrue((await said(plugin, 'monotonic')) > 0n);
    await plugin.close();
    await rejectsCode('IMPORT_MISSING', opened(host, SLEEPER, FULL, { wasi: { mode: 'reduced' } }), /the part of WASI/);
  });

  it('is nothing where it was denied, by grant or policy', async () => {
    await rejectsCode('IMPORT_MISSING', opened(await makeHost(), CLOCKS, TIME, { wasi: false }), /may not use/);
    const host = await makeHost({ policy: { wasi: false } });
    await rejectsCode('IMPORT_MISSING', opened(host, CLOCKS, TIME, { wasi: true }), /may not use/);
    assert.equal((await (await opened(host, '', '', { wasi: true })).call('echo', 'a')).text(), 'a');
  });

  it('is taken away at once, also from a call that runs', async () => {
    const plugin = await opened(await makeHost({ limits: { timeoutMs: 20_000 } }), SLEEPER, FULL);
    await plugin.start();
    const running = plugin.call('sleep', packed(15_000n * MS));
    const rejected = rejectsCode('REVOKED', running);
    await plugin.configure({ grant: { '+': { wasi: false } } });
    await rejected;
    await rejectsCode('IMPORT_MISSING', plugin.call('echo'));
  });
});
