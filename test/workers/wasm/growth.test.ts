// What a module does must not change by being watched; what it was refused must be known afterwards.

import { assert } from 'chai';
import { REFUSED_PAGES } from '../../../workers/wasm/growth.ts';
import { rewriteModule } from '../../../workers/wasm/limits.ts';
import { wat } from '../../helpers/wat.ts';

const LIMITS = { memoryPages: 8, growthPages: 8, tableElements: 10 };
const GROW = '(func (export "grow") (param i32) (result i32) (memory.grow (local.get 0)))';

interface Exports {
  grow(pages: number): number;
  run(): number;
  readonly memory: WebAssembly.Memory;
}

/** The module as it came, and as it is watched; the engine takes both. */
async function watched(
  text: string,
  imports: WebAssembly.Imports = {},
): Promise<Exports & { refused: number | undefined }> {
  const bytes = await wat(text);
  assert.isTrue(WebAssembly.validate(bytes), 'as it came');
  const rewritten = rewriteModule(bytes, { limits: LIMITS, noteGrowth: true }).bytes;
  const { instance } = await WebAssembly.instantiate(rewritten, imports);
  const global = instance.exports[REFUSED_PAGES] as WebAssembly.Global<'i32'> | undefined;
  return Object.defineProperty(
    { ...instance.exports } as unknown as Exports & { refused: number | undefined },
    'refused',
    {
      get: () => global && global.value >>> 0,
    },
  );
}

describe('growth that was refused', () => {
  it('is noted in pages, until the next growth succeeds', async () => {
    const guest = await watched(`(module (memory (export "memory") 1) ${GROW})`);
    assert.deepEqual([guest.grow(3), guest.refused], [1, 0]);
    assert.deepEqual([guest.grow(5), guest.refused], [-1, 5]);
    assert.deepEqual([guest.grow(-1), guest.refused], [-1, 2 ** 32 - 1]);
    assert.deepEqual([guest.grow(4), guest.refused], [4, 0]);
    assert.deepEqual([guest.grow(1), guest.refused], [-1, 1]);
    assert.equal(guest.memory.buffer.byteLength, 8 * 65_536);
  });

  const SECTIONS: Record<string, string> = {
    'nothing else': '(memory 1)',
    globals: '(memory 1) (global $g (mut i32) (i32.const 7)) (func (export "run") (result i32) (global.get $g))',
    'an imported global':
      '(import "e" "g" (global $g i32)) (memory 1) (func (export "run") (result i32) (global.get $g))',
    'an imported function':
      '(import "e" "f" (func $f (result i32))) (memory 1) (func (export "run") (result i32) (call $f))',
    'an imported memory': '(import "e" "m" (memory 1 8))',
    'a start function and data':
      '(memory 1) (data (i32.const 0) "\\07\\00\\00\\00\\40\\00") (func $s (i32.store offset=8 (i32.const 0) (i32.load (i32.const 0)))) (start $s) (func (export "run") (result i32) (i32.load offset=8 (i32.const 0)))',
    'elements and a table':
      '(memory 1) (table 2 funcref) (func $seven (result i32) (i32.const 7)) (elem (i32.const 1) $seven) (type $t (func (result i32))) (func (export "run") (result i32) (call_indirect (type $t) (i32.const 1)))',
    'passive data':
      '(memory 1) (data $d "\\07\\40\\00") (func (export "run") (result i32) (memory.init $d (i32.const 0) (i32.const 0) (i32.const 1)) (i32.load8_u (i32.const 0)))',
    'a tag':
      '(memory 1) (tag $t (param i32)) (func (export "run") (result i32) (try (result i32) (do (throw $t (i32.const 7))) (catch $t)))',
  };
  for (const [name, rest] of Object.entries(SECTIONS)) {
    it(`is noted in a module with ${name}, which does what it did`, async () => {
      const memory = new WebAssembly.Memory({ initial: 1, maximum: 8 });
      const guest = await watched(`(module ${rest} ${GROW})`, { e: { g: 7, f: () => 7, m: memory } });
      if (rest.includes('"run"')) assert.equal(guest.run(), 7);
      assert.deepEqual([guest.grow(8), guest.refused, guest.grow(7), guest.refused], [-1, 8, 1, 0]);
    });
  }

  it('is noted in a module that exports nothing', async () => {
    const bytes = await wat('(module (memory 1) (func $s (drop (memory.grow (i32.const 100)))) (start $s))');
    const { instance } = await WebAssembly.instantiate(
      rewriteModule(bytes, { limits: LIMITS, noteGrowth: true }).bytes,
    );
    assert.equal((instance.exports[REFUSED_PAGES] as WebAssembly.Global<'i32'>).value, 100);
  });

  /** Instructions of every shape, each with bytes 40 00 where it can have them: in a number, an offset, a lane. */
  const AMONG: Record<string, string> = {
    numbers:
      '(drop (i32.const 64)) (drop (i64.const 64)) (drop (f32.const 2)) (drop (f64.const 2)) (drop (i32.const 0x2040)) (drop (i64.const -8128))',
    'offsets of memory':
      '(drop (i32.load offset=64 (i32.const 0))) (i64.store8 offset=8192 (i32.const 0) (i64.const 1))',
    'empty blocks':
      '(block (nop)) (if (i32.const 0) (then (unreachable))) (loop (nop)) (block $b (br_if $b (i32.const 1)) (unreachable))',
    'blocks of types':
      '(drop (block (result i32) (i32.const 1))) (i32.const 1) (i64.const 2) (block (param i32 i64) (drop) (drop))',
    br_table: '(block $a (block $b (br_table $a $b $a (i32.const 0))))',
    'typed select and references':
      '(drop (select (result i32) (i32.const 1) (i32.const 2) (i32.const 1))) (drop (ref.is_null (ref.func $self))) (drop (ref.is_null (ref.null extern)))',
    tables:
      '(table.set $t (i32.const 0) (ref.null func)) (drop (table.get $t (i32.const 0))) (drop (table.grow $t (ref.null func) (i32.const 0))) (drop (table.size $t)) (table.fill $t (i32.const 0) (ref.null func) (i32.const 0)) (table.copy $t $t (i32.const 0) (i32.const 0) (i32.const 0)) (table.init $t $e (i32.const 0) (i32.const 0) (i32.const 0)) (elem.drop $e)',
    'bulk memory':
      '(memory.copy (i32.const 0) (i32.const 0) (i32.const 64)) (memory.fill (i32.const 0) (i32.const 64) (i32.const 0)) (memory.init $d (i32.const 0) (i32.const 0) (i32.const 0)) (data.drop $d)',
    conversions:
      '(drop (i32.trunc_sat_f64_u (f64.const 64))) (drop (i64.extend8_s (i64.const 64))) (drop (i32.reinterpret_f32 (f32.const 2)))',
    vectors:
      '(drop (v128.const i32x4 0x00400040 64 0x40 0x4000)) (drop (i8x16.shuffle 0 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 (v128.load offset=64 (i32.const 0)) (v128.load32_zero (i32.const 0)))) (drop (i8x16.extract_lane_u 15 (v128.load8_lane offset=64 1 (i32.const 0) (v128.const i64x2 64 64)))) (drop (i32x4.dot_i16x8_s (i32x4.splat (i32.const 64)) (f64x2.replace_lane 0 (v128.const i64x2 64 64) (f64.const 2)))) (v128.store64_lane offset=64 1 (i32.const 0) (v128.const i64x2 0 0))',
    atomics:
      '(drop (i32.atomic.load offset=64 (i32.const 0))) (drop (i32.atomic.rmw.add offset=64 (i32.const 0) (i32.const 64))) (atomic.fence)',
    exceptions:
      '(try (do (nop)) (catch $x (drop)) (catch_all (rethrow 0))) (try (do (try (do (nop)) (delegate 0))) (catch_all (nop)))',
    calls: '(call $void) (call_indirect $t (type $void) (i32.const 1)) ',
    globals: '(global.set $g (i32.const 64)) (drop (global.get $g))',
  };
  const BEFORE = `(memory 1) (table $t 3 funcref) (elem $e funcref (ref.null func)) (elem $f (i32.const 1) func $void $self)
    (data $d "\\40\\00") (tag $x (param i32)) (global $g (mut i32) (i32.const 64)) (type $void (func)) (func $void)`;
  for (const [name, code] of Object.entries(AMONG)) {
    it(`is told from what only looks like it: ${name}`, async () => {
      const guest = await watched(`(module ${BEFORE}
        (func $self (export "run") (result i32)
          (drop (memory.grow (i32.const 1))) ${code} (memory.grow (i32.const 64)) ${code.startsWith('(call') ? '' : code}))`);
      assert.deepEqual([guest.run(), guest.refused], [-1, 64]);
    });
  }

  it('is left alone in a function with more of it than any allocator has, and where no memory is', async () => {
    const many = '(drop (memory.grow (i32.const 0)))'.repeat(101);
    for (const text of [`(module (memory 1 1) (func ${many}))`, '(module (func (block (unreachable))))']) {
      const bytes = await wat(text);
      assert.equal(rewriteModule(bytes, { limits: LIMITS, noteGrowth: true }).bytes, bytes);
    }
  });

  for (const name of ['count-vowels', 'memory-bomb', 'notes', 'quote', 'loop']) {
    it(`keeps a real module valid: ${name}`, async () => {
      const bytes = new Uint8Array(await (await fetch(`/plugins/${name}/dist/plugin.wasm`)).arrayBuffer());
      const { bytes: rewritten } = rewriteModule(bytes, {
        limits: { ...LIMITS, memoryPages: 1_024 },
        noteGrowth: true,
      });
      const module = await WebAssembly.compile(rewritten);
      const grows = WebAssembly.Module.exports(module).some((entry) => entry.name === REFUSED_PAGES);
      assert.equal(grows, name !== 'loop');
    });
  }
});
