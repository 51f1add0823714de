;; Reads its whole input in words of 8 bytes, as PDKs do, and answers the sum of the words.
(module
  (import "extism:host/env" "input_length" (func $input_length (result i64)))
  (import "extism:host/env" "input_load_u64" (func $input_load_u64 (param i64) (result i64)))
  (import "extism:host/env" "alloc" (func $alloc (param i64) (result i64)))
  (import "extism:host/env" "store_u64" (func $store_u64 (param i64 i64)))
  (import "extism:host/env" "output_set" (func $output_set (param i64 i64)))

  (memory (export "memory") 1)

  (func (export "checksum") (result i32)
    (local $at i64)
    (local $length i64)
    (local $sum i64)
    (local $block i64)
    (local.set $length (call $input_length))
    (loop $words
      (local.set $sum (i64.add (local.get $sum) (call $input_load_u64 (local.get $at))))
      (local.set $at (i64.add (local.get $at) (i64.const 8)))
      (br_if $words (i64.lt_u (local.get $at) (local.get $length))))
    (local.set $block (call $alloc (i64.const 8)))
    (call $store_u64 (local.get $block) (local.get $sum))
    (call $output_set (local.get $block) (i64.const 8))
    (i32.const 0)))
