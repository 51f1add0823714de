// What WASI preview 1 answers to guests that ask for what is not there, or point outside of their memory.

import { assert } from 'chai';
import type { Host, Plugin } from '../../../src/index.ts';
import { rejectsCode } from '../../helpers/expect-code.ts';
import { closeHosts, closePlugins, makeHost } from '../../helpers/hosts.ts';
import { wat } from '../../helpers/wat.ts';
import { abiGuest, data, imports, noted, noting, openAbi } from '../extism/abi-guest.ts';
import { PARTS, WASI } from './wasi-guest.ts';

describe('WASI', () => {
  let host: Host;
  before(async () => {
    host = await makeHost();
  });
  afterEach(() => closePlugins(host));
  after(closeHosts);

  const open = (body: string) => openAbi(host, PARTS + body, {}, WASI);
  const notes = async (code: string) => noted(await open(noting('run', code)));
  const lines = (plugin: Plugin) => host.logs(plugin.id).map(({ level, source, text }) => `${level} ${source} ${text}`);

  it('H7: is refused in more than 1,024 pieces, before they are read', async () => {
    const values = await notes(`
      (call $note32 (call $fd_write (i32.const 1) (i32.const 0) (i32.const 1025) (i32.const 8)))
      (call $note32 (call $fd_write (i32.const 1) (i32.const 0) (i32.const -1) (i32.const 8)))
      (call $note32 (call $fd_read (i32.const 0) (i32.const 0) (i32.const 1025) (i32.const 8)))
      (call $note32 (call $poll_oneoff (i32.const 0) (i32.const 0) (i32.const 1025) (i32.const 8)))`);
    assert.deepEqual(values, Array(4).fill(28n));
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
  });

  it('IMPORT_MISSING names a function that WASI does not have', async () => {
    const bytes = await abiGuest('', imports('wasi_snapshot_preview1', 'fd_teleport: i32 -> i32'));
    await rejectsCode('IMPORT_MISSING', host.open(bytes, { id: 'teleport' }), /wasi_snapshot_preview1` `fd_teleport/);
  });
});
