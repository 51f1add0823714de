;; A ledger. The core of a component: how each function looks from outside stands in ledger.wit, and how its values lie in memory in
;; https://github.com/WebAssembly/component-model/blob/main/design/mvp/CanonicalABI.md
(module
  (import "plugins-manager:transactions-manager/transaction" "create-hasura-transaction" (func $create (param i32)))
  (import "plugins-manager:transactions-manager/transaction" "execute-hasura-query"
    (func $execute (param $sql i32) (param $length i32) (param $params i32) (param $count i32) (param $answer i32)))
  (import "plugins-manager:transactions-manager/transaction" "commit-hasura-transaction" (func $commit (param i32)))

  (memory (export "memory") 1)

  ;; Texts and SQL, then the manifest: pairs of an address and a length, with the lists that they stand for behind.
  (data (i32.const 0) "ledger" "entry-shown" "/ledger/post" "post-entry" "/ledger/close" "close-books")
  (data (i32.const 63) "An entry has some text" "{\"shown\":")
  (data (i32.const 94) "create table if not exists entries (id serial primary key, entry text not null, closed boolean not null default false)")
  (data (i32.const 212) "insert into entries (entry) values ($1)")
  (data (i32.const 251) "select count(*)::int as entries from entries")
  (data (i32.const 295) "with closed as (update entries set closed = true where not closed returning 1) select count(*)::int as closed from closed")
  (data (i32.const 640)
    "\00\00\00\00" "\06\00\00\00"           ;; plugin-name
    "\a0\02\00\00" "\01\00\00\00"           ;; hooks: one
    "\a8\02\00\00" "\02\00\00\00"           ;; routes: two
    "\d0\02\00\00" "\01\00\00\00"           ;; tasks: one
    "\06\00\00\00" "\0b\00\00\00"           ;; at 672: the hook
    "\11\00\00\00" "\0c\00\00\00"           ;; at 680: a route,
    "\1d\00\00\00" "\0a\00\00\00"           ;; its handler,
    "\00\00\00\00"                              ;; which answers at once
    "\27\00\00\00" "\0d\00\00\00"           ;; and another,
    "\34\00\00\00" "\0b\00\00\00"           ;; whose handler
    "\01\00\00\00"                              ;; runs as a task
    "\34\00\00\00" "\0b\00\00\00")          ;; at 720: the task

  ;; What the database answers lies at 832, and what it answered before that at 848: whether it is an error, an address and a length.
  ;; Texts that are written here begin at 896, and what comes from outside at 1024.
  (global $free (mut i32) (i32.const 1024))
  (global $shown (mut i32) (i32.const 0))

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
  (export "cabi_post_entry-shown" (func $forget))
  (export "cabi_post_post-entry" (func $forget))
  (export "cabi_post_close-books" (func $forget))

  (func (export "plugins-manager:common/plugin-common#get-manifest") (result i32) (i32.const 640))

  (func (export "entry-shown") (param $entry i32) (param $length i32) (result i32)
    (local $end i32)
    (if (i32.eqz (local.get $length)) (then
      (return (call $gives (i32.const 1) (i32.const 63) (i32.const 22)))))
    (global.set $shown (i32.add (global.get $shown) (i32.const 1)))
    (memory.copy (i32.const 896) (i32.const 85) (i32.const 9))
    (local.set $end (call $write-decimal (i32.const 905) (global.get $shown)))
    (i32.store8 (local.get $end) (i32.const 125)) ;; }
    (call $gives (i32.const 0) (i32.const 896) (i32.sub (local.get $end) (i32.const 895))))

  ;; Either all of it is done, or nothing: what was not committed when this returns is rolled back.
  (func (export "post-entry") (param $entry i32) (param $length i32) (result i32)
    (if (call $begins) (then (return (i32.const 832))))
    (i32.store (i32.const 864) (local.get $entry))
    (i32.store (i32.const 868) (local.get $length))
    (if (call $fails (i32.const 212) (i32.const 39) (i32.const 864) (i32.const 1))
      (then (return (i32.const 832))))
    (if (call $fails (i32.const 251) (i32.const 44) (i32.const 0) (i32.const 0))
      (then (return (i32.const 832))))
    (call $committed))

  (func (export "close-books") (param i32 i32) (result i32)
    (if (call $begins) (then (return (i32.const 832))))
    (if (call $fails (i32.const 295) (i32.const 121) (i32.const 0) (i32.const 0))
      (then (return (i32.const 832))))
    (call $committed))

  ;; Whether no transaction could be begun, or there is no table.
  (func $begins (result i32)
    (call $create (i32.const 832))
    (if (i32.load8_u (i32.const 832)) (then (return (i32.const 1))))
    (call $fails (i32.const 94) (i32.const 118) (i32.const 0) (i32.const 0)))

  (func $fails (param $sql i32) (param $length i32) (param $params i32) (param $count i32) (result i32)
    (call $execute (local.get $sql) (local.get $length) (local.get $params) (local.get $count) (i32.const 832))
    (i32.load8_u (i32.const 832)))

  ;; What the last query gave, once it counts.
  (func $committed (result i32)
    (memory.copy (i32.const 848) (i32.const 832) (i32.const 12))
    (call $commit (i32.const 832))
    (select (i32.const 832) (i32.const 848) (i32.load8_u (i32.const 832))))

  (func $gives (param $is-error i32) (param $text i32) (param $length i32) (result i32)
    (i32.store (i32.const 832) (local.get $is-error))
    (i32.store (i32.const 836) (local.get $text))
    (i32.store (i32.const 840) (local.get $length))
    (i32.const 832))

  ;; Gives back where its digits end.
  (func $write-decimal (param $at i32) (param $value i32) (result i32)
    (if (i32.ge_u (local.get $value) (i32.const 10)) (then
      (local.set $at (call $write-decimal (local.get $at) (i32.div_u (local.get $value) (i32.const 10))))))
    (i32.store8 (local.get $at) (i32.add (i32.const 48) (i32.rem_u (local.get $value) (i32.const 10))))
    (i32.add (local.get $at) (i32.const 1))))
