// What an input becomes, and what none can be made of. Pure, so it runs once, in Node.

/// <reference lib="dom" />
/// <reference lib="dom.iterable" />
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { ClocheError } from '../../../src/errors.ts';
import { inputBytes } from '../../../src/host/input.ts';

const textOf = (input: unknown): string => new TextDecoder().decode(inputBytes(input));

describe('an input', () => {
  class Point {
    x = 1;
  }
  class Dated extends Point {
    toJSON() {
      return { point: [this.x] };
    }
  }
  const written: [what: string, input: unknown, text: string][] = [
    ['data', { a: [1, 'b', null, true, { c: {} }] }, '{"a":[1,"b",null,true,{"c":{}}]}'],
    ['an object without a prototype', Object.assign(Object.create(null), { a: 1 }), '{"a":1}'],
    ['undefined in an object, which is left out', { a: undefined, b: 1 }, '{"b":1}'],
    ['a date', { at: new Date(0) }, '{"at":"1970-01-01T00:00:00.000Z"}'],
    ['a URL', new URL('https://example.com/a'), '"https://example.com/a"'],
    ['an object with a `toJSON`', [new Dated()], '[{"point":[1]}]'],
    ['null', null, 'null'],
    ['a number', -1.5, '-1.5'],
    ['false', false, 'false'],
    ['text, as it stands', '{"a"', '{"a"'],
    ['nothing', undefined, ''],
    ['a buffer', new Uint8Array([104, 105]).buffer, 'hi'],
    ['shared memory', new Uint8Array(new SharedArrayBuffer(1)).fill(65).buffer, 'A'],
  ];
  for (const [what, input, text] of written) {
    it(`may be ${what}`, () => assert.equal(textOf(input), text));
  }

  const circle: { self?: unknown } = {};
  circle.self = circle;
  const detached = new Uint8Array([1, 2]);
  structuredClone(detached.buffer, { transfer: [detached.buffer] });
  const hostile = new Proxy(
    {},
    {
      getPrototypeOf() {
        throw new RangeError('a trap');
      },
    },
  );
  const refused: [what: string, input: unknown, wording: RegExp][] = [
    ['a Map', new Map([['a', 1]]), /Map is not JSON; write `Object\.fromEntries\(it\)`/],
    ['a Map in an object', { files: [new Map()] }, /Map at `0` is not JSON/],
    ['a Set', new Set([1]), /Set is not JSON; write `\[\.\.\.it\]`/],
    ['a promise', { user: Promise.resolve(1) }, /Promise at `user`.*`await` it/],
    ['a FormData', new FormData(), /FormData.*`Object\.fromEntries\(it\)`/],
    ['a URLSearchParams', new URLSearchParams('a=1'), /URLSearchParams.*`Object\.fromEntries\(it\)`/],
    ['Headers', new Headers(), /Headers/],
    ['a stream', new ReadableStream(), /ReadableStream.*`new Response\(it\)`/],
    ['a Request', new Request('https://example.com'), /Request/],
    ['a file in an object', { file: new File(['a'], 'a.txt') }, /File at `file` is not JSON; pass it by itself/],
    ['a response in a list', [new Response('a')], /Response at `0`.*pass it by itself/],
    ['bytes in an object', { bytes: new Uint8Array(2) }, /Uint8Array at `bytes`/],
    ['a function', () => 1, /function/],
    ['a function in an object', { done: () => 1 }, /function at `done`/],
    ['a symbol', Symbol('a'), /symbol/],
    ['a bigint', { size: 1n }, /bigint at `size`.*`String\(it\)`/],
    ['NaN', { rate: Number.NaN }, /NaN at `rate` is not JSON/],
    ['Infinity', Number.POSITIVE_INFINITY, /Infinity is not JSON/],
    ['an object of a class', new Point(), /Point is not JSON; write plain objects/],
    ['a class', Point, /function/],
    ['an error', new Error('no'), /Error is not/],
    ['a regular expression', /a/, /RegExp/],
    ['a WeakRef', new WeakRef({}), /WeakRef/],
    ['a circle', circle, /circular|cyclic/i],
    ['a buffer that was handed on', detached.buffer, /detached/],
    ['a view of a buffer that was handed on', detached, /detached/],
    ['an object with a trap', hostile, /a trap/],
    ['a `toJSON` that gives nothing', { toJSON: () => undefined }, /undefined/],
    ['a `toJSON` that gives a Map', { toJSON: () => new Map() }, /Map is not/],
  ];
  for (const [what, input, wording] of refused) {
    it(`is refused, where it is ${what}`, () => {
      assert.throws(
        () => inputBytes(input),
        (error) => {
          assert(error instanceof ClocheError, `expected a ClocheError, got ${error}`);
          assert.equal(error.code, 'OPTION_INVALID');
          assert.match(error.message, wording);
          return true;
        },
      );
    });
  }
});
