import { assert } from 'chai';
import { type KernelExports, kernelHost } from './kernel-host.ts';

const LIVE = 0x4556494c;
const FREE = 0x45455246;

describe('kernel allocator', () => {
  it('holds 100,000 blocks at once, without any of them overlapping (EX13)', async () => {
    const { k } = await kernelHost();
    const starts = Array.from({ length: 100_000 }, (_, i) => [k.alloc_i32(1 + (i % 90)), 1 + (i % 90)] as const);
    let end = 0;
    for (const [p, n] of [...starts].sort(([a], [b]) => a - b)) {
      assert.isAtLeast(p, end);
      end = p + n;
    }
    assert.isTrue(starts.every(([p, n]) => k.length_i32(p) === n));
  });

  it('serves a million allocations of a long call from one page', async () => {
    const { k } = await kernelHost();
    for (let i = 0; i < 1_000_000; i += 1) k.free_i32(k.alloc_i32(1 + (i % 1000)));
    assert.equal(k.memory.buffer.byteLength, 65_536);
  });

  it('uses freed blocks again, in whatever order they were freed', async () => {
    const { k } = await kernelHost();
    const kept: number[] = [];
    for (let i = 0; i < 50_000; i += 1) {
      kept.push(k.alloc_i32(1 + ((i * 7919) % 3000)));
      if (kept.length > 20) k.free_i32(kept.splice((i * 31) % 20, 1)[0] as number);
    }
    assert.isAtMost(k.memory.buffer.byteLength, 4 * 65_536);
  });

  it('merges freed neighbours, so a value that grows by copying fits', async () => {
    const { k } = await kernelHost();
    let old = k.alloc_i32(50_000);
    for (let n = 50_100; n < 100_000; n += 100) {
      const grown = k.alloc_i32(n);
      assert.notEqual(grown, 0, `${n} bytes`);
      k.free_i32(old);
      old = grown;
    }
    assert.isAtMost(k.memory.buffer.byteLength, 1 << 20);
  });

  it('merges freed neighbours at the cap', async () => {
    const { k } = await kernelHost(16);
    const small: number[] = [];
    for (let p = k.alloc_i32(100); p !== 0; p = k.alloc_i32(100)) small.push(p);
    assert.isAbove(small.length, 7_000);
    for (const p of small) k.free_i32(p);
    assert.notEqual(k.alloc_i32(1_000_000), 0);
  });

  it('merges two small neighbours in a full heap', async () => {
    const { k } = await kernelHost(4);
    const small: number[] = [];
    for (let p = k.alloc_i32(100); p !== 0; p = k.alloc_i32(100)) small.push(p);
    const [a, b] = [small[700] as number, small[701] as number];
    k.free_i32(a);
    k.free_i32(b);
    assert.equal(k.alloc_i32(200), a);
  });

  it('gives back freed blocks at the end of the heap, so that a larger one fits', async () => {
    const { k } = await kernelHost(4);
    const a = k.alloc_i32(150_000);
    const b = k.alloc_i32(50_000);
    k.free_i32(a);
    k.free_i32(b);
    assert.equal(k.alloc_i32(240_000), a);
  });

  it('hands out the block of an earlier output once another was set', async () => {
    const { k } = await kernelHost(4);
    const output = k.alloc_i32(200_000);
    const next = k.alloc_i32(1_000);
    k.output_set(BigInt(output), 200_000n);
    k.free_i32(output);
    assert.equal(k.alloc_i32(150_000), 0);
    k.output_set(BigInt(next), 1_000n);
    assert.equal(k.alloc_i32(150_000), output);
  });

  it('does not hand out a block that became the output after it was freed', async () => {
    const { k } = await kernelHost(4);
    const output = k.alloc_i32(1_000);
    k.alloc_i32(16);
    k.free_i32(output);
    k.output_set(BigInt(output), 1_000n);
    for (let p = k.alloc_i32(1_000); p !== 0; p = k.alloc_i32(1_000)) assert.notEqual(p, output);
  });

  it('splits a large freed block at the cap', async () => {
    const { k } = await kernelHost(4);
    const large = k.alloc_i32(200_000);
    k.alloc_i32(20_000);
    while (k.alloc_i32(64) !== 0);
    k.free_i32(large);
    for (let i = 0; i < 1_500; i += 1) assert.notEqual(k.alloc_i32(100), 0, `block ${i}`);
  });

  it('M3: checks the cap before it allocates, and holds nothing when it refuses', async () => {
    const { k } = await kernelHost(4);
    const before = k.memory.buffer.byteLength;
    assert.equal(k.alloc(4n * 65_536n), 0n);
    assert.equal(k.refused(), 4 * 65_536);
    assert.equal(k.memory.buffer.byteLength, before);
    assert.equal(k.used(), 0);
    assert.notEqual(k.alloc(250_000n), 0n);
    for (let i = 0; i < 1_000; i += 1) assert.equal(k.alloc(65_536n), 0n);
    assert.isAtMost(k.memory.buffer.byteLength, 4 * 65_536);
  });

  it('M4: answers 0 for sizes that no memory has', async () => {
    const { k } = await kernelHost(4);
    for (const n of [-1n, 2n ** 30n, 2n ** 30n + 1n, 2n ** 31n, 2n ** 32n - 1n, 2n ** 32n, 2n ** 40n, 2n ** 63n]) {
      assert.equal(k.alloc(n), 0n, `alloc(${n})`);
    }
    assert.equal(k.alloc_i32(-1), 0);
    assert.equal(k.used(), 0);
  });

  it('M4: grows to its cap to the last byte, and is whole after reset', async () => {
    const { k } = await kernelHost(4);
    const first = k.alloc_i32(1);
    k.reset();
    assert.equal(k.alloc_i32(4 * 65_536 - first + 1), 0);
    assert.equal(k.alloc_i32(4 * 65_536 - first), first);
    k.begin();
    assert.equal(k.refused(), 0);
    assert.equal(k.alloc_i32(4 * 65_536 - first), first);
  });

  describe('with headers that a guest forged', () => {
    let k: KernelExports;
    beforeEach(async () => {
      ({ k } = await kernelHost(4));
    });

    const forge = (p: number, size: number, capacity: number, next: number, mark: number) => {
      const words = new Int32Array(k.memory.buffer, p - 16, 4);
      words.set([size, capacity, next, p ^ mark]);
    };

    it('H7: does not follow a free list that runs in a circle', () => {
      // 1,280 and 1,504 bytes share a bin, so each search meets the circle and fits nowhere in it.
      const a = k.alloc_i32(1_280);
      k.alloc_i32(64);
      const b = k.alloc_i32(1_280);
      k.alloc_i32(64);
      k.free_i32(a);
      k.free_i32(b);
      forge(a, 0, 1_280, b, FREE);
      forge(b, 0, 1_280, a, FREE);
      for (let i = 0; i < 1_000; i += 1) k.alloc_i32(1_500);
      assert.equal(k.alloc_i32(1_500), 0);
    });

    it('H7: takes no block whose capacity leaves memory, and tells no such length', () => {
      const p = k.alloc_i32(64);
      for (const capacity of [0, 1, 15, 0x7ffffff0, -16, 1 << 20]) {
        forge(p, 64, capacity, 0, LIVE);
        assert.equal(k.length_i32(p), 0, `capacity ${capacity}`);
        k.free_i32(p);
      }
      forge(p, 65, 64, 0, LIVE);
      assert.equal(k.length_i32(p), 0);
    });

    it('H7: takes no block that stands askew', () => {
      const p = k.alloc_i32(256) + 36;
      forge(p, 64, 64, 0, LIVE);
      assert.equal(k.length_i32(p), 0);
    });

    it('H7: ends a sweep at a header that makes no sense', () => {
      const blocks = Array.from({ length: 1_000 }, () => k.alloc_i32(100));
      for (const p of blocks) k.free_i32(p);
      forge(blocks[500] as number, 0, 0, 0, FREE);
      assert.equal(k.alloc_i32(260_000), 0);
      k.reset();
      assert.notEqual(k.alloc_i32(260_000), 0);
    });
  });
});
