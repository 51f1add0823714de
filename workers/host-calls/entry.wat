;; Lets go of the thread once before the guest runs; `jspi.ts` says why.
(module $cloche
  (import "" "pause" (func $pause))
  (import "" "guest" (func $guest (result i32)))
  (func $entry (export "run") (result i32) (call $pause) (call $guest)))
