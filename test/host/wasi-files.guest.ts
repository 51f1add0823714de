// Programs with files, written for tests: WAT over the functions of WASI that they import.

import { wat } from '../helpers/wat.ts';

const SIGNATURES: Readonly<Record<string, string>> = {
  args_get: 'i32 i32',
  args_sizes_get: 'i32 i32',
  clock_res_get: 'i32 i32',
  clock_time_get: 'i32 i64 i32',
  environ_get: 'i32 i32',
  environ_sizes_get: 'i32 i32',
  fd_allocate: 'i32 i64 i64',
  fd_close: 'i32',
  fd_fdstat_get: 'i32 i32',
  fd_fdstat_set_flags: 'i32 i32',
  fd_fdstat_set_rights: 'i32 i64 i64',
  fd_filestat_get: 'i32 i32',
  fd_filestat_set_size: 'i32 i64',
  fd_filestat_set_times: 'i32 i64 i64 i32',
  fd_pread: 'i32 i32 i32 i64 i32',
  fd_prestat_dir_name: 'i32 i32 i32',
  fd_prestat_get: 'i32 i32',
  fd_pwrite: 'i32 i32 i32 i64 i32',
  fd_read: 'i32 i32 i32 i32',
  fd_readdir: 'i32 i32 i32 i64 i32',
  fd_renumber: 'i32 i32',
  fd_seek: 'i32 i64 i32 i32',
  fd_sync: 'i32',
  fd_tell: 'i32 i32',
  fd_write: 'i32 i32 i32 i32',
  path_create_directory: 'i32 i32 i32',
  path_filestat_get: 'i32 i32 i32 i32 i32',
  path_filestat_set_times: 'i32 i32 i32 i32 i64 i64 i32',
  path_link: 'i32 i32 i32 i32 i32 i32 i32',
  path_open: 'i32 i32 i32 i32 i32 i64 i64 i32 i32',
  path_readlink: 'i32 i32 i32 i32 i32 i32',
  path_remove_directory: 'i32 i32 i32',
  path_rename: 'i32 i32 i32 i32 i32 i32',
  path_symlink: 'i32 i32 i32 i32 i32',
  path_unlink_file: 'i32 i32 i32',
  poll_oneoff: 'i32 i32 i32 i32',
  random_get: 'i32 i32',
  sched_yield: '',
};

export type WasiName = keyof typeof SIGNATURES;

/**
 * A guest that runs one function of WASI at a call, whichever its input says: a line of JSON becomes memory and arguments. The
 * input is a number of the function (i32), then its arguments (i64 each), then what memory is to hold from 4,096 on. The output is
 * the errno (i32) and 1,024 bytes of memory from 1,024 on.
 */
export function anyCall(names: readonly string[]): Promise<Uint8Array<ArrayBuffer>> {
  const imports = names.map(
    (name) =>
      `(import "wasi_snapshot_preview1" "${name}" (func $${name} ${params(SIGNATURES[name] ?? '')} (result i32)))`,
  );
  const cases = names.map(
    (name, i) =>
      `(if (i32.eq (local.get $which) (i32.const ${i})) (then (local.set $errno (call $${name} ${args(name)}))))`,
  );
  return wat(`(module ${imports.join('\n')}
    (import "extism:host/env" "input_length" (func $input_length (result i64)))
    (import "extism:host/env" "input_load_u8" (func $input_u8 (param i64) (result i32)))
    (import "extism:host/env" "alloc" (func $alloc (param i64) (result i64)))
    (import "extism:host/env" "store_u8" (func $store_u8 (param i64 i32)))
    (import "extism:host/env" "output_set" (func $output (param i64 i64)))
    (memory (export "memory") 4)
    (func (export "run") (result i32) (local $which i32) (local $errno i32) (local $at i64) (local $out i64)
      (block $read (loop $each
        (br_if $read (i64.ge_u (local.get $at) (call $input_length)))
        (i32.store8 (i32.add (i32.const 4020) (i32.wrap_i64 (local.get $at))) (call $input_u8 (local.get $at)))
        (local.set $at (i64.add (local.get $at) (i64.const 1)))
        (br $each)))
      (local.set $which (i32.load (i32.const 4020)))
      ${cases.join('\n')}
      (i32.store (i32.const 1020) (local.get $errno))
      (local.set $out (call $alloc (i64.const 1028)))
      (local.set $at (i64.const 0))
      (block $written (loop $each
        (br_if $written (i64.ge_u (local.get $at) (i64.const 1028)))
        (call $store_u8 (i64.add (local.get $out) (local.get $at))
          (i32.load8_u (i32.add (i32.const 1020) (i32.wrap_i64 (local.get $at)))))
        (local.set $at (i64.add (local.get $at) (i64.const 1)))
        (br $each)))
      (call $output (local.get $out) (i64.const 1028))
      (i32.const 0))
    (func (export "spin") (result i32) (loop (br 0)) (i32.const 0)))`);
}

function params(signature: string): string {
  return signature === '' ? '' : `(param ${signature})`;
}

/** The arguments stand at 4,024, in 8 bytes each. */
function args(name: string): string {
  return (SIGNATURES[name] ?? '')
    .split(' ')
    .filter(Boolean)
    .map((type, i) => `(${type}.load (i32.const ${4024 + i * 8}))`)
    .join(' ');
}
