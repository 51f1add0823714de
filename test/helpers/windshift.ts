// Windshift plugins for tests: a guest whose answers the test gives, in a package as their authors build it.

import { type Capability, defineCapability } from '../../src/index.ts';
import { makeZip } from '../package/zip-maker.ts';
import { guest, passing, SPIN } from './guests.ts';

/** What a manifest may say; only `name` is needed. */
export interface WindshiftManifest {
  readonly name: string;
  readonly [key: string]: unknown;
}

const ASKING = ['handle_request', 'on_event', 'on_other', 'on_tidy'];

/** Exports that hand their input to the page, which answers (see {@link probe}), and others that fail in each way. */
export function windshiftGuest(): Promise<Uint8Array<ArrayBuffer>> {
  return guest(
    `${ASKING.map((name) => passing(name, 'probe')).join('\n')}
     (func (export "on_trap") (result i32) (unreachable))
     (func (export "on_spin") (result i32) ${SPIN} (i32.const 0))`,
    '(import "extism:host/user" "probe" (func $probe (param i64) (result i64)))',
  );
}

/** Exports `kv_get` and `kv_set`, which hand their input on to the host functions. */
export function keepingGuest(): Promise<Uint8Array<ArrayBuffer>> {
  return guest(
    `${passing('kv_get')} ${passing('kv_set')}`,
    `(import "extism:host/user" "kv_get" (func $kv_get (param i64) (result i64)))
     (import "extism:host/user" "kv_set" (func $kv_set (param i64) (result i64)))`,
  );
}

/** A capability through which the guest asks the test: bytes in, bytes out, both JSON text. */
export function probe(answer: (input: string, plugin: string) => string | Promise<string>): Capability {
  return defineCapability({
    name: 'probe',
    functions: {
      probe: {
        params: ['bytes'],
        result: 'bytes',
        call: async ([input], { plugin }) =>
          new TextEncoder().encode(await answer(new TextDecoder().decode(input), plugin.id)),
      },
    },
  });
}

/** The zip of a plugin. */
export async function windshiftZip(
  manifest: WindshiftManifest,
  assets: Readonly<Record<string, string>> = {},
  wasm?: Uint8Array<ArrayBuffer>,
): Promise<File> {
  const text = (content: string): Uint8Array<ArrayBuffer> => new Uint8Array(new TextEncoder().encode(content).buffer);
  const zip = makeZip([
    { name: 'manifest.json', data: text(JSON.stringify(manifest)) },
    { name: 'plugin.wasm', data: wasm ?? (await windshiftGuest()) },
    ...Object.entries(assets).map(([path, content]) => ({ name: `assets/${path}`, data: text(content) })),
  ]);
  return new File([zip], `${manifest.name}.zip`);
}
