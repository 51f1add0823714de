;; extism:host/env, whole, over one linear memory that no guest sees.
;;
;; Guests import from this module directly, wasm to wasm: a load costs a compare and no BigInt.
;; Only config, vars, http and logs leave it, through `cloche:host`, with plain i32 numbers.
;; It keeps the contract of Extism's own kernel (docs/contracts/extism.md, EX11 to EX21); exports ending in _i32, and the readers of output
;; and error, are for our worker.
;;
;; A guest may store any byte where blocks lie, headers and links included. So what is read from
;; memory is a claim, and is checked against globals, which no guest can reach, before it is
;; followed. A guest can lose its own blocks that way; it cannot make a function here trap or spin.
(module

  ;; What must leave wasm. Pointers and lengths lie inside `memory`, always.
  ;; A result is the offset of a block from `alloc_i32`, or 0 for nothing.

  (import "cloche:host" "config_get"
    (func $ask_config (param $key i32) (param $key_len i32) (result i32)))
  (import "cloche:host" "var_get"
    (func $ask_var (param $key i32) (param $key_len i32) (result i32)))
  (import "cloche:host" "var_set"
    (func $tell_var (param $key i32) (param $key_len i32)
      (param $value i32) (param $value_len i32) (param $delete i32)))
  ;; The one that may suspend. Without a body both its numbers are 0.
  (import "cloche:host" "http_request"
    (func $ask_http (param $json i32) (param $json_len i32)
      (param $body i32) (param $body_len i32) (result i32)))
  (import "cloche:host" "http_status_code" (func $ask_status (result i32)))
  (import "cloche:host" "http_headers" (func $ask_headers (result i32)))
  ;; 0 trace, 1 debug, 2 info, 3 warn, 4 error.
  (import "cloche:host" "log" (func $tell_log (param $level i32) (param $text i32) (param $len i32)))
  ;; Throws: a guest named no block where Extism traps. The offset is unsigned.
  ;; 0 config key, 1 var key, 2 var value, 3 log message, 4 http request, 5 http request body.
  (import "cloche:host" "bad_handle" (func $bad_handle (param $what i32) (param $offset i64)))

  ;; 16,384 pages are 1 GiB, so sums of two offsets fit in 31 bits. The real cap, `exchangeBytes`,
  ;; is the maximum of the memory that comes in here (kernel-memory.ts).
  (import "cloche:host" "memory" (memory 1 16384))
  (export "memory" (memory 0))

  ;; Lines below this level stay here. 2147483647 is off.
  (global $log_level (export "log_level") (mut i32) (i32.const 2147483647))

  ;;     0            404     496      512                          top           high
  ;;     | free lists |       | header | block | header | block ... |    untouched   |
  ;;
  ;; `top` ends the last block. Nothing was written from `high` on since the last reset.
  (global $top (mut i32) (i32.const 496))
  (global $high (mut i32) (i32.const 496))
  ;; Bytes of live blocks with their headers, and of blocks that a sweep could give back.
  (global $live (mut i32) (i32.const 0))
  (global $dirty (mut i32) (i32.const 0))

  ;; What no guest may lose in silence, see `require`. Bytes of the last allocation that was refused,
  ;; and whether its block 0 was used since: 1 as a block, 2 as the output.
  (global $refused (mut i32) (i32.const 0))
  (global $lost (mut i32) (i32.const 0))

  (global $input (mut i32) (i32.const 0))
  (global $input_len (mut i32) (i32.const 0))
  (global $output (mut i32) (i32.const 0))
  (global $output_len (mut i32) (i32.const 0))
  (global $error (mut i32) (i32.const 0))
  (global $error_len (mut i32) (i32.const 0))

  ;; Blocks, free lists and the allocator: alloc, free, length.
  (@include "kernel-blocks.wat")

  ;; -- Bytes ---------------------------------------------------------------------------------
  ;;
  ;; Outside memory a load is 0 and a store does nothing: guests never trap here. A store also does
  ;; nothing where no block lies. At 0 it is what a guest writes into a block that it was refused:
  ;; it would overwrite all others.

  (func (export "load_u8") (param $p i64) (result i32)
    (if (i64.ge_u (local.get $p) (call $memory_bytes)) (then (return (i32.const 0))))
    (i32.load8_u (i32.wrap_i64 (local.get $p))))

  (func (export "load_u64") (param $p i64) (result i64)
    (if (i64.gt_u (local.get $p) (i64.sub (call $memory_bytes) (i64.const 8)))
      (then (return (i64.const 0))))
    (i64.load (i32.wrap_i64 (local.get $p))))

  (func (export "store_u8") (param $p i64) (param $byte i32)
    (if (i64.ge_u
          (i64.sub (local.get $p) (i64.const 512))
          (i64.sub (call $memory_bytes) (i64.const 512)))
      (then (return (call $miss (local.get $p)))))
    (i32.store8 (i32.wrap_i64 (local.get $p)) (local.get $byte))
    (if (i32.ge_u (i32.wrap_i64 (local.get $p)) (global.get $high))
      (then (call $raise_high (i32.add (i32.wrap_i64 (local.get $p)) (i32.const 1))))))

  (func (export "store_u64") (param $p i64) (param $word i64)
    (if (i64.gt_u
          (i64.sub (local.get $p) (i64.const 512))
          (i64.sub (call $memory_bytes) (i64.const 520)))
      (then (return (call $miss (local.get $p)))))
    (i64.store (i32.wrap_i64 (local.get $p)) (local.get $word))
    (call $raise_high (i32.add (i32.wrap_i64 (local.get $p)) (i32.const 8))))

  ;; What a store does where it stores nothing. The guest goes on until it hands something over.
  (func $miss (param $p i64)
    (if (i32.and
          (i64.lt_u (local.get $p) (i64.const 512))
          (i32.ne (global.get $refused) (i32.const 0)))
      (then (call $lose (i32.const 1)))))

  ;; -- What was refused ----------------------------------------------------------------------
  ;;
  ;; No PDK looks at what `alloc` answers. Where it is refused a block and goes on with 0, as if that
  ;; were one, an output, a value or a body would be empty, or a var deleted, and nobody the wiser.
  ;; So once an allocation was refused, 0 is no longer nothing: it is what did not fit. So is what
  ;; follows it up to the first block, an offset inside.

  (func $lose (param $what i32)
    (if (i32.lt_u (global.get $lost) (local.get $what))
      (then (global.set $lost (local.get $what)))))

  ;; Ends the call where $p, which is to be used as $what, is a block that was refused; and where one
  ;; was written to, for what is in the others then is anybody's guess. A trap, which no guest catches.
  (func $require (param $p i64) (param $what i32)
    (if (i32.and (i64.lt_u (local.get $p) (i64.const 512)) (i32.ne (global.get $refused) (i32.const 0)))
      (then (call $lose (local.get $what))))
    (if (global.get $lost) (then (unreachable))))

  (func (export "require_block") (param $p i64)
    (call $require (local.get $p) (i32.const 1)))

  (func (export "refused") (result i32) (global.get $refused))
  (func (export "lost") (result i32) (global.get $lost))

  ;; -- Input, output, error ------------------------------------------------------------------

  ;; Whether $n bytes at $p are memory that blocks may lie in.
  (func $in_heap (param $p i64) (param $n i64) (result i32)
    (if (i64.lt_u (local.get $p) (i64.const 512)) (then (return (i32.const 0))))
    (if (i64.gt_u (local.get $p) (call $memory_bytes)) (then (return (i32.const 0))))
    (i64.le_u (local.get $n) (i64.sub (call $memory_bytes) (local.get $p))))

  (func $input_set (export "input_set") (param $p i64) (param $n i64)
    (call $require (local.get $p) (i32.const 1))
    (if (i32.eqz (call $in_heap (local.get $p) (local.get $n))) (then (return)))
    (global.set $input (i32.wrap_i64 (local.get $p)))
    (global.set $input_len (i32.wrap_i64 (local.get $n))))

  (func (export "input_set_i32") (param $p i32) (param $n i32)
    (call $input_set (i64.extend_i32_u (local.get $p)) (i64.extend_i32_u (local.get $n))))

  (func (export "input_offset") (result i64)
    (i64.extend_i32_u (global.get $input)))

  (func (export "input_length") (result i64)
    (i64.extend_i32_u (global.get $input_len)))

  (func (export "input_load_u8") (param $i i64) (result i32)
    (if (i64.ge_u (local.get $i) (i64.extend_i32_u (global.get $input_len)))
      (then (return (i32.const 0))))
    (i32.load8_u (i32.add (global.get $input) (i32.wrap_i64 (local.get $i)))))

  (func (export "input_load_u64") (param $i i64) (result i64)
    (if (i32.lt_u (global.get $input_len) (i32.const 8)) (then (return (i64.const 0))))
    (if (i64.gt_u
          (local.get $i)
          (i64.extend_i32_u (i32.sub (global.get $input_len) (i32.const 8))))
      (then (return (i64.const 0))))
    (i64.load (i32.add (global.get $input) (i32.wrap_i64 (local.get $i)))))

  ;; The freed block that held an earlier output or error is free now: let the next sweep find it.
  (func $release_held
    (global.set $dirty (i32.or (global.get $dirty) (i32.const 1))))

  ;; $p may lie inside a block, and $n may be less than the block has. A range that no block can
  ;; have changes nothing, so (0, 0), which plugins send for "nothing", leaves an earlier output.
  (func (export "output_set") (param $p i64) (param $n i64)
    (call $require (local.get $p) (i32.const 2))
    (if (i32.eqz (call $in_heap (local.get $p) (local.get $n))) (then (return)))
    (global.set $output (i32.wrap_i64 (local.get $p)))
    (global.set $output_len (i32.wrap_i64 (local.get $n)))
    (call $release_held))

  (func (export "output_offset") (result i64)
    (i64.extend_i32_u (global.get $output)))

  (func (export "output_length") (result i64)
    (i64.extend_i32_u (global.get $output_len)))

  ;; The length is kept with the offset, so that the text survives `free`. What is not a block has no
  ;; length: `error_get` answers it as natively, and the host sees no error, also as natively.
  (func (export "error_set") (param $p i64)
    (call $require (local.get $p) (i32.const 1))
    (if (i64.ge_u (local.get $p) (call $memory_bytes)) (then (return)))
    (global.set $error (i32.wrap_i64 (local.get $p)))
    (global.set $error_len (call $length_i32 (global.get $error)))
    (call $release_held))

  (func (export "error_get") (result i64)
    (i64.extend_i32_u (global.get $error)))

  (func (export "output_ptr") (result i32) (global.get $output))
  (func (export "output_len") (result i32) (global.get $output_len))
  (func (export "error_ptr") (result i32)
    (select (global.get $error) (i32.const 0) (global.get $error_len)))
  (func (export "error_len") (result i32) (global.get $error_len))

  ;; -- What leaves wasm ----------------------------------------------------------------------
  ;;
  ;; These take the blocks they are given. A block is freed after its bytes were used, also where
  ;; the host suspends in between, and where the host throws it lives until `reset`.

  ;; Length of block $p, or no return at all. Offset 0 is what `alloc` gives for 0 bytes, and so stands
  ;; for empty text, as natively: PDKs log it, and ask for the empty key.
  (func $expect (param $what i32) (param $p i64) (result i32)
    (local $len i32)
    (call $require (local.get $p) (i32.const 1))
    (if (i64.eqz (local.get $p)) (then (return (i32.const 0))))
    (local.set $len (call $length_i32 (call $narrow (local.get $p))))
    (if (i32.eqz (local.get $len))
      (then
        (call $bad_handle (local.get $what) (local.get $p))
        (unreachable)))
    (local.get $len))

  (func (export "config_get") (param $key i64) (result i64)
    (local $len i32) (local $found i32)
    (local.set $len (call $expect (i32.const 0) (local.get $key)))
    (local.set $found (call $ask_config (i32.wrap_i64 (local.get $key)) (local.get $len)))
    (call $free_i32 (i32.wrap_i64 (local.get $key)))
    (i64.extend_i32_u (local.get $found)))

  (func (export "var_get") (param $key i64) (result i64)
    (local $len i32) (local $found i32)
    (local.set $len (call $expect (i32.const 1) (local.get $key)))
    (local.set $found (call $ask_var (i32.wrap_i64 (local.get $key)) (local.get $len)))
    (call $free_i32 (i32.wrap_i64 (local.get $key)))
    (i64.extend_i32_u (local.get $found)))

  (func (export "var_set") (param $key i64) (param $value i64)
    (local $key_len i32) (local $value_len i32)
    (local.set $key_len (call $expect (i32.const 1) (local.get $key)))
    (local.set $value_len (call $expect (i32.const 2) (local.get $value)))
    (call $tell_var
      (i32.wrap_i64 (local.get $key)) (local.get $key_len)
      (i32.wrap_i64 (local.get $value)) (local.get $value_len)
      (i64.eqz (local.get $value)))
    (call $free_i32 (i32.wrap_i64 (local.get $key)))
    (call $free_i32 (i32.wrap_i64 (local.get $value))))

  (func (export "http_request") (param $json i64) (param $body i64) (result i64)
    (local $json_len i32) (local $body_len i32) (local $answer i32)
    (local.set $json_len (call $expect (i32.const 4) (local.get $json)))
    (local.set $body_len (call $expect (i32.const 5) (local.get $body)))
    (local.set $answer
      (call $ask_http
        (i32.wrap_i64 (local.get $json)) (local.get $json_len)
        (i32.wrap_i64 (local.get $body)) (local.get $body_len)))
    (call $free_i32 (i32.wrap_i64 (local.get $json)))
    (call $free_i32 (i32.wrap_i64 (local.get $body)))
    (i64.extend_i32_u (local.get $answer)))

  (func (export "http_status_code") (result i32)
    (call $ask_status))

  (func (export "http_headers") (result i64)
    (i64.extend_i32_u (call $ask_headers)))

  (func (export "get_log_level") (result i32)
    (global.get $log_level))

  ;; Below the level nothing leaves, and a bad offset does not matter, as natively (EX39).
  (func $log (param $level i32) (param $p i64)
    (if (i32.ge_s (local.get $level) (global.get $log_level))
      (then
        (call $tell_log
          (local.get $level)
          (i32.wrap_i64 (local.get $p))
          (call $expect (i32.const 3) (local.get $p)))))
    (call $free_i32 (call $narrow (local.get $p))))

  (func (export "log_trace") (param $p i64) (call $log (i32.const 0) (local.get $p)))
  (func (export "log_debug") (param $p i64) (call $log (i32.const 1) (local.get $p)))
  (func (export "log_info") (param $p i64) (call $log (i32.const 2) (local.get $p)))
  (func (export "log_warn") (param $p i64) (call $log (i32.const 3) (local.get $p)))
  (func (export "log_error") (param $p i64) (call $log (i32.const 4) (local.get $p)))
)
