// Guests of WASI preview 1 in WAT: its functions, and what tests of it do with them.

import { imports } from '../extism/abi-guest.ts';

const FUNCTIONS = `fd_write: i32 i32 i32 i32 -> i32; fd_read: i32 i32 i32 i32 -> i32; fd_pwrite: i32 i32 i32 i64 i32 -> i32;
  fd_allocate: i32 i64 i64 -> i32; fd_filestat_set_size: i32 i64 -> i32; fd_prestat_get: i32 i32 -> i32;
  path_open: i32 i32 i32 i32 i32 i64 i64 i32 i32 -> i32; args_sizes_get: i32 i32 -> i32;
  environ_sizes_get: i32 i32 -> i32; clock_time_get: i32 i64 i32 -> i32; poll_oneoff: i32 i32 i32 i32 -> i32;
  random_get: i32 i32 -> i32; sched_yield: -> i32; proc_raise: i32 -> i32; sock_shutdown: i32 i32 -> i32;
  fd_fdstat_get: i32 i32 -> i32; fd_filestat_get: i32 i32 -> i32; fd_close: i32 -> i32; fd_renumber: i32 i32 -> i32;
  fd_seek: i32 i64 i32 i32 -> i32; sock_recv: i32 i32 i32 i32 i32 i32 -> i32; sock_send: i32 i32 i32 i32 i32 -> i32`;
export const WASI = imports('wasi_snapshot_preview1', FUNCTIONS);

// At 0 an answer, at 64 one buffer (address, length), at 128 subscriptions, at 1024 texts.
export const PARTS = `
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
