// The reader of JSON beside two others: the engine's own, and, where comments are allowed, the one of VS Code.

import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { visit } from 'jsonc-parser';
import { type JsonOptions, parseShortJson } from '../../../src/util/json/parse-json.ts';
import { JsonBuilder, newObject } from '../../../src/util/json/untrusted-json.ts';

const RUNS = { seed: 20_260, numRuns: 10_000 };
const LENIENT = { comments: true, repeats: true } as const;

const PIECES = [
  ...'{}[]:,"\\/*-+.eE0 1\n\t\r',
  ...['"a"', '"b"', '"__proto__"', 'null', 'true', 'tru', '{"a":', '[1,', '1.5', '1e5', '1e999', '-0'],
  ...['//', '/*', '*/', '\r\n', '\\u0041', '\\u00', '\\ud800', '\ud800', '\u2028', '\ufeff', '\u00a0', '\x01'],
];
const texts = fc.array(fc.constantFrom(...PIECES), { maxLength: 14 }).map((pieces) => pieces.join(''));
const valid = fc.jsonValue({ maxDepth: 6, noUnicodeString: false }).map((value) => JSON.stringify(value));

const NASTY: [what: string, text: string][] = [
  ['a byte order mark', '\ufeff{}'],
  ['two', '{}\ufeff'],
  ['half a surrogate pair, as it is', '["\ud83d", "\ude00"]'],
  ['half a surrogate pair, escaped', '["\\ud83d", "\\ude00\\ud83d"]'],
  ['a pair in two ways', '["\ud83d\\ude00", "\\ud83d\ude00"]'],
  ['a key of half a pair', '{"\\ud800":1}'],
  ['NUL', '["\\u0000", "\x00"]'],
  ['line separators', '["\u2028\u2029"]'],
  ['other white space', '[1,\u00a02]'],
  ['a vertical tab', '[1,\v2]'],
  ['numbers beyond all digits', `[${'9'.repeat(300)}, 0.${'3'.repeat(400)}, ${'1'.repeat(20)}]`],
  ['numbers that are nothing', '[1e-999, -0, -0.0, 0e5, -1E+0]'],
  ['numbers without digits', '[-]'],
  ['__proto__', '{"__proto__":{"__proto__":null},"constructor":{"prototype":1}}'],
  ['a key twice', '{"a":{"b":1},"c":0,"a":[2]}'],
  ['__proto__ twice', '{"__proto__":1,"\\u005f_proto__":2}'],
  ['keys that are numbers', '{"2":0,"1":1,"-1":2,"01":3}'],
  ['64 levels', `${'[{"a":'.repeat(32)}0${'}]'.repeat(32)}`],
];

/** What JSON.parse gives, with objects that inherit nothing; undefined where it throws. */
function byEngine(text: string): unknown {
  try {
    return JSON.parse(text, (_, value: unknown) =>
      typeof value === 'object' && value !== null && !Array.isArray(value) ? Object.setPrototypeOf(value, null) : value,
    );
  } catch {
    return undefined;
  }
}

function byLibrary(text: string): unknown {
  const builder = new JsonBuilder({ maxLength: Number.POSITIVE_INFINITY, maxValues: 100_000, repeats: true });
  visit(
    text,
    {
      onObjectBegin: () => builder.open(newObject()),
      onObjectProperty: (key) => builder.key(key),
      onObjectEnd: () => builder.close(),
      onArrayBegin: () => builder.open([]),
      onArrayEnd: () => builder.close(),
      onLiteralValue: (value) => builder.add(value),
      onError: (_, __, ___, line, column) => {
        throw builder.error(`is not valid JSON at line ${line + 1}, column ${column + 1}`);
      },
    },
    { disallowComments: false, allowTrailingComma: true },
  );
  return builder.result;
}

type Outcome = { readonly value: unknown } | { readonly problem: string };

function outcomeOf(read: () => unknown): Outcome {
  try {
    return { value: read() };
  } catch (error) {
    return { problem: String(error) };
  }
}

function assertAsEngine(text: string, options: JsonOptions): void {
  const expected = byEngine(text);
  const actual = outcomeOf(() => parseShortJson(text, options));
  if ('value' in actual) assert.deepStrictEqual(actual.value, expected, text);
  // No manifest has a number of this size.
  else if (!/is not a finite number/.test(actual.problem)) assert.equal(expected, undefined, text);
}

function assertAsLibrary(text: string): void {
  const outcome = outcomeOf(() => parseShortJson(text, LENIENT));
  // What was expected there the library does not say.
  const comparable = 'problem' in outcome ? { problem: outcome.problem.replace(/: expected [^:]+$/, '') } : outcome;
  assert.deepStrictEqual(
    comparable,
    outcomeOf(() => byLibrary(text)),
    text,
  );
}

describe('P2: the reader of JSON', () => {
  it('reads what JSON.parse reads, as it reads it', () => {
    fc.assert(
      fc.property(fc.oneof(texts, valid), (text) => assertAsEngine(text, { repeats: true })),
      RUNS,
    );
  });

  it('reads comments and trailing commas as the library does, and finds the same error in the same place', () => {
    fc.assert(fc.property(texts, assertAsLibrary), RUNS);
  });

  for (const [what, text] of NASTY) {
    it(`agrees with both about ${what}`, () => {
      assertAsEngine(text, { repeats: true });
      assertAsLibrary(text);
    });
  }
});
