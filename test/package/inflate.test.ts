// What engines unpack of a zip, and how they fail. What a zip may say of itself is in zip.test.ts.

import { assert } from 'chai';
import fc from 'fast-check';
import { deflateSync, zipSync } from 'fflate';
import { ClocheError } from '../../src/errors.ts';
import { unzip, ZIP_CAPS } from '../../src/package/zip.ts';
import { rejectsCode } from '../helpers/expect-code.ts';
import { makeZip } from './zip-maker.ts';

const CAPS = { ...ZIP_CAPS, maxBytes: 4 << 20 };
const text = (value: string) => new TextEncoder().encode(value);
const fromFflate = (files: Parameters<typeof zipSync>[0]) => new Uint8Array(zipSync(files));

describe('unzip', () => {
  it('gives the files of an ordinary zip, stored and deflated, without its folders', async () => {
    const big = text('abc'.repeat(50_000));
    const bytes = fromFflate({
      'a.txt': text('hello'),
      'a folder': { 'b.txt': big, 'ü.bin': [new Uint8Array([1, 2]), { level: 0 }] },
      empty: text(''),
      'folder/': new Uint8Array(),
    });
    const files = await unzip(bytes, CAPS);
    assert.deepEqual([...files.keys()].sort(), ['a folder/b.txt', 'a folder/ü.bin', 'a.txt', 'empty']);
    assert.deepEqual(files.get('a folder/b.txt'), big);
    assert.deepEqual(files.get('a folder/ü.bin'), new Uint8Array([1, 2]));
  });

  it('M8: stops in mid-stream when a bomb says that it is small', async () => {
    // Unpacked to the end it would fail by its broken second half, with other words.
    const packed = new Uint8Array(deflateSync(new Uint8Array(16 << 20)));
    packed.fill(0xff, packed.length / 2);
    const lying = makeZip([{ name: 'a', packed, method: 8, size: 1_000 }]);
    await rejectsCode('PACKAGE_REJECTED', unzip(lying, CAPS), /larger than it says/);
    const honest = makeZip([{ name: 'a', packed, method: 8, size: 16 << 20 }]);
    const roomy = { ...CAPS, maxRatio: 2_000, maxBytes: 16 << 20 };
    await rejectsCode('PACKAGE_REJECTED', unzip(honest, roomy), /cannot be unpacked/);
  });

  it('rejects with ABORTED when the signal aborts while it unpacks', async () => {
    const abort = new AbortController();
    const unpacking = unzip(fromFflate({ a: new Uint8Array(1 << 20) }), CAPS, abort.signal);
    abort.abort();
    await rejectsCode('ABORTED', unpacking);
  });

  it('M8: answers a damaged zip with its files or PACKAGE_REJECTED, and nothing else', async () => {
    const zip = fromFflate({ 'manifest.json': text('{}'.repeat(99)), 'd/b': [text('stored'), { level: 0 }] });
    let rejected = 0;
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.tuple(fc.nat(zip.length - 1), fc.nat(255)), { minLength: 1, maxLength: 3 }),
        fc.nat(zip.length),
        async (changes, cut) => {
          const damaged = zip.slice(0, cut % 3 === 0 ? cut : zip.length);
          for (const [at, byte] of changes) if (at < damaged.length) damaged[at] = byte;
          try {
            await unzip(damaged, CAPS);
          } catch (error) {
            rejected++;
            assert.instanceOf(error, ClocheError);
            assert.equal((error as ClocheError).code, 'PACKAGE_REJECTED');
          }
        },
      ),
      { seed: 8, numRuns: 500 },
    );
    assert.isAbove(rejected, 300);
  }).timeout(20_000);
});
