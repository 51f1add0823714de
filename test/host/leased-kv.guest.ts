// A guest that reads and writes much in one call: 300 keys, `k000` to `k299`, each its own value.

import { guest, SPIN } from '../helpers/guests.ts';

export const COUNT = 300;

const USER = 'extism:host/user';
const IMPORTS = `
  (import "${USER}" "kv_get" (func $kv_get (param i64) (result i64)))
  (import "${USER}" "kv_set" (func $kv_set (param i64 i64) (result i64)))
  (import "${USER}" "kv_update" (func $kv_update (param i64 i64 i64) (result i64)))
  (import "${USER}" "kv_delete" (func $kv_delete (param i64) (result i64)))
  (import "${USER}" "kv_list" (func $kv_list (param i64) (result i64)))
  (import "extism:host/env" "free" (func $free (param i64)))`;

/** A loop over all keys; \`$key\` is the block of each. */
const forAll = (body: string) => `
  (local.set $key (call $alloc (i64.const 4)))
  (loop $next
    (call $name (local.get $key) (local.get $i))
    ${body}
    (local.set $i (i32.add (local.get $i) (i32.const 1)))
    (br_if $next (i32.lt_u (local.get $i) (i32.const ${COUNT}))))`;
const LOCALS = '(local $key i64) (local $i i32) (local $sum i64) (local $value i64)';
const add = (value: string) => `(local.set $sum (i64.add (local.get $sum) ${value}))`;

const BODY = `
  (func $digit (param $at i64) (param $number i32)
    (call $store_u8 (local.get $at) (i32.add (i32.const 48) (i32.rem_u (local.get $number) (i32.const 10)))))
  (func $name (param $key i64) (param $number i32)
    (call $store_u8 (local.get $key) (i32.const 107))
    (call $digit (i64.add (local.get $key) (i64.const 1)) (i32.div_u (local.get $number) (i32.const 100)))
    (call $digit (i64.add (local.get $key) (i64.const 2)) (i32.div_u (local.get $number) (i32.const 10)))
    (call $digit (i64.add (local.get $key) (i64.const 3)) (local.get $number)))
  ;; A block of one byte, and one of two: a state, as kv_update has them.
  (func $letter (param $letter i32) (result i64) (local $block i64)
    (local.set $block (call $alloc (i64.const 1)))
    (call $store_u8 (local.get $block) (local.get $letter))
    (local.get $block))
  (func $state (param $letter i32) (result i64) (local $block i64)
    (local.set $block (call $alloc (i64.const 2)))
    (call $store_u8 (local.get $block) (i32.const 1))
    (call $store_u8 (i64.add (local.get $block) (i64.const 1)) (local.get $letter))
    (local.get $block))
  (func $fill (result i64) ${LOCALS} ${forAll(add('(call $kv_set (local.get $key) (local.get $key))'))} (local.get $sum))
  (func $warm (local $i i32)
    (loop $next
      (drop (call $kv_get (call $letter (i32.const 97))))
      (local.set $i (i32.add (local.get $i) (i32.const 1)))
      (br_if $next (i32.lt_u (local.get $i) (i32.const 4)))))

  ;; How many of its writes were refused.
  (func (export "fill") (result i32) (call $put_u64 (call $fill)) (i32.const 0))
  ;; The length of all values.
  (func (export "sum") (result i32) ${LOCALS}
    ${forAll(`(local.set $value (call $kv_get (local.get $key))) ${add('(call $length (local.get $value))')} (call $free (local.get $value))`)}
    (call $put_u64 (local.get $sum)) (i32.const 0))
  ;; How many keys there were.
  (func (export "clear") (result i32) ${LOCALS}
    ${forAll(add('(call $kv_delete (local.get $key))'))}
    ${add('(call $kv_delete (local.get $key))')}
    (call $put_u64 (local.get $sum)) (i32.const 0))
  (func (export "fill_and_spin") (result i32) (drop (call $fill)) ${SPIN} (i32.const 0))
  (func (export "fill_for_ever") (result i32) ${LOCALS}
    (loop $again ${forAll('(drop (call $kv_set (local.get $key) (local.get $key)))')} (local.set $i (i32.const 0)) (br $again))
    (i32.const 0))
  ;; Sets "a" to "1", exchanges it for "2", and gives what is there then.
  (func (export "exchange") (result i32)
    (call $warm)
    (drop (call $kv_set (call $letter (i32.const 97)) (call $letter (i32.const 49))))
    (drop (call $kv_update (call $letter (i32.const 97)) (call $state (i32.const 49)) (call $state (i32.const 50))))
    (call $put (call $kv_get (call $letter (i32.const 97)))) (i32.const 0))
  (func (export "list") (result i32)
    (call $warm)
    (drop (call $kv_set (call $letter (i32.const 97)) (call $letter (i32.const 49))))
    (call $put (call $kv_list (i64.const 0))) (i32.const 0))
  ;; Reads "a" until it is there.
  (func (export "await") (result i32) (local $value i64)
    (loop $next
      (local.set $value (call $kv_get (call $letter (i32.const 97))))
      (br_if $next (i64.eqz (local.get $value))))
    (call $put (local.get $value)) (i32.const 0))
  (func (export "tell") (result i32)
    (drop (call $kv_set (call $letter (i32.const 97)) (call $letter (i32.const 49)))) (i32.const 0))`;

/** @returns its module, with the exports of `guest` as well */
export function leasing(): Promise<Uint8Array<ArrayBuffer>> {
  return guest(BODY, IMPORTS);
}
