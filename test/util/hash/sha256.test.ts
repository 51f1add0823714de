import { assert } from 'chai';
import { fileHasher } from '../../../src/util/hash/hashed-files.ts';
import { sha256 } from '../../../src/util/hash/sha256.ts';
import { rejectsCode } from '../../helpers/expect-code.ts';

const hex = (byte: number): string => byte.toString(16).padStart(2, '0');

describe('sha256', () => {
  it('gives 64 lower-case hex digits (FIPS 180-4, "abc")', async () => {
    assert.equal(
      await sha256(new TextEncoder().encode('abc')),
      'ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad',
    );
  });

  it('H11: hashes more than 16 MiB in steps, and less at one go', async () => {
    const { subtle } = crypto;
    const bytes = new Uint8Array((16 << 20) + 1).fill(7);
    const expected = await subtle.digest('SHA-256', bytes);
    const given: number[] = [];
    Object.defineProperty(subtle, 'digest', {
      configurable: true,
      value: (name: string, data: Uint8Array<ArrayBuffer>) => {
        given.push(data.length);
        return SubtleCrypto.prototype.digest.call(subtle, name, data);
      },
    });
    try {
      assert.equal(await sha256(bytes), Array.from(new Uint8Array(expected), hex).join(''));
      await sha256(bytes.subarray(1));
      assert.deepEqual(given, [16 << 20]);
    } finally {
      Reflect.deleteProperty(subtle, 'digest');
    }
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

describe('files that are hashed one after the other', () => {
  it('H11: let the page have turns meanwhile', async () => {
    const { add } = fileHasher();
    const bytes = new Uint8Array(4 << 20);
    let isDone = false;
    let turns = 0;
    const { port1, port2 } = new MessageChannel();
    port1.onmessage = () => {
      if (isDone) return port1.close();
      turns++;
      port2.postMessage(null);
    };
    port2.postMessage(null);
    // Each a file of its own: one that is known is not hashed again.
    for (let i = 0; i < 16; i++) await add(bytes.subarray());
    isDone = true;
    assert.isAbove(turns, 1);
  });
});
