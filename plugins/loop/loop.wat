;; Hostile: `run` never ends. No host call stands in the loop, so nothing inside the worker can
;; interrupt it; only ending the worker from outside does.
(module
  (import "extism:host/env" "alloc" (func $alloc (param i64) (result i64)))
  (import "extism:host/env" "store_u8" (func $store_u8 (param i64 i32)))
  (import "extism:host/env" "output_set" (func $output_set (param i64 i64)))

  (memory (export "memory") 1)
  (data (i32.const 0) "Hello from a fresh instance.")
  (global $length i64 (i64.const 28))

  (func (export "run") (result i32)
    (loop $forever
      (br $forever))
    (unreachable))

  ;; Answers at once: call it after `run` to see that the plugin is back.
  (func (export "hello") (result i32)
    (local $block i64)
    (local $i i64)
    (local.set $block (call $alloc (global.get $length)))
    (loop $copy
      (call $store_u8
        (i64.add (local.get $block) (local.get $i))
        (i32.load8_u (i32.wrap_i64 (local.get $i))))
      (local.set $i (i64.add (local.get $i) (i64.const 1)))
      (br_if $copy (i64.lt_u (local.get $i) (global.get $length))))
    (call $output_set (local.get $block) (global.get $length))
    (i32.const 0)))
