// What the AssemblyScript examples share: text out, errors, JSON text, and an `abort` without WASI.

import { Host } from '@extism/as-pdk';
import { alloc, error_set, store_u8 } from '@extism/as-pdk/lib/env';

/** Sets the output. The PDK's `Host.outputString` counts UTF-16 units and would cut off anything beyond ASCII. */
export function answer(text: string): i32 {
  Host.output(bytesOf(text));
  return 0;
}

/** Reports an error of the plugin; the host's call rejects with PLUGIN_ERROR and this text. */
export function fail(message: string): i32 {
  error_set(block(message));
  return 1;
}

/** A block of Extism memory that holds a text, for host functions that take one. */
export function block(text: string): u64 {
  const bytes = bytesOf(text);
  const offset = alloc(bytes.length);
  for (let i = 0; i < bytes.length; i++) store_u8(offset + i, bytes[i]);
  return offset;
}

/** A text as JSON, quotes included. */
export function quoted(text: string): string {
  let json = '"';
  for (let i = 0; i < text.length; i++) {
    const code = text.charCodeAt(i);
    if (code === 0x22 || code === 0x5c) json += `\\${text.charAt(i)}`;
    else if (code < 0x20) json += `\\u00${code < 0x10 ? '0' : ''}${code.toString(16)}`;
    else json += text.charAt(i);
  }
  return `${json}"`;
}

/** UTF-8, with U+FFFD for half of a surrogate pair: the default would write bytes that are not UTF-8. */
function bytesOf(text: string): Uint8Array {
  return Uint8Array.wrap(String.UTF8.encode(text, false, String.UTF8.ErrorMode.REPLACE));
}

/** Stands in for AssemblyScript's own, which is an import that no Extism host has. */
export function abort(message: string | null, file: string | null, line: u32, _column: u32): void {
  fail(`${message ? message : 'aborted'} at ${file ? file : 'an unknown file'}:${line}`);
  unreachable();
}
