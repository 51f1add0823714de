// Guests that differ in nothing but their version.

import type { Plugin } from '../../src/index.ts';
import { guest } from './guests.ts';

/** A guest that says which version it is. */
export async function version(text: string): Promise<Uint8Array<ArrayBuffer>> {
  const bytes = [...new TextEncoder().encode(text)];
  const stores = bytes.map(
    (byte, i) => `(call $store_u8 (i64.add (local.get $b) (i64.const ${i})) (i32.const ${byte}))`,
  );
  return guest(`(func (export "version") (result i32) (local $b i64)
    (local.set $b (call $alloc (i64.const ${bytes.length}))) ${stores.join('')}
    (call $put (local.get $b)) (i32.const 0))
    (func (export "only_in_${text}"))`);
}

/** What such a guest says; undefined where there is no plugin. */
export async function versionOf(plugin: Plugin | undefined): Promise<string | undefined> {
  return (await plugin?.call('version'))?.text();
}
