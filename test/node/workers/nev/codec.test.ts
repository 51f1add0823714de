// Values of Nev's ABI in memory: where they lie, and that no claim of a guest's leads anywhere else.

import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { Budget } from '../../../../src/runtime/wire/abi/budget.ts';
import type { AbiType } from '../../../../src/runtime/wire/abi/types.ts';
import { fromWire, toWire, WrongValue } from '../../../../src/runtime/wire/abi/values.ts';
import { Codec, type Raw } from '../../../../workers/nev/codec.ts';
import { exchanged } from '../../../../workers/nev/exchange.ts';
import { coreTypeOf, flatOf, layoutOf } from '../../../../workers/nev/layout.ts';
import { Memory } from '../../../../workers/nev/memory.ts';
import { Handles } from '../../../../workers/nev/resources/handles.ts';

const CURSOR = { record: { line: 's32', column: 's32' } } as const;
const SELECTION = { record: { first: CURSOR, last: CURSOR } } as const;
const ERRORS = ['not-allowed', 'not-found'] as const;
const CONTENT = { ok: 'string', err: ERRORS } as const;
const ROPE = { own: 'rope' } as const;

interface Stage {
  readonly codec: Codec;
  readonly view: () => DataView;
  /** Where the next is handed out. */
  top: number;
}

/** A guest of one page, whose memory grows with each that is handed out of it. */
function stage(alloc?: (size: number) => unknown): Stage {
  const memory = new WebAssembly.Memory({ initial: 1 });
  const guest = new Memory();
  const made: Stage = {
    codec: new Codec(guest, new Handles(), new Budget(1 << 20)),
    view: () => view(memory),
    top: 1_024,
  };
  guest.bind({
    exports: {
      memory,
      mem_stack_alloc(size: number) {
        if (alloc) return alloc(size);
        memory.grow(1);
        const at = made.top;
        made.top += size;
        return at;
      },
    },
  } as unknown as WebAssembly.Instance);
  return made;
}

function view({ buffer }: WebAssembly.Memory): DataView {
  return new DataView(buffer);
}

function inOrder(...raw: Raw[]): () => Raw {
  return () => raw.shift() ?? 0;
}

describe('the layout of values', () => {
  const cases: [AbiType, size: number, align: number][] = [
    ['bool', 1, 1],
    ['u16', 2, 2],
    ['string', 8, 4],
    [{ own: 'rope' }, 4, 4],
    [SELECTION, 16, 4],
    [{ tuple: ['string', 'string'] }, 16, 4],
    [{ option: 'u64' }, 16, 8],
    [{ option: { own: 'rope' } }, 8, 4],
    [{ ok: 'string', err: ERRORS }, 12, 4],
    [{ ok: 'bool', err: ERRORS }, 2, 1],
    ['anchors', 28, 4],
  ];
  for (const [type, size, align] of cases) {
    it(`gives ${JSON.stringify(type)} ${size} bytes`, () => assert.deepEqual(layoutOf(type), { size, align }));
  }

  it('is that of the contract for parameters and results', () => {
    assert.deepEqual(flatOf({ option: 'f32' }), ['i32', 'f32']);
    const run = { params: ['string', 'string'], result: { ok: 'string', err: ERRORS } } as const;
    assert.equal(coreTypeOf(run), '(i32, i32, i32, i32, i32) -> ()');
    assert.equal(coreTypeOf({ params: ['u64', SELECTION] }), '(i64, i32, i32, i32, i32) -> ()');
    assert.equal(coreTypeOf({ params: [], result: 's64' }), '() -> i64');
  });
});

describe('a result in memory', () => {
  it('of text is a pointer and a length, taken while the memory grows', () => {
    const { codec, view } = stage();
    codec.store('string', 16, 'é');
    assert.deepEqual(
      [view().getUint32(16, true), view().getUint32(20, true), view().getUint16(1_024, true)],
      [1_024, 2, 0xa9c3],
    );
  });

  it('that is empty takes no memory', () => {
    const made = stage();
    made.codec.store('string', 16, '');
    assert.deepEqual([made.view().getUint32(16, true), made.view().getUint32(20, true), made.top], [0, 0, 1_024]);
  });

  it('of an option or a result has a flag as wide as what follows it', () => {
    const { codec, view } = stage();
    new Uint8Array(view().buffer).fill(0xff);
    codec.store({ option: 'u64' }, 0, 5n);
    assert.deepEqual([view().getBigUint64(0, true), view().getBigUint64(8, true)], [1n, 5n]);
    codec.store({ option: 'u64' }, 16, undefined);
    assert.equal(view().getBigUint64(16, true), 0n);
    codec.store({ ok: 'string', err: ERRORS }, 32, { err: 'not-found' });
    assert.deepEqual([view().getUint32(32, true), view().getUint8(36)], [1, 1]);
    codec.store({ ok: 'bool', err: ERRORS }, 48, { ok: true });
    assert.deepEqual([view().getUint8(48), view().getUint8(49), view().getUint8(50)], [0, 1, 0xff]);
  });

  it('of two anchors has 28 bytes, and reads back', () => {
    const { codec, view } = stage();
    const first = { replica: 1, value: 2, offset: 3, bias: 1 };
    const second = { replica: 0xffff, value: 0xffff_ffff, offset: 7, bias: 0 };
    codec.store({ list: 'anchors' }, 0, [[first, second]]);
    const at = view().getUint32(0, true);
    assert.deepEqual(
      [14, 16, 20, 24].map((i) => view().getUint16(at + i, true)),
      [0xffff, 0xffff, 7, 0],
    );
    assert.deepEqual(codec.load({ list: 'anchors' }, 0), [[first, second]]);
  });

  it('is refused where the guest points outside of its memory, or its stack gives no room', () => {
    const outside = /not in the guest's memory/;
    assert.throws(() => stage().codec.store('u64', 65_530, 1n), outside);
    assert.throws(() => stage().codec.store('string', -8, 'x'), outside);
    assert.throws(() => stage(() => 0xffff_fff0).codec.store('string', 0, 'x'), outside);
    assert.throws(() => stage(() => 1n).codec.store('string', 0, 'x'), /gave no pointer/);
    assert.throws(() => stage(() => undefined).codec.store('string', 0, 'x'), /gave no pointer/);
  });
});

describe('an argument', () => {
  it('is read by its type', () => {
    const { codec, view } = stage();
    new Uint8Array(view().buffer).set(new TextEncoder().encode('héllo'), 100);
    assert.equal(codec.lift('string', inOrder(100, 6)), 'héllo');
    assert.deepEqual(codec.lift(SELECTION, inOrder(1, 2, -3, 4)), {
      first: { line: 1, column: 2 },
      last: { line: -3, column: 4 },
    });
    assert.equal(codec.lift({ option: 's64' }, inOrder(0, 5n)), undefined);
    assert.equal(codec.lift('u64', inOrder(-1n)), 2n ** 64n - 1n);
    assert.deepEqual(codec.lift({ flags: ['a', 'b'] }, inOrder(2)), ['b']);
    assert.throws(() => codec.lift({ enum: ['a'] }, inOrder(1)), WrongValue);
    assert.throws(() => codec.lift('char', inOrder(0xd800)), WrongValue);
    assert.throws(() => codec.lift({ list: SELECTION }, inOrder(0, 65_537)), /at most 65536/);
  });

  it('that is an option without a value takes its place all the same', () => {
    const next = inOrder(0, 7, 9);
    stage().codec.lift({ option: 'u32' }, next);
    assert.equal(next(), 9);
  });
});

describe('fuzzing', () => {
  const types: AbiType[] = [
    'string',
    'bytes',
    'u8',
    'char',
    'u64',
    { list: 'string' },
    { list: SELECTION },
    { list: { list: 'u8' } },
    { list: 'anchors' },
    { list: { tuple: ['string', { list: 'f64' }] } },
    { option: 'string' },
    { own: 'rope' },
    { borrow: 'shared-buffer' },
    { enum: ['a', 'b'] },
    { record: { a: 'bool', b: { tuple: ['s64', 'string'] } } },
  ];
  let seed = 7;
  const random = (): number => {
    seed = (Math.imul(seed, 1_103_515_245) + 12_345) >>> 0;
    return seed;
  };
  const raw = (core: string): Raw => {
    const number = [random(), random() % 70_000, random() % 64, -(random() % 64), 0x7fff_ffff][random() % 5] ?? 0;
    return core === 'i64' ? BigInt(number) * 4_294_967_296n : core === 'i32' ? number | 0 : number / 3;
  };

  it('of memory, pointers, lengths and handles ends in a value or in a trap with a name', () => {
    const { codec, view } = stage();
    const names: Record<string, number> = {};
    for (let round = 0; round < 20_000; round++) {
      const bytes = new Uint8Array(view().buffer);
      for (let i = 0; i < 16; i++) bytes[random() % 4_096] = random() >> 8;
      const type = types[random() % types.length] as AbiType;
      try {
        codec.liftToWire(type, inOrder(...flatOf(type).map(raw)));
        names.value = (names.value ?? 0) + 1;
      } catch (thrown) {
        const isNamed = thrown instanceof WebAssembly.RuntimeError || thrown instanceof WrongValue;
        assert.ok(isNamed, `${JSON.stringify(type)}: ${thrown}`);
        names.trap = (names.trap ?? 0) + 1;
      }
    }
    assert.ok((names.value ?? 0) > 1_000 && (names.trap ?? 0) > 1_000, JSON.stringify(names));
  });

  it('of what crosses ends in a value or in a refusal', () => {
    for (let round = 0; round < 20_000; round++) {
      const type = types[random() % types.length] as AbiType;
      const text = JSON.stringify([[random() % 3, [random() % 3, 'x', null, [1]]], '1', -1, null][random() % 4] ?? 0);
      const values = [null, random(), BigInt(random()), new TextEncoder().encode(text), new TextEncoder().encode('[')];
      try {
        fromWire(round % 8 === 0 ? CONTENT : type, values[random() % values.length] ?? null);
      } catch (thrown) {
        assert.ok(thrown instanceof WrongValue, `${JSON.stringify(type)}: ${thrown}`);
      }
    }
  });

  it('of what the page answers for several instances ends in a value or in a trap with a name', () => {
    const results: AbiType[] = [
      'bool',
      's32',
      's64',
      'bytes',
      ROPE,
      { option: ROPE },
      { option: { own: 'read-channel' } },
    ];
    results.push({ tuple: [{ own: 'read-channel' }, { own: 'write-channel' }] });
    for (let round = 0; round < 5_000; round++) {
      const bytes = Uint8Array.from({ length: random() % 20 }, () => random() >> 8);
      try {
        exchanged({ params: [], result: results[random() % results.length] as AbiType }, bytes);
      } catch (thrown) {
        assert.ok(thrown instanceof WebAssembly.RuntimeError || thrown instanceof WrongValue, String(thrown));
      }
    }
  });
});

describe('what crosses', () => {
  const cases: [AbiType, unknown][] = [
    ['string', 'é'],
    ['bytes', new Uint8Array([0, 255])],
    ['bool', true],
    ['char', '😀'],
    ['u64', 2n ** 64n - 1n],
    ['f32', 0.5],
    [{ list: 's64' }, [-(2n ** 63n), 1n]],
    [{ option: { option: 'u8' } }, undefined],
    [{ option: 'string' }, ''],
    [{ ok: 'bytes', err: ERRORS }, { ok: new Uint8Array([1]) }],
    [{ ok: 'string', err: ERRORS }, { err: 'not-found' }],
    [{ list: SELECTION }, [{ first: { line: 1, column: 2 }, last: { line: 3, column: 4 } }]],
    [{ enum: ['a', 'b'] }, 'b'],
    [{ flags: ['a', 'b', 'c'] }, ['a', 'c']],
    [{ option: { own: 'rope' } }, 'text'],
    [{ own: 'render-view' }, 3],
  ];
  for (const [type, value] of cases) {
    it(`is the same on the other side: ${JSON.stringify(type)}`, () => {
      assert.deepEqual(fromWire(type, toWire(type, value)), value);
    });
  }
});
