;; Hands a block of 1 MiB to a host function and answers the sum of the first and the last word of what comes back.
(module
  (import "extism:host/env" "alloc" (func $alloc (param i64) (result i64)))
  (import "extism:host/env" "length" (func $length (param i64) (result i64)))
  (import "extism:host/env" "load_u64" (func $load_u64 (param i64) (result i64)))
  (import "extism:host/env" "store_u64" (func $store_u64 (param i64 i64)))
  (import "extism:host/env" "output_set" (func $output_set (param i64 i64)))
  (import "extism:host/user" "bench_echo" (func $echo (param i64) (result i64)))

  (memory (export "memory") 1)

  (func $last (param $block i64) (result i64)
    (i64.sub (i64.add (local.get $block) (call $length (local.get $block))) (i64.const 8)))

  (func (export "echo") (result i32) (local $block i64) (local $back i64) (local $output i64)
    (local.set $block (call $alloc (i64.const 1048576)))
    (call $store_u64 (local.get $block) (i64.const 40))
    (call $store_u64 (call $last (local.get $block)) (i64.const 2))
    (local.set $back (call $echo (local.get $block)))
    (local.set $output (call $alloc (i64.const 8)))
    (call $store_u64 (local.get $output)
      (i64.add (call $load_u64 (local.get $back)) (call $load_u64 (call $last (local.get $back)))))
    (call $output_set (local.get $output) (i64.const 8))
    (i32.const 0)))
