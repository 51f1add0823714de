// Random sequences of operations: honest ones against a model, hostile ones against the promise
// that no function of the kernel spins, or traps for more than what was refused, and that `reset` always makes it whole.

import { assert } from 'chai';
import fc from 'fast-check';
import { type KernelExports, type KernelHost, kernelHost } from './kernel-host.ts';

const SEED = 20_261_121;
const PAGES = 4;
const FIRST_HEADER = 496;
const HEADER = 16;
/** What a block may have beyond its size: rounding, and a rest too small for a block of its own. */
const SLACK = 15 + 255;

describe('kernel under random use', () => {
  let host: KernelHost;
  let k: KernelExports;

  before(async () => {
    host = await kernelHost(PAGES);
    k = host.k;
  });

  it('agrees with a model on every honest sequence', () => {
    fc.assert(
      fc.property(fc.array(honest, { minLength: 1, maxLength: 300 }), (steps) => {
        const model = new Model(k);
        for (const [what, a, b] of steps) model.step(what, a, b);
        model.check();
      }),
      { seed: SEED, numRuns: 300 },
    );
  });

  it('H7: spins on no hostile sequence, traps only for what was refused, and is whole after reset', () => {
    const first = firstBlock(k);
    fc.assert(
      fc.property(fc.array(hostile, { minLength: 1, maxLength: 200 }), (steps) => {
        for (const step of steps) run(k, step);
        assert.isAtMost(k.output_ptr() + k.output_len(), k.memory.buffer.byteLength);
        assert.isAtMost(k.error_ptr() + k.error_len(), k.memory.buffer.byteLength);
        assert.isAtMost(k.memory.buffer.byteLength, PAGES * 65_536);
        assert.equal(firstBlock(k), first);
        assert.isTrue(new Uint32Array(k.memory.buffer).every((word) => word === 0));
        assert.equal(k.used(), 0);
      }),
      { seed: SEED, numRuns: 400 },
    );
  });
});

/** Where the first block of a fresh kernel stands; leaves it reset. */
function firstBlock(k: KernelExports): bigint {
  k.begin();
  const p = k.alloc(8n);
  k.reset();
  return p;
}

type Honest = readonly [Step, number, number];
type Step = 'alloc' | 'free' | 'freeAgain' | 'setOutput' | 'setError' | 'setInput';

const pick = fc.nat(1_000_000);
const size = fc.oneof(
  { weight: 6, arbitrary: fc.integer({ min: 1, max: 400 }) },
  { weight: 2, arbitrary: fc.integer({ min: 400, max: 30_000 }) },
  { weight: 1, arbitrary: fc.integer({ min: 30_000, max: 300_000 }) },
);

const honest: fc.Arbitrary<Honest> = fc.oneof(
  { weight: 8, arbitrary: fc.tuple(fc.constant('alloc' as const), size, pick) },
  { weight: 6, arbitrary: fc.tuple(fc.constant('free' as const), pick, pick) },
  { weight: 1, arbitrary: fc.tuple(fc.constant('freeAgain' as const), pick, pick) },
  { weight: 1, arbitrary: fc.tuple(fc.constant('setOutput' as const), pick, pick) },
  { weight: 1, arbitrary: fc.tuple(fc.constant('setError' as const), pick, pick) },
  { weight: 1, arbitrary: fc.tuple(fc.constant('setInput' as const), pick, pick) },
);

interface Block {
  readonly p: number;
  readonly n: number;
  /** What every byte of it is. */
  readonly fill: number;
}

/** What the kernel should hold. Every block is filled with a byte of its own, so any overlap shows. */
class Model {
  #live: Block[] = [];
  #freed: Block[] = [];
  #output: Block | undefined;
  #error: Block | undefined;
  #input: Block | undefined;

  constructor(readonly k: KernelExports) {
    k.reset();
  }

  step(what: Step, a: number, b: number): void {
    this[what](a, b);
  }

  alloc(n: number, random: number): void {
    const p = this.k.alloc_i32(n);
    if (p === 0) {
      assert.isBelow(this.#largestGap(), n, 'refused although a gap would do');
      return;
    }
    assert.equal(p % 16, 0);
    for (const held of [...this.#live, this.#output, this.#error]) {
      if (held) assert.isTrue(p >= held.p + held.n || p + n <= held.p, `${p} overlaps ${held.p}`);
    }
    const block = { p, n, fill: 1 + (random % 255) };
    new Uint8Array(this.k.memory.buffer, p, n).fill(block.fill);
    this.#live.push(block);
    this.#freed = this.#freed.filter((freed) => freed.p !== p);
  }

  free(random: number): void {
    const [block] = this.#live.splice(random % (this.#live.length || 1), 1);
    if (!block) return;
    this.k.free_i32(block.p);
    assert.equal(this.k.length_i32(block.p), 0);
    // Freed as input, so its bytes may go at the next shortage.
    if (block === this.#input) {
      assert.equal(this.k.input_length(), 0n);
      this.#input = undefined;
    }
    this.#freed.push(block);
  }

  freeAgain(random: number): void {
    const block = this.#freed[random % (this.#freed.length || 1)];
    if (block) this.k.free_i32(block.p);
  }

  setOutput(random: number, length: number): void {
    const block = this.#any(random);
    if (!block) return;
    const start = length % block.n;
    const n = (random * 31 + length) % (block.n - start + 1);
    this.k.output_set(BigInt(block.p + start), BigInt(n));
    this.#output = n === 0 ? undefined : { p: block.p + start, n, fill: block.fill };
    assert.deepEqual([this.k.output_ptr(), this.k.output_len()], [block.p + start, n]);
  }

  setError(random: number): void {
    const block = this.#any(random);
    if (!block) return;
    this.k.error_set(BigInt(block.p));
    this.#error = block;
  }

  setInput(random: number): void {
    const block = this.#any(random);
    if (!block) return;
    this.k.input_set_i32(block.p, block.n);
    this.#input = block;
  }

  check(): void {
    for (const { p, n } of this.#live) assert.equal(this.k.length_i32(p), n);
    for (const { p } of this.#freed) assert.equal(this.k.length_i32(p), 0);
    for (const held of [...this.#live, this.#output, this.#error]) {
      if (!held) continue;
      const bytes = new Uint8Array(this.k.memory.buffer, held.p, held.n);
      assert.isTrue(
        bytes.every((byte) => byte === held.fill),
        `bytes at ${held.p}`,
      );
    }
    if (this.#error) assert.deepEqual([this.k.error_ptr(), this.k.error_len()], [this.#error.p, this.#error.n]);
    assert.equal(this.k.input_length(), BigInt(this.#input?.n ?? 0));
  }

  #any(random: number): Block | undefined {
    return this.#live[random % (this.#live.length || 1)];
  }

  /** Bytes that a new block could surely have, between what is live and what holds a result. */
  #largestGap(): number {
    const holding = this.#freed.filter(({ p, n }) =>
      [this.#output, this.#error].some((held) => held && held.p >= p && held.p < p + n),
    );
    const taken = [...this.#live, ...holding].sort((a, b) => a.p - b.p);
    let [start, largest] = [FIRST_HEADER, 0];
    for (const { p, n } of [...taken, { p: PAGES * 65_536 + HEADER, n: 0 }]) {
      largest = Math.max(largest, p - HEADER - start - HEADER - 15);
      start = p + n + SLACK;
    }
    return largest;
  }
}

const OPERATIONS = [
  ['alloc', 1],
  ['free', 1],
  ['length', 1],
  ['length_unsafe', 1],
  ['load_u8', 1],
  ['load_u64', 1],
  ['store_u64', 2],
  ['input_load_u8', 1],
  ['input_load_u64', 1],
  ['input_set', 2],
  ['output_set', 2],
  ['error_set', 1],
] as const;

type Hostile = readonly [kind: 'call' | 'forge' | 'store' | 'reset', ...numbers: bigint[]];

/** Offsets where something is to be broken: list heads, headers, starts of blocks, ends of memory. */
const offset: fc.Arbitrary<bigint> = fc.oneof(
  { weight: 6, arbitrary: fc.integer({ min: 0, max: 120 }).map((i) => 496n + BigInt(i) * 16n) },
  { weight: 3, arbitrary: fc.integer({ min: 0, max: 640 }).map(BigInt) },
  { weight: 2, arbitrary: fc.integer({ min: 0, max: PAGES * 65_536 + 64 }).map(BigInt) },
  {
    weight: 1,
    arbitrary: fc.constantFrom(-1n, -8n, 2n ** 31n, 2n ** 32n - 16n, 2n ** 32n, 2n ** 32n + 512n, 2n ** 63n),
  },
  { weight: 1, arbitrary: fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n }) },
);

const amount: fc.Arbitrary<bigint> = fc.oneof(
  { weight: 6, arbitrary: fc.integer({ min: 0, max: 200 }).map(BigInt) },
  { weight: 2, arbitrary: fc.integer({ min: 0, max: 100_000 }).map(BigInt) },
  { weight: 1, arbitrary: offset },
);

const hostile: fc.Arbitrary<Hostile> = fc.oneof(
  {
    weight: 12,
    arbitrary: fc.tuple(
      fc.constant('call' as const),
      fc.nat(OPERATIONS.length - 1).map(BigInt),
      fc.oneof(offset, amount),
      fc.oneof(offset, amount),
    ),
  },
  { weight: 6, arbitrary: fc.tuple(fc.constant('call' as const), fc.constant(0n), amount, amount) },
  // Whole headers, well formed or nearly, so that forged blocks get past the first checks.
  {
    weight: 8,
    arbitrary: fc.tuple(fc.constant('forge' as const), offset, amount, amount, offset, fc.constantFrom(0n, 1n)),
  },
  { weight: 3, arbitrary: fc.tuple(fc.constant('store' as const), offset, offset) },
  { weight: 1, arbitrary: fc.tuple(fc.constant('reset' as const)) },
);

function run(k: KernelExports, [kind, ...n]: Hostile): void {
  const [a = 0n, b = 0n, c = 0n, d = 0n, e = 0n] = n;
  if (kind === 'reset') k.reset();
  if (kind === 'store') k.store_u64(a, b);
  if (kind === 'forge') {
    const mark = e === 0n ? 0x4556494cn : 0x45455246n;
    k.store_u64(a - 16n, pair(b, c & ~15n));
    k.store_u64(a - 8n, pair(d, a ^ mark));
  }
  if (kind !== 'call') return;
  const operation = OPERATIONS[Number(a)];
  if (!operation) throw new RangeError(`No operation ${a}`);
  const [name, parameters] = operation;
  try {
    (k[name] as (...args: bigint[]) => unknown)(...[b, c].slice(0, parameters));
  } catch (thrown) {
    if (k.refused() === 0 || k.lost() === 0 || !name.endsWith('_set')) throw thrown;
  }
}

/** Two words of 32 bits as one of 64. */
function pair(low: bigint, high: bigint): bigint {
  return BigInt.asIntN(64, (BigInt.asUintN(32, high) << 32n) | BigInt.asUintN(32, low));
}
