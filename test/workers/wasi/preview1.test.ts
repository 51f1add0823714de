// WASI preview 1 as guests see it: output becomes log lines, clocks run, and nothing else is there.

import { assert } from 'chai';
import type { Host, Plugin } from '../../../src/index.ts';
import { rejectsCode } from '../../helpers/expect-code.ts';
import { closeHosts, closePlugins, makeHost } from '../../helpers/hosts.ts';
import { wat } from '../../helpers/wat.ts';
import { abiGuest, data, exported, imports, noted, noting, openAbi } from '../extism/abi-guest.ts';

const FUNCTIONS = `fd_write: i32 i32 i32 i32 -> i32; fd_read: i32 i32 i32 i32 -> i32; fd_pwrite: i32 i32 i32 i64 i32 -> i32;
  fd_allocate: i32 i64 i64 -> i32; fd_filestat_set_size: i32 i64 -> i32; fd_prestat_get: i32 i32 -> i32;
  path_open: i32 i32 i32 i32 i32 i64 i64 i32 i32 -> i32; args_sizes_get: i32 i32 -> i32;
  environ_sizes_get: i32 i32 -> i32; clock_time_get: i32 i64 i32 -> i32; poll_oneoff: i32 i32 i32 i32 -> i32;
  random_get: i32 i32 -> i32; sched_yield: -> i32; proc_raise: i32 -> i32; sock_shutdown: i32 i32 -> i32;
  fd_fdstat_get: i32 i32 -> i32; fd_filestat_get: i32 i32 -> i32; fd_close: i32 -> i32; fd_renumber: i32 i32 -> i32;
  fd_seek: i32 i64 i32 i32 -> i32; sock_recv: i32 i32 i32 i32 i32 i32 -> i32; sock_send: i32 i32 i32 i32 i32 -> i32`;
const WASI = imports('wasi_snapshot_preview1', FUNCTIONS);

// At 0 an answer, at 64 one buffer (address, length), at 128 subscriptions, at 1024 texts.
const PARTS = `
  (func $write (param $fd i32) (param $from i32) (param $n i32) (result i32)
    (i32.store (i32.const 64) (local.get $from)) (i32.store (i32.const 68) (local.get $n))
    (call $fd_write (local.get $fd) (i32.const 64) (i32.const 1) (i32.const 0)))
  (func $now (result i64)
    (drop (call $clock_time_get (i32.const 1) (i64.const 0) (i32.const 0))) (i64.load (i32.const 0)))
  ;; Subscription $i of type $type, a clock due in $ms.
  (func $subscribe (param $i i32) (param $type i32) (param $clock i32) (param $ms i64) (local $at i32)
    (local.set $at (i32.add (i32.const 128) (i32.mul (local.get $i) (i32.const 48))))
    (i64.store (local.get $at) (i64.extend_i32_u (i32.add (local.get $i) (i32.const 70))))
    (i32.store8 offset=8 (local.get $at) (local.get $type))
    (i32.store offset=16 (local.get $at) (local.get $clock))
    (i64.store offset=24 (local.get $at) (i64.mul (local.get $ms) (i64.const 1000000))))
  ;; Notes how many of $n were due, whose the first was, its type, and how many ms it took.
  (func $poll (param $n i32) (local $began i64)
    (local.set $began (call $now))
    (call $note32 (call $poll_oneoff (i32.const 128) (i32.const 512) (local.get $n) (i32.const 8)))
    (call $note (i64.load32_u (i32.const 8)))
    (call $note (i64.load (i32.const 512)))
    (call $note (i64.load8_u offset=10 (i32.const 512)))
    (call $note (i64.div_u (i64.sub (call $now) (local.get $began)) (i64.const 1000000))))`;

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

    it('H7: is refused in more than 1,024 pieces, before they are read', async () => {
      const values = await notes(`
        (call $note32 (call $fd_write (i32.const 1) (i32.const 0) (i32.const 1025) (i32.const 8)))
        (call $note32 (call $fd_write (i32.const 1) (i32.const 0) (i32.const -1) (i32.const 8)))
        (call $note32 (call $fd_read (i32.const 0) (i32.const 0) (i32.const 1025) (i32.const 8)))
        (call $note32 (call $poll_oneoff (i32.const 0) (i32.const 0) (i32.const 1025) (i32.const 8)))`);
      assert.deepEqual(values, Array(4).fill(28n));
    });
  });

  it('has a standard input that is at its end', async () => {
    const values = await notes(`
      (i32.store (i32.const 64) (i32.const 256)) (i32.store (i32.const 68) (i32.const 10)) (i32.store (i32.const 0) (i32.const 9))
      (call $note32 (call $fd_read (i32.const 0) (i32.const 64) (i32.const 1) (i32.const 0)))
      (call $note (i64.load32_u (i32.const 0)))`);
    assert.deepEqual(values, [0n, 0n]);
  });

  it('has three character devices, of which one is read and two are written, and which cannot be sought in', async () => {
    const asked = [0, 1, 2, 3].map(
      (fd) => `(i64.store (i32.const 0) (i64.const -1)) (i64.store (i32.const 8) (i64.const -1))
        (call $note32 (call $fd_fdstat_get (i32.const ${fd}) (i32.const 0)))
        (call $note (i64.load (i32.const 0))) (call $note (i64.load (i32.const 8)))
        (i64.store (i32.const 16) (i64.const -1))
        (call $note32 (call $fd_filestat_get (i32.const ${fd}) (i32.const 0))) (call $note (i64.load (i32.const 16)))
        (call $note32 (call $fd_seek (i32.const ${fd}) (i64.const 0) (i32.const 1) (i32.const 0)))`,
    );
    const [read, written] = [2n, 64n];
    const device = (rights: bigint) => [0n, 2n, rights, 0n, 2n, 58n];
    assert.deepEqual(await notes(asked.join('\n')), [
      ...device(read),
      ...device(written),
      ...device(written),
      ...[8n, -1n, -1n, 8n, -1n, 8n],
    ]);
  });

  it('closes its streams, and moves one to the place of another', async () => {
    const plugin = await open(
      `${data({ 1024: 'text' })} ${noting(
        'run',
        `(call $note32 (call $fd_renumber (i32.const 2) (i32.const 1)))
       (call $note32 (call $write (i32.const 1) (i32.const 1024) (i32.const 4)))
       (call $note32 (call $write (i32.const 2) (i32.const 1024) (i32.const 4)))
       (call $note32 (call $fd_renumber (i32.const 1) (i32.const 2)))
       (call $note32 (call $fd_close (i32.const 1)))
       (call $note32 (call $fd_close (i32.const 1)))
       (call $note32 (call $write (i32.const 1) (i32.const 1024) (i32.const 4)))`,
      )}`,
    );
    assert.deepEqual(await noted(plugin), [0n, 0n, 8n, 8n, 0n, 8n, 8n]);
    assert.deepEqual(lines(plugin), ['warn stderr text']);
  });

  it('H7: standard input is not a place to keep bytes past the memory limit', async () => {
    const values = await notes(`
      (call $note32 (call $write (i32.const 0) (i32.const 0) (i32.const 65536)))
      (call $note32 (call $fd_allocate (i32.const 0) (i64.const 0) (i64.const 0x40000000)))
      (call $note32 (call $fd_filestat_set_size (i32.const 0) (i64.const 0x40000000)))
      (i32.store (i32.const 64) (i32.const 0)) (i32.store (i32.const 68) (i32.const 1))
      (call $note32 (call $fd_pwrite (i32.const 0) (i32.const 64) (i32.const 1) (i64.const 0x40000000) (i32.const 0)))`);
    assert.notInclude(values, 0n);
  });

  it('has no arguments, no environment, no files and no sockets', async () => {
    const values = await notes(`
      (call $note32 (call $args_sizes_get (i32.const 0) (i32.const 4))) (call $note (i64.load (i32.const 0)))
      (call $note32 (call $environ_sizes_get (i32.const 0) (i32.const 4))) (call $note (i64.load (i32.const 0)))
      (call $note32 (call $fd_prestat_get (i32.const 3) (i32.const 0)))
      (call $note32 (call $path_open (i32.const 3) (i32.const 0) (i32.const 0) (i32.const 1) (i32.const 1) (i64.const -1) (i64.const -1) (i32.const 0) (i32.const 8)))
      (call $note32 (call $sock_shutdown (i32.const 1) (i32.const 0)))
      (call $note32 (call $sock_recv (i32.const 0) (i32.const 64) (i32.const 0) (i32.const 0) (i32.const 8) (i32.const 16)))
      (call $note32 (call $sock_send (i32.const 1) (i32.const 64) (i32.const 0) (i32.const 0) (i32.const 8)))
      (call $note32 (call $proc_raise (i32.const 6)))
      (call $note32 (call $sched_yield))`);
    assert.deepEqual(values, [0n, 0n, 0n, 0n, 8n, 8n, 57n, 57n, 57n, 58n, 0n]);
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
    /** Of 2 pages; the last one reaches beyond by a byte. */
    const WILD = ['-4', '-1', '0x80000000', '131072', '131069'];
    const BUFFER = (at: string, length: string) =>
      `(i32.store (i32.const 64) (i32.const ${at})) (i32.store (i32.const 68) (i32.const ${length}))`;
    const piece = (name: string, at: string) =>
      `${BUFFER(at, '4')} (call $note32 (call $${name} (i32.const 1) (i32.const 64) (i32.const 1) (i32.const 0)))`;
    const TABLE: Record<string, (at: string) => string> = {
      'list of fd_write': (at) =>
        `(call $note32 (call $fd_write (i32.const 1) (i32.const ${at}) (i32.const 1) (i32.const 0)))`,
      'buffer of fd_write': (at) => piece('fd_write', at),
      'count of fd_write': (at) =>
        `${BUFFER('0', '4')} (call $note32 (call $fd_write (i32.const 1) (i32.const 64) (i32.const 1) (i32.const ${at})))`,
      'list of fd_read': (at) =>
        `(call $note32 (call $fd_read (i32.const 0) (i32.const ${at}) (i32.const 1) (i32.const 0)))`,
      'count of fd_read': (at) =>
        `(call $note32 (call $fd_read (i32.const 0) (i32.const 64) (i32.const 0) (i32.const ${at})))`,
      random_get: (at) => `(call $note32 (call $random_get (i32.const ${at}) (i32.const 4)))`,
      clock_time_get: (at) => `(call $note32 (call $clock_time_get (i32.const 0) (i64.const 0) (i32.const ${at})))`,
      args_sizes_get: (at) => `(call $note32 (call $args_sizes_get (i32.const ${at}) (i32.const 0)))`,
      environ_sizes_get: (at) => `(call $note32 (call $environ_sizes_get (i32.const 0) (i32.const ${at})))`,
      'subscriptions of poll_oneoff': (at) =>
        `(call $note32 (call $poll_oneoff (i32.const ${at}) (i32.const 512) (i32.const 1) (i32.const 8)))`,
      'events of poll_oneoff': (at) => `(call $subscribe (i32.const 0) (i32.const 0) (i32.const 1) (i64.const 60000))
        (call $note32 (call $poll_oneoff (i32.const 128) (i32.const ${at}) (i32.const 1) (i32.const 8)))`,
    };
    for (const [name, code] of Object.entries(TABLE)) {
      it(`is answered with EFAULT, and nothing else is done: ${name}`, async () => {
        const plugin = await open(noting('run', WILD.map(code).join('\n')));
        assert.deepEqual(
          await noted(plugin),
          WILD.map(() => 21n),
        );
        assert.isEmpty(lines(plugin));
      });
    }

    it('is answered with EFAULT too where a module exports no memory', async () => {
      const wasm =
        await wat(`(module ${WASI} ${imports('extism:host/env', 'alloc: i64 -> i64; store_u8: i64 i32; output_set: i64 i64')}
        (memory 1)
        (func (export "run") (local $p i64)
          (local.set $p (call $alloc (i64.const 1)))
          (call $store_u8 (local.get $p) (call $random_get (i32.const 0) (i32.const 4)))
          (call $output_set (local.get $p) (i64.const 1))))`);
      const plugin = await host.open(wasm, { id: 'no-memory' });
      assert.deepEqual([...(await plugin.call('run')).bytes()], [21]);
    });

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

  it('IMPORT_MISSING names a function that WASI does not have', async () => {
    const bytes = await abiGuest('', imports('wasi_snapshot_preview1', 'fd_teleport: i32 -> i32'));
    await rejectsCode('IMPORT_MISSING', host.open(bytes, { id: 'teleport' }), /wasi_snapshot_preview1` `fd_teleport/);
  });
});
