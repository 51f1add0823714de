;; `once` calls a host function and waits for its answer; `none` returns at once.
(module
  (import "extism:host/user" "bench_add" (func $add (param i64 i64) (result i64)))

  (memory (export "memory") 1)

  (func (export "once") (result i32)
    (i32.sub (i32.wrap_i64 (call $add (i64.const 40) (i64.const 2))) (i32.const 42)))

  (func (export "none") (result i32)
    (i32.const 0)))
