// A guest that passes its input to a host function of each shape, and gives back what it answers.

import { passing } from '../helpers/guests.ts';

const BLOCKS = [
  'bytes',
  'text',
  'json',
  'fetched',
  'nothing',
  'empty',
  'fail',
  'fail_at_once',
  'fail_by_code',
  'never',
];
export const USER = 'extism:host/user';

export const IMPORTS = `
  ${BLOCKS.map((name) => `(import "${USER}" "${name}" (func $${name} (param i64) (result i64)))`).join('\n')}
  (import "${USER}" "wrong" (func $wrong (param i64) (result i64)))
  (import "${USER}" "i64" (func $i64 (param i64 i64) (result i64)))
  (import "${USER}" "i32" (func $i32 (param i32 i32) (result i32)))
  (import "${USER}" "f32" (func $f32 (param f32) (result f32)))
  (import "${USER}" "f64" (func $f64 (param f64) (result f64)))
  (import "${USER}" "all" (func $all (param i64 i64 i32 f32 f64 i64 i64)))
  (import "${USER}" "large" (func $large (param i64) (result i64)))`;

export const BODY = `
  ${BLOCKS.map((name) => passing(name)).join('\n')}
  ${passing('wrong')}
  (func (export "i64") (result i32)
    (call $put_u64 (call $i64 (call $input_u64 (i64.const 0)) (call $input_u64 (i64.const 8)))) (i32.const 0))
  (func (export "i32") (result i32)
    (call $put_u64 (i64.extend_i32_s (call $i32
      (i32.wrap_i64 (call $input_u64 (i64.const 0))) (i32.wrap_i64 (call $input_u64 (i64.const 8))))))
    (i32.const 0))
  (func (export "f32") (result i32)
    (call $put_u64 (i64.reinterpret_f64 (f64.promote_f32 (call $f32
      (f32.demote_f64 (f64.reinterpret_i64 (call $input_u64 (i64.const 0))))))))
    (i32.const 0))
  (func (export "f64") (result i32)
    (call $put_u64 (i64.reinterpret_f64 (call $f64 (f64.reinterpret_i64 (call $input_u64 (i64.const 0))))))
    (i32.const 0))
  (func (export "all") (result i32)
    (call $all (call $input_offset) (i64.const -9223372036854775808) (i32.const -7) (f32.const 0.5) (f64.const -0.1)
      (i64.const 0) (call $input_offset))
    (i32.const 0))
  (func (export "none_is_zero") (result i32)
    (call $put_u64 (i64.or (call $nothing (call $input_offset)) (call $empty (call $input_offset)))) (i32.const 0))
  (func (export "large") (result i32) (call $put (call $large (call $input_u64 (i64.const 0)))) (i32.const 0))
  (func (export "beyond") (result i32) (drop (call $bytes (i64.const 0x7fffffffff))) (i32.const 0))
  (func (export "negative") (result i32) (drop (call $bytes (i64.const -1))) (i32.const 0))
  (func (export "inside") (result i32)
    (drop (call $bytes (i64.add (call $input_offset) (i64.const 1)))) (i32.const 0))
  (func (export "twice") (result i32)
    (call $put (call $bytes (call $bytes (call $input_offset)))) (i32.const 0))`;
