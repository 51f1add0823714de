;; The kernel's allocator: blocks, free lists, and what keeps them honest. Included by kernel.wat, whose globals it uses.

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
    (if (i32.gt_u (local.get $n) (i32.const 0x40000000)) (then (return (call $refuse (local.get $n)))))
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
    (call $refuse (local.get $n)))

  (func $refuse (param $n i32) (result i32)
    (global.set $refused (local.get $n))
    (i32.const 0))

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

  ;; Guests give i64 offsets, all 64 bits of them. Beyond memory they become 0, which is not a block.
  (func $narrow (param $p i64) (result i32)
    (select
      (i32.wrap_i64 (local.get $p))
      (i32.const 0)
      (i64.lt_u (local.get $p) (call $memory_bytes))))

  (func (export "alloc") (param $n i64) (result i64)
    (if (i64.gt_u (local.get $n) (i64.const 0x40000000))
      (then (return (i64.extend_i32_u (call $refuse
        ;; As much as a number of 32 bits can say.
        (select (i32.wrap_i64 (local.get $n)) (i32.const -1) (i64.le_u (local.get $n) (i64.const 0xffffffff))))))))
    (i64.extend_i32_u (call $alloc_i32 (i32.wrap_i64 (local.get $n)))))

  (func (export "free") (param $p i64)
    (call $free_i32 (call $narrow (local.get $p))))

  (func $length (export "length") (export "length_unsafe") (param $p i64) (result i64)
    (i64.extend_i32_u (call $length_i32 (call $narrow (local.get $p)))))

  (func $memory_bytes (export "memory_bytes") (result i64)
    (i64.shl (i64.extend_i32_u (memory.size)) (i64.const 16)))

  ;; A call begins: nothing is left of the last one.
  (func (export "begin")
    (global.set $refused (i32.const 0))
    (global.set $lost (i32.const 0))
    (call $reset))

  ;; Zeroes what was ever written, so that no call sees the bytes of another. Guests may call it too,
  ;; so what was refused stays known: it may still be used.
  (func $reset (export "reset")
    (memory.fill (i32.const 0) (i32.const 0) (global.get $high))
    (global.set $top (i32.const 496))
    (global.set $high (i32.const 496))
    (global.set $live (i32.const 0))
    (global.set $dirty (i32.const 0))
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
