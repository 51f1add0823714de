;; `once` calls a host function and waits for its answer, `thousand` does so 1,000 times; `none` returns at once.
(module
  (import "extism:host/user" "bench_add" (func $add (param i64 i64) (result i64)))

  (memory (export "memory") 1)

  (func $once (export "once") (result i32)
    (i32.sub (i32.wrap_i64 (call $add (i64.const 40) (i64.const 2))) (i32.const 42)))

  (func (export "thousand") (result i32) (local $i i32) (local $wrong i32)
    (loop $next
      (local.set $wrong (i32.or (local.get $wrong) (call $once)))
      (local.set $i (i32.add (local.get $i) (i32.const 1)))
      (br_if $next (i32.lt_u (local.get $i) (i32.const 1000))))
    (local.get $wrong))

  (func (export "none") (result i32)
    (i32.const 0)))
