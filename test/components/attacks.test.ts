// What hostile components do to the page, to each other and to themselves, in their worker.

import { assert } from 'chai';
import { ClocheError, type Host, type Plugin } from '../../src/index.ts';
import { ComponentCache } from '../../src/runtime/component/component-cache.ts';
import { packParts } from '../../src/runtime/wire/component/transpile.ts';
import { dispose } from '../../src/util/dispose.ts';
import { sha256 } from '../../src/util/hash/sha256.ts';
import type { World } from '../../workers/component/world/wit-types.ts';
import { component, componentText, ECHO, MEMORY } from '../helpers/component.ts';
import { rejectsCode } from '../helpers/expect-code.ts';
import { closeHosts, makeHost, uniqueStorage } from '../helpers/hosts.ts';

const LIMITS = { memoryBytes: 4 << 20, exchangeBytes: 1 << 20, timeoutMs: 3_000 };

/** What runs on beside each of them. */
const bystander = (): Promise<Uint8Array<ArrayBuffer>> =>
  component(
    'package a:b; world plugin { export echo: func(x: string) -> string; }',
    `(module ${MEMORY} (func (export "echo") ${ECHO}))`,
  );

describe('a hostile component', function () {
  // What transpiles is built when it is first asked for.
  this.timeout(120_000);
  const storage = uniqueStorage();
  let host: Host;
  let beside: Plugin;
  before(async () => {
    // What transpiles is built when it is first asked for.
    host = await makeHost({ storage, limits: LIMITS });
    beside = await host.open(await bystander(), { id: 'beside' });
  });
  afterEach(async () => {
    assert.equal((await beside.call('echo', 'still here')).text(), 'still here');
    assert.notProperty(globalThis, 'evil');
    await Promise.all(host.plugins.filter((plugin) => plugin !== beside).map((plugin) => plugin.close()));
  });
  after(closeHosts);

  const failureOf = async (call: Promise<unknown>): Promise<string> => {
    const thrown: unknown = await call.then(
      () => assert.fail('expected it to fail'),
      (error: unknown) => error,
    );
    assert.instanceOf(thrown, ClocheError);
    return thrown.code;
  };

  it('M17: whose core names are JavaScript is refused, and none of it runs', async () => {
    const code = "']; globalThis.evil = 1; ['";
    const attacks = [
      `(core module $n (import "${code}" "f" (func))) (core instance $i (export "f" (func $f)))
       (core instance (instantiate $n (with "${code}" (instance $i))))`,
      `(core module $n (import "m" "${code}" (func))) (core instance $i (export "${code}" (func $f)))
       (core instance (instantiate $n (with "m" (instance $i))))`,
      `(core module $n (func (export "*/ globalThis.evil = 1; /*"))) (core instance $i (instantiate $n))
       (alias core export $i "*/ globalThis.evil = 1; /*" (core func))`,
    ];
    for (const attack of attacks) {
      const bytes = await componentText(
        `(component (core module $m (func (export "f"))) (core instance $j (instantiate $m))
          (alias core export $j "f" (core func $f)) ${attack})`,
      );
      await rejectsCode('MODULE_REJECTED', host.open(bytes), /core name/);
    }
  });

  it('M19: of 400 core instances is refused before anything of it is compiled', async () => {
    const many = '(core instance (instantiate $m))'.repeat(400);
    await rejectsCode(
      'MODULE_REJECTED',
      host.open(await componentText(`(component (core module $m) ${many})`)),
      /core instances/,
    );
  });

  it('M20: whose memories together pass the limit is refused, or grows no further', async () => {
    const two = (pages: number): Promise<Uint8Array<ArrayBuffer>> => {
      const module = (name: string): string =>
        `(core module $${name} (memory (export "memory") ${pages})
          (func (export "grow") (result i32)
            (loop $on (br_if $on (i32.ne (i32.const -1) (memory.grow (i32.const 1))))) (memory.size)))
        (core instance $i${name} (instantiate $${name}))
        (func (export "grow-${name}") (result u32) (canon lift (core func $i${name} "grow")))`;
      return componentText(`(component ${module('a')} ${module('b')})`);
    };
    await rejectsCode('MODULE_REJECTED', host.open(await two(33)), /66 pages, more than its limit of 64/);
    const plugin = await host.open(await two(20), { id: 'two' });
    const sizes = [(await plugin.call('grow-a')).json(), (await plugin.call('grow-b')).json()] as number[];
    assert.isAtLeast(Math.min(...sizes), 21);
    assert.isAtMost(
      sizes.reduce((sum, pages) => sum + pages),
      64,
    );
  });

  it('M16: lists of bytes and of numbers that overlap end at the budget, and the next call is heard', async () => {
    const plugin = await host.open(
      await component(
        `package a:b; world plugin { export bytes: func() -> list<list<u8>>; export words: func() -> list<list<u64>>;
          export empty: func() -> list<list<u8>>; export deep: func() -> list<list<list<option<f32>>>>; export fine: func() -> u32; }`,
        `(module ${MEMORY} (func (export "fine") (result i32) (i32.const 7))
          (func $overlap (param $to i32) (param $size i32) (result i32) (local $at i32)
            (local.set $at (i32.const 65536))
            (drop (memory.grow (i32.const 16)))
            (loop $on
              (i32.store (local.get $at) (local.get $to))
              (i32.store offset=4 (local.get $at) (local.get $size))
              (br_if $on (i32.lt_u (local.tee $at (i32.add (local.get $at) (i32.const 8))) (i32.const 1000000))))
            (i32.store (i32.const 0) (i32.const 65536))
            (i32.store (i32.const 4) (i32.const 110000))
            (i32.const 0))
          (func (export "bytes") (result i32) (call $overlap (i32.const 65536) (i32.const 100000)))
          (func (export "words") (result i32) (call $overlap (i32.const 65536) (i32.const 100000)))
          (func (export "empty") (result i32) (call $overlap (i32.const 65536) (i32.const 0)))
          (func (export "deep") (result i32) (call $overlap (i32.const 65536) (i32.const 100000))))`,
      ),
      { id: 'heap' },
    );
    for (const name of ['bytes', 'words', 'empty', 'deep']) {
      const began = performance.now();
      assert.equal(await failureOf(plugin.call(name)), 'OUTPUT_TOO_LARGE', name);
      assert.isBelow(performance.now() - began, LIMITS.timeoutMs, name);
      assert.equal((await plugin.call('fine')).json(), 7);
    }
  });

  it('M21: with an export that a promise would call is refused; other names of JavaScript are only names', async () => {
    const one = (name: string): Promise<Uint8Array<ArrayBuffer>> =>
      component(
        `package a:b; world plugin { export %${name}: func() -> u32; }`,
        `(module ${MEMORY} (func (export "${name}") (result i32) (i32.const 7)))`,
      );
    await rejectsCode('MODULE_REJECTED', host.open(await one('then')), /`then`/);
    for (const name of ['constructor', 'to-string', 'value-of', 'prototype']) {
      const plugin = await host.open(await one(name), { id: name });
      assert.equal((await plugin.call(name)).json(), 7, name);
      for (const other of ['hasOwnProperty', '__proto__', 'then'])
        await rejectsCode('EXPORT_MISSING', plugin.call(other));
    }
    const bytes = await one('proto');
    const at = indicesOf(bytes, 'proto');
    for (const start of at) bytes.set(new TextEncoder().encode('__pr_'), start);
    await rejectsCode('MODULE_REJECTED', host.open(bytes));
  });

  it('M21: with a method that a promise would call is refused', async () => {
    const bytes = await component(
      `package a:b; interface things { resource thing { constructor(); then: func(); } }
      world plugin { export things; }`,
      `(module
        (import "[export]a:b/things" "[resource-new]thing" (func $new (param i32) (result i32))) ${MEMORY}
        (func (export "a:b/things#[constructor]thing") (result i32) (call $new (i32.const 1)))
        (func (export "a:b/things#[method]thing.then") (param i32)))`,
    );
    await rejectsCode('MODULE_REJECTED', host.open(bytes), /`then`/);
  });

  describe('whose glue and files somebody else has written', () => {
    const world: World = {
      types: [],
      imports: [],
      exports: [{ name: '', functions: [{ name: 'look', params: [], result: 'string' }], resources: [] }],
      memories: { count: 0, initialPages: 0 },
    };
    let count = 0;

    /** As a poisoned transpiler would have handed them over. */
    async function poisoned(glue: string, files: readonly [string, Uint8Array][] = []): Promise<Plugin> {
      count += 1;
      const bytes = await component(
        `package a:b${count}; world plugin { export look: func() -> string; }`,
        `(module ${MEMORY} (func (export "look") (result i32) (i32.const 64)))`,
      );
      const parts = packParts([['world', new TextEncoder().encode(JSON.stringify(world))], ...files]);
      const cache = new ComponentCache(storage);
      const mode = host.environment.hostCalls === 'jspi' ? 'jspi' : 'sync';
      await cache.put(await sha256(bytes), mode, { glue, parts });
      cache[dispose]();
      return host.open(bytes, { id: `poisoned${count}` });
    }
    const exporting = (body: string): string => `clocheGlue(() => () => ({ look() { ${body} } }));`;

    it('M18: it finds nothing that reaches out of its worker', async () => {
      const names = [
        ...['fetch', 'XMLHttpRequest', 'WebSocket', 'WebTransport', 'EventSource', 'indexedDB', 'caches', 'Worker'],
        ...[
          'importScripts',
          'BroadcastChannel',
          'SharedWorker',
          'postMessage',
          'navigator.serviceWorker',
          'clocheGlue',
        ],
      ];
      const found = `${JSON.stringify(names)}.filter((name) => name.split('.').reduce((at, key) => at?.[key], globalThis) !== undefined)`;
      const tried = `let evaluated = 'no'; try { evaluated = (0, eval)('1'); } catch {} return JSON.stringify([${found}, evaluated]);`;
      const plugin = await poisoned(exporting(tried));
      assert.deepEqual(JSON.parse((await plugin.call('look')).text()), [[], 'no']);
    });

    it('M18: what it gives in the place of values is refused, or is data', async () => {
      const gifts = [
        ...[
          'return () => 1;',
          'return Symbol("x");',
          'const a = []; a.push(a); return a;',
          'return new Proxy({}, {});',
        ],
        ...[
          'return { toString() { throw 1; } };',
          'throw { toString: 5 };',
          'return "x".repeat(3 << 20);',
          'throw null;',
        ],
      ];
      for (const gift of gifts) {
        const plugin = await poisoned(exporting(gift));
        const outcome = await plugin.call('look').then(
          (output) => output.text(),
          (error: unknown) => error,
        );
        assert.isTrue(typeof outcome === 'string' || outcome instanceof ClocheError, `${gift}: ${String(outcome)}`);
      }
    });

    it('M18: it may hang, at once or in a call, and is ended', async () => {
      const hangs = await poisoned(exporting('for (;;);'));
      assert.equal(await failureOf(hangs.call('look')), 'TIMEOUT');
      const waits = await poisoned('clocheGlue(() => () => new Promise(() => {}));');
      assert.equal(await failureOf(waits.call('look')), 'TIMEOUT');
    });

    it('M18: foreign files have the limits of any module', async () => {
      const { parse } = await import('@bytecodealliance/jco-transpile/wasm-tools');
      const glue = (then: string): string =>
        `clocheGlue(() => async (get, imports, make) => { const { exports } = await make(get('evil.wasm'), {}); return { look() { ${then} } }; });`;
      const bomb = await parse(
        '(module (memory (export "m") 1) (func (export "grow") (result i32) (memory.grow (i32.const 1000))))',
      );
      const plugin = await poisoned(glue('return String(exports.grow());'), [['evil.wasm', bomb]]);
      assert.equal((await plugin.call('look')).text(), '-1');
      const wrong = await poisoned(glue('return "";')).then(
        (opened) => failureOf(opened.call('look')),
        (error: unknown) => (error as ClocheError).code,
      );
      assert.equal(wrong, 'START_FAILED');
    });
  });
});

function indicesOf(bytes: Uint8Array, text: string): number[] {
  const wanted = [...new TextEncoder().encode(text)];
  return [...bytes.keys()].filter((at) => wanted.every((byte, index) => bytes[at + index] === byte));
}
