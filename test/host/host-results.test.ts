// What a host function may return: what cannot be what it declared is the app's mistake, never another value.

import { assert } from 'chai';
import { defineCapability, type Host, type LogRecord, type Plugin, type ValueShape } from '../../src/index.ts';
import { rejectsCode } from '../helpers/expect-code.ts';
import { guest, passing } from '../helpers/guests.ts';
import { closeHosts, makeHost } from '../helpers/hosts.ts';

const USER = 'extism:host/user';
const BLOCKS = ['bytes', 'text', 'json'] as const;
const IMPORTS = `
  ${BLOCKS.map((shape) => `(import "${USER}" "${shape}" (func $${shape} (param i64) (result i64)))`).join('\n')}
  ${['i32', 'i64', 'f32', 'f64'].map((shape) => `(import "${USER}" "${shape}" (func $${shape} (result ${shape})))`).join('\n')}`;
const NUMBERS = `
  (func (export "i64") (result i32) (call $put_u64 (call $i64)) (i32.const 0))
  (func (export "i32") (result i32) (call $put_u64 (i64.extend_i32_s (call $i32))) (i32.const 0))
  (func (export "f32") (result i32)
    (call $put_u64 (i64.reinterpret_f64 (f64.promote_f32 (call $f32)))) (i32.const 0))
  (func (export "f64") (result i32) (call $put_u64 (i64.reinterpret_f64 (call $f64))) (i32.const 0))`;

describe('the result of a host function', () => {
  let host: Host;
  let plugin: Plugin;
  /** What the host function of each shape returns next. */
  let returned: unknown;

  before(async () => {
    const fn = (result: ValueShape, params: readonly ValueShape[]) => ({
      params,
      result,
      call: async () => returned as never,
    });
    const numbers = (['i32', 'i64', 'f32', 'f64'] as const).map((shape) => [shape, fn(shape, [])]);
    const blocks = BLOCKS.map((shape) => [shape, fn(shape, ['bytes'])]);
    const capability = defineCapability({
      name: 'answers',
      functions: Object.fromEntries([...numbers, ...blocks]) as Record<string, ReturnType<typeof fn>>,
    });
    host = await makeHost({ capabilities: [capability], serviceWorker: '/cloche-sw.js' });
    const wasm = await guest(`${NUMBERS} ${BLOCKS.map((shape) => passing(shape)).join('\n')}`, IMPORTS);
    plugin = await host.open(wasm, { id: 'asker', limits: { exchangeBytes: 1 << 20 } });
  });
  after(closeHosts);

  async function answer(shape: string, value: unknown) {
    returned = value;
    return plugin.call(shape, 'a');
  }

  const number = async (shape: 'i32' | 'i64', value: unknown): Promise<bigint> =>
    new DataView((await answer(shape, value)).bytes().slice().buffer).getBigInt64(0, true);

  it('is an integer of its bits, with a sign or without', async () => {
    assert.equal(await number('i64', 2n ** 63n - 1n), 2n ** 63n - 1n);
    assert.equal(await number('i64', -(2n ** 63n)), -(2n ** 63n));
    assert.equal(await number('i64', 2n ** 64n - 1n), -1n);
    assert.equal(await number('i64', Number.MAX_SAFE_INTEGER), BigInt(Number.MAX_SAFE_INTEGER));
    assert.equal(await number('i32', 2 ** 31 - 1), 2n ** 31n - 1n);
    assert.equal(await number('i32', -(2 ** 31)), -(2n ** 31n));
    assert.equal(await number('i32', 2 ** 32 - 1), -1n);
  });

  const refused: [shape: ValueShape, value: unknown, wording: RegExp][] = [
    ['i64', 2n ** 64n, /return i64, got 18446744073709551616n/],
    ['i64', -(2n ** 63n) - 1n, /return i64, got -9223372036854775809n/],
    ['i64', 2 ** 53, /return i64, got 9007199254740992/],
    ['i64', 1.5, /return i64, got 1\.5/],
    ['i64', Number.NaN, /NaN/],
    ['i64', '5', /got string/],
    ['i64', undefined, /got undefined/],
    ['i32', 2 ** 32, /return i32, got 4294967296/],
    ['i32', -(2 ** 31) - 1, /return i32/],
    ['i32', 0.5, /return i32, got 0\.5/],
    ['i32', Number.NaN, /NaN/],
    ['i32', true, /got boolean/],
    ['f32', 1e39, /return f32, got 1e\+39/],
    ['f32', null, /got null/],
    ['f64', 1n, /return f64, got 1n$/m],
    ['json', new Map([['a', 1]]), /Map is not JSON; write `Object\.fromEntries\(it\)`/],
    ['json', { user: Promise.resolve() }, /Promise at `user`.*`await` it/],
    ['json', () => 1, /function/],
    ['json', { file: new File(['a'], 'a.txt') }, /File/],
    ['json', { rate: Number.NaN }, /NaN at `rate`/],
    ['json', new Response('{'), /JSON/],
    ['text', 5, /return text, got 5/],
    ['text', new Uint8Array(), /return text, got object/],
    ['bytes', 'a', /return bytes, got string/],
    ['bytes', [1, 2], /return bytes, got object/],
    ['bytes', new Response('gone', { status: 410 }), /410/],
  ];
  for (const [shape, value, wording] of refused) {
    it(`is refused as ${shape}: ${typeof value === 'object' ? JSON.stringify(value) : String(value)} (${typeof value})`, async () => {
      const lines: LogRecord[] = [];
      const note = ({ record }: { record: LogRecord }) => void lines.push(record);
      host.addEventListener('log', note);
      await rejectsCode('HOST_FUNCTION_FAILED', answer(shape, value));
      host.removeEventListener('log', note as never);
      // The plugin hears only that it failed; whoever wrote the host function hears why.
      assert.match(lines.map(({ text }) => text).join('\n'), wording);
    });
  }

  it('is a float of any value', async () => {
    const float = async (shape: 'f32' | 'f64', value: number): Promise<number> =>
      new DataView((await answer(shape, value)).bytes().slice().buffer).getFloat64(0, true);
    for (const value of [0, -0, Number.NaN, Number.NEGATIVE_INFINITY, 1e300]) {
      assert.isTrue(Object.is(await float('f64', value), value), `${value}`);
    }
    for (const value of [0.1, Number.POSITIVE_INFINITY, 3.4e38]) {
      assert.equal(await float('f32', value), Math.fround(value));
    }
  });

  it('may be a file, a blob or a response, which give their bytes', async () => {
    const held = () => ['{"a":"ä"}'].flatMap((text) => [new Blob([text]), new File([text], 'a'), new Response(text)]);
    for (const shape of BLOCKS) {
      for (const value of held()) assert.equal((await answer(shape, value)).text(), '{"a":"ä"}');
    }
  });

  it('may be bytes in any view, and is a copy', async () => {
    const whole = new Uint8Array([1, 2, 3, 4]);
    for (const value of [whole.subarray(1, 3), new DataView(whole.buffer, 1, 2), whole.slice(1, 3).buffer]) {
      assert.deepEqual([...(await answer('bytes', value)).bytes()], [2, 3]);
    }
  });

  it('is refused where a response has more than `exchangeBytes`', async () => {
    const large = new Uint8Array((1 << 20) + 1);
    for (const value of [new Blob([large]), new Response(large)]) {
      await rejectsCode('QUOTA_EXCEEDED', answer('bytes', value), /exchangeBytes/);
    }
  });
});
