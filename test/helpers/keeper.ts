// A guest that keeps something: `set` stores its input under itself, `get` gives back what is stored under its input.

import type { Plugin } from '../../src/index.ts';
import { guest, passing } from './guests.ts';

/** Also exports `v` and its version. */
export function keeper(version = 1): Promise<Uint8Array<ArrayBuffer>> {
  return guest(
    `${passing('get', 'kv_get')}
     (func (export "set") (result i32) (drop (call $kv_set (call $input_offset) (call $input_offset))) (i32.const 0))
     (func (export "v${version}"))`,
    `(import "extism:host/user" "kv_get" (func $kv_get (param i64) (result i64)))
     (import "extism:host/user" "kv_set" (func $kv_set (param i64 i64) (result i64)))`,
  );
}

/** Whether it finds `key`, which `set` has stored. */
export async function keeps(plugin: Plugin, key: string): Promise<boolean> {
  return (await plugin.call('get', key)).text() === key;
}
