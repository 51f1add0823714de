;; The core of a component that calls one function of the page.
(module
  (import "bench:component/host" "add" (func $add (param i32 i32) (result i32)))
  (memory (export "memory") 1)
  (func (export "cabi_realloc") (param i32 i32 i32 i32) (result i32) (i32.const 1024))
  (func (export "once") (result i32) (call $add (i32.const 40) (i32.const 2))))
