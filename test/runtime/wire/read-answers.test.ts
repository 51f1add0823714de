// What a worker answers, at its worst: read completely, or refused by name.

import { assert } from 'chai';
import fc from 'fast-check';
import { readAnswer, writeAnswer } from '../../../src/runtime/wire/answer-codec.ts';
import type { GuestCall } from '../../../src/runtime/wire/protocol.ts';
import {
  MalformedAnswer,
  readCallAnswer,
  readStartAnswer,
  returnedInput,
} from '../../../src/runtime/wire/read-answers.ts';

const RUNS = { numRuns: 2_000, seed: 20_260_101 };

const INPUT: GuestCall = { export: 'run', input: new Uint8Array() };
const ARGS: GuestCall = { export: 'run', args: [] };

const use = { memoryBytes: 1, exchangeBytes: 2, varBytes: 3 };
const fact = { module: 'm', name: 'n', kind: 'function', type: '() -> ()', callable: true };
const modules = [{ name: 'main', imports: [fact], exports: [fact] }];
const error = { code: 'TRAP', message: 'm', detail: 'd', exitCode: 1, wasmStack: ['f'] };

function answered(result: object): unknown {
  return { ok: true, ...result, use, instanceEnded: false };
}

function failing(failure: object): unknown {
  return { ok: false, error: failure, use: null, instanceEnded: true };
}

/** A tree like a good answer in which any part may be anything. */
function spoiled<T>(good: T): fc.Arbitrary<unknown> {
  const anything = fc.anything({ withBigInt: true, withTypedArray: true, withNullPrototype: true, withMap: true });
  if (Array.isArray(good)) {
    return fc.oneof(
      { weight: 8, arbitrary: fc.array(spoiled(good[0]), { maxLength: 3 }) },
      { weight: 1, arbitrary: anything },
    );
  }
  if (typeof good === 'object' && good !== null && !(good instanceof Uint8Array)) {
    const fields = Object.fromEntries(Object.entries(good).map(([key, value]) => [key, spoiled(value)]));
    const record = fc.record(fields, { requiredKeys: Object.keys(fields).slice(0, 1) });
    return fc.oneof({ weight: 8, arbitrary: record }, { weight: 1, arbitrary: anything });
  }
  return fc.oneof({ weight: 8, arbitrary: fc.constant(good) }, { weight: 1, arbitrary: anything });
}

function checkReader(read: (value: unknown) => unknown, answers: fc.Arbitrary<unknown>): void {
  const before = Reflect.ownKeys(Object.prototype);
  let accepted = 0;
  fc.assert(
    fc.property(answers, (answer) => {
      try {
        read(answer);
        accepted++;
      } catch (thrown) {
        assert.instanceOf(thrown, MalformedAnswer);
      }
    }),
    RUNS,
  );
  assert.deepEqual(Reflect.ownKeys(Object.prototype), before);
  assert.isAbove(accepted, 0, 'some are good, or nothing was tested');
  assert.isBelow(accepted, RUNS.numRuns);
}

describe('answers of a worker', () => {
  it('to start are read, or refused as malformed, whatever they hold', () => {
    checkReader(readStartAnswer, fc.oneof(spoiled({ ok: true, modules, use }), spoiled({ ok: false, error, use })));
  });

  it('to a call are read, or refused as malformed, whatever they hold', () => {
    const failed = { ok: false, error, use, instanceEnded: true };
    const output = { ok: true, output: new Uint8Array(4), use, instanceEnded: false };
    checkReader((value) => readCallAnswer(value, INPUT, 1_000), fc.oneof(spoiled(output), spoiled(failed)));
    const values = { ok: true, values: [1n], use, instanceEnded: false };
    checkReader((value) => readCallAnswer(value, ARGS, 1_000), fc.oneof(spoiled(values), spoiled(failed)));
  });

  it('are copied: nothing that was not asked for comes along', () => {
    const answer = readStartAnswer({
      ok: true,
      modules: [{ ...modules[0], junk: 1 }],
      use: { ...use, junk: 1 },
      junk: 1,
    });
    assert.deepEqual(answer, {
      ok: true,
      modules: [
        {
          name: 'main',
          imports: [{ module: 'm', name: 'n', kind: 'function', type: '() -> ()' }],
          exports: [{ name: 'n', kind: 'function', type: '() -> ()', callable: true }],
        },
      ],
      use,
    } as unknown);
  });

  it('M11: an output is refused by what was really sent, not by what its view shows', () => {
    const sent = new Uint8Array(new ArrayBuffer(2_000), 0, 1);
    assert.throws(() => readCallAnswer(answered({ output: sent }), INPUT, 1_000), MalformedAnswer);
    assert.throws(() => readCallAnswer(answered({ values: [sent] }), ARGS, 1_000), MalformedAnswer);
  });

  it('an output in memory that the worker can still write to is refused', () => {
    const { buffer } = new WebAssembly.Memory({ initial: 1, maximum: 1, shared: true });
    const shared = new Uint8Array(buffer, 0, 8);
    assert.throws(() => readCallAnswer(answered({ output: shared }), INPUT, 1 << 20), MalformedAnswer);
    assert.throws(() => readCallAnswer(answered({ values: [shared] }), ARGS, 1 << 20), MalformedAnswer);
  });

  it('M6: long texts are cut, and long lists refused', () => {
    const answer = readCallAnswer(failing({ code: 'TRAP', message: 'x'.repeat(1 << 20) }), INPUT, 10);
    assert.isFalse(answer.ok);
    if (!answer.ok) assert.isAtMost(answer.error.message.length, 65_537);
    const wasmStack = new Array(101).fill('f');
    assert.throws(() => readCallAnswer(failing({ ...error, wasmStack }), INPUT, 10), MalformedAnswer);
  });

  for (const [what, call, result] of [
    ['values for an input', INPUT, { values: [new Uint8Array(1)] }],
    ['a number in place of an output', INPUT, { output: 1 }],
    ['an output for arguments', ARGS, { output: new Uint8Array(1) }],
    ['values that are no list', ARGS, { values: { length: 1, 0: 1n } }],
    ['65 values', ARGS, { values: new Array(65).fill(0) }],
    ['values that together are too large', ARGS, { values: [new Uint8Array(600), new Uint8Array(600)] }],
    ['an i64 of 65 bits', ARGS, { values: [2n ** 64n] }],
    ['an i64 below those with a sign', ARGS, { values: [-(2n ** 63n) - 1n] }],
    ['a text', ARGS, { values: ['text'] }],
    ['an object', ARGS, { values: [{}] }],
    ['a list', ARGS, { values: [[1n]] }],
    ['a buffer', ARGS, { values: [new ArrayBuffer(1)] }],
    ['undefined', ARGS, { values: [undefined] }],
  ] as const) {
    it(`H19: ${what} is refused`, () => {
      assert.throws(() => readCallAnswer(answered(result), call, 1_000), MalformedAnswer);
    });
  }

  it('H19: values at the edge of what may cross are read', () => {
    const values = [2n ** 64n - 1n, -(2n ** 63n), Number.NaN, null, new Uint8Array(1_000)];
    const answer = readCallAnswer(answered({ values: structuredClone(values) }), ARGS, 1_000);
    assert.deepEqual(answer, { ok: true, values, use, instanceEnded: false });
  });

  for (const instanceEnded of [undefined, 0, 'true', null]) {
    it(`H19: an answer that says ${instanceEnded} of its instance is refused`, () => {
      const answer = { ok: true, output: new Uint8Array(), use, instanceEnded };
      assert.throws(() => readCallAnswer(answer, INPUT, 1_000), MalformedAnswer);
    });
  }

  for (const code of ['constructor', '__proto__', 'toString', 'NO_SUCH_CODE', '', 5, null]) {
    it(`P1: an error of code ${JSON.stringify(code)} is refused`, () => {
      assert.throws(() => readCallAnswer(failing({ ...error, code }), INPUT, 10), MalformedAnswer);
    });
  }
});

describe('answers to a blocked worker, as bytes', () => {
  const value = fc.oneof(
    fc.uint8Array({ maxLength: 50 }),
    fc.bigInt(-(2n ** 63n), 2n ** 63n - 1n),
    fc.double(),
    fc.constant(null),
  );

  it('come back as they were written', () => {
    fc.assert(
      fc.property(fc.array(value, { maxLength: 5 }), (values) => {
        assert.deepEqual(readAnswer(writeAnswer({ ok: true, values })), { ok: true, values });
      }),
      RUNS,
    );
    const failed = { ok: false, error: { code: 'TRAP', message: 'straße' } } as const;
    assert.deepEqual(readAnswer(writeAnswer(failed)), failed);
  });

  it('that end early or hold an unknown tag throw a RangeError', () => {
    const whole = writeAnswer({ ok: true, values: [new Uint8Array(9), 1n] });
    for (let length = 2; length < whole.length; length++) {
      if (length === 1 + 5 + 9) continue; // the first value ends here
      assert.throws(() => readAnswer(whole.subarray(0, length)), RangeError);
    }
    assert.throws(() => readAnswer(new Uint8Array([0, 77])), RangeError);
  });
});

describe('what a worker sends back as the memory of an input', () => {
  const SIZE = 10_000;

  it('is taken over where it has the size that was sent', () => {
    const input = new Uint8Array(SIZE).fill(5);
    const taken = returnedInput({ input }, SIZE);
    assert.deepEqual(new Uint8Array(taken ?? new ArrayBuffer()), new Uint8Array(SIZE).fill(5));
    assert.equal(input.length, 0, 'whoever else has it has it no more');
  });

  it('M11: is nothing where it has another size, or is something else', () => {
    const { buffer } = new WebAssembly.Memory({ initial: 1, maximum: 1, shared: true });
    for (const input of [new Uint8Array(SIZE + 1), new Uint8Array(buffer), new ArrayBuffer(SIZE), 'x', undefined]) {
      assert.isUndefined(returnedInput({ input }, input instanceof Uint8Array ? 65_536 : SIZE));
    }
  });
});
