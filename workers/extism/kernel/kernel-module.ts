// The kernel's module, compiled once.

import { readModule } from '../../wasm/module.ts';
import kernelBytes from './kernel.wat';

let compiled: Promise<WebAssembly.Module> | undefined;

export function compileKernel(): Promise<WebAssembly.Module> {
  compiled ??= WebAssembly.compile(kernelBytes);
  return compiled;
}

/** What guests may import from `extism:host/env`; the kernel's other exports are for the worker. */
const FOR_GUESTS: ReadonlySet<string> = new Set(
  (
    'alloc free length length_unsafe load_u8 load_u64 store_u8 store_u64 input_offset input_length input_load_u8 ' +
    'input_load_u64 input_set output_set output_offset output_length error_set error_get config_get var_get var_set ' +
    'http_request http_status_code http_headers log_trace log_debug log_info log_warn log_error get_log_level reset ' +
    'memory_bytes'
  ).split(' '),
);

let types: ReadonlyMap<string, string> | undefined;

/** The type of each function that guests may import from `extism:host/env`, such as `(i64) -> i64`. */
export function kernelFunctions(): ReadonlyMap<string, string> {
  types ??= new Map(
    readModule(kernelBytes)
      .exports.filter(({ name }) => FOR_GUESTS.has(name.text))
      .map(({ name, type }) => [name.text, type]),
  );
  return types;
}
