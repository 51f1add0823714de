;; Hostile: takes memory until it gets no more. Its own memory declares no maximum; the host
;; writes one into the module before it is compiled, so `memory.grow` answers -1 at the limit.
(module
  (import "extism:host/env" "alloc" (func $alloc (param i64) (result i64)))
  (import "extism:host/env" "store_u8" (func $store_u8 (param i64 i32)))
  (import "extism:host/env" "output_set" (func $output_set (param i64 i64)))

  (memory (export "memory") 1)
  (data (i32.const 5) " MiB, then it was refused.")   ;; the number goes before it, ending at 4
  (data (i32.const 64) "Hello from a small instance.")

  ;; A plugin with manners: it takes no for an answer, and tells how far it came.
  (func (export "run") (result i32)
    (local $start i32)
    (call $take_all)
    (local.set $start (call $write_number (i32.div_u (memory.size) (i32.const 16))))   ;; 16 pages are 1 MiB
    (call $answer (local.get $start) (i32.sub (i32.const 31) (local.get $start))))

  ;; What a language's allocator does when it is refused: it gives up with a trap.
  (func (export "bomb") (result i32)
    (call $take_all)
    (unreachable))

  (func (export "hello") (result i32)
    (call $answer (i32.const 64) (i32.const 28)))

  ;; Asks for 1 MiB at a time, then for single pages, so that the limit is met exactly.
  (func $take_all
    (loop $more
      (br_if $more (i32.ne (memory.grow (i32.const 16)) (i32.const -1))))
    (loop $last
      (br_if $last (i32.ne (memory.grow (i32.const 1)) (i32.const -1)))))

  ;; Writes decimal digits from right to left, ending at address 4; answers where the first one is.
  (func $write_number (param $value i32) (result i32)
    (local $at i32)
    (local.set $at (i32.const 5))
    (loop $digit
      (local.set $at (i32.sub (local.get $at) (i32.const 1)))
      (i32.store8 (local.get $at)
        (i32.add (i32.const 48) (i32.rem_u (local.get $value) (i32.const 10))))
      (local.set $value (i32.div_u (local.get $value) (i32.const 10)))
      (br_if $digit (local.get $value)))
    (local.get $at))

  ;; Copies bytes of the memory above into an Extism block, and makes that the output.
  (func $answer (param $from i32) (param $length i32) (result i32)
    (local $block i64)
    (local $i i32)
    (local.set $block (call $alloc (i64.extend_i32_u (local.get $length))))
    (loop $copy
      (call $store_u8
        (i64.add (local.get $block) (i64.extend_i32_u (local.get $i)))
        (i32.load8_u (i32.add (local.get $from) (local.get $i))))
      (local.set $i (i32.add (local.get $i) (i32.const 1)))
      (br_if $copy (i32.lt_u (local.get $i) (local.get $length))))
    (call $output_set (local.get $block) (i64.extend_i32_u (local.get $length)))
    (i32.const 0)))
