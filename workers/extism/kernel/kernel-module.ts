// The kernel's module, compiled once.

import { compile } from '../../wasm/compile.ts';
import kernelBytes from './kernel.wat';

let compiled: Promise<WebAssembly.Module> | undefined;

export function compileKernel(): Promise<WebAssembly.Module> {
  compiled ??= compile(kernelBytes);
  return compiled;
}

/**
 * What guests may import from `extism:host/env`, by type; the kernel's other exports are for the worker. Written down, since
 * reading it out of the module would take each new worker 2 ms.
 */
const FOR_GUESTS: Readonly<Record<string, string>> = {
  '() -> ()': 'reset',
  '() -> i32': 'get_log_level http_status_code',
  '() -> i64': 'error_get http_headers input_length input_offset memory_bytes output_length output_offset',
  '(i64) -> ()': 'error_set free log_debug log_error log_info log_trace log_warn',
  '(i64) -> i32': 'input_load_u8 load_u8',
  '(i64) -> i64': 'alloc config_get input_load_u64 length length_unsafe load_u64 var_get',
  '(i64, i32) -> ()': 'store_u8',
  '(i64, i64) -> ()': 'input_set output_set store_u64 var_set',
  '(i64, i64) -> i64': 'http_request',
};

/** The type of each function that guests may import from `extism:host/env`, such as `(i64) -> i64`. */
export const KERNEL_FUNCTIONS: ReadonlyMap<string, string> = new Map(
  Object.entries(FOR_GUESTS).flatMap(([type, names]) => names.split(' ').map((name) => [name, type] as const)),
);
