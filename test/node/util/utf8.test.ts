// Text of guests: what they write is what the page has, to the character.

import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { fromUtf8, parseUtf8Json, toUtf8 } from '../../../src/util/text/utf8.ts';

describe('UTF-8 of a guest', () => {
  it('keeps a byte order mark, which may begin a key or a file', () => {
    assert.equal(fromUtf8(toUtf8('\ufeffa')), '\ufeffa');
  });

  it('has U+FFFD for what is none', () => {
    assert.equal(fromUtf8(Uint8Array.of(0x61, 0xff)), 'a\ufffd');
  });

  it('may have a byte order mark before JSON', () => {
    assert.deepEqual(parseUtf8Json(toUtf8('\ufeff{"a":1}')), { a: 1 });
    assert.throws(() => parseUtf8Json(toUtf8('{')), SyntaxError);
  });
});
