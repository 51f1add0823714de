// P12: a plugin names its modules, imports and exports as it likes, and linking goes through objects of JavaScript. Names that
// are refused are in reserved-names.test.ts.

import { assert } from 'chai';
import { defineCapability, type Host } from '../../../src/index.ts';
import { rejectsCode, throwsCode } from '../../helpers/expect-code.ts';
import { closeHosts, closePlugins, makeHost } from '../../helpers/hosts.ts';
import { wat } from '../../helpers/wat.ts';
import { abiGuest, imports, noted, noting } from './abi-guest.ts';
import { INHERITED, pair, RESERVED } from './names.ts';

describe('P12: the name of a linked module', () => {
  let host: Host;
  before(async () => {
    host = await makeHost();
  });
  afterEach(() => closePlugins(host));
  after(closeHosts);

  for (const name of ['prototype', 'then', 'env', 'length', 'extism:host/user']) {
    it(`is the plugin’s own to choose otherwise: ${name}`, async () => {
      assert.deepEqual(await noted(await host.open({ wasm: await pair(name) }, { id: 'linked' })), [7n]);
    });
  }
});

describe('P12: the name of an import or export', () => {
  let host: Host;
  before(async () => {
    host = await makeHost({ serviceWorker: '/cloche-sw.js' });
  });
  afterEach(() => closePlugins(host));
  after(closeHosts);

  const NAMES = [...INHERITED, 'prototype', 'then'];
  const list = (names: readonly string[]) => names.map((name) => `${name}: -> i64`).join('; ');
  /** Exports of these names, each answering where in the list it is, from `first` on. */
  const exportsOf = (names: readonly string[], first: number) =>
    names.map((name, i) => `(func (export "${name}") (result i64) (i64.const ${first + i}))`).join('\n');

  it('is only a name in a circle too: what a guest calls is the other guest, never JavaScript', async () => {
    const library = abiGuest(
      `${exportsOf(NAMES, 100)} (func (export "back") (param $i i32) (result i64)
         ${NAMES.map((name, i) => `(if (i32.eq (local.get $i) (i32.const ${i})) (then (return (call $${name}))))`).join('\n')}
         (i64.const -1))`,
      imports('main', list(NAMES)),
    );
    const main = abiGuest(
      `${exportsOf(NAMES, 200)} ${noting(
        'run',
        NAMES.map((name, i) => `(call $note (call $${name})) (call $note (call $back (i32.const ${i})))`).join('\n'),
      )}`,
      imports('lib', `${list(NAMES)}; back: i32 -> i64`),
    );
    const wasm = [
      { name: 'lib', data: await library },
      { name: 'main', data: await main },
    ];
    const plugin = await host.open({ wasm }, { id: 'circle' });
    assert.deepEqual(
      await noted(plugin),
      NAMES.flatMap((_, i) => [BigInt(100 + i), BigInt(200 + i)]),
    );
  });

  it('is found where a memory, a global or a table has it', async () => {
    const library = wat(`(module (memory (export "__proto__") 1) (data (i32.const 0) "*")
      (global (export "constructor") i64 (i64.const 5)) (table (export "toString") 3 funcref))`);
    const main =
      wat(`(module ${imports('extism:host/env', 'alloc: i64 -> i64; store_u64: i64 i64; output_set: i64 i64')}
      (import "lib" "__proto__" (memory 1)) (import "lib" "constructor" (global $g i64))
      (import "lib" "toString" (table $t 3 funcref))
      (func (export "run") (local $p i64) (local.set $p (call $alloc (i64.const 8)))
        (call $store_u64 (local.get $p) (i64.add (i64.load8_u (i32.const 0))
          (i64.add (global.get $g) (i64.extend_i32_u (table.size $t)))))
        (call $output_set (local.get $p) (i64.const 8))))`);
    const wasm = [
      { name: 'lib', data: await library },
      { name: 'main', data: await main },
    ];
    const { 0: sum } = (await (await host.open({ wasm }, { id: 'shared' })).call('run')).bytes();
    assert.equal(sum, 42 + 5 + 3);
  });

  it('can be that of a function of the app', async () => {
    const app = defineCapability({
      name: 'app',
      namespace: 'prototype',
      functions: { toString: { params: ['i64'], result: 'i64', call: ([n]) => n + 1n } },
    });
    host = await makeHost({ capabilities: [app], serviceWorker: '/cloche-sw.js' });
    const wasm = await abiGuest(
      noting('run', '(call $note (call $toString (i64.const 6)))'),
      imports('prototype', 'toString: i64 -> i64'),
    );
    assert.deepEqual(await noted(await host.open(wasm, { id: 'app', grant: 'all' })), [7n]);
    for (const namespace of [...RESERVED.filter((name) => name !== 'extism:host/env')]) {
      throwsCode('OPTION_INVALID', () => defineCapability({ name: 'app', namespace, functions: {} }), /namespace/);
    }
  });

  it('can be what is called, and nothing is there that the plugin does not export', async () => {
    const plugin = await host.open(await wat('(module (func (export "toString")) (func (export "__proto__")))'), {
      id: 'a',
    });
    for (const name of ['toString', '__proto__']) assert.equal((await plugin.call(name)).text(), '');
    for (const name of ['constructor', 'valueOf', 'then']) await rejectsCode('EXPORT_MISSING', plugin.call(name));
  });
});
