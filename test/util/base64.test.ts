import { assert } from 'chai';
import fc from 'fast-check';
import { fromBase64, toBase64 } from '../../src/util/base64.ts';

describe('base64', () => {
  it('gives back any bytes', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 200 }), (bytes) => {
        assert.deepEqual(fromBase64(toBase64(bytes)), new Uint8Array(bytes));
      }),
    );
  });

  for (const [bytes, text] of [
    [[], ''],
    [[0], 'AA=='],
    [[255, 254], '//4='],
    [[255, 239, 190], '/+++'],
  ] as const) {
    it(`writes ${JSON.stringify(bytes)} as "${text}"`, () => assert.equal(toBase64(new Uint8Array(bytes)), text));
  }

  for (const text of ['A', 'AA', 'AA=', 'AA==\n', ' AAA', 'A=AA', '====', 'AA-_', 'AAA\u00e9']) {
    it(`takes no ${JSON.stringify(text)}`, () => assert.isUndefined(fromBase64(text)));
  }

  it('joins its pieces, and is done with 10 MiB before anybody notices', () => {
    const bytes = new Uint8Array(10 << 20).map((_, index) => index % 251);
    const began = performance.now();
    const back = fromBase64(toBase64(bytes));
    assert.isBelow(performance.now() - began, 2_000);
    assert.isTrue(back?.length === bytes.length && back.every((byte, index) => byte === bytes[index]));
  });
});
