// Files of a plugin of Nev that asks for all of WASI: the same as those of `nev:plugins/vfs`, under the same permissions.

import { assert } from 'chai';
import { defaultCapabilities, nevCapabilities } from '../../../src/index.ts';
import { closeHosts, makeHost, uniqueStorage } from '../../helpers/hosts.ts';
import { nevGuest } from './nev-guest.ts';
import { textOf } from './texts.ts';

after(closeHosts);

const WASI = 'import "wasi_snapshot_preview1"';

/** Creates `a.txt` in the first folder that is open, and gives that folder's name, the errno, and what `read-sync` reads of it. */
const WRITES = `(${WASI} "fd_prestat_get" (func $prestat (param i32 i32) (result i32)))
  (${WASI} "fd_prestat_dir_name" (func $name (param i32 i32 i32) (result i32)))
  (${WASI} "path_open" (func $open (param i32 i32 i32 i32 i32 i64 i64 i32 i32) (result i32)))
  (${WASI} "fd_write" (func $write (param i32 i32 i32 i32) (result i32)))
  (${WASI} "fd_close" (func $close (param i32) (result i32)))
  (import "nev:plugins/vfs" "read-sync" (func $read (param i32 i32 i32 i32)))
  (data (i32.const 0) "ws0://a.txt")
  (data (i32.const 16) "hello")
  (data (i32.const 32) "\\10\\00\\00\\00\\05\\00\\00\\00")
  (func (export "save_plugin_state") (result i32) (local $length i32) (local $errno i32)
    (if (call $prestat (i32.const 3) (i32.const 400)) (then
      (i32.store (i32.const 256) (i32.const 0)) (i32.store (i32.const 260) (i32.const 0)) (return (i32.const 256))))
    (local.set $length (i32.load (i32.const 404)))
    (drop (call $name (i32.const 3) (i32.const 512) (local.get $length)))
    (local.set $errno (call $open (i32.const 3) (i32.const 0) (i32.const 6) (i32.const 5) (i32.const 1)
      (i64.const 64) (i64.const 0) (i32.const 0) (i32.const 408)))
    (i32.store8 (i32.add (i32.const 512) (local.get $length)) (i32.add (i32.const 48) (local.get $errno)))
    (if (i32.eqz (local.get $errno)) (then
      (drop (call $write (i32.load (i32.const 408)) (i32.const 32) (i32.const 1) (i32.const 412)))
      (drop (call $close (i32.load (i32.const 408))))))
    (call $read (i32.const 0) (i32.const 11) (i32.const 0) (i32.const 420))
    (local.set $length (i32.add (local.get $length) (i32.const 1)))
    (if (i32.eqz (i32.load (i32.const 420))) (then
      (memory.copy (i32.add (i32.const 512) (local.get $length)) (i32.load (i32.const 424)) (i32.load (i32.const 428)))
      (local.set $length (i32.add (local.get $length) (i32.load (i32.const 428))))))
    (i32.store (i32.const 256) (i32.const 512)) (i32.store (i32.const 260) (local.get $length))
    (i32.const 256))`;

describe('a plugin of Nev with all of WASI', () => {
  it('finds the roots, or folders by names of its own, as far as its manifest asks for them', async () => {
    const storage = uniqueStorage();
    const capabilities = [...defaultCapabilities({ storage }), ...(await nevCapabilities())];
    const host = await makeHost({ storage, serviceWorker: '/cloche-sw.js', capabilities });
    const wasm = await nevGuest({ body: WRITES });
    const saidWith = async (id: string, permissions: string): Promise<string> => {
      const manifest = `{ "wasm": "a.m.wasm", "permissions": { "wasi": "full", ${permissions} } }`;
      const plugin = await host.open({ wasm, manifest }, { id });
      return textOf((await plugin.callWith('save_plugin_state', []))[0]);
    };
    const both = '"filesystemRead": { "allow": ["ws0://"] }, "filesystemWrite": { "allow": ["ws0://"] }';
    assert.equal(await saidWith('both', both), 'ws0://0hello');
    assert.equal(await saidWith('reads', '"filesystemRead": { "allow": ["ws0://"] }'), 'ws0://2');
    assert.equal(await saidWith('none', ''), '');
    const named = '"wasiPreopenDirs": [{ "host": "ws0://", "guest": "/work", "read": true, "write": true }]';
    assert.equal(await saidWith('named', named), '/work0hello');
    assert.equal(await saidWith('denied', `${named}, "filesystemRead": { "disallowAll": true }`), '');
  });
});
