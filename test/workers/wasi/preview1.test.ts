// WASI preview 1 as guests see it: output becomes log lines, clocks run. What else is asked of it is in preview1-answers.test.ts.

import { assert } from 'chai';
import type { Host, Plugin } from '../../../src/index.ts';
import { rejectsCode } from '../../helpers/expect-code.ts';
import { closeHosts, closePlugins, makeHost } from '../../helpers/hosts.ts';
import { wat } from '../../helpers/wat.ts';
import { data, exported, imports, noted, noting, openAbi } from '../extism/abi-guest.ts';
import { PARTS, WASI } from './wasi-guest.ts';

describe('WASI', () => {
  let host: Host;
  before(async () => {
    host = await makeHost({ limits: { logLineBytes: 64, memoryBytes: 32_770 * 65_536 } });
  });
  afterEach(() => closePlugins(host));
  after(closeHosts);

  const open = (body: string) => openAbi(host, PARTS + body, {}, WASI);
  const notes = async (code: string) => noted(await open(noting('run', code)));
  const lines = (plugin: Plugin) => host.logs(plugin.id).map(({ level, source, text }) => `${level} ${source} ${text}`);

  describe('output', () => {
    const TEXT = data({ 1024: 'one\\0atwo\\0a\\0athree', 1100: '\\e2\\9c' });

    it('becomes lines of the log: standard output as info, standard error as warn', async () => {
      const plugin = await open(`${TEXT}
        ${exported('run', '(drop (call $write (i32.const 1) (i32.const 1024) (i32.const 4))) (drop (call $write (i32.const 2) (i32.const 1028) (i32.const 4)))')}`);
      await plugin.call('run');
      assert.deepEqual(lines(plugin), ['info stdout one', 'warn stderr two']);
    });

    it('is split at newlines, wherever the writes end, and ends its line with the call', async () => {
      const plugin = await open(`${TEXT}
        ${exported('run', '(drop (call $write (i32.const 1) (i32.const 1024) (i32.const 2))) (drop (call $write (i32.const 1) (i32.const 1026) (i32.const 12)))')}`);
      await plugin.call('run');
      await plugin.call('run');
      const once = ['info stdout one', 'info stdout two', 'info stdout ', 'info stdout three'];
      assert.deepEqual(lines(plugin), [...once, ...once]);
    });

    it('keeps a character whole that two writes share', async () => {
      const plugin = await open(`${TEXT} ${data({ 1110: '\\93' })}
        ${exported('run', '(drop (call $write (i32.const 1) (i32.const 1100) (i32.const 2))) (drop (call $write (i32.const 1) (i32.const 1110) (i32.const 1)))')}`);
      await plugin.call('run');
      assert.deepEqual(lines(plugin), ['info stdout ✓']);
    });

    it('is cut where a line is too long', async () => {
      const plugin = await open(
        exported('run', '(drop (call $write (i32.const 1) (i32.const 65536) (i32.const 5000)))'),
      );
      await plugin.call('run');
      assert.lengthOf(lines(plugin), 1);
      assert.isBelow(lines(plugin)[0]?.length ?? 0, 200);
    });

    it('is heard of a guest that traps afterwards', async () => {
      const plugin = await open(
        `${TEXT} ${exported('run', '(drop (call $write (i32.const 2) (i32.const 1024) (i32.const 3))) unreachable')}`,
      );
      await rejectsCode('TRAP', plugin.call('run'));
      assert.include(lines(plugin), 'warn stderr one');
    });
  });

  it('has a standard input that is at its end', async () => {
    const values = await notes(`
      (i32.store (i32.const 64) (i32.const 256)) (i32.store (i32.const 68) (i32.const 10)) (i32.store (i32.const 0) (i32.const 9))
      (call $note32 (call $fd_read (i32.const 0) (i32.const 64) (i32.const 1) (i32.const 0)))
      (call $note (i64.load32_u (i32.const 0)))`);
    assert.deepEqual(values, [0n, 0n]);
  });

  it('has random numbers, in any amount', async () => {
    const values = await notes(`
      (call $note32 (call $random_get (i32.const 0) (i32.const 65536)))
      (call $note (i64.load (i32.const 0))) (call $note (i64.load (i32.const 8))) (call $note (i64.load (i32.const 65528)))`);
    assert.equal(values[0], 0n);
    assert.lengthOf([...new Set(values)], 4);
  });

  it('has a wall clock', async () => {
    const [ok, time] = await notes(`
      (call $note32 (call $clock_time_get (i32.const 0) (i64.const 0) (i32.const 0))) (call $note (i64.load (i32.const 0)))`);
    assert.equal(ok, 0n);
    assert.closeTo(Number(time) / 1e6, Date.now(), 5_000);
  });

  describe('poll_oneoff', () => {
    for (const [clock, name] of ['wall clock', 'monotonic clock'].entries()) {
      it(`sleeps as long as it was asked to, on the ${name}`, async () => {
        const values = await notes(
          `(call $subscribe (i32.const 0) (i32.const 0) (i32.const ${clock}) (i64.const 30)) (call $poll (i32.const 1))`,
        );
        assert.deepEqual(values.slice(0, 4), [0n, 1n, 70n, 0n]);
        assert.isAtLeast(Number(values[4]), 30);
        assert.isBelow(Number(values[4]), 1_000);
      });
    }

    it('wakes for the first of several clocks', async () => {
      const values = await notes(`
        (call $subscribe (i32.const 0) (i32.const 0) (i32.const 1) (i64.const 3000))
        (call $subscribe (i32.const 1) (i32.const 0) (i32.const 1) (i64.const 20))
        (call $poll (i32.const 2))`);
      assert.deepEqual(values.slice(0, 4), [0n, 1n, 71n, 0n]);
      assert.isBelow(Number(values[4]), 1_000);
    });

    it('does not wait where a standard stream is among the subscriptions', async () => {
      const values = await notes(`
        (call $subscribe (i32.const 0) (i32.const 0) (i32.const 1) (i64.const 3000))
        (call $subscribe (i32.const 1) (i32.const 2) (i32.const 1) (i64.const 0))
        (call $poll (i32.const 2))`);
      assert.deepEqual(values.slice(0, 4), [0n, 1n, 71n, 2n]);
    });

    it('wakes at an absolute time, at once if it has passed', async () => {
      const values = await notes(`
        (call $subscribe (i32.const 0) (i32.const 0) (i32.const 1) (i64.const 0))
        (i64.store (i32.const 152) (i64.add (call $now) (i64.const 20000000))) (i32.store16 (i32.const 168) (i32.const 1))
        (call $poll (i32.const 1))
        (call $subscribe (i32.const 0) (i32.const 0) (i32.const 0) (i64.const 1))
        (call $poll (i32.const 1))`);
      assert.isAtLeast(Number(values[4]), 18);
      assert.isBelow(Number(values[4]), 1_000);
      assert.isBelow(Number(values[9]), 100);
    });

    it('refuses to wait for nothing', async () => {
      assert.equal((await notes('(call $poll (i32.const 0))'))[0], 28n);
    });
  });

  describe('a pointer outside memory', () => {
    it('is one beyond 2 GiB only where memory ends before', async () => {
      const plugin = await host.open(
        await wat(`(module ${WASI} ${imports('extism:host/env', 'alloc: i64 -> i64; store_u64: i64 i64; output_set: i64 i64')}
          (memory (export "memory") 32770)
          (func (export "run") (local $p i64)
            (local.set $p (call $alloc (i64.const 16)))
            (call $store_u64 (local.get $p) (i64.extend_i32_u (i32.add
              (call $random_get (i32.const 0x80000000) (i32.const 8))
              (call $clock_time_get (i32.const 0) (i64.const 0) (i32.const 0x80000010)))))
            (call $store_u64 (i64.add (local.get $p) (i64.const 8)) (i64.load (i32.const 0x80000000)))
            (i32.store (i32.const 64) (i32.const 0x80000020)) (i32.store (i32.const 68) (i32.const 3))
            (i32.store (i32.const 0x80000020) (i32.const 0x00696968))
            (drop (call $fd_write (i32.const 1) (i32.const 64) (i32.const 1) (i32.const 0x80000030)))
            (call $output_set (local.get $p) (i64.const 16))))`),
        { id: 'large', limits: { memoryBytes: 32_770 * 65_536 } },
      );
      const bytes = (await plugin.call('run')).bytes();
      const view = new DataView(bytes.buffer, bytes.byteOffset);
      assert.equal(view.getBigUint64(0, true), 0n);
      assert.notEqual(view.getBigUint64(8, true), 0n);
      assert.deepEqual(lines(plugin), ['info stdout hii']);
    });
  });
});
