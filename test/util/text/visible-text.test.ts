import { assert } from 'chai';
import fc from 'fast-check';
import { utf8Bytes, visibleText } from '../../../src/util/text/visible-text.ts';

const encoder = new TextEncoder();

describe('visibleText', () => {
  const rows: [what: string, text: string, shown: string][] = [
    ['plain text', 'a b\\n', 'a b\\n'],
    ['other scripts', 'naïve 日本語 نص', 'naïve 日本語 نص'],
    ['emoji with joiners and selectors', '👩‍👩‍👧 ❤️', '👩‍👩‍👧 ❤️'],
    ['line breaks and tabs', 'a\r\nb\tc', 'a\\r\\nb\\tc'],
    ['ANSI escapes', '\u001b[31mred\u009b0m', '\\u001b[31mred\\u009b0m'],
    ['NUL and DEL', '\u0000\u007f', '\\u0000\\u007f'],
    ['bidi controls', 'a\u202eb\u2066c\u200f\u061c', 'a\\u202eb\\u2066c\\u200f\\u061c'],
    ['line and paragraph separators', 'a\u2028b\u2029', 'a\\u2028b\\u2029'],
    ['zero width', 'a\u200bb\u2060c\ufeff', 'a\\u200bb\\u2060c\\ufeff'],
    ['tags', 'a\u{e0041}', 'a\\u{e0041}'],
    ['half a surrogate pair', 'a\ud83d', 'a\\ud83d'],
  ];
  for (const [what, text, shown] of rows) {
    it(`shows ${what}`, () => assert.equal(visibleText(text), shown));
  }

  it('cuts by bytes, at a character, and marks the cut', () => {
    assert.equal(visibleText('abcdef', 6), 'abcdef');
    assert.equal(visibleText('abcdefg', 6), 'abc…');
    assert.equal(visibleText('日本語', 9), '日本語');
    assert.equal(visibleText('日本語だ', 9), '日本…');
    assert.equal(visibleText('\u001b\u001b', 11), '\\u001b…');
  });

  it('stays within its bytes for any text, and shows no control', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 60 }), fc.integer({ min: 3, max: 80 }), (text, max) => {
        const shown = visibleText(text, max);
        assert.isAtMost(encoder.encode(shown).byteLength, max);
        assert.notMatch(shown, /[\p{Cc}\p{Cs}\p{Zl}\p{Zp}\u202a-\u202e\u2066-\u2069]/u);
      }),
    );
  });

  it('takes as long as what it keeps, not as what it is given', () => {
    const text = '\u001b'.repeat(10_000_000);
    const start = performance.now();
    assert.isAtMost(visibleText(text, 8_192).length, 8_192);
    assert.isBelow(performance.now() - start, 500);
  });
});

describe('utf8Bytes', () => {
  it('counts what TextEncoder makes', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (text) => {
        assert.equal(utf8Bytes(text), encoder.encode(text).byteLength);
      }),
    );
    assert.equal(utf8Bytes('\ud83d'), 3);
  });
});
