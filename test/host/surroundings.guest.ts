// Guests that look at clocks and sleep, and what they say.

import type { Grant, Host, Plugin } from '../../src/index.ts';
import { guest, packed } from '../helpers/guests.ts';

const WASI = 'wasi_snapshot_preview1';
export const TIME = `(import "${WASI}" "clock_time_get" (func $clock_time_get (param i32 i64 i32) (result i32)))`;
export const FULL = `${TIME}
  (import "${WASI}" "clock_res_get" (func $clock_res_get (param i32 i32) (result i32)))
  (import "${WASI}" "poll_oneoff" (func $poll_oneoff (param i32 i32 i32 i32) (result i32)))`;

/** `realtime`, `monotonic`: what those clocks say, in ns. */
export const CLOCKS = `(memory (export "memory") 1)
  (func $at (param $clock i32) (result i64)
    (drop (call $clock_time_get (local.get $clock) (i64.const 1) (i32.const 0))) (i64.load (i32.const 0)))
  (func (export "realtime") (result i32) (call $put_u64 (call $at (i32.const 0))) (i32.const 0))
  (func (export "monotonic") (result i32) (call $put_u64 (call $at (i32.const 1))) (i32.const 0))`;

/** `resolution` of the monotonic clock; `sleep`: sleeps so many ns, and gives what the monotonic clock says has passed. */
export const SLEEPER = `${CLOCKS}
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

export const MS = 1_000_000n;

export async function opened(host: Host, body: string, imports: string, grant: Grant = 'manifest'): Promise<Plugin> {
  return host.open({ wasm: await guest(body, imports), manifest: { cloche: 1, id: 'p' } }, { grant });
}

export async function said(plugin: Plugin, name: string, ns = 0n): Promise<bigint> {
  const bytes = (await plugin.call(name, packed(ns))).bytes();
  return new DataView(bytes.buffer, bytes.byteOffset).getBigUint64(0, true);
}
