// What a broken or hostile binary meets: a typed error that names the place, and no long loop.

import { AssertionError, assert } from 'chai';
import fc from 'fast-check';
import { ClocheError } from '../../../src/errors.ts';
import { rewriteModule } from '../../../workers/wasm/limits.ts';
import { WasmReader } from '../../../workers/wasm/reader.ts';
import { wat } from '../../helpers/wat.ts';

const LIMITS = { memoryPages: 4, growthPages: 65_535, tableElements: 10 };
const PREAMBLE = [0, 0x61, 0x73, 0x6d, 1, 0, 0, 0];
const SEED = 20_261_121;

describe('wasm reader', () => {
  describe('numbers', () => {
    const read = (...bytes: number[]) => new WasmReader(Uint8Array.from(bytes)).u32('Number');

    it('reads LEB128 of up to five bytes, padded ones too', () => {
      assert.equal(read(0x05), 5);
      assert.equal(read(0x85, 0x80, 0x80, 0x80, 0x00), 5);
      assert.equal(read(0xff, 0xff, 0xff, 0xff, 0x0f), 0xffffffff);
    });

    for (const [name, ...bytes] of [
      ['a sixth byte', 0x80, 0x80, 0x80, 0x80, 0x80, 0x00],
      ['more than 32 bits', 0xff, 0xff, 0xff, 0xff, 0x1f],
      ['the end before the last byte', 0x80, 0x80],
    ] as [string, ...number[]][]) {
      it(`refuses ${name}`, () => assert.throws(() => read(...bytes), ClocheError));
    }
  });

  describe('says what came instead of a module', () => {
    const text = (value: string) => new TextEncoder().encode(value);
    const cases: [string, Uint8Array, RegExp][] = [
      ['nothing', new Uint8Array(), /Expected a WebAssembly module/],
      ['text', text('  (module (func))'), /WebAssembly text/],
      ['text after a comment', text(';; a plugin\n(module)'), /WebAssembly text/],
      ['another file', text('<!doctype html>'), /Expected a WebAssembly module/],
      ['a component', Uint8Array.from([0, 0x61, 0x73, 0x6d, 0x0d, 0, 1, 0]), /component/],
      ['another version', Uint8Array.from([0, 0x61, 0x73, 0x6d, 2, 0, 0, 0]), /version 1/],
      ['half a preamble', Uint8Array.from([0, 0x61, 0x73, 0x6d, 1]), /version 1/],
    ];
    for (const [name, bytes, message] of cases) {
      it(name, () => assert.match(refusal(bytes), message));
    }
  });

  describe('says what is wrong, and at which byte', () => {
    const cases: [string, number[], RegExp][] = [
      ['a section that is cut off', [1, 9, 0], /type section is cut off \(byte 10 /],
      ['a section without a size', [1], /Size of the type section is cut off \(byte 9 /],
      ['an unknown section', [14, 0], /Unknown section 14 \(byte 8 /],
      ['a second section of one kind', [5, 1, 0, 5, 1, 0], /one memory section, got a second \(byte 11 /],
      ['bytes after the last entry', [5, 2, 0, 0], /memory section is longer .*\(byte 11 /],
      ['an unknown type form', [1, 2, 1, 0x5c], /form of type, 0x5c/],
      ['an unknown value type', [1, 4, 1, 0x60, 1, 0x01], /value type, 0x1 /],
      ['a name that is not UTF-8', [7, 5, 1, 1, 0xff, 0, 0], /UTF-8/],
      ['an unknown kind', [2, 4, 1, 0, 0, 5], /kind of import or export, 5/],
      ['an export of what does not exist', [7, 4, 1, 0, 0, 3], /function 3, which does not exist/],
      ['an import of a type that does not exist', [2, 5, 1, 0, 0, 0, 7], /type 7 to be a function type/],
      ['a function without a body', [1, 4, 1, 0x60, 0, 0, 3, 2, 1, 0], /1 function bodies, got 0/],
      ['a body that is cut off', [10, 3, 1, 9, 0], /body is cut off/],
      ['an initial value that is not a constant', [6, 5, 1, 0x7f, 0, 0x10, 0x0b], /0x10 is not a constant/],
    ];
    for (const [name, bytes, message] of cases) {
      it(name, () => assert.match(refusal(Uint8Array.from([...PREAMBLE, ...bytes])), message));
    }
  });

  describe('C8: refuses counts that no plugin has before it loops over them', () => {
    const twoMillion = [0x80, 0x89, 0x7a];
    const cases: [string, number, RegExp][] = [
      ['types', 1, /no more types than 100000/],
      ['imports', 2, /no more imports than 10000/],
      ['functions', 3, /no more functions than 400000/],
      ['tables', 4, /no more tables than 16/],
      ['globals', 6, /no more globals than 100000/],
      ['exports', 7, /no more exports than 50000/],
      ['element segments', 9, /no more element segments than 100000/],
      ['data segments', 11, /no more data segments than 100000/],
    ];
    for (const [name, id, message] of cases) {
      it(name, () => {
        const body = new Uint8Array(1_000_010);
        body.set(twoMillion);
        assert.match(refusal(sectionOf(id, body)), message);
      });
    }

    it('custom sections', () => {
      const bytes = new Uint8Array(8 + 3 * 20_000);
      bytes.set(PREAMBLE);
      for (let at = 8; at < bytes.length; at += 3) bytes.set([0, 1, 0], at);
      assert.match(refusal(bytes), /10000 custom sections/);
    });

    it('types hidden in groups', () => {
      const group = [0x4e, ...padded(60_000)];
      const body = new Uint8Array(4 + 2 * (group.length + 3 * 60_000));
      body.set(padded(2));
      let at = 4;
      for (let i = 0; i < 2; i += 1) {
        body.set(group, at);
        at += group.length;
        for (const end = at + 3 * 60_000; at < end; at += 3) body.set([0x60, 0, 0], at);
      }
      assert.match(refusal(sectionOf(1, body)), /at most 100000 types/);
    });
  });

  describe('reads newer proposals', () => {
    const cases: [string, string][] = [
      ['tags', '(tag $t (param i32)) (export "t" (tag $t))'],
      ['extended constants', '(global i32 (i32.add (i32.const 1) (i32.mul (i32.const 2) (i32.const 3))))'],
      ['vectors', '(global (export "v") v128 (v128.const i64x2 1 2)) (memory 1)'],
    ];
    for (const [name, text] of cases) {
      it(name, async () => {
        const bytes = await wat(`(module ${text})`);
        assert.equal(WebAssembly.validate(rewriteModule(bytes, { limits: LIMITS }).bytes), WebAssembly.validate(bytes));
      });
    }

    it('M1: refuses what would live in the engine’s own heap, which nothing caps', async () => {
      for (const text of ['(type (struct (field i32)))', '(type (array (mut i64)))']) {
        assert.match(refusal(await wat(`(module ${text})`)), /garbage-collected types/);
      }
      // In bytes: a tag, a table and a global of exnref.
      const tag = [1, 5, 1, 0x60, 1, 0x69, 0, 13, 3, 1, 0, 0];
      assert.match(refusal(Uint8Array.from([...PREAMBLE, ...tag])), /exceptions in another exception/);
      const table = [4, 4, 1, 0x69, 0, 0];
      assert.match(refusal(Uint8Array.from([...PREAMBLE, ...table])), /exceptions in a table/);
      const global = [6, 6, 1, 0x69, 1, 0xd0, 0x69, 0x0b];
      assert.match(refusal(Uint8Array.from([...PREAMBLE, ...global])), /exceptions in a global/);
    });

    // In bytes: assemblers still write typed references as an early draft had them.
    it('typed references, groups and subtypes', () => {
      const bytes = Uint8Array.from([
        ...PREAMBLE,
        ...[1, 21, 2, 0x4e, 2, 0x50, 0, 0x60, 0, 0, 0x4f, 1, 0, 0x60, 0, 0],
        ...[0x60, 2, 0x63, 1, 0x64, 0x70, 0],
        ...[3, 2, 1, 2, 7, 5, 1, 1, 0x66, 0, 0, 10, 4, 1, 2, 0, 0x0b],
      ]);
      const { exports } = rewriteModule(bytes, { limits: LIMITS }).facts;
      assert.equal(exports[0]?.type, '((ref null 1), (ref func)) -> ()');
    });
  });

  it('C8: meets mutated modules with a typed error, or with bytes that are as valid as before', async () => {
    const seeds = await Promise.all(MODULES.map(wat));
    let accepted = 0;
    const canary = Object.keys(Object.prototype).length;
    fc.assert(
      fc.property(fc.nat(seeds.length - 1), fc.array(mutation, { maxLength: 4 }), (which, changes) => {
        const bytes = changes.reduce(mutate, seeds[which] as Uint8Array<ArrayBuffer>);
        const limited = limitedOrTyped(bytes);
        if (!limited) return;
        accepted += 1;
        assert.equal(WebAssembly.validate(limited), WebAssembly.validate(bytes));
        assert.equal(rewriteModule(limited, { limits: LIMITS }).bytes, limited, 'nothing is left to limit');
      }),
      { seed: SEED, numRuns: 4_000 },
    );
    assert.equal(Object.keys(Object.prototype).length, canary);
    assert.isAbove(accepted, 200, 'too few mutants get past the reader to prove anything');
  });
});

const MODULES = [
  `(module
    (import "extism:host/env" "alloc" (func (param i64) (result i64)))
    (import "env" "g" (global i32)) (import "env" "t" (table 1 20 funcref))
    (memory (export "memory") 2) (table (export "table") 3 funcref) (table 1 externref)
    (global (mut i64) (i64.const -7)) (global i32 (global.get 0))
    (func $f (export "run") (result i32) (local i64 i32) (i32.load (i32.const 8)))
    (func (export "_start"))
    (elem (i32.const 0) $f) (data (i32.const 8) "hello"))`,
  `(module (import "a" "m" (memory 1 8)) (table 1 5 funcref) (func (param i32 f64) (result f32) (f32.const 1)))`,
  `(module (memory 0 70) (tag (param i32)) (global v128 (v128.const i64x2 1 2)) (start 0) (func))`,
];

/** Where, in thousandths of the module, and what happens there. */
const mutation = fc.tuple(
  fc.nat(999),
  fc.constantFrom('set', 'flip', 'insert', 'remove', 'cut'),
  fc.oneof(fc.integer({ min: 0, max: 15 }), fc.integer({ min: 0, max: 255 })),
);

function mutate(
  bytes: Uint8Array<ArrayBuffer>,
  [place, what, value]: readonly [number, string, number],
): Uint8Array<ArrayBuffer> {
  const all = [...bytes];
  // The preamble would only be refused as such.
  const at = 8 + Math.floor((place * (bytes.length - 8)) / 1000);
  if (what === 'set') all[at] = value;
  if (what === 'flip') all[at] = (all[at] ?? 0) ^ (1 << (value % 8));
  if (what === 'insert') all.splice(at, 0, value);
  if (what === 'remove') all.splice(at, 1);
  if (what === 'cut') all.length = at;
  return Uint8Array.from(all);
}

function limitedOrTyped(bytes: Uint8Array): Uint8Array<ArrayBuffer> | undefined {
  try {
    return rewriteModule(bytes, { limits: LIMITS }).bytes;
  } catch (error) {
    assert.instanceOf(error, ClocheError);
    assert.equal(error.code, 'MODULE_REJECTED');
    return undefined;
  }
}

/** The message of the refusal, which must come before what the bytes only claim could be read or allocated. */
function refusal(bytes: Uint8Array): string {
  const start = performance.now();
  try {
    rewriteModule(bytes, { limits: LIMITS });
  } catch (error) {
    assert.isBelow(performance.now() - start, 2_000);
    assert.instanceOf(error, ClocheError);
    assert.equal(error.code, 'MODULE_REJECTED');
    return error.message;
  }
  throw new AssertionError('Expected MODULE_REJECTED');
}

function sectionOf(id: number, contents: Uint8Array): Uint8Array {
  const head = [...PREAMBLE, id, ...padded(contents.length)];
  const bytes = new Uint8Array(head.length + contents.length);
  bytes.set(head);
  bytes.set(contents, head.length);
  return bytes;
}

/** LEB128 in four bytes whatever the value. */
function padded(value: number): number[] {
  return [0, 7, 14, 21].map((shift) => ((value >> shift) & 0x7f) | (shift < 21 ? 0x80 : 0));
}
