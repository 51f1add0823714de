// A guest that shows what it reads of its config, sends requests and says things, each by its input.

import type { Plugin } from '../../../src/index.ts';
import { guest } from '../../helpers/guests.ts';

/**
 * `config`: what `config_get` answers to its input. `request`: sends the request that its input is, without a body, and gives back
 * the body of the answer. `say`: logs its input. `fail`: fails with its input. Beside `echo` and the others.
 */
export function configuredGuest(version = 1): Promise<Uint8Array<ArrayBuffer>> {
  return guest(
    `(func $input (result i64) (local $block i64) (local $i i64)
       (local.set $block (call $alloc (call $input_length)))
       (loop $next (if (i64.lt_u (local.get $i) (call $input_length)) (then
         (call $store_u8 (i64.add (local.get $block) (local.get $i)) (call $input_u8 (local.get $i)))
         (local.set $i (i64.add (local.get $i) (i64.const 1)))
         (br $next))))
       (local.get $block))
     (func (export "config") (result i32) (local $value i64)
       (local.set $value (call $config_get (call $input)))
       (if (i64.ne (local.get $value) (i64.const 0)) (then (call $put (local.get $value))))
       (i32.const 0))
     (func (export "request") (result i32)
       (call $put (call $http_request (call $input) (i64.const 0))) (i32.const 0))
     (func (export "say") (result i32) (call $log_info (call $input)) (i32.const 0))
     (func (export "fail") (result i32) (call $error_set (call $input)) (i32.const 1))
     (func (export "v${version}"))`,
    `(import "extism:host/env" "input_load_u8" (func $input_u8 (param i64) (result i32)))
     (import "extism:host/env" "http_request" (func $http_request (param i64 i64) (result i64)))`,
  );
}

export interface Wanted {
  readonly schema?: object | undefined;
  readonly config?: object;
  readonly hosts?: readonly string[];
  readonly version?: number;
  readonly id?: string;
}

/** What is to be installed. */
export async function configured({ schema, config, hosts = [], version = 1, id = 'p' }: Wanted) {
  const manifest = {
    cloche: 1,
    id,
    version: `${version}`,
    permissions: hosts.length > 0 ? { http: { allow: hosts } } : {},
    ...(schema && { configSchema: schema }),
    ...(config && { config }),
  };
  return { wasm: await configuredGuest(version), manifest };
}

/** What its guest reads; empty for nothing. */
export async function reads(plugin: Plugin, name: string): Promise<string> {
  return (await plugin.call('config', name)).text();
}

export interface Echo {
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
}

/** The body of the answer to a request of the guest's. */
export async function answerTo(
  plugin: Plugin,
  url: string,
  headers: Readonly<Record<string, string>>,
): Promise<string> {
  return (await plugin.call('request', { url, headers })).text();
}
