// Data of one plugin in two tabs: real locks and real transactions, with a host in each of two frames.

import { assert } from 'chai';
import { openKv } from '../../src/capabilities/kv/kv-store.ts';
import type { Host, Plugin } from '../../src/index.ts';
import { engine } from '../helpers/engine.ts';
import { rejectsCode } from '../helpers/expect-code.ts';
import { guest } from '../helpers/guests.ts';
import { eventually, makeHost, pause, uniqueStorage } from '../helpers/hosts.ts';
import { endSpinners } from '../helpers/killed.ts';
import { windshiftZip } from '../helpers/windshift.ts';
import { closeTabs, openTab } from './open-tab.ts';
import { type LockScene, lockScene } from './plugin-lock.ts';

const USER = 'extism:host/user';

/** `$copy`: bytes of one block into another. `$block`: a block of what lies in memory. */
const TOOLS = `
  (memory 1)
  (func $copy (param $from i64) (param $to i64) (param $count i64)
    (loop $next (if (i64.gt_s (local.get $count) (i64.const 0)) (then
      (call $store_u8 (local.get $to) (call $load_u8 (local.get $from)))
      (local.set $from (i64.add (local.get $from) (i64.const 1)))
      (local.set $to (i64.add (local.get $to) (i64.const 1)))
      (local.set $count (i64.sub (local.get $count) (i64.const 1)))
      (br $next)))))
  (func $write (param $at i32) (param $count i32) (param $to i64)
    (loop $next (if (local.get $count) (then
      (call $store_u8 (local.get $to) (i32.load8_u (local.get $at)))
      (local.set $at (i32.add (local.get $at) (i32.const 1)))
      (local.set $to (i64.add (local.get $to) (i64.const 1)))
      (local.set $count (i32.sub (local.get $count) (i32.const 1)))
      (br $next)))))
  (func $block (param $at i32) (param $count i32) (result i64) (local $block i64)
    (local.set $block (call $alloc (i64.extend_i32_u (local.get $count))))
    (call $write (local.get $at) (local.get $count) (local.get $block))
    (local.get $block))`;

/** Counts in strokes, so that no number has to be read: gets the value of "n", and sets it with an "x" more. */
const windshiftCounter = () =>
  guest(
    `${TOOLS}
    (data (i32.const 0) "{\\"key\\":\\"n\\"}")
    (data (i32.const 32) "{\\"key\\":\\"n\\",\\"value\\":\\"")
    (data (i32.const 64) "x\\"}")
    (func (export "count") (result i32) (local $old i64) (local $strokes i64) (local $new i64)
      (local.set $old (call $kv_get (call $block (i32.const 0) (i32.const 11))))
      ;; {"status":"ok","value":"xx"}, or {"status":"not_found"}, which is shorter
      (local.set $strokes (i64.sub (call $length (local.get $old)) (i64.const 26)))
      (if (i64.lt_s (local.get $strokes) (i64.const 0)) (then (local.set $strokes (i64.const 0))))
      (local.set $new (call $alloc (i64.add (local.get $strokes) (i64.const 23))))
      (call $write (i32.const 32) (i32.const 20) (local.get $new))
      (call $copy (i64.add (local.get $old) (i64.const 24)) (i64.add (local.get $new) (i64.const 20)) (local.get $strokes))
      (call $write (i32.const 64) (i32.const 3) (i64.add (i64.add (local.get $new) (i64.const 20)) (local.get $strokes)))
      (drop (call $kv_set (local.get $new)))
      (i32.const 0))`,
    `(import "${USER}" "kv_get" (func $kv_get (param i64) (result i64)))
     (import "${USER}" "kv_set" (func $kv_set (param i64) (result i64)))`,
  );

/** The same by `kv_update`, from no knowledge at all: what it expects is first nothing, then what it was told. */
const updatingCounter = () =>
  guest(
    `${TOOLS}
    (data (i32.const 0) "n")
    (func (export "count") (result i32) (local $state i64) (local $bytes i64) (local $new i64) (local $answer i64)
      (loop $again
        (local.set $bytes (call $length (local.get $state)))
        (if (i64.eqz (local.get $bytes)) (then (local.set $bytes (i64.const 1))))
        (local.set $new (call $alloc (i64.add (local.get $bytes) (i64.const 1))))
        (call $copy (local.get $state) (local.get $new) (call $length (local.get $state)))
        (call $store_u8 (local.get $new) (i32.const 1))
        (call $store_u8 (i64.add (local.get $new) (local.get $bytes)) (i32.const 0x78))
        (local.set $answer
          (call $kv_update (call $block (i32.const 0) (i32.const 1)) (local.get $state) (local.get $new)))
        (if (call $load_u8 (local.get $answer)) (then
          (local.set $bytes (i64.sub (call $length (local.get $answer)) (i64.const 1)))
          (local.set $state (call $alloc (local.get $bytes)))
          (call $copy (i64.add (local.get $answer) (i64.const 1)) (local.get $state) (local.get $bytes))
          (br $again))))
      (i32.const 0))`,
    `(import "${USER}" "kv_update" (func $kv_update (param i64 i64 i64) (result i64)))`,
  );

/** Where guests cannot wait for the page, nothing is kept for them either. */
function needsHostCalls(test: Mocha.Context): void {
  if (!engine.jspi) test.skip();
}

describe('two tabs', () => {
  afterEach(closeTabs);

  const counters: [form: string, install: (host: Host) => Promise<Plugin>][] = [
    [
      'Windshift’s form, which reads and writes apart',
      async (host) =>
        host.install(await windshiftZip({ name: 'counter' }, {}, await windshiftCounter()), { grant: 'all' }),
    ],
    [
      'Cloche’s form, by kv_update',
      async (host) => host.install(await updatingCounter(), { id: 'counter', grant: 'all' }),
    ],
  ];
  for (const [form, install] of counters) {
    it(`lose no update of ${form}`, async function () {
      needsHostCalls(this);
      const storage = uniqueStorage();
      const { installation } = await install(await makeHost({ storage }));
      const tabs = await Promise.all([openTab(storage), openTab(storage)]);
      await Promise.all(tabs.map((one) => one.repeat('counter', 'count', 25)));
      assert.lengthOf((await openKv(installation, { storage }).get('n')) ?? [], 50);
    });
  }

  describe('the lock of a plugin that reads and writes apart', () => {
    let scene: LockScene;
    before(async () => {
      scene = await lockScene();
    });

    it('is held during a call, and waited for without a deadline running', async () => {
      const { plugin, waiting } = scene;
      const { call, release } = await waiting({ timeoutMs: 250 });
      await pause(350);
      release();
      assert.equal((await call).text(), 'x');
      assert.deepEqual([plugin.state, plugin.stats.kills], ['running', 0]);
      assert.isBelow(plugin.stats.lastCall?.durationMs ?? Number.NaN, 250);
    });

    it('is let go of when the call is killed', async function () {
      needsHostCalls(this);
      const { plugin, isHeld, holding } = scene;
      scene.answer = () => new Promise(() => undefined);
      const controller = new AbortController();
      const call = plugin.call('ask', '', { signal: controller.signal });
      await eventually(isHeld, 'the lock to be held');
      controller.abort();
      await rejectsCode('ABORTED', call);
      (await holding())();
      await rejectsCode('TIMEOUT', plugin.call('spin', '', { timeoutMs: 100 }));
      endSpinners();
      (await holding())();
    });

    it('is let go of when the tab ends', async () => {
      const { plugin, lock, isWaiting } = scene;
      const frame = document.createElement('iframe');
      document.body.append(frame);
      const locks = frame.contentWindow?.navigator.locks as LockManager;
      await new Promise((held) => {
        void locks.request(lock, () => {
          held(undefined);
          return new Promise(() => undefined);
        });
      });
      const call = plugin.call('echo', 'x');
      await eventually(isWaiting, 'the call to wait');
      frame.remove();
      assert.equal((await call).text(), 'x');
    });
  });
});
