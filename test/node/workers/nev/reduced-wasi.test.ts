// The part of WASI that Nev gives by default, with Nev's own answers.

import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { reducedWasi } from '../../../../workers/nev/interfaces/reduced-wasi.ts';
import { coreTypeOf } from '../../../../workers/nev/layout.ts';
import { Memory } from '../../../../workers/nev/memory.ts';

/** In a guest of one page, full of ones. */
function stage() {
  const memory = new WebAssembly.Memory({ initial: 1 });
  const guest = new Memory();
  guest.bind({ exports: { memory } } as unknown as WebAssembly.Instance);
  const said: [source: string, text: string][] = [];
  const hear = (source: string, bytes: Uint8Array) => void said.push([source, new TextDecoder().decode(bytes)]);
  const logs = { stream: hear, write: (_level: string, source: string, line: Uint8Array) => hear(source, line) };
  const functions = reducedWasi(guest, logs as never);
  const bytes = new Uint8Array(memory.buffer);
  bytes.fill(1);
  const call = (name: string, ...args: unknown[]): unknown => functions[name]?.run(args);
  const wasi = (name: string, ...args: unknown[]) => call(`wasi_snapshot_preview1 ${name}`, ...args);
  return { functions, said, bytes, view: new DataView(memory.buffer), call, wasi };
}

describe('WASI as Nev reduces it', () => {
  it('is these functions, of these types', () => {
    const types = Object.entries(stage().functions).map(([name, type]) => [name.split(' ')[1], coreTypeOf(type)]);
    assert.deepEqual(Object.fromEntries(types), {
      proc_exit: '(i32) -> ()',
      fd_close: '(i32) -> i32',
      fd_read: '(i32, i32, i32, i32) -> i32',
      fd_seek: '(i32, i64, i32, i32) -> i32',
      fd_fdstat_get: '(i32, i32) -> i32',
      fd_write: '(i32, i32, i32, i32) -> i32',
      clock_time_get: '(i32, i64, i32) -> i32',
      environ_sizes_get: '(i32, i32) -> i32',
      environ_get: '(i32, i32) -> i32',
      __syscall_chmod: '(i32, i32) -> i32',
      __syscall_fadvise64: '(i32, i64, i64, i32) -> i32',
      __syscall_readlinkat: '(i32, i32, i32, i32) -> i32',
      __syscall_renameat: '(i32, i32, i32, i32) -> i32',
      __syscall_symlinkat: '(i32, i32, i32) -> i32',
      __syscall_unlinkat: '(i32, i32, i32) -> i32',
    });
  });

  it('has no files and no time, and goes on after an exit', () => {
    const { wasi, call, bytes, said } = stage();
    assert.deepEqual([wasi('fd_close', 1), wasi('fd_read', 0, 0, 0, 0), wasi('fd_seek', 1, 0n, 0, 0)], [2, 2, 2]);
    assert.deepEqual([wasi('clock_time_get', 0, 0n, 8), ...bytes.subarray(7, 17)], [2, 1, 0, 0, 0, 0, 0, 0, 0, 0, 1]);
    assert.deepEqual([wasi('environ_sizes_get', 0, 4), bytes[0], bytes[4]], [0, 1, 1]);
    assert.equal(call('env __syscall_unlinkat', 0, 0, 0), 0);
    assert.equal(wasi('proc_exit', 3), undefined);
    assert.match(said.join(), /proc_exit` of 3/);
  });

  it('says of its two outputs that they are there, and of nothing else', () => {
    const { wasi, bytes } = stage();
    assert.deepEqual(
      [0, 1, 2, 3].map((fd) => wasi('fd_fdstat_get', fd, 100)),
      [2, 0, 0, 2],
    );
    assert.deepEqual([bytes[99], bytes.subarray(100, 124).some(Boolean), bytes[124]], [1, false, 1]);
  });

  it('writes to the log, and answers with the descriptor where it is another', () => {
    const { wasi, view, bytes, said } = stage();
    bytes.set(new TextEncoder().encode('one two'), 64);
    for (const [at, value] of [
      [0, 64],
      [4, 4],
      [8, 68],
      [12, 3],
    ] as const)
      view.setUint32(at, value, true);
    assert.deepEqual([wasi('fd_write', 1, 0, 2, 32), view.getUint32(32, true)], [0, 7]);
    assert.deepEqual([wasi('fd_write', 2, 8, 1, 32), view.getUint32(32, true)], [0, 3]);
    assert.deepEqual(said, [
      ['stdout', 'one '],
      ['stdout', 'two'],
      ['stderr', 'two'],
    ]);
    assert.deepEqual([wasi('fd_write', 5, 0, 2, 32), view.getUint32(32, true)], [5, 0]);
  });

  it('H: takes nothing outside the memory of the guest, and nothing without end', () => {
    const { wasi, view, said } = stage();
    view.setUint32(0, 65_000, true);
    view.setUint32(4, 1_000, true);
    const wrong: [string, ...unknown[]][] = [
      ['fd_write', 1, 0, 1, 32],
      ['fd_write', 1, 65_533, 1, 32],
      ['fd_write', 1, 8, 0, 65_533],
      ['fd_write', 1, 0, 0xffff_ffff, 32],
      ['fd_fdstat_get', 1, 65_530],
      ['clock_time_get', 0, 0n, 0xffff_ffff],
    ];
    for (const [name, ...args] of wrong) assert.throws(() => wasi(name, ...args), WebAssembly.RuntimeError, name);
    assert.deepEqual(said, []);
  });
});
