import { assert } from 'chai';
import { hexRows } from '../../demo/playground/hex.ts';
import { layOut } from '../../demo/playground/pretty.ts';
import { bestView, readJson, readText, SHOWN_TEXT } from '../../demo/playground/reading.ts';

const bytes = (text: string): Uint8Array => new TextEncoder().encode(text);

describe('reading an output', () => {
  it('chooses the view that says most', () => {
    assert.equal(bestView(bytes('{"a":1}')), 'json');
    assert.equal(bestView(bytes('[broken')), 'text');
    assert.equal(bestView(bytes('42')), 'text');
    assert.equal(bestView(new Uint8Array([0xff, 0xfe, 0x00])), 'hex');
  });

  it('refuses to read as text what is not UTF-8', () => {
    assert.isFalse(readText(new Uint8Array([0xc3, 0x28])).ok);
  });

  it('shows the beginning of a long text, also where the cut falls inside a character', () => {
    const reading = readText(bytes(`a${'é'.repeat(SHOWN_TEXT)}`));
    assert.isTrue(reading.ok);
    assert.isAtMost(reading.ok ? reading.text.length : 0, SHOWN_TEXT);
  });

  it('lays out JSON without changing what it says', () => {
    const text = '{"big":12345678901234567890,"twice":1,"twice":2,"none":{ },"list":[1,[ ],"a, {b}: \\"c\\""]}';
    const laidOut = layOut(text, 10_000);
    assert.include(laidOut, '"big": 12345678901234567890');
    assert.include(laidOut, '"a, {b}: \\"c\\""');
    assert.include(laidOut, '"none": {}');
    assert.equal(laidOut.match(/"twice"/g)?.length, 2);
    assert.deepEqual(JSON.parse(laidOut), JSON.parse(text));
  });

  it('lays out 200 000 nested brackets at once, in little text', () => {
    const deep = bytes('['.repeat(200_000) + ']'.repeat(200_000));
    const began = performance.now();
    const reading = readJson(deep);
    assert.isBelow(performance.now() - began, 1_000);
    if (reading.ok) assert.isAtMost(reading.text.length, SHOWN_TEXT);
  });

  it('lays out one string of a megabyte', () => {
    const reading = readJson(bytes(JSON.stringify(['\\"'.repeat(200_000)])));
    assert.isTrue(reading.ok);
  });

  it('refuses to parse more than a megabyte', () => {
    assert.isFalse(readJson(bytes(`[${'1,'.repeat(600_000)}1]`)).ok);
  });

  it('writes rows of 16 bytes with their offsets and printable characters', () => {
    const rows = hexRows(bytes('0123456789abcdef\u0001é'));
    assert.deepEqual(rows, [
      { offset: '00000000', bytes: '30 31 32 33 34 35 36 37  38 39 61 62 63 64 65 66', text: '0123456789abcdef' },
      { offset: '00000010', bytes: '01 c3 a9', text: '...' },
    ]);
  });
});
