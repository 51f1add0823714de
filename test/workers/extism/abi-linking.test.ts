// Plugins of several modules: which is main, what the others provide, and what each has of its own.

import { assert } from 'chai';
import type { Host } from '../../../src/index.ts';
import { defineCapability } from '../../../src/index.ts';
import { engine } from '../../helpers/engine.ts';
import { rejectsCode } from '../../helpers/expect-code.ts';
import { closeHosts, closePlugins, makeHost } from '../../helpers/hosts.ts';
import { wat } from '../../helpers/wat.ts';
import { abiGuest, data, exported, imports, noted, noting } from './abi-guest.ts';

const COUNTER = `(global $n (mut i64) (i64.const 0))
  (func (export "next") (result i64) (global.set $n (i64.add (global.get $n) (i64.const 1))) (global.get $n))
  (func (export "peek") (result i64) (global.get $n))`;
const TWICE = noting('run', '(drop (call $next)) (call $note (call $next)) (call $note (call $peek))');
const LIB = imports('lib', 'next: -> i64; peek: -> i64');

describe('linked modules', () => {
  let host: Host;
  before(async () => {
    host = await makeHost();
  });
  afterEach(() => closePlugins(host));
  after(closeHosts);

  type Module = readonly [name: string | undefined, bytes: Promise<Uint8Array>];
  const open = async (...modules: Module[]) => {
    const wasm = modules.map(async ([name, bytes]) => ({ ...(name !== undefined && { name }), data: await bytes }));
    return host.open({ wasm: await Promise.all(wasm) }, { id: 'linked' });
  };
  const saying = (n: number) => abiGuest(noting('run', `(call $note (i64.const ${n}))`));

  const MAINS: readonly [names: (string | undefined)[], main: bigint][] = [
    [['other'], 1n],
    [[undefined], 1n],
    [['main', 'b'], 1n],
    [['a', 'main'], 2n],
    [['a', 'main', 'c'], 2n],
    [['a', 'b'], 2n],
  ];
  for (const [names, main] of MAINS) {
    it(`EX8: module ${main} of [${names.map((name) => name ?? 'no name')}] is main`, async () => {
      const plugin = await open(...names.map((name, i): Module => [name, saying(i + 1)]));
      assert.deepEqual(await noted(plugin), [main]);
    });
  }

  it('share one instance of a library, whose state stays between calls', async () => {
    const plugin = await open(['lib', wat(`(module ${COUNTER})`)], ['main', abiGuest(TWICE, LIB)]);
    assert.deepEqual(await noted(plugin), [2n, 2n]);
    assert.deepEqual(await noted(plugin), [4n, 4n]);
  });

  it('EX30: share one instance also of a library that exports `_start`, which is not run', async () => {
    const library = wat(`(module ${COUNTER} (func (export "_start") (global.set $n (i64.const 100))))`);
    const plugin = await open(['lib', library], ['main', abiGuest(TWICE, LIB)]);
    assert.deepEqual(await noted(plugin), [2n, 2n]);
  });

  it('start each before the modules that import from it', async () => {
    const library = wat(`(module ${COUNTER} (func (export "_initialize") (global.set $n (i64.const 40))))`);
    const main = abiGuest(
      `(global $seen (mut i64) (i64.const 0))
       (func (export "_initialize") (global.set $seen (call $peek)))
       ${noting('run', '(call $note (global.get $seen)) (call $note (call $next))')}`,
      LIB,
    );
    assert.deepEqual(await noted(await open(['main', main], ['lib', library])), [40n, 41n]);
  });

  it('see the same blocks, and a library may set the output', async () => {
    const library = abiGuest(`${data({ 0: 'by the library' })}
      (func (export "answer") (param $p i64)
        (call $output_set (local.get $p) (i64.add (call $length (local.get $p)) (i64.const -1))))`);
    const main = abiGuest(
      `${data({ 0: 'of main' })} ${exported('run', '(call $answer (call $text (i32.const 0) (i32.const 7)))')}`,
      imports('lib', 'answer: i64'),
    );
    const plugin = await open(['lib', library], ['main', main]);
    assert.equal((await plugin.call('run')).text(), 'of mai');
  });

  it('EX31: keep all imports of a circle', async () => {
    const library = abiGuest(
      `(func (export "one") (result i64) (i64.const 1))
       (func (export "two") (result i64) (i64.add (call $back) (call $more)))`,
      imports('main', 'back: -> i64; more: -> i64'),
    );
    const main = abiGuest(
      `(func (export "back") (result i64) (i64.const 20))
       (func (export "more") (result i64) (i64.add (call $one) (i64.const 300)))
       ${noting('run', '(call $note (call $one)) (call $note (call $two))')}`,
      imports('lib', 'one: -> i64; two: -> i64'),
    );
    assert.deepEqual(await noted(await open(['lib', library], ['main', main])), [1n, 321n]);
  });

  it('EX32: have a WASI each, over their own memory', async () => {
    const wasi = imports('wasi_snapshot_preview1', 'args_sizes_get: i32 i32 -> i32');
    // Both numbers are 0, and overwrite what stands there.
    const ask = `(i32.store (i32.const 0) (i32.const 7)) (drop (call $args_sizes_get (i32.const 0) (i32.const 8)))`;
    const library = abiGuest(`(func (export "ask") (result i64) ${ask} (i64.load32_u (i32.const 0)))`, wasi);
    const main = abiGuest(
      noting(
        'run',
        `(i32.store (i32.const 0) (i32.const 9)) (call $note (call $ask)) (call $note (i64.load32_u (i32.const 0))) ${ask} (call $note (i64.load32_u (i32.const 0)))`,
      ),
      imports('lib', 'ask: -> i64') + wasi,
    );
    assert.deepEqual(await noted(await open(['lib', library], ['main', main])), [0n, 9n, 0n]);
  });

  it('can share a memory and a global', async () => {
    const library = wat(
      '(module (memory (export "memory") 1) (data (i32.const 0) "*") (global (export "g") i64 (i64.const 5)))',
    );
    const main = wat(`(module ${imports('extism:host/env', 'alloc: i64 -> i64; store_u8: i64 i32; output_set: i64 i64')}
      (import "lib" "memory" (memory 1)) (import "lib" "g" (global $g i64))
      (func (export "run") (local $p i64) (local.set $p (call $alloc (i64.const 1)))
        (call $store_u8 (local.get $p) (i32.load8_u (i32.const 0)))
        (call $output_set (local.get $p) (i64.const 1))))`);
    assert.equal((await (await open(['lib', library], ['main', main])).call('run')).text(), '*');
  });

  it('EX33: get functions only from Extism and the host', async () => {
    const main = wat('(module (import "extism:host/env" "memory" (memory 1)))');
    await rejectsCode('IMPORT_MISSING', open(['main', main]), /memory.*functions only/);
  });

  it('reject with IMPORT_MISSING what the named module does not have', async () => {
    const main = abiGuest(TWICE, LIB);
    await rejectsCode('IMPORT_MISSING', open(['lib', wat('(module)')], ['main', main]), /`lib` `next`/);
  });

  it('reject with IMPORT_MISSING what the named module has of another type', async () => {
    const main = wat(`(module ${imports('lib', 'next: i32 -> i32')})`);
    const wording = /`lib` `next` \(the module wants \(i32\) -> i32, module `lib` of this plugin has \(\) -> i64\)/;
    await rejectsCode('IMPORT_MISSING', open(['lib', wat(`(module ${COUNTER})`)], ['main', main]), wording);
  });

  it('may have a library that asks the host', async () => {
    const doubles = defineCapability({
      name: 'doubles',
      functions: { double: { params: ['i64'], result: 'i64', call: async ([n]) => n * 2n } },
    });
    host = await makeHost({ capabilities: [doubles] });
    const library = wat(`(module (import "extism:host/user" "double" (func $d (param i64) (result i64)))
      (func (export "quadruple") (param i64) (result i64) (call $d (call $d (local.get 0)))))`);
    const main = abiGuest(
      noting('run', '(call $note (call $quadruple (i64.const 21)))'),
      imports('lib', 'quadruple: i64 -> i64'),
    );
    const wasm = [
      { name: 'lib', data: await library },
      { name: 'main', data: await main },
    ];
    const plugin = await host.open({ wasm }, { id: 'asks', grant: 'all' });
    if (engine.jspi) assert.deepEqual(await noted(plugin), [84n]);
    else await rejectsCode('HOST_CALLS_UNAVAILABLE', plugin.call('run'));
  });
});
