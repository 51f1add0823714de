;; Hears of an event and does nothing.
(module
  (memory (export "memory") 1)
  (func (export "on_event") (result i32)
    (i32.const 0)))
