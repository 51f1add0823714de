// The types that a module may have: read as the engine reads them, and refused where their values cost uncapped memory.

import { AssertionError, assert } from 'chai';
import { ClocheError } from '../../../src/errors.ts';
import { rewriteModule } from '../../../workers/wasm/limits.ts';
import { leb, module, section, signedLeb, vector } from './wasm-maker.ts';

const LIMITS = { memoryPages: 4, growthPages: 65_535, tableElements: 10 };

const ABSTRACT = {
  noexn: 0x74,
  nofunc: 0x73,
  noextern: 0x72,
  none: 0x71,
  func: 0x70,
  extern: 0x6f,
  any: 0x6e,
  eq: 0x6d,
  i31: 0x6c,
  struct: 0x6b,
  array: 0x6a,
  exn: 0x69,
} as const;
type Abstract = keyof typeof ABSTRACT;
const NAMES = Object.keys(ABSTRACT) as Abstract[];

const REF_NULL = 0x63;
const REF = 0x64;
const I32 = 0x7f;

/** An abstract heap type in so many bytes. */
const heap = (name: Abstract, bytes = 1): number[] => signedLeb(ABSTRACT[name] - 0x80, bytes);

/** A module in which a type stands at one place. */
const PLACES: Record<string, (type: number[], heapType: number[]) => Uint8Array<ArrayBuffer>> = {
  'a parameter': (type) => module(section(1, vector([functionType([type], [])]))),
  'a result': (type) => module(section(1, vector([functionType([], [type])]))),
  'a type in a group': (type) => module(section(1, vector([[0x4e, ...vector([functionType([type], [])])]]))),
  'a type with a supertype': (type) =>
    module(
      section(
        1,
        vector([
          [0x50, ...vector([]), ...functionType([type], [])],
          [0x4f, ...vector([[0]]), ...functionType([type], [])],
        ]),
      ),
    ),
  'a tag': (type) => module(section(1, vector([functionType([type], [])])), section(13, vector([[0, 0]]))),
  'an imported tag': (type) => module(section(1, vector([functionType([type], [])])), imported(4, [0, 0])),
  'an imported global': (type) => module(imported(3, [...type, 0])),
  'an imported table': (type) => module(imported(1, [...type, 0, 0])),
  'a global': (type, heapType) => module(section(6, vector([[...type, 1, 0xd0, ...heapType, 0x0b]]))),
  'a table': (type) => module(section(4, vector([[...type, 0, 0]]))),
  'a table with an initial value': (type, heapType) =>
    module(section(4, vector([[0x40, 0, ...type, 0, 0, 0xd0, ...heapType, 0x0b]]))),
  'a null in an initial value': (_, heapType) => module(section(6, vector([[0x6e, 0, 0xd0, ...heapType, 0x0b]]))),
};

describe('wasm types', () => {
  describe('M12: an abstract heap type in more bytes than one, which the engine reads and a cap would miss', () => {
    for (const [place, at] of Object.entries(PLACES)) {
      it(`is refused in ${place}, in every form of every type`, () => {
        for (const name of NAMES) {
          for (const bytes of [2, 3, 4, 5]) {
            for (const prefix of [REF_NULL, REF]) {
              const long = heap(name, bytes);
              assert.match(
                refusal(at([prefix, ...long], long)),
                /abstract heap type in one byte/,
                `${name} in ${bytes}`,
              );
            }
          }
        }
      });
    }

    it('is read in one byte as the engine reads it', () => {
      for (const name of NAMES) {
        const type = functionType([[REF_NULL, ...heap(name)]], []);
        const { facts, bytes } = rewriteModule(exporting(type), { limits: LIMITS });
        assert.equal(facts.exports[0]?.type, `((ref null ${name})) -> ()`);
        assert.isTrue(WebAssembly.validate(bytes), name);
      }
    });

    it('is refused where no type has that number', () => {
      const known = new Set<number>(Object.values(ABSTRACT));
      for (let byte = 0x40; byte < 0x80; byte += 1) {
        if (!known.has(byte)) assert.match(refusal(exporting(functionType([[REF, byte]], []))), /Unknown heap type/);
      }
    });
  });

  describe('indices of types', () => {
    it('are read in any number of bytes that LEB128 allows', () => {
      for (const bytes of [1, 2, 3, 4, 5]) {
        const { facts } = rewriteModule(exporting(functionType([[REF_NULL, ...signedLeb(0, bytes)]], [])), {
          limits: LIMITS,
        });
        assert.equal(facts.exports[0]?.type, '((ref null 0)) -> ()');
      }
      assert.equal(read(signedLeb(64, 2)), '64');
      assert.equal(read([0xff, 0xff, 0xff, 0xff, 0x0f]), '4294967295');
    });

    for (const [name, ...bytes] of [
      ['in a sixth byte', 0x80, 0x80, 0x80, 0x80, 0x80, 0x00],
      ['with bits beyond the 33rd', 0x80, 0x80, 0x80, 0x80, 0x1f],
      ['with a sign beyond the 33rd bit', 0x80, 0x80, 0x80, 0x80, 0x40],
    ] as [string, ...number[]][]) {
      it(`are refused ${name}`, () => assert.match(refusal(exporting(functionType([[REF, ...bytes]], []))), /33 bits/));
    }
  });

  describe('M13: exceptions, which live in the engine’s own heap', () => {
    const types = (count: number, type: number) =>
      section(1, vector([functionType(new Array(count).fill([type]), [])]));
    const tag = section(13, vector([[0, 0]]));

    it('carry up to 16 values', () => {
      for (const type of [I32, 0x7b]) rewriteModule(module(types(16, type), tag), { limits: LIMITS });
    });

    it('are refused with more, in tags of its own and in imported ones', () => {
      for (const count of [17, 900]) {
        const expected = new RegExp(`tag of at most 16 parameters, got ${count}: no limit covers`);
        assert.match(refusal(module(types(count, 0x7b), tag)), expected);
        assert.match(refusal(module(types(count, I32), imported(4, [0, 0]))), expected);
      }
    });

    it('are refused where they would outlive the stack', () => {
      for (const form of [[0x69], [REF_NULL, ...heap('exn')], [REF, ...heap('exn')]]) {
        for (const place of [
          'a tag',
          'an imported tag',
          'a global',
          'an imported global',
          'a table',
          'an imported table',
          'a table with an initial value',
        ]) {
          const bytes = PLACES[place]?.(form, heap('exn')) ?? new Uint8Array();
          assert.match(refusal(bytes), /keeps exceptions in/, place);
        }
      }
    });
  });

  it('M13: continuations, strings and shared types are refused as long as nothing caps them', () => {
    for (const form of [0x5d, 0x65, 0x4d, 0x4c]) {
      assert.match(refusal(module(section(1, vector([[form, 0, 0]])))), /Unknown form of type/);
    }
    for (const type of [0x68, 0x75, 0x67, 0x66, 0x61, 0x60, 0x65]) {
      assert.match(refusal(module(section(1, vector([functionType([[type]], [])])))), /Unknown value type/);
    }
  });
});

function functionType(params: readonly number[][], results: readonly number[][]): number[] {
  return [0x60, ...vector(params), ...vector(results)];
}

function imported(kind: number, type: number[]): number[] {
  return section(2, vector([[0, 0, kind, ...type]]));
}

/** A module that exports a function of this type, which is its type 0. */
function exporting(type: number[]): Uint8Array<ArrayBuffer> {
  return module(
    section(1, vector([type])),
    section(3, vector([[0]])),
    section(7, vector([[1, 0x66, 0, ...leb(0)]])),
    section(10, vector([[3, 0, 0x00, 0x0b]])),
  );
}

/** The type of a parameter, as it was read. */
function read(heapType: number[]): string | undefined {
  const { facts } = rewriteModule(exporting(functionType([[REF, ...heapType]], [])), { limits: LIMITS });
  return /^\(\(ref (.*)\)\) -> \(\)$/.exec(facts.exports[0]?.type ?? '')?.[1];
}

function refusal(bytes: Uint8Array): string {
  try {
    rewriteModule(bytes, { limits: LIMITS });
  } catch (error) {
    assert.instanceOf(error, ClocheError);
    assert.equal(error.code, 'MODULE_REJECTED');
    return error.message;
  }
  throw new AssertionError(`Expected MODULE_REJECTED for ${[...bytes].map((byte) => byte.toString(16)).join(' ')}`);
}
