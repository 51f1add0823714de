// Deadlines: what a host does about them, whatever the engine. Group C of the attacks.

import { assert } from 'chai';
import {
  ClocheError,
  defineCapability,
  type ErrorCode,
  type Host,
  type Limits,
  type Plugin,
} from '../../../src/index.ts';
import { rejectsCode } from '../../helpers/expect-code.ts';
import { guest, packed, SPIN, SPIN_IMPORT } from '../../helpers/guests.ts';
import { closeHosts, eventually, makeHost, pause } from '../../helpers/hosts.ts';
import { assertKilled } from '../../helpers/killed.ts';
import { later } from '../../helpers/later.ts';
import { wat } from '../../helpers/wat.ts';

let host: Host;
beforeEach(async () => {
  host = await makeHost();
});
// A guest that was killed while it spun takes two seconds more of a core in Chromium, unless its host is closed.
afterEach(closeHosts);

async function open(body = '', limits: Partial<Limits> = {}): Promise<Plugin> {
  return host.open(await guest(body), { id: 'greedy', limits });
}

describe('time', function () {
  // Bounds of time on a machine that others use too: once within them is proof that they can be held.
  this.retries(2);

  it('C1: takes the lower of the call’s own `timeoutMs` and the limit', async () => {
    const plugin = await open('', { timeoutMs: 300 });
    const facts = { host, plugin, id: 'greedy', code: 'TIMEOUT', exportName: 'spin' } as const;
    await assertKilled({ ...facts, afterMs: 200, act: () => plugin.call('spin', '', { timeoutMs: 200 }) });
    await assertKilled({ ...facts, afterMs: 300, act: () => plugin.call('spin', '', { timeoutMs: 60_000 }) });
  });

  it('C1: leaves the calls that wait their own turn and time', async () => {
    const plugin = await open('', { timeoutMs: 100 });
    const calls = await Promise.allSettled([plugin.call('spin'), plugin.call('echo', 'b'), plugin.call('echo', 'c')]);
    assert.deepEqual(
      calls.map(({ status }) => status),
      ['rejected', 'fulfilled', 'fulfilled'],
    );
  });

  const loops: [where: string, text: string][] = [
    ['`_initialize`', `(module ${SPIN_IMPORT} (func (export "_initialize") ${SPIN}) (func (export "run")))`],
    [
      '`__wasm_call_ctors`',
      `(module ${SPIN_IMPORT} (func (export "__wasm_call_ctors") ${SPIN}) (func (export "run")))`,
    ],
    [
      '`hs_init`',
      `(module ${SPIN_IMPORT} (func (export "_initialize")) (func (export "hs_init") (param i32 i32) ${SPIN}) (func (export "run")))`,
    ],
  ];
  for (const [where, text] of loops) {
    it(`C2: rejects with START_TIMEOUT when ${where} loops forever`, async () => {
      const wasm = await wat(text);
      // Its spare is ready then, so that booting takes no part of the limit.
      await eventually(async () => (await host.population()).spares > 0, 'a spare worker');
      await assertKilled({
        host,
        id: 'stuck',
        code: 'START_TIMEOUT',
        afterMs: 500,
        act: () => host.open(wasm, { id: 'stuck', limits: { startTimeoutMs: 500 } }),
      });
      assert.isUndefined(host.get('stuck'));
      assert.isEmpty(host.plugins);
    });
  }

  it('C2: does not run `_start` by itself', async () => {
    const plugin = await host.open(
      await wat('(module (func (export "_start") (loop (br 0))) (func (export "run") (result i32) (i32.const 0)))'),
      { id: 'command' },
    );
    await plugin.call('run');
  });

  it('C3: quarantines after three kills within a minute, with the calls that wait, until `enable()`', async () => {
    const plugin = await open('', { timeoutMs: 100 });
    const calls = ['spin', 'spin', 'spin', 'echo'].map((name) => plugin.call(name));
    const codes = (await Promise.allSettled(calls)).map((call) =>
      call.status === 'rejected' ? call.reason.code : 'ok',
    );
    assert.deepEqual(codes, ['TIMEOUT', 'TIMEOUT', 'TIMEOUT', 'QUARANTINED'], 'what waited does not start it again');
    assert.equal(plugin.state, 'quarantined');
    assert.deepInclude(plugin.stats, { calls: 3, failures: 3, kills: 3 });
    const began = performance.now();
    await rejectsCode('QUARANTINED', plugin.call('echo', 'x'), /"greedy".*call `enable\(\)`/);
    await rejectsCode('QUARANTINED', plugin.start());
    assert.isBelow(performance.now() - began, 1_000, 'no call waits for a worker that will not come');
    assert.equal((await host.population()).plugins, 0, 'nothing was started');
    assert.include(
      (await plugin.exports()).map(({ name }) => name),
      'echo',
      'it can still be looked at',
    );

    await plugin.enable();
    assert.equal((await plugin.call('echo', 'x')).text(), 'x');
    await rejectsCode('TIMEOUT', plugin.call('spin'));
    assert.notEqual(plugin.state, 'quarantined', 'it has all its chances again');
  });

  it('C3: does not count aborted calls', async () => {
    const plugin = await open();
    for (let i = 0; i < 3; i++)
      await rejectsCode('ABORTED', plugin.call('spin', '', { signal: AbortSignal.timeout(50) }));
    assert.equal((await plugin.call('echo', 'x')).text(), 'x');
  });

  it('C4: a killed spinner keeps its place for 2.5 s, and no further worker starts beside it', async () => {
    const narrow = await makeHost({ live: 1 });
    const plugin = await narrow.open(await guest(), { id: 'spinner', limits: { timeoutMs: 100 } });
    await rejectsCode('TIMEOUT', plugin.call('spin'));
    const began = performance.now();
    assert.equal((await plugin.call('echo', 'x')).text(), 'x');
    assert.isAtLeast(performance.now() - began, 2_300);
  });

  it('C5: rejects with RATE_LIMITED when the minute’s computing time is used up', async () => {
    const plugin = await open(BUSY, { busyMsPerMinute: 400, timeoutMs: 5_000 });
    const codes: (ErrorCode | 'ok')[] = [];
    for (let i = 0; i < 200 && codes.at(-1) !== 'RATE_LIMITED'; i++) codes.push(await outcome(plugin.call('busy')));
    assert.equal(codes.at(-1), 'RATE_LIMITED');
    assert.isAbove(codes.length, 1);
    assert.isTrue(codes.slice(0, -1).every((code) => code === 'ok'));
    await rejectsCode('RATE_LIMITED', plugin.call('echo', 'x'), /"greedy" has computed 400 ms in this minute/);
  });

  it('C5: does not count the time of host functions', async () => {
    const slow = defineCapability({
      name: 'slow',
      functions: { wait: { params: ['i64'], result: 'i64', call: ([ms]) => pause(Number(ms)).then(() => 0n) } },
    });
    const waiting = await makeHost({ capabilities: [slow], serviceWorker: '/cloche-sw.js' });
    const plugin = await waiting.open(await guest(WAIT, WAIT_IMPORT), {
      id: 'patient',
      limits: { busyMsPerMinute: 400 },
    });
    for (let i = 0; i < 3; i++) await plugin.call('wait', packed(200n));
    assert.equal((await plugin.call('echo', 'x')).text(), 'x');
  });
});

describe('a page that removes the frame', () => {
  it('leaves the calls that wait their turn, and does not use up the computing time of the minute', async () => {
    const plugin = await open('', { timeoutMs: 60_000, busyMsPerMinute: 3_000 });
    const spin = rejectsCode('FRAME_REMOVED', plugin.call('spin'));
    const next = plugin.call('echo', 'next');
    await eventually(() => plugin.stats.calls === 1, 'the call to be under way');
    using _ = later(4_000);
    for (const frame of document.querySelectorAll('iframe[title="Cloche"]')) frame.remove();
    await spin;
    assert.equal((await next).text(), 'next');
    assert.equal((await plugin.call('echo', 'x')).text(), 'x');
  });

  it('the twin: a call that its caller aborts does', async () => {
    const plugin = await open('', { timeoutMs: 60_000, busyMsPerMinute: 3_000 });
    const caller = new AbortController();
    const spin = rejectsCode('ABORTED', plugin.call('spin', undefined, { signal: caller.signal }));
    await eventually(() => plugin.stats.calls === 1, 'the call to be under way');
    using _ = later(4_000);
    caller.abort();
    await spin;
    await rejectsCode('RATE_LIMITED', plugin.call('echo', 'x'));
  });
});

const BUSY = `(func (export "busy") (result i32) (local $i i32)
  (loop $again (br_if $again (i32.lt_u (local.tee $i (i32.add (local.get $i) (i32.const 1))) (i32.const 100000000))))
  (i32.const 0))`;
const WAIT_IMPORT = '(import "extism:host/user" "wait" (func $wait (param i64) (result i64)))';
const WAIT = '(func (export "wait") (result i32) (drop (call $wait (call $input_u64 (i64.const 0)))) (i32.const 0))';

async function outcome(call: Promise<unknown>): Promise<ErrorCode | 'ok'> {
  try {
    await call;
    return 'ok';
  } catch (thrown) {
    if (thrown instanceof ClocheError) return thrown.code;
    throw thrown;
  }
}
