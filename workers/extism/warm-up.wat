;; A plugin that does a little of what plugins do, so that a worker has compiled its own code before one comes. Without a
;; memory: what an engine sets aside for one stays so.
(module
  (import "extism:host/env" "input_length" (func $input_length (result i64)))
  (import "extism:host/env" "alloc" (func $alloc (param i64) (result i64)))
  (import "extism:host/env" "output_set" (func $output_set (param i64 i64)))
  (func (export "run") (result i32)
    (call $output_set (call $alloc (call $input_length)) (call $input_length))
    (i32.const 0)))
