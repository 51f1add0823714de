import { assert } from 'chai';
import { sha256 } from '../../src/util/sha256.ts';
import { rejectsCode } from '../helpers/expect-code.ts';

describe('sha256', () => {
  it('gives 64 lower-case hex digits (FIPS 180-4, "abc")', async () => {
    assert.equal(
      await sha256(new TextEncoder().encode('abc')),
      'ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad',
    );
  });

  it('rejects with START_FAILED on a page that is not a secure context', async () => {
    Object.defineProperty(crypto, 'subtle', { value: undefined, configurable: true });
    try {
      await rejectsCode('START_FAILED', sha256(new Uint8Array()), /https/);
    } finally {
      Reflect.deleteProperty(crypto, 'subtle');
    }
  });
});
