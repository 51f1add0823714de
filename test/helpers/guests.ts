// Guests in WAT with the usual imports of Extism in front, so that a test shows only what it is about.

import { engine } from './engine.ts';
import { wat } from './wat.ts';

const ENV = `
  (import "extism:host/env" "input_offset" (func $input_offset (result i64)))
  (import "extism:host/env" "input_length" (func $input_length (result i64)))
  (import "extism:host/env" "input_load_u64" (func $input_u64 (param i64) (result i64)))
  (import "extism:host/env" "output_set" (func $output_set (param i64 i64)))
  (import "extism:host/env" "error_set" (func $error_set (param i64)))
  (import "extism:host/env" "alloc" (func $alloc (param i64) (result i64)))
  (import "extism:host/env" "length" (func $length (param i64) (result i64)))
  (import "extism:host/env" "load_u8" (func $load_u8 (param i64) (result i32)))
  (import "extism:host/env" "store_u8" (func $store_u8 (param i64 i32)))
  (import "extism:host/env" "store_u64" (func $store_u64 (param i64 i64)))
  (import "extism:host/env" "var_get" (func $var_get (param i64) (result i64)))
  (import "extism:host/env" "var_set" (func $var_set (param i64 i64)))
  (import "extism:host/env" "config_get" (func $config_get (param i64) (result i64)))
  (import "extism:host/env" "log_info" (func $log_info (param i64)))`;

/** A loop without end. The import that it calls where it must be ended by an engine that cannot end others: */
export const SPIN_IMPORT = '(import "extism:host/env" "http_status_code" (func $spin_call (result i32)))';
export const SPIN = engine.endsTightLoops
  ? '(loop $spin (br $spin))'
  : '(loop $spin (drop (call $spin_call)) (br $spin))';

const PRELUDE = `
  (func $put (param $block i64) (call $output_set (local.get $block) (call $length (local.get $block))))
  (func $put_u64 (param $value i64) (local $block i64)
    (local.set $block (call $alloc (i64.const 8)))
    (call $store_u64 (local.get $block) (local.get $value))
    (call $put (local.get $block)))
  (func (export "echo") (result i32)
    (call $output_set (call $input_offset) (call $input_length)) (i32.const 0))
  (func (export "spin") (result i32) ${SPIN} (i32.const 0))
  (func (export "trap") (result i32) (unreachable))`;

/** A guest of `imports` and `body`; it also has the exports `echo`, `spin` and `trap`. */
export function guest(body = '', imports = ''): Promise<Uint8Array<ArrayBuffer>> {
  return wat(`(module ${ENV} ${SPIN_IMPORT} ${imports} ${PRELUDE} ${body})`);
}

/** Exports `name`: hands the whole input to a host function that takes and returns a block, and outputs the answer. */
export function passing(name: string, fn = name): string {
  return `(func (export "${name}") (result i32) (call $put (call $${fn} (call $input_offset))) (i32.const 0))`;
}

/** Little-endian bytes of numbers, as guests read them from their input. */
export function packed(...values: readonly (bigint | number)[]): Uint8Array<ArrayBuffer> {
  const bytes = new Uint8Array(values.length * 8);
  const view = new DataView(bytes.buffer);
  values.forEach((value, i) => {
    if (typeof value === 'bigint') view.setBigInt64(i * 8, value, true);
    else view.setFloat64(i * 8, value, true);
  });
  return bytes;
}
