// Components in their worker: values, limits, and what hostile ones find there. Those that are refused are in attacks.test.ts.

import { assert } from 'chai';
import { ClocheError, type HookOutcome, type Host } from '../../src/index.ts';
import { ECHO, windmillPlugin } from '../helpers/component.ts';
import { rejectsCode } from '../helpers/expect-code.ts';
import { closeHosts, existing, makeHost, uniqueStorage } from '../helpers/hosts.ts';
import { looking, lookOf, poisoned } from './poisoned.ts';

const TYPES = `
  record point { x: s32, the-name: string }
  variant shape { none, sized(u32), named(string) }
  enum color { dark-red, blue }
  flags access { read, write-it }`;

/** Exports that give back what they are given: type, core function, and values. Flat values are those of the canonical ABI. */
const I32 = '(param i32) (result i32) (local.get 0)';
const TWO_WORDS =
  '(param i32 i32) (result i32) (i32.store (i32.const 0) (local.get 0)) (i32.store (i32.const 4) (local.get 1)) (i32.const 0)';
const THREE_WORDS =
  '(param i32 i32 i32) (result i32) (i32.store (i32.const 0) (local.get 0)) (i32.store (i32.const 4) (local.get 1)) ' +
  '(i32.store (i32.const 8) (local.get 2)) (i32.const 0)';

const FOUR_WORDS =
  '(param i32 i32 i32 i32) (result i32) (i32.store (i32.const 0) (local.get 0)) (i32.store (i32.const 4) (local.get 1)) ' +
  '(i32.store (i32.const 8) (local.get 2)) (i32.store (i32.const 12) (local.get 3)) (i32.const 0)';

/** A resource that is a number, and how many of it are there. */
const CELLS = {
  wit: `export cells: interface {
      resource cell { constructor(value: u32); add: func(more: u32) -> u32; sum: static func(a: cell, b: borrow<cell>) -> cell; }
      there: func() -> u32;
    }`,
  imports: '(import "[export]cells" "[resource-new]cell" (func $new-cell (param i32) (result i32)))',
  functions: `
    (global $cells (mut i32) (i32.const 0))
    (func $cell (export "cells#[constructor]cell") (param i32) (result i32) (local $at i32)
      (global.set $cells (i32.add (global.get $cells) (i32.const 1)))
      (local.set $at (call $realloc (i32.const 0) (i32.const 0) (i32.const 4) (i32.const 4)))
      (i32.store (local.get $at) (local.get 0))
      (call $new-cell (local.get $at)))
    (func (export "cells#[dtor]cell") (param i32) (global.set $cells (i32.sub (global.get $cells) (i32.const 1))))
    (func (export "cells#[method]cell.add") (param i32 i32) (result i32)
      (i32.store (local.get 0) (i32.add (i32.load (local.get 0)) (local.get 1))) (i32.load (local.get 0)))
    (func (export "cells#[static]cell.sum") (param i32 i32) (result i32)
      (i32.store (local.get 1) (i32.add (i32.load (local.get 1)) (i32.const 100))) (local.get 0))
    (func (export "cells#there") (result i32) (global.get $cells))`,
};

const SAME: readonly (readonly [type: string, core: string, values: readonly unknown[]])[] = [
  ['bool', I32, [true, false]],
  ['u8', I32, [0, 255]],
  ['s8', I32, [-128, 127]],
  ['u16', I32, [65_535]],
  ['s16', I32, [-32_768]],
  ['u32', I32, [4_294_967_295]],
  ['s32', I32, [-2_147_483_648]],
  ['u64', '(param i64) (result i64) (local.get 0)', [2n ** 64n - 1n]],
  ['s64', '(param i64) (result i64) (local.get 0)', [-(2n ** 63n)]],
  ['f32', '(param f32) (result f32) (local.get 0)', [1.5, Number.POSITIVE_INFINITY]],
  ['f64', '(param f64) (result f64) (local.get 0)', [0.1, Number.NaN]],
  ['char', I32, ['ü', '😀']],
  ['string', ECHO, ['', 'Grüße 😀']],
  ['list<u8>', ECHO, [new Uint8Array([1, 2, 255])]],
  ['list<u32>', ECHO, [[1, 2, 3]]],
  ['list<string>', ECHO, [['a', 'bc']]],
  ['color', I32, ['dark-red', 'blue']],
  ['access', I32, [{ read: true, writeIt: false }]],
  ['option<u32>', TWO_WORDS, [undefined, 7]],
  ['option<option<u32>>', THREE_WORDS, [{ tag: 'none' }, { tag: 'some', val: undefined }, { tag: 'some', val: 3 }]],
  [
    'option<option<option<u32>>>',
    FOUR_WORDS,
    [undefined, { tag: 'none' }, { tag: 'some', val: undefined }, { tag: 'some', val: 3 }],
  ],
  ['result<u32>', TWO_WORDS, [{ tag: 'ok', val: 5 }, { tag: 'err' }]],
  [
    'result<string, string>',
    THREE_WORDS,
    [
      { tag: 'ok', val: 'yes' },
      { tag: 'err', val: 'no' },
    ],
  ],
  ['tuple<u32, s32>', TWO_WORDS, [[1, -1]]],
  ['point', THREE_WORDS, [{ x: -3, theName: 'p' }]],
  ['shape', THREE_WORDS, [{ tag: 'none' }, { tag: 'sized', val: 4 }, { tag: 'named', val: 'n' }]],
];

const WRONG: readonly (readonly [type: string, value: unknown, message: RegExp])[] = [
  ['u8', 256, /u8, 0 to 255, got 256/],
  ['u8', 1.5, /got 1\.5/],
  ['s64', 2n ** 63n, /s64/],
  ['char', 'ab', /one character/],
  ['bool', 1, /true or false/],
  ['string', 5, /a text, got 5/],
  ['color', 'green', /one of dark-red, blue, got "green"/],
  ['access', { run: true }, /one of read, write-it/],
  ['tuple<u32, s32>', [1], /2 items/],
  ['point', { x: 1, theName: 'p', more: 1 }, /fields among x, theName/],
  ['shape', { tag: 'other' }, /one of none, sized, named/],
  ['list<u32>', [1, -1], /\[1\] to be u32/],
];

const nameOf = (index: number): string => `same-${index}`;

async function valuePlugin(): Promise<Uint8Array> {
  const names = SAME.map((_, index) => nameOf(index));
  return windmillPlugin({
    name: 'values',
    hooks: [...names, 'spin', 'grow', 'texts', 'numbers', 'count'],
    wit: `${TYPES} ${SAME.map(([type], index) => `export ${nameOf(index)}: func(value: ${type}) -> ${type};`).join(' ')}
      export spin: func(); export grow: func(); export count: func() -> u32;
      export texts: func() -> list<list<string>>; export numbers: func() -> list<list<tuple<u32, u32>>>;
      export bytes: func() -> list<list<u8>>; export words: func() -> list<list<u64>>;
      export empty: func() -> list<list<u8>>; export deep: func() -> list<list<list<option<f32>>>>;
      import wasi:cli/exit@0.2.0; export leave: func(); ${CELLS.wit}`,
    packages: 'package wasi:cli@0.2.0 { interface exit { exit: func(status: result); } }',
    imports: `(import "wasi:cli/exit@0.2.0" "exit" (func $exit (param i32))) ${CELLS.imports}`,
    functions: `${CELLS.functions} (func (export "leave") (call $exit (i32.const 0))) ${SAME.map(([, core], index) => `(func (export "${nameOf(index)}") ${core})`).join('\n')}
      (global $calls (mut i32) (i32.const 0))
      (func (export "count") (result i32) (global.set $calls (i32.add (global.get $calls) (i32.const 1))) (global.get $calls))
      (func (export "spin") (loop $on (br $on)))
      (func (export "grow") (if (i32.eq (memory.grow (i32.const 10000)) (i32.const -1)) (then unreachable)))
      (func $overlap (param $size i32) (result i32) (local $at i32)
        (local.set $at (i32.const 65536))
        (drop (memory.grow (i32.const 16)))
        (loop $on
          (i32.store (local.get $at) (i32.const 65536))
          (i32.store offset=4 (local.get $at) (local.get $size))
          (br_if $on (i32.lt_u (local.tee $at (i32.add (local.get $at) (i32.const 8))) (i32.const 1000000))))
        (i32.store (i32.const 0) (i32.const 65536))
        (i32.store (i32.const 4) (i32.const 100000))
        (i32.const 0))
      ${['texts', 'numbers', 'bytes', 'words', 'deep'].map((name) => `(func (export "${name}") (result i32) (call $overlap (i32.const 100000)))`).join(' ')}
      (func (export "empty") (result i32) (call $overlap (i32.const 0)))`,
  });
}

const LIMITS = { memoryBytes: 4 << 20, exchangeBytes: 1 << 20, timeoutMs: 2_000 };

describe('a component', () => {
  const storage = uniqueStorage();
  let host: Host;
  const hook = async (name: string, ...args: unknown[]): Promise<HookOutcome> => {
    const [outcome] = await host.hook(name, ...args);
    if (!outcome) throw new Error(`no plugin has ${name}`);
    return outcome;
  };

  before(async function () {
    // What transpiles is built when it is first asked for.
    this.timeout(120_000);
    host = await makeHost({ storage, limits: LIMITS });
    await host.open(await valuePlugin());
  });

  after(closeHosts);

  it('takes and gives values of every type', async () => {
    for (const [index, [type, , values]] of SAME.entries()) {
      for (const value of values) {
        const { error, value: given } = await hook(nameOf(index), value);
        assert.isUndefined(error, `${type}: ${error?.message}`);
        assert.deepEqual(given, value, type);
      }
    }
  });

  it('refuses a value of another type with its place, before the guest sees it', async () => {
    for (const [type, value, message] of WRONG) {
      const { error } = await hook(nameOf(SAME.findIndex(([known]) => known === type)), value);
      assert.propertyVal(error, 'code', 'EXPORT_INVALID', type);
      assert.match(error?.message ?? '', message, type);
    }
    assert.match((await hook(nameOf(0))).error?.message ?? '', /expected 1 argument\(s\), got 0/);
  });

  it('gives and takes JSON where it is called as any plugin', async () => {
    const plugin = host.get('values');
    const same = (type: string): string => nameOf(SAME.findIndex(([known]) => known === type));
    assert.equal((await plugin?.call(same('string'), 'text'))?.text(), 'text');
    assert.deepEqual((await plugin?.call(same('point'), [{ x: 1, 'the-name': 'p' }]))?.json(), { x: 1, theName: 'p' });
    assert.equal((await plugin?.call(same('u64'), ['18446744073709551615']))?.json(), '18446744073709551615');
    const failed = await plugin
      ?.call(same('result<string, string>'), [{ tag: 'err', val: 'no' }])
      .catch((thrown) => thrown);
    assert.deepInclude(failed, { code: 'PLUGIN_ERROR', detail: 'no' });
  });

  it('makes, uses and hands over resources by the names that WIT gives their functions', async () => {
    const plugin = existing(host.get('values'));
    const ask = async (name: string, ...args: unknown[]): Promise<unknown> =>
      (await plugin.call(`cells#${name}`, JSON.stringify(args))).json();
    const one = await ask('[constructor]cell', 5);
    const two = await ask('[constructor]cell', 1);
    assert.equal(await ask('[method]cell.add', one, 7), 12);
    assert.equal(await ask('there'), 2);
    const same = await ask('[static]cell.sum', two, one);
    assert.equal(await ask('[method]cell.add', one, 0), 112);
    assert.equal(await ask('[method]cell.add', same, 0), 1);
    await rejectsCode('EXPORT_INVALID', ask('[method]cell.add', two, 0), /handle of a resource/);
  });

  it('says of a call that the plugin ended by itself that it gave no answer', async () => {
    await rejectsCode('PLUGIN_ERROR', existing(host.get('values')).call('leave'), /Exited before it gave an answer$/);
  });

  it('M16: lists that overlap make gigabytes of nothing: they end at the budget', async () => {
    for (const name of ['texts', 'numbers']) {
      const { error, durationMs } = await hook(name);
      assert.propertyVal(error, 'code', 'OUTPUT_TOO_LARGE', name);
      assert.isBelow(durationMs, LIMITS.timeoutMs, name);
    }
  });

  it('M16: lists of bytes and of numbers that overlap end at the budget, and the next call is heard', async () => {
    const plugin = existing(host.get('values'));
    for (const name of ['bytes', 'words', 'empty', 'deep']) {
      const began = performance.now();
      await rejectsCode('OUTPUT_TOO_LARGE', plugin.call(name));
      assert.isBelow(performance.now() - began, LIMITS.timeoutMs, name);
      assert.isAbove((await plugin.call('count')).json() as number, 0);
    }
  });

  describe('whose glue and files somebody else has written', () => {
    afterEach(async () => {
      assert.equal((await hook('count')).ok, true);
      assert.notProperty(globalThis, 'evil');
      const others = host.plugins.filter(({ id }) => id !== 'values');
      await Promise.all(others.map((plugin) => plugin.close()));
    });

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
      const plugin = await poisoned(host, storage, looking(tried));
      assert.deepEqual(JSON.parse(await lookOf(plugin)), [[], 'no']);
    });

    it('M18: what it gives in the place of values is refused, or is data', async () => {
      const gifts = [
        'return () => 1;',
        'return Symbol("x");',
        'const a = []; a.push(a); return a;',
        'return new Proxy({}, {});',
        'return { toString() { throw 1; } };',
        'throw { toString: 5 };',
        'return "x".repeat(3 << 20);',
        'throw null;',
      ];
      const all = gifts.map((gift) => `() => { ${gift} }`).join();
      const plugin = await poisoned(host, storage, looking(`return [${all}][which]();`));
      for (const [which, gift] of gifts.entries()) {
        const outcome = await lookOf(plugin, which).catch((error: unknown) => error);
        assert.isTrue(typeof outcome === 'string' || outcome instanceof ClocheError, `${gift}: ${String(outcome)}`);
      }
    });

    it('M18: foreign files have the limits of any module', async () => {
      const { parse } = await import('@bytecodealliance/jco-transpile/wasm-tools');
      const glue = (then: string): string =>
        `clocheGlue(() => async (get, imports, make) => { const { exports } = await make(get('evil.wasm'), {}); return { look() { ${then} } }; });`;
      const bomb = await parse(
        '(module (memory (export "m") 1) (func (export "grow") (result i32) (memory.grow (i32.const 1000))))',
      );
      const plugin = await poisoned(host, storage, glue('return String(exports.grow());'), [['evil.wasm', bomb]]);
      assert.equal(await lookOf(plugin), '-1');
      const missing = poisoned(host, storage, glue('return "";')).then((opened) => lookOf(opened));
      await rejectsCode('START_FAILED', missing);
    });
  });

  // Last: WebKit cannot end a loop that calls nothing, which goes on until the page goes.
  it('keeps its state, and starts afresh after a kill and after a trap', async () => {
    await existing(host.get('values')).reset();
    assert.deepEqual([(await hook('count')).value, (await hook('count')).value], [1, 2]);
    assert.propertyVal((await hook('spin')).error, 'code', 'TIMEOUT');
    assert.equal((await hook('count')).value, 1);
    assert.propertyVal((await hook('grow')).error, 'code', 'OUT_OF_MEMORY');
    assert.equal((await hook('count')).value, 1);
  });
});
