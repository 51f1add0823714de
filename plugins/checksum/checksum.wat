;; Sums up what it is given. The core of a component: how each function looks from outside stands in checksum.wit, and how its
;; values lie in memory in https://github.com/WebAssembly/component-model/blob/main/design/mvp/CanonicalABI.md
(module
  (memory (export "memory") 1)

  ;; Texts, then the manifest: pairs of an address and a length, with the lists that they stand for behind.
  (data (i32.const 0) "checksum" "document-saved" "/checksum/of" "0123456789abcdef")
  (data (i32.const 52) "Expected a text that is not empty")
  (data (i32.const 85) "{\"crc32\":\"")   ;; 10 bytes
  (data (i32.const 95) "\",\"bytes\":")    ;; 10 bytes
  (data (i32.const 128)
    "\00\00\00\00" "\08\00\00\00"           ;; plugin-name
    "\a0\00\00\00" "\01\00\00\00"           ;; hooks: one
    "\a8\00\00\00" "\01\00\00\00"           ;; routes: one
    "\00\00\00\00" "\00\00\00\00"           ;; tasks: none
    "\08\00\00\00" "\0e\00\00\00"           ;; at 160: the hook
    "\16\00\00\00" "\0c\00\00\00"           ;; at 168: path of the route,
    "\08\00\00\00" "\0e\00\00\00"           ;; its handler,
    "\00\00\00\00")                         ;; and that it does not run as a task

  ;; What a call gives back lies at 256, a text that it writes from 320 on, and what it was given from 1024 on.
  (global $free (mut i32) (i32.const 1024))

  ;; Makes room for what a call is given. Each call begins afresh, since none keeps anything.
  (func (export "cabi_realloc") (param $old i32) (param $size i32) (param $align i32) (param $new i32) (result i32)
    (local $at i32)
    (local $lacking i32)
    (local.set $at (i32.and (i32.add (global.get $free) (i32.const 7)) (i32.const -8)))
    (global.set $free (i32.add (local.get $at) (local.get $new)))
    (local.set $lacking (i32.sub
      (i32.shr_u (i32.add (global.get $free) (i32.const 65535)) (i32.const 16))
      (memory.size)))
    (if (i32.gt_s (local.get $lacking) (i32.const 0))
      (then (if (i32.eq (memory.grow (local.get $lacking)) (i32.const -1)) (then unreachable))))
    (local.get $at))

  (func $forget (param i32) (global.set $free (i32.const 1024)))
  (export "cabi_post_document-saved" (func $forget))
  (export "cabi_post_sum" (func $forget))

  (func (export "plugins-manager:common/plugin-common#get-manifest") (result i32) (i32.const 128))

  (func (export "document-saved") (param $text i32) (param $length i32) (result i32)
    (local $end i32)
    (if (i32.eqz (local.get $length)) (then
      (i32.store (i32.const 256) (i32.const 1)) ;; err
      (i32.store (i32.const 260) (i32.const 52))
      (i32.store (i32.const 264) (i32.const 33))
      (return (i32.const 256))))
    (memory.copy (i32.const 320) (i32.const 85) (i32.const 10))
    (call $write-hex (i32.const 330) (call $crc32 (local.get $text) (local.get $length) (i32.const 0)))
    (memory.copy (i32.const 338) (i32.const 95) (i32.const 10))
    (local.set $end (call $write-decimal (i32.const 348) (local.get $length)))
    (i32.store8 (local.get $end) (i32.const 125)) ;; }
    (i32.store (i32.const 256) (i32.const 0)) ;; ok
    (i32.store (i32.const 260) (i32.const 320))
    (i32.store (i32.const 264) (i32.sub (local.get $end) (i32.const 319)))
    (i32.const 256))

  (func (export "sum")
    (param $data i32) (param $length i32) (param $algorithm i32) (param $is-given i32) (param $before i32) (result i32)
    (local $value i32)
    (local.set $value (if (result i32) (local.get $algorithm)
      (then (call $adler32 (local.get $data) (local.get $length)
        (select (local.get $before) (i32.const 1) (local.get $is-given))))
      (else (call $crc32 (local.get $data) (local.get $length)
        (select (local.get $before) (i32.const 0) (local.get $is-given))))))
    (call $write-hex (i32.const 320) (local.get $value))
    (i32.store (i32.const 256) (local.get $value))
    (i32.store (i32.const 260) (i32.const 320))
    (i32.store (i32.const 264) (i32.const 8))
    (i64.store (i32.const 272) (i64.extend_i32_u (local.get $length)))
    (i32.const 256))

  ;; https://www.rfc-editor.org/rfc/rfc1952#section-8
  (func $crc32 (param $at i32) (param $length i32) (param $before i32) (result i32)
    (local $end i32)
    (local $sum i32)
    (local $bit i32)
    (local.set $end (i32.add (local.get $at) (local.get $length)))
    (local.set $sum (i32.xor (local.get $before) (i32.const -1)))
    (block $done (loop $bytes
      (br_if $done (i32.eq (local.get $at) (local.get $end)))
      (local.set $sum (i32.xor (local.get $sum) (i32.load8_u (local.get $at))))
      (local.set $bit (i32.const 8))
      (loop $bits
        (local.set $sum (i32.xor
          (i32.shr_u (local.get $sum) (i32.const 1))
          (select (i32.const 0xedb88320) (i32.const 0) (i32.and (local.get $sum) (i32.const 1)))))
        (br_if $bits (local.tee $bit (i32.sub (local.get $bit) (i32.const 1)))))
      (local.set $at (i32.add (local.get $at) (i32.const 1)))
      (br $bytes)))
    (i32.xor (local.get $sum) (i32.const -1)))

  ;; https://www.rfc-editor.org/rfc/rfc1950#section-9
  (func $adler32 (param $at i32) (param $length i32) (param $before i32) (result i32)
    (local $end i32)
    (local $low i32)
    (local $high i32)
    (local.set $end (i32.add (local.get $at) (local.get $length)))
    (local.set $low (i32.rem_u (i32.and (local.get $before) (i32.const 0xffff)) (i32.const 65521)))
    (local.set $high (i32.rem_u (i32.shr_u (local.get $before) (i32.const 16)) (i32.const 65521)))
    (block $done (loop $bytes
      (br_if $done (i32.eq (local.get $at) (local.get $end)))
      (local.set $low (i32.rem_u (i32.add (local.get $low) (i32.load8_u (local.get $at))) (i32.const 65521)))
      (local.set $high (i32.rem_u (i32.add (local.get $high) (local.get $low)) (i32.const 65521)))
      (local.set $at (i32.add (local.get $at) (i32.const 1)))
      (br $bytes)))
    (i32.or (i32.shl (local.get $high) (i32.const 16)) (local.get $low)))

  ;; Eight digits.
  (func $write-hex (param $at i32) (param $value i32)
    (local $digits i32)
    (loop $more
      (i32.store8 (local.get $at)
        (i32.load8_u offset=34 (i32.shr_u (local.get $value) (i32.const 28)))) ;; of the digits in the texts
      (local.set $value (i32.shl (local.get $value) (i32.const 4)))
      (local.set $at (i32.add (local.get $at) (i32.const 1)))
      (br_if $more (i32.lt_u (local.tee $digits (i32.add (local.get $digits) (i32.const 1))) (i32.const 8)))))

  ;; Gives back where its digits end.
  (func $write-decimal (param $at i32) (param $value i32) (result i32)
    (if (i32.ge_u (local.get $value) (i32.const 10)) (then
      (local.set $at (call $write-decimal (local.get $at) (i32.div_u (local.get $value) (i32.const 10))))))
    (i32.store8 (local.get $at) (i32.add (i32.const 48) (i32.rem_u (local.get $value) (i32.const 10))))
    (i32.add (local.get $at) (i32.const 1))))
