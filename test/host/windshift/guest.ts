// Windshift plugins in WAT: every host function of the contract that runs in the page, and a zip around the guest.

import { zipSync } from 'fflate';
import { abiGuest, imports } from '../../workers/extism/abi-guest.ts';

const USER = imports(
  'extism:host/user',
  `log: i64; http_fetch: i64 -> i64; kv_get: i64 -> i64; kv_set: i64 -> i64; kv_delete: i64 -> i64`,
);

const text = (value: string) => new TextEncoder().encode(value);

/** Exports with the names of the host functions: each passes its input on, and its output is the answer. */
export const PASSING = ['http_fetch', 'kv_get', 'kv_set', 'kv_delete']
  .map((name) => `(func (export "${name}") (result i32) (call $out (call $${name} (call $input))) (i32.const 0))`)
  .join('\n');

/** A guest of `body` after the imports; it imports the host functions only where it names them. */
export function windshiftGuest(body: string, more = ''): Promise<Uint8Array<ArrayBuffer>> {
  const used = USER.split('\n').filter((line) =>
    [...line.matchAll(/\$\w+/g)].some(([name]) => body.includes(`${name} `)),
  );
  return abiGuest(body, `${used.join('\n')} ${more}`);
}

/** An export that says `json`, whatever its input; `at` is where it lies in memory. */
export function saying(name: string, json: string, at: number): string {
  const escaped = [...text(json)].map((byte) => `\\${byte.toString(16).padStart(2, '0')}`).join('');
  return `(data (i32.const ${at}) "${escaped}")
    (func (export "${name}") (result i32)
      (call $out (call $text (i32.const ${at}) (i32.const ${text(json).length}))) (i32.const 0))`;
}

/** A package as authors build it. */
export function packageOf(manifest: object, wasm: Uint8Array, files: Record<string, string> = {}): File {
  const others = Object.entries(files).map(([path, content]) => [path, text(content)]);
  const zip = zipSync({
    'manifest.json': text(JSON.stringify(manifest)),
    'plugin.wasm': wasm,
    ...(Object.fromEntries(others) as Record<string, Uint8Array>),
  });
  return new File([new Uint8Array(zip)], 'plugin.zip');
}
