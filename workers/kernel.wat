;; extism:host/env, whole, over one linear memory that no guest sees.
;;
;; Guests import from this module directly, wasm to wasm: a load costs a compare and no BigInt.
;; Only config, vars, http and logs leave it, through `cloche:host`, with plain i32 numbers.
;; It keeps the contract of Extism's own kernel; exports ending in _i32, and the readers of output
;; and error, are for our worker.
;;
;; A guest may store any byte anywhere in this memory, headers and lists included. So what is read
;; from memory is a claim, and is checked against globals, which no guest can reach, before it is
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
  ;; is written over this number before the kernel is compiled (wasm-limits.ts).
  (memory (export "memory") 1 16384)

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
  (global $exhausted (mut i32) (i32.const 0))

  (global $input (mut i32) (i32.const 0))
  (global $input_len (mut i32) (i32.const 0))
  (global $output (mut i32) (i32.const 0))
  (global $output_len (mut i32) (i32.const 0))
  (global $error (mut i32) (i32.const 0))
  (global $error_len (mut i32) (i32.const 0))

  ;; -- Blocks --------------------------------------------------------------------------------
  ;;
  ;; Block p is 16-aligned, and its header is the 16 bytes before it:
  ;;
  ;;     p - 16  size      what the guest asked for, 0 once freed
  ;;     p - 12  capacity  bytes up to the next header, a multiple of 16
  ;;     p -  8  next      in a free list
  ;;     p -  4  mark      p xor "LIVE" or p xor "FREE": only the start of a block answers for it

  (func $capacity (param $p i32) (result i32)
    (i32.load (i32.sub (local.get $p) (i32.const 12))))

  (func $set_capacity (param $p i32) (param $bytes i32)
    (i32.store (i32.sub (local.get $p) (i32.const 12)) (local.get $bytes)))

  (func $stamp (param $p i32) (param $size i32) (param $mark i32)
    (i32.store (i32.sub (local.get $p) (i32.const 16)) (local.get $size))
    (i32.store (i32.sub (local.get $p) (i32.const 4)) (i32.xor (local.get $p) (local.get $mark))))

  ;; Whether the capacity that p claims is possible, p being aligned and below top.
  (func $has_sound_capacity (param $p i32) (result i32)
    (local $bytes i32)
    (local.set $bytes (call $capacity (local.get $p)))
    (i32.and
      (i32.and
        (i32.eqz (i32.and (local.get $bytes) (i32.const 15)))
        (i32.ne (local.get $bytes) (i32.const 0)))
      (i32.le_u (local.get $bytes) (i32.sub (global.get $top) (local.get $p)))))

  ;; Whether a block of this mark starts exactly at p, whatever p is.
  (func $is (param $p i32) (param $mark i32) (result i32)
    (if (i32.lt_u (local.get $p) (i32.const 512)) (then (return (i32.const 0))))
    (if (i32.ge_u (local.get $p) (global.get $top)) (then (return (i32.const 0))))
    (if (i32.and (local.get $p) (i32.const 15)) (then (return (i32.const 0))))
    (if (i32.ne
          (i32.load (i32.sub (local.get $p) (i32.const 4)))
          (i32.xor (local.get $p) (local.get $mark)))
      (then (return (i32.const 0))))
    (if (i32.gt_u
          (i32.load (i32.sub (local.get $p) (i32.const 16)))
          (call $capacity (local.get $p)))
      (then (return (i32.const 0))))
    (call $has_sound_capacity (local.get $p)))

  (func $is_live (param $p i32) (result i32)
    (call $is (local.get $p) (i32.const 0x4556494c)))

  ;; Output and error outlive the block they stand in: older Go plugins free both at once.
  (func $holds_result (param $p i32) (result i32)
    (local $bytes i32)
    (local.set $bytes (call $capacity (local.get $p)))
    (i32.or
      (i32.and
        (i32.lt_u (global.get $output) (i32.add (local.get $p) (local.get $bytes)))
        (i32.gt_u (i32.add (global.get $output) (global.get $output_len)) (local.get $p)))
      (i32.lt_u (i32.sub (global.get $error) (local.get $p)) (local.get $bytes))))

  ;; -- Free lists ----------------------------------------------------------------------------
  ;;
  ;; A bin holds the blocks of one range of capacities, four bins to a doubling: 16, 32 ... 112
  ;; bytes have a bin each, then 128-159, 160-191, 192-223, 224-255, 256-319 and so on to bin 100.
  ;; The head of bin b is the word at 4 b.

  (func $bin (param $capacity i32) (result i32)
    (local $units i32) (local $shift i32)
    (local.set $units (i32.shr_u (local.get $capacity) (i32.const 4)))
    (local.set $shift (i32.sub (i32.const 29) (i32.clz (local.get $units))))
    (if (i32.lt_s (local.get $shift) (i32.const 0)) (then (local.set $shift (i32.const 0))))
    (i32.add
      (i32.shl (local.get $shift) (i32.const 2))
      (i32.shr_u (local.get $units) (local.get $shift))))

  (func $list (param $p i32)
    (local $head i32)
    (local.set $head (i32.shl (call $bin (call $capacity (local.get $p))) (i32.const 2)))
    (call $stamp (local.get $p) (i32.const 0) (i32.const 0x45455246))
    (i32.store (i32.sub (local.get $p) (i32.const 8)) (i32.load (local.get $head)))
    (i32.store (local.get $head) (local.get $p)))

  ;; A listed block of at least $need bytes, taken from bins $bin to $last, or 0. Looks at 16 blocks
  ;; of a bin at most, so neither a long list nor one bent into a circle can hold it up.
  (func $take (param $need i32) (param $bin i32) (param $last i32) (result i32)
    (local $link i32) (local $p i32) (local $tries i32) (local $rest i32)
    (loop $bins
      (local.set $link (i32.shl (local.get $bin) (i32.const 2)))
      (local.set $tries (i32.const 16))
      (block $done
        (loop $blocks
          (local.set $p (i32.load (local.get $link)))
          (br_if $done (i32.eqz (local.get $p)))
          (if (i32.eqz (call $is (local.get $p) (i32.const 0x45455246)))
            (then
              (i32.store (local.get $link) (i32.const 0))
              (br $done)))
          (local.set $rest (i32.sub (call $capacity (local.get $p)) (local.get $need)))
          (if (i32.and
                (i32.ge_s (local.get $rest) (i32.const 0))
                (i32.eqz (call $holds_result (local.get $p))))
            (then
              (i32.store (local.get $link) (i32.load (i32.sub (local.get $p) (i32.const 8))))
              ;; What is over becomes a block again, unless too small to be of use.
              (if (i32.ge_s (local.get $rest) (i32.const 256))
                (then
                  (call $set_capacity (local.get $p) (local.get $need))
                  (local.set $link
                    (i32.add (i32.add (local.get $p) (local.get $need)) (i32.const 16)))
                  (call $set_capacity (local.get $link)
                    (i32.sub (local.get $rest) (i32.const 16)))
                  (call $list (local.get $link))))
              (return (local.get $p))))
          (local.set $link (i32.sub (local.get $p) (i32.const 8)))
          (local.set $tries (i32.sub (local.get $tries) (i32.const 1)))
          (br_if $blocks (local.get $tries))))
      (local.set $bin (i32.add (local.get $bin) (i32.const 1)))
      (br_if $bins (i32.le_u (local.get $bin) (local.get $last))))
    (i32.const 0))

  ;; Walks all blocks in the order of memory, merges neighbours that are free, lists them anew, and
  ;; lowers top when the last ones are free. Stops for good at a header that makes no sense.
  (func $sweep
    (local $p i32) (local $run i32)
    (memory.fill (i32.const 0) (i32.const 0) (i32.const 496))
    (global.set $dirty (i32.const 0))
    (local.set $p (i32.const 512))
    (block $done
      (loop $next
        (br_if $done (i32.ge_u (local.get $p) (global.get $top)))
        (br_if $done (i32.eqz (call $has_sound_capacity (local.get $p))))
        (if (i32.and
              (call $is (local.get $p) (i32.const 0x45455246))
              (i32.eqz (call $holds_result (local.get $p))))
          (then
            (if (local.get $run)
              (then
                (call $set_capacity (local.get $run)
                  (i32.sub
                    (i32.add (local.get $p) (call $capacity (local.get $p)))
                    (local.get $run))))
              (else (local.set $run (local.get $p)))))
          (else
            (if (local.get $run) (then (call $list (local.get $run))))
            (local.set $run (i32.const 0))))
        (local.set $p
          (i32.add (i32.add (local.get $p) (call $capacity (local.get $p))) (i32.const 16)))
        (br $next)))
    (if (i32.eqz (local.get $run)) (then (return)))
    (if (i32.gt_u (local.get $p) (global.get $top))
      (then (global.set $top (i32.sub (local.get $run) (i32.const 16))))
      (else (call $list (local.get $run)))))

  ;; A new block above all others, or 0 when memory ends too soon.
  (func $bump (param $need i32) (result i32)
    (local $p i32) (local $end i32)
    (local.set $p (i32.add (global.get $top) (i32.const 16)))
    (local.set $end (i32.add (local.get $p) (local.get $need)))
    (if (i32.gt_u (local.get $end) (call $size)) (then (return (i32.const 0))))
    (call $set_capacity (local.get $p) (local.get $need))
    (global.set $top (local.get $end))
    (call $raise_high (local.get $end))
    (local.get $p))

  ;; Doubles memory if it may, so that growing stays rare; else takes just what is needed.
  (func $grow (param $need i32) (result i32)
    (local $pages i32)
    (local.set $pages
      (i32.sub
        (i32.shr_u
          (i32.add (i32.add (global.get $top) (local.get $need)) (i32.const 65551))
          (i32.const 16))
        (memory.size)))
    (if (i32.lt_u (local.get $pages) (memory.size))
      (then
        (if (i32.ne (memory.grow (memory.size)) (i32.const -1))
          (then (return (i32.const 1))))))
    (i32.ne (memory.grow (local.get $pages)) (i32.const -1)))

  (func $size (result i32)
    (i32.shl (memory.size) (i32.const 16)))

  (func $raise_high (param $end i32)
    (if (i32.gt_u (local.get $end) (global.get $high))
      (then (global.set $high (local.get $end)))))

  ;; -- The allocator -------------------------------------------------------------------------

  ;; Offset of a new block of $n bytes, or 0 for $n = 0 and for more than the cap leaves.
  ;; Tries what is cheap first: a freed block of about this size, then the space above the last
  ;; block, then any freed block. A sweep comes before growing only where an eighth of the heap was
  ;; freed since the last one, so its cost is spread; at the cap it comes whenever it could help.
  (func $alloc_i32 (export "alloc_i32") (param $n i32) (result i32)
    (local $need i32) (local $bin i32) (local $patience i32) (local $p i32)
    (if (i32.eqz (local.get $n)) (then (return (i32.const 0))))
    (if (i32.gt_u (local.get $n) (i32.const 0x40000000)) (then (return (call $refuse))))
    (local.set $need (i32.and (i32.add (local.get $n) (i32.const 15)) (i32.const -16)))
    (local.set $bin (call $bin (local.get $need)))
    (local.set $patience (i32.shr_u (global.get $top) (i32.const 3)))
    (loop $again
      (local.set $p
        (call $take (local.get $need) (local.get $bin)
          (i32.add (local.get $bin) (i32.const 1))))
      (if (i32.eqz (local.get $p)) (then (local.set $p (call $bump (local.get $need)))))
      (if (i32.eqz (local.get $p))
        (then (local.set $p (call $take (local.get $need) (local.get $bin) (i32.const 100)))))
      (if (local.get $p)
        (then
          (call $stamp (local.get $p) (local.get $n) (i32.const 0x4556494c))
          (global.set $live
            (i32.add (i32.add (global.get $live) (call $capacity (local.get $p))) (i32.const 16)))
          (return (local.get $p))))
      (if (i32.ge_u (global.get $dirty) (local.get $patience))
        (then
          (call $sweep)
          (br $again)))
      (br_if $again (call $grow (local.get $need)))
      (if (i32.gt_u (local.get $patience) (i32.const 1))
        (then
          (local.set $patience (i32.const 1))
          (br $again))))
    (call $refuse))

  (func $refuse (result i32)
    (global.set $exhausted (i32.const 1))
    (i32.const 0))

  ;; Whether an allocation was refused since the last reset: what a trap after it is due to.
  (func (export "exhausted") (result i32)
    (global.get $exhausted))

  (func $free_i32 (export "free_i32") (param $p i32)
    (local $bytes i32)
    (if (i32.eqz (call $is_live (local.get $p))) (then (return)))
    (call $stamp (local.get $p) (i32.const 0) (i32.const 0x45455246))
    (local.set $bytes (call $capacity (local.get $p)))
    (global.set $live
      (i32.sub (i32.sub (global.get $live) (local.get $bytes)) (i32.const 16)))
    (if (i32.eq (i32.add (local.get $p) (local.get $bytes)) (global.get $top))
      (then
        (if (i32.eqz (i32.or
              (call $holds_result (local.get $p))
              (i32.eq (local.get $p) (global.get $input))))
          (then
            (global.set $top (i32.sub (local.get $p) (i32.const 16)))
            (return)))))
    ;; Stops counting at 2 GiB instead of starting over at 0.
    (if (i32.ge_s (global.get $dirty) (i32.const 0))
      (then (global.set $dirty (i32.add (global.get $dirty) (local.get $bytes)))))
    ;; The input's bytes are gone for the guest, and given away only by a sweep, as natively.
    (if (i32.eq (local.get $p) (global.get $input))
      (then
        (global.set $input_len (i32.const 0))
        (return)))
    (if (i32.eqz (call $holds_result (local.get $p))) (then (call $list (local.get $p)))))

  (func $length_i32 (export "length_i32") (param $p i32) (result i32)
    (if (i32.eqz (call $is_live (local.get $p))) (then (return (i32.const 0))))
    (i32.load (i32.sub (local.get $p) (i32.const 16))))

  ;; Guests give i64 offsets, all 64 bits of them. Beyond memory they become 0, which is no block.
  (func $narrow (param $p i64) (result i32)
    (select
      (i32.wrap_i64 (local.get $p))
      (i32.const 0)
      (i64.lt_u (local.get $p) (call $memory_bytes))))

  (func (export "alloc") (param $n i64) (result i64)
    (if (i64.gt_u (local.get $n) (i64.const 0x40000000))
      (then (return (i64.extend_i32_u (call $refuse)))))
    (i64.extend_i32_u (call $alloc_i32 (i32.wrap_i64 (local.get $n)))))

  (func (export "free") (param $p i64)
    (call $free_i32 (call $narrow (local.get $p))))

  (func $length (export "length") (export "length_unsafe") (param $p i64) (result i64)
    (i64.extend_i32_u (call $length_i32 (call $narrow (local.get $p)))))

  (func $memory_bytes (export "memory_bytes") (result i64)
    (i64.shl (i64.extend_i32_u (memory.size)) (i64.const 16)))

  ;; Zeroes what was ever written, so that no call sees the bytes of another.
  (func (export "reset")
    (memory.fill (i32.const 0) (i32.const 0) (global.get $high))
    (global.set $top (i32.const 496))
    (global.set $high (i32.const 496))
    (global.set $live (i32.const 0))
    (global.set $dirty (i32.const 0))
    (global.set $exhausted (i32.const 0))
    (global.set $input (i32.const 0))
    (global.set $input_len (i32.const 0))
    (global.set $output (i32.const 0))
    (global.set $output_len (i32.const 0))
    (global.set $error (i32.const 0))
    (global.set $error_len (i32.const 0)))

  ;; Bytes of live blocks with their headers. Forged headers can bend the count, never past memory.
  (func (export "used") (result i32)
    (if (i32.lt_s (global.get $live) (i32.const 0)) (then (return (i32.const 0))))
    (select (global.get $live) (call $size) (i32.lt_u (global.get $live) (call $size))))

  ;; The most bytes since the last reset that memory had to have.
  (func (export "peak") (result i32)
    (global.get $high))

  ;; -- Bytes ---------------------------------------------------------------------------------
  ;;
  ;; Outside memory a load is 0 and a store does nothing: guests never trap here.

  (func (export "load_u8") (param $p i64) (result i32)
    (if (i64.ge_u (local.get $p) (call $memory_bytes)) (then (return (i32.const 0))))
    (i32.load8_u (i32.wrap_i64 (local.get $p))))

  (func (export "load_u64") (param $p i64) (result i64)
    (if (i64.gt_u (local.get $p) (i64.sub (call $memory_bytes) (i64.const 8)))
      (then (return (i64.const 0))))
    (i64.load (i32.wrap_i64 (local.get $p))))

  (func (export "store_u8") (param $p i64) (param $byte i32)
    (if (i64.ge_u (local.get $p) (call $memory_bytes)) (then (return)))
    (i32.store8 (i32.wrap_i64 (local.get $p)) (local.get $byte))
    (if (i32.ge_u (i32.wrap_i64 (local.get $p)) (global.get $high))
      (then (call $raise_high (i32.add (i32.wrap_i64 (local.get $p)) (i32.const 1))))))

  (func (export "store_u64") (param $p i64) (param $word i64)
    (if (i64.gt_u (local.get $p) (i64.sub (call $memory_bytes) (i64.const 8))) (then (return)))
    (i64.store (i32.wrap_i64 (local.get $p)) (local.get $word))
    (call $raise_high (i32.add (i32.wrap_i64 (local.get $p)) (i32.const 8))))

  ;; -- Input, output, error ------------------------------------------------------------------

  ;; Whether $n bytes at $p are memory that blocks may lie in.
  (func $in_heap (param $p i64) (param $n i64) (result i32)
    (if (i64.lt_u (local.get $p) (i64.const 512)) (then (return (i32.const 0))))
    (if (i64.gt_u (local.get $p) (call $memory_bytes)) (then (return (i32.const 0))))
    (i64.le_u (local.get $n) (i64.sub (call $memory_bytes) (local.get $p))))

  (func $input_set (export "input_set") (param $p i64) (param $n i64)
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
    (if (i32.eqz (call $in_heap (local.get $p) (local.get $n))) (then (return)))
    (global.set $output (i32.wrap_i64 (local.get $p)))
    (global.set $output_len (i32.wrap_i64 (local.get $n)))
    (call $release_held))

  (func (export "output_offset") (result i64)
    (i64.extend_i32_u (global.get $output)))

  (func (export "output_length") (result i64)
    (i64.extend_i32_u (global.get $output_len)))

  ;; The length is kept with the offset, so that the text survives `free`. What is no block has no
  ;; length: `error_get` answers it as natively, and the host sees no error, also as natively.
  (func (export "error_set") (param $p i64)
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

  ;; Below the level nothing leaves, and a bad offset is no matter, as natively.
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
