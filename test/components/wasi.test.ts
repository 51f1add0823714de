// What a component finds of WASI 0.2 where it is granted, from the guest to the page and back.

import { assert } from 'chai';
import type { Plugin } from '../../src/index.ts';
import { component, MEMORY, WASI_FILESYSTEM } from '../helpers/component.ts';
import { closeHosts, makeHost } from '../helpers/hosts.ts';

/** Types of WASI, as far as this guest uses them. */
const WIT = `package test:wasi;
world plugin {
  import wasi:filesystem/preopens@0.2.0;
  import wasi:filesystem/types@0.2.0;
  import wasi:http/outgoing-handler@0.2.0;
  import wasi:http/types@0.2.0;
  export folders: func() -> u32;
  export keep: func(byte: u32) -> u32;
  export fetch: func(authority: string) -> u32;
}
${WASI_FILESYSTEM}
package wasi:io@0.2.0 {
  interface poll { resource pollable { block: func(); } }
}
package wasi:http@0.2.0 {
  interface types {
    use wasi:io/poll@0.2.0.{pollable};
    variant error-code { internal-error(option<string>), HTTP-request-denied }
    variant scheme { HTTP, HTTPS, other(string) }
    resource fields { constructor(); }
    resource outgoing-request {
      constructor(headers: fields);
      set-scheme: func(scheme: option<scheme>) -> result;
      set-authority: func(authority: option<string>) -> result;
    }
    resource request-options { constructor(); }
    resource incoming-response { status: func() -> u16; }
    resource future-incoming-response {
      subscribe: func() -> pollable;
      get: func() -> option<result<result<incoming-response, error-code>>>;
    }
  }
  interface outgoing-handler {
    use types.{outgoing-request, request-options, future-incoming-response, error-code};
    handle: func(request: outgoing-request, options: option<request-options>) -> result<future-incoming-response, error-code>;
  }
}`;

/** Answers are 1,000 and the number of an error where something failed. */
const MODULE = `(module
  (import "wasi:filesystem/preopens@0.2.0" "get-directories" (func $dirs (param i32)))
  (import "wasi:filesystem/types@0.2.0" "[method]descriptor.open-at" (func $open (param i32 i32 i32 i32 i32 i32 i32)))
  (import "wasi:filesystem/types@0.2.0" "[method]descriptor.write" (func $write (param i32 i32 i32 i64 i32)))
  (import "wasi:filesystem/types@0.2.0" "[method]descriptor.read" (func $read (param i32 i64 i64 i32)))
  (import "wasi:http/types@0.2.0" "[constructor]fields" (func $fields (result i32)))
  (import "wasi:http/types@0.2.0" "[constructor]outgoing-request" (func $request (param i32) (result i32)))
  (import "wasi:http/types@0.2.0" "[method]outgoing-request.set-scheme" (func $scheme (param i32 i32 i32 i32 i32) (result i32)))
  (import "wasi:http/types@0.2.0" "[method]outgoing-request.set-authority" (func $authority (param i32 i32 i32 i32) (result i32)))
  (import "wasi:http/outgoing-handler@0.2.0" "handle" (func $handle (param i32 i32 i32 i32)))
  (import "wasi:http/types@0.2.0" "[method]future-incoming-response.subscribe" (func $subscribe (param i32) (result i32)))
  (import "wasi:io/poll@0.2.0" "[method]pollable.block" (func $block (param i32)))
  (import "wasi:http/types@0.2.0" "[method]future-incoming-response.get" (func $get (param i32 i32)))
  (import "wasi:http/types@0.2.0" "[method]incoming-response.status" (func $status (param i32) (result i32)))
  ${MEMORY}
  (data (i32.const 512) "a.txt")
  (func $folders (export "folders") (result i32) (call $dirs (i32.const 64)) (i32.load offset=4 (i32.const 64)))
  (func (export "keep") (param $byte i32) (result i32) (local $file i32)
    (if (i32.eqz (call $folders)) (then (return (i32.const 2000))))
    (call $open (i32.load (i32.load (i32.const 64))) (i32.const 0) (i32.const 512) (i32.const 5) (i32.const 1) (i32.const 3) (i32.const 80))
    (if (i32.load8_u (i32.const 80)) (then (return (i32.add (i32.const 1000) (i32.load8_u offset=4 (i32.const 80))))))
    (local.set $file (i32.load offset=4 (i32.const 80)))
    (call $read (local.get $file) (i64.const 1) (i64.const 0) (i32.const 96))
    (i32.store8 (i32.const 600) (local.get $byte))
    (call $write (local.get $file) (i32.const 600) (i32.const 1) (i64.const 0) (i32.const 128))
    (if (i32.load8_u (i32.const 96)) (then (return (i32.add (i32.const 1000) (i32.load8_u offset=4 (i32.const 96))))))
    (if (i32.eqz (i32.load offset=8 (i32.const 96))) (then (return (i32.const 0))))
    (i32.load8_u (i32.load offset=4 (i32.const 96))))
  (func (export "fetch") (param $at i32) (param $length i32) (result i32) (local $request i32)
    (local.set $request (call $request (call $fields)))
    (drop (call $scheme (local.get $request) (i32.const 1) (i32.const 0) (i32.const 0) (i32.const 0)))
    (drop (call $authority (local.get $request) (i32.const 1) (local.get $at) (local.get $length)))
    (call $handle (local.get $request) (i32.const 0) (i32.const 0) (i32.const 64))
    (if (i32.load8_u (i32.const 64)) (then (return (i32.const 1000))))
    (call $block (call $subscribe (i32.load offset=4 (i32.const 64))))
    (call $get (i32.load offset=4 (i32.const 64)) (i32.const 128))
    (if (i32.eqz (i32.load8_u (i32.const 128))) (then (return (i32.const 1001))))
    (if (i32.load8_u offset=4 (i32.const 128)) (then (return (i32.const 1002))))
    (if (i32.load8_u offset=8 (i32.const 128)) (then (return (i32.add (i32.const 1010) (i32.load8_u offset=12 (i32.const 128))))))
    (call $status (i32.load offset=12 (i32.const 128)))))`;

const FILES = { read: { allowAll: true }, write: { allowAll: true } };

describe('WASI 0.2 of a component', function () {
  this.timeout(120_000);
  afterEach(closeHosts);

  const ask = async (plugin: Plugin, name: string, ...args: unknown[]): Promise<number> =>
    (await plugin.call(name, typeof args[0] === 'string' ? args[0] : args)).json() as number;

  it('has files where they are granted, which outlive the instance', async () => {
    const host = await makeHost();
    const plugin = await host.install(await component(WIT, MODULE), { id: 'wasi', grant: { files: FILES } });
    assert.equal(await ask(plugin, 'folders'), 5);
    assert.equal(await ask(plugin, 'keep', 7), 0);
    await plugin.configure({ limits: { timeoutMs: 9_000 } });
    assert.equal(await ask(plugin, 'keep', 8), 7);
    await plugin.configure({ grant: { files: { read: { allowAll: true } } } });
    assert.equal(await ask(plugin, 'keep', 9), 1_000);
    await plugin.configure({ grant: {} });
    assert.equal(await ask(plugin, 'keep', 9), 2_000);
  });

  it('sends what is covered by its grant, and hears that all else is denied', async () => {
    const host = await makeHost();
    const plugin = await host.open(await component(WIT, MODULE), {
      id: 'wasi',
      grant: { http: { allow: [location.origin] } },
    });
    const { hostCalls } = host.environment;
    if (hostCalls === 'none') return assert.equal(await ask(plugin, 'fetch', location.host), 1_000);
    assert.equal(await ask(plugin, 'fetch', location.host), 200);
    assert.equal(await ask(plugin, 'fetch', 'other.example'), 1_011);
    await plugin.configure({ grant: {} });
    assert.equal(await ask(plugin, 'fetch', location.host), 1_011);
  });
});
