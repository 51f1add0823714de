// P12: a plugin names its modules, imports and exports as it likes, and linking goes through objects of JavaScript.

import { assert } from 'chai';
import { defineCapability, type Host } from '../../../src/index.ts';
import { ExtismGuest } from '../../../workers/extism/extism-guest.ts';
import { KernelMemory } from '../../../workers/extism/kernel/kernel-memory.ts';
import type { GuestDeps } from '../../../workers/guest.ts';
import { LeasedData } from '../../../workers/host-calls/leased-data.ts';
import { makeHostCalls } from '../../../workers/host-calls/make-host-calls.ts';
import { LogLines } from '../../../workers/log-lines.ts';
import { PagePort } from '../../../workers/page-port.ts';
import { rejectsCode, throwsCode } from '../../helpers/expect-code.ts';
import { closeHosts, closePlugins, makeHost } from '../../helpers/hosts.ts';
import { wat } from '../../helpers/wat.ts';
import { abiGuest, imports, noted, noting } from './abi-guest.ts';

/** What every object of JavaScript has. */
const INHERITED = Object.getOwnPropertyNames(Object.prototype);
const RESERVED = [...INHERITED, 'cloche:host', 'cloche:wasi', 'cloche:', 'extism:host/env'];

describe('P12: the name of a linked module', () => {
  let host: Host;
  before(async () => {
    host = await makeHost();
  });
  afterEach(() => closePlugins(host));
  after(closeHosts);

  /** A library of this name that exports `then` and `assign`, which a main module imports. */
  async function pair(name: string): Promise<{ name: string; data: Uint8Array }[]> {
    const library = wat('(module (func (export "then") (result i64) (i64.const 7)) (func (export "assign")))');
    const main = abiGuest(noting('run', '(call $note (call $then))'), imports(name, 'then: -> i64; assign:'));
    return [
      { name, data: await library },
      { name: 'main', data: await main },
    ];
  }

  for (const name of RESERVED) {
    it(`is refused in a manifest and in the worker: ${name}`, async () => {
      const wasm = await pair(name);
      await rejectsCode('MANIFEST_INVALID', host.open({ wasm }, { id: 'linked' }), /belongs to the host/);
      const before = Object.getOwnPropertyNames(Object.prototype).join();
      const assign = Object.assign;
      await rejectsCode('MODULE_REJECTED', started(wasm), /a reserved name/);
      assert.equal(Object.getOwnPropertyNames(Object.prototype).join(), before);
      assert.equal(Object.assign, assign);
    });
  }

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

  for (const [namespace, name] of [
    ['__proto__', 'toString'],
    ['constructor', 'assign'],
    ['lib', 'constructor'],
    ['extism:host/env', 'hasOwnProperty'],
    ['extism:host/user', '__proto__'],
    ['extism:host/user', 'toString'],
    ['wasi_snapshot_preview1', 'valueOf'],
  ] as const) {
    it(`is provided by nobody: ${namespace} ${name}`, async () => {
      const wasm = await wat(`(module ${imports(namespace, `${name}:`)} (func (export "run") (call $${name})))`);
      await rejectsCode('IMPORT_MISSING', host.open(wasm, { id: 'nobody' }));
    });
  }

  for (const name of ['cloche:_start', 'cloche:refused-pages']) {
    it(`reaches nothing that was put into the other module: ${name}`, async () => {
      const main = wat(`(module (import "lib" "${name}" (func)) (func (export "run")))`);
      const wasm = [
        {
          name: 'lib',
          data: await wat('(module (memory 1) (func (export "_start") (drop (memory.grow (i32.const 1)))))'),
        },
        { name: 'main', data: await main },
      ];
      await rejectsCode('MODULE_REJECTED', host.open({ wasm }, { id: 'linked' }), /a reserved name/);
    });
  }

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

/** Loads and starts modules as a worker does, past the page and its manifests. */
async function started(modules: readonly { name: string; data: Uint8Array }[]): Promise<void> {
  const page = new PagePort(new MessageChannel().port1);
  const kept = { XMLHttpRequest: undefined };
  const deps: GuestDeps = {
    request: {
      modules: modules.map(({ name, data }, i) => ({ name, key: `${i}`, bytes: data })),
      limits: { memoryPages: 64, growthPages: 64, tableElements: 10 },
      inspectOnly: false,
      assumed: null,
      functions: [],
      config: [],
      varBytes: 0,
      exchangeBytes: 65_536,
      logLevel: 'off',
      logLineBytes: 64,
      guest: { abi: 'extism', instance: 'persistent', afterTrap: 'discard', start: [] },
      wasi: 'none',
      clock: 'real',
      wait: { way: 'none' },
    },
    page,
    hostCalls: makeHostCalls({ way: 'none' }, page, kept, new LeasedData([], page)),
    logs: new LogLines(page, 64),
  };
  const guest = new ExtismGuest(deps, new KernelMemory());
  await guest.load({ cached: async () => new Map(), give: async () => undefined });
  await guest.start();
}
