// Guests for the tests of Extism's contract: every function of `extism:host/env` under its own name, a place to note
// numbers in, and texts.

import type { Host, InstallOptions, Plugin } from '../../../src/index.ts';
import { wat } from '../../helpers/wat.ts';

const ENV = `
  alloc: i64 -> i64; free: i64; length: i64 -> i64; length_unsafe: i64 -> i64; load_u8: i64 -> i32;
  load_u64: i64 -> i64; store_u8: i64 i32; store_u64: i64 i64; input_offset: -> i64; input_length: -> i64;
  input_load_u8: i64 -> i32; input_load_u64: i64 -> i64; input_set: i64 i64; output_set: i64 i64;
  output_offset: -> i64; output_length: -> i64; error_set: i64; error_get: -> i64; config_get: i64 -> i64;
  var_get: i64 -> i64; var_set: i64 i64; http_request: i64 i64 -> i64; http_status_code: -> i32;
  http_headers: -> i64; log_trace: i64; log_debug: i64; log_info: i64; log_warn: i64; log_error: i64;
  get_log_level: -> i32; reset: ; memory_bytes: -> i64`;

/** Imports written as `name: params -> result; ...`, each under its own name. */
export function imports(namespace: string, list: string): string {
  return list
    .split(';')
    .map((line) => {
      const [name = '', type = ''] = line.split(':').map((part) => part.trim());
      const [params = '', result = ''] = type.split('->').map((part) => part.trim());
      const types = `${params && `(param ${params})`} ${result && `(result ${result})`}`;
      return `(import "${namespace}" "${name}" (func $${name} ${types}))`;
    })
    .join('\n');
}

const PRELUDE = `
  (memory (export "memory") 2 64)
  (global $noted (mut i32) (i32.const 65536))
  ;; Keeps a number; $notes makes all of them the output.
  (func $note (param $n i64)
    (i64.store (global.get $noted) (local.get $n))
    (global.set $noted (i32.add (global.get $noted) (i32.const 8))))
  (func $note32 (param $n i32) (call $note (i64.extend_i32_s (local.get $n))))
  (func $notes (local $n i32)
    (local.set $n (i32.sub (global.get $noted) (i32.const 65536)))
    (call $output_set
      (call $text (i32.const 65536) (local.get $n)) (i64.extend_i32_u (local.get $n)))
    (global.set $noted (i32.const 65536)))
  ;; A new block with $n bytes of memory at $from.
  (func $text (param $from i32) (param $n i32) (result i64)
    (local $block i64) (local $i i32)
    (local.set $block (call $alloc (i64.extend_i32_u (local.get $n))))
    (block $done (loop $next
      (br_if $done (i32.ge_u (local.get $i) (local.get $n)))
      (call $store_u8
        (i64.add (local.get $block) (i64.extend_i32_u (local.get $i)))
        (i32.load8_u (i32.add (local.get $from) (local.get $i))))
      (local.set $i (i32.add (local.get $i) (i32.const 1)))
      (br $next)))
    (local.get $block))
  (func $out (param $block i64) (call $output_set (local.get $block) (call $length (local.get $block))))
  (func $input (result i64) (call $input_offset))`;

/** A guest of `body` after the imports, those of `more` included. */
export function abiGuest(body: string, more = ''): Promise<Uint8Array<ArrayBuffer>> {
  return wat(`(module ${imports('extism:host/env', ENV)} ${more} ${PRELUDE} ${body})`);
}

/** An export `name` that runs `code`, with the locals `$p` and `$q` of type i64, and returns 0. */
export function exported(name: string, code: string): string {
  return `(func (export "${name}") (result i32) (local $p i64) (local $q i64) ${code} (i32.const 0))`;
}

/** The same, and its output is what it noted. */
export function noting(name: string, code: string): string {
  return exported(name, `${code} (call $notes)`);
}

/** Texts at the addresses that the guest uses, as data segments. */
export function data(texts: Record<number, string>): string {
  return Object.entries(texts)
    .map(([at, text]) => `(data (i32.const ${at}) "${text}")`)
    .join('\n');
}

let opened = 0;

export async function openAbi(host: Host, body: string, options: InstallOptions = {}, more = ''): Promise<Plugin> {
  opened += 1;
  return host.open(await abiGuest(body, more), { id: `abi-${opened}`, ...options });
}

/** What a call noted. */
export async function noted(plugin: Plugin, name = 'run', input: unknown = ''): Promise<bigint[]> {
  const bytes = (await plugin.call(name, input)).bytes();
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  return Array.from({ length: bytes.length / 8 }, (_, i) => view.getBigInt64(i * 8, true));
}
