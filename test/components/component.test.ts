// Components in their worker: values, limits, and what hostile ones do.

import { assert } from 'chai';
import type { HookOutcome, Host } from '../../src/index.ts';
import { ECHO, windmillPlugin } from '../helpers/component.ts';
import { rejectsCode } from '../helpers/expect-code.ts';
import { closeHosts, makeHost } from '../helpers/hosts.ts';

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
      export texts: func() -> list<list<string>>; export numbers: func() -> list<list<tuple<u32, u32>>>;`,
    functions: `${SAME.map(([, core], index) => `(func (export "${nameOf(index)}") ${core})`).join('\n')}
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
      (func (export "texts") (result i32) (call $overlap (i32.const 100000)))
      (func (export "numbers") (result i32) (call $overlap (i32.const 100000)))`,
  });
}

describe('a component', () => {
  let host: Host;
  const hook = async (name: string, ...args: unknown[]): Promise<HookOutcome> => {
    const [outcome] = await host.hook(name, ...args);
    if (!outcome) throw new Error(`no plugin has ${name}`);
    return outcome;
  };

  before(async function () {
    // What transpiles is built when it is first asked for.
    this.timeout(120_000);
    host = await makeHost({ limits: { memoryBytes: 4 << 20, exchangeBytes: 1 << 20, timeoutMs: 2_000 } });
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

  it('keeps its state, and starts afresh after a kill and after a trap', async () => {
    assert.deepEqual([(await hook('count')).value, (await hook('count')).value], [1, 2]);
    assert.propertyVal((await hook('spin')).error, 'code', 'TIMEOUT');
    assert.equal((await hook('count')).value, 1);
    assert.propertyVal((await hook('grow')).error, 'code', 'OUT_OF_MEMORY');
    assert.equal((await hook('count')).value, 1);
  });

  it('M16: lists that overlap make gigabytes of nothing: they end at the budget', async () => {
    for (const name of ['texts', 'numbers']) {
      const { error, durationMs } = await hook(name);
      assert.propertyVal(error, 'code', 'OUTPUT_TOO_LARGE', name);
      assert.isBelow(durationMs, 2_000, name);
    }
  });

  it('is refused where its bytes are not a component, and takes nobody with it', async () => {
    const whole = await valuePlugin();
    await rejectsCode('MODULE_REJECTED', host.open(whole.slice(0, whole.length - 30)), /cut off/);
    assert.equal((await hook('count')).ok, true);
  });
});
