import { assert } from 'chai';
import fc from 'fast-check';
import { ClocheError } from '../../../src/errors.ts';
import { jsonSteps, parseShortJson as parseJson } from '../../../src/util/json/parse-json.ts';
import { copyData } from '../../../src/util/json/untrusted-json.ts';
import { throwsCode } from '../../helpers/expect-code.ts';

const SEED = 20_260;

/** Whether what JSON.parse or a copy gave is the same data, prototypes aside. */
function assertSameData(actual: unknown, expected: unknown): void {
  assert.equal(JSON.stringify(actual), JSON.stringify(expected));
}

describe('parseJson', () => {
  describe('of a text with modules in it, as base64', () => {
    const module = 'QUJD'.repeat(400_000);
    const large = { maxLength: 8 << 20 };
    const texts = [
      `{"data":"${module}","more":["${module}"]}`,
      `{"${module}":"x\\"${module}\\"","a":"${module}\\u0041"}`,
      JSON.stringify({ data: `${module}/+/${module}`, n: 1 }).replaceAll('/', '\\/'),
      `"${module}"`,
    ];
    for (const text of texts) {
      it(`reads ${text.slice(0, 12)} as JSON.parse does`, () =>
        assertSameData(parseJson(text, large), JSON.parse(text)));
    }

    for (const text of [`"a"${module}"b"`, `"${module}`, `{"a":"${module}","a":1}`, `["${module}"x]`]) {
      it(`refuses ${text.slice(0, 8)}…${text.slice(-8)}`, () =>
        throwsCode('MANIFEST_INVALID', () => parseJson(text, large)));
    }

    it('H11: refuses a text that is long besides', () => {
      throwsCode('MANIFEST_INVALID', () => parseJson(`{${' '.repeat(1 << 20)}"a":"${module}"}`, large), /besides/);
    });
  });

  describe('H11: lets the page have a turn', () => {
    const long: [what: string, text: string, least: number][] = [
      ['between keys', `{${Array.from({ length: 1_000 }, (_, n) => `"${n}":0`)}}`, 60],
      ['between comments', `${'//\n'.repeat(1_000)}{}`, 15],
      ['within a module of slashes', `"${'\\/'.repeat(1 << 20)}"`, 8],
    ];
    for (const [what, text, least] of long) {
      it(what, () => {
        const steps = jsonSteps(text, { maxLength: 8 << 20, comments: true });
        let count = 0;
        while (!steps.next().done) count++;
        assert.isAtLeast(count, least);
      });
    }
  });

  const places: [text: string, place: RegExp][] = [
    ['{\n  "a" 1}', /`a` .* line 2, column 7/],
    ['[1, 2', /The manifest .* line 1, column 6/],
    ['[1,', /`\[1\]` .* line 1, column 4/],
    ['{"a":\r\n\r["x\ny"]}', /`a\[0\]` .* line 3, column 2/],
    ['{"a": 1.}', /`a` .* line 1, column 7/],
    ['{} x', /The manifest .* line 1, column 4/],
  ];
  for (const [text, place] of places) {
    it(`says where ${JSON.stringify(text)} stops to be JSON`, () =>
      throwsCode('MANIFEST_INVALID', () => parseJson(text), place));
  }

  const accepted = [
    'null',
    '0',
    '-1.5e3',
    '""',
    '"\\u0000\\ud83d\\ude00\\/"',
    '[]',
    '{}',
    ' {"a" : [1, {"b":null}], "":true}\n',
    '{"__proto__":{"x":1},"constructor":2,"toString":3}',
  ];
  for (const text of accepted) {
    it(`reads ${JSON.stringify(text)} as JSON.parse does`, () => {
      assertSameData(parseJson(text), JSON.parse(text));
    });
  }

  const refused: [text: string, wording: RegExp][] = [
    ['', /JSON/],
    ['{', /JSON/],
    ['[1,]', /JSON/],
    ['{"a":1,}', /JSON/],
    ['{"a" 1}', /JSON/],
    ["{'a':1}", /JSON/],
    ['{a:1}', /JSON/],
    ['[01]', /JSON/],
    ['[+1]', /JSON/],
    ['[1.]', /JSON/],
    ['[NaN]', /JSON/],
    ['"\n"', /JSON/],
    ['"\\x41"', /JSON/],
    ['"\\u12"', /JSON/],
    ['// c\n{}', /JSON/],
    ['{} {}', /JSON/],
    ['{"a":1}/* c */', /JSON/],
    ['{"a":{"b":1e999}}', /`a\.b` is not a finite number/],
    ['{"a":[{},{"b":1,"b":2}]}', /`a\[1\]\.b` is given twice/],
    ['{"a":1,"\\u0061":2}', /`a` is given twice/],
    ['{"__proto__":1,"__proto__":2}', /`__proto__` is given twice/],
  ];
  for (const [text, wording] of refused) {
    it(`P2: refuses ${JSON.stringify(text)} with the path`, () => {
      throwsCode('MANIFEST_INVALID', () => parseJson(text), wording);
    });
  }

  it('reads comments and trailing commas only when asked to', () => {
    const text = '// c\n{"a": [1, 2,], /* d */ "b": 3,}';
    throwsCode('MANIFEST_INVALID', () => parseJson(text));
    assertSameData(parseJson(text, { comments: true }), { a: [1, 2], b: 3 });
  });

  it('P1: gives objects without a prototype, in which __proto__ is a key', () => {
    const value = parseJson('{"__proto__":{"polluted":1},"a":{}}') as Record<string, unknown>;
    assert.isNull(Object.getPrototypeOf(value));
    assert.isNull(Object.getPrototypeOf(value.a));
    assert.deepEqual(Object.keys(value), ['__proto__', 'a']);
    assert.isUndefined(value.toString);
    assert.isUndefined(({} as Record<string, unknown>).polluted);
  });

  it('P2: refuses 100,000 levels, and takes 64', () => {
    const nested = (depth: number) => '['.repeat(depth) + ']'.repeat(depth);
    throwsCode('MANIFEST_INVALID', () => parseJson(nested(100_000)), /deeper than 64/);
    throwsCode('MANIFEST_INVALID', () => parseJson(nested(65)), /deeper than 64/);
    throwsCode('MANIFEST_INVALID', () => parseJson('{"a":'.repeat(100_000)), /deeper than 64/);
    assertSameData(parseJson(nested(64)), JSON.parse(nested(64)));
  });

  it('P2: refuses a 10 MB string before reading it', () => {
    throwsCode('MANIFEST_INVALID', () => parseJson(`"${'x'.repeat(10_000_000)}"`), /longer than 1048576/);
  });

  it('P2: refuses more than 100,000 values and keys', () => {
    throwsCode('MANIFEST_INVALID', () => parseJson(`[${'1,'.repeat(100_000)}1]`), /more than 100000 values/);
    const keys = Array.from({ length: 60_000 }, (_, n) => `"${n.toString(36)}":0`);
    const many = `{"a":{${keys}},"b":{${keys}}}`;
    throwsCode('MANIFEST_INVALID', () => parseJson(many), /more than 100000 values/);
  });

  it('P2: refuses fewer values than that where it is asked to, also of an object', () => {
    const few = { maxValues: 3 };
    assertSameData(parseJson('[{"a":1}]', few), [{ a: 1 }]);
    throwsCode('MANIFEST_INVALID', () => parseJson('[{"a":1},2]', few), /`\[1\]` is one of more than 3 values/);
    throwsCode('MANIFEST_INVALID', () => copyData([{ a: 1 }, 2], few), /`\[1\]` is one of more than 3 values/);
  });

  it('accepts exactly what JSON.parse accepts, but for caps and repeated keys', () => {
    fc.assert(
      fc.property(fc.json({ maxDepth: 8 }), (text) => {
        assertSameData(parseJson(text), JSON.parse(text));
      }),
      { seed: SEED, numRuns: 300 },
    );
  });

  it('P2: answers hostile text with MANIFEST_INVALID or the data of JSON.parse, and nothing else', () => {
    const piece = fc.constantFrom(
      ...'{}[]:,"\\/*-+.eE0 1\n\t'.split(''),
      '"a"',
      '"__proto__"',
      'null',
      'true',
      '1e5',
      '\u2028',
      '\ud800',
      '\\u00',
    );
    const before = Object.getOwnPropertyNames(Object.prototype).join();
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 40 }), (pieces) => {
        const text = pieces.join('');
        let value: unknown;
        try {
          value = parseJson(text);
        } catch (error) {
          assert.instanceOf(error, ClocheError, text);
          assert.equal((error as ClocheError).code, 'MANIFEST_INVALID');
          return;
        }
        assertSameData(value, JSON.parse(text));
      }),
      { seed: SEED, numRuns: 3_000 },
    );
    assert.equal(Object.getOwnPropertyNames(Object.prototype).join(), before);
  });
});

describe('copyData', () => {
  it('copies plain data, and later changes do not show', () => {
    const given = { a: [1, { b: 'x' }], c: undefined };
    const copy = copyData(given);
    (given.a as unknown[]).push(2);
    assertSameData(copy, { a: [1, { b: 'x' }] });
    assert.notProperty(copy as object, 'c');
    assert.isNull(Object.getPrototypeOf(copy));
  });

  it('takes objects of another realm, and inherited properties of none', () => {
    const frame = document.body.appendChild(document.createElement('iframe'));
    try {
      const foreign = (frame.contentWindow as unknown as { eval(code: string): unknown }).eval('({ a: [1] })');
      assertSameData(copyData(foreign), { a: [1] });
    } finally {
      frame.remove();
    }
    assertSameData(copyData(Object.create(null, { hidden: { value: 1 } })), {});
  });

  const looped: { self?: unknown } = {};
  looped.self = looped;
  const wide: unknown[] = [];
  for (let index = 0; index < 400; index++) wide.push(wide);
  const refused: [what: string, value: unknown, wording: RegExp][] = [
    ['undefined', undefined, /is undefined/],
    ['a function', { a: { b: () => 1 } }, /`a\.b` is a function/],
    ['a symbol', [Symbol.iterator], /`\[0\]` is a symbol/],
    ['a bigint', { a: 1n }, /`a` is a bigint/],
    ['NaN', { a: [Number.NaN] }, /`a\[0\]` is not a finite number/],
    ['a Map', { a: new Map() }, /`a` is not a plain object/],
    ['a Date', [new Date()], /is not a plain object/],
    ['an object that inherits', { a: Object.create({ wasm: 1 }) }, /`a` is not a plain object/],
    ['bytes where none belong', { a: new Uint8Array(2) }, /`a` is not a plain object/],
    ['a hole', { a: Object.assign([1], { 2: 2 }) }, /`a\[1\]` is undefined/],
    ['a billion holes', new Array(1_000_000_000), /`\[0\]` is undefined/],
    ['a cycle', looped, /deeper than 64/],
    ['a cycle that is wide', wide, /deeper than 64/],
    ['too much text', { a: 'x'.repeat(1 << 20), b: 'y' }, /goes over 1048576 characters/],
    ['too much text in keys', { ['k'.repeat((1 << 20) + 1)]: 1 }, /goes over 1048576 characters/],
  ];
  for (const [what, value, wording] of refused) {
    it(`P1: refuses ${what}`, () => {
      throwsCode('MANIFEST_INVALID', () => copyData(value), wording);
    });
  }

  it('P1: never calls a getter, of an object or of an array', () => {
    let calls = 0;
    const counted = { get: () => ++calls, enumerable: true };
    throwsCode('MANIFEST_INVALID', () => copyData(Object.defineProperty({}, 'a', counted)), /getter/);
    throwsCode('MANIFEST_INVALID', () => copyData(Object.defineProperty([], '0', counted)), /getter/);
    assert.equal(calls, 0);
  });

  it('P1: reads each property of a proxy once', () => {
    const reads: string[] = [];
    const proxy = new Proxy(
      { wasm: 'x' },
      {
        get: () => assert.fail('read through a getter'),
        getOwnPropertyDescriptor(target, key) {
          reads.push(String(key));
          return Reflect.getOwnPropertyDescriptor(target, key);
        },
      },
    );
    assertSameData(copyData(proxy), { wasm: 'x' });
    // Object.keys() looks at each descriptor too, for enumerability; the value is taken from the last.
    assert.deepEqual(reads, ['wasm', 'wasm']);
  });

  it('keeps what the caller calls a leaf', () => {
    const bytes = new Uint8Array([1]);
    const copy = copyData({ a: bytes }, { isLeaf: (value) => value instanceof Uint8Array });
    assert.strictEqual((copy as { a: unknown }).a, bytes);
  });
});
