// What a worker answers, at its worst: read completely, or refused by name.

import { assert } from 'chai';
import fc from 'fast-check';
import { readAnswer, writeAnswer } from '../../../src/runtime/wire/answer-codec.ts';
import { MalformedAnswer, readCallAnswer, readStartAnswer } from '../../../src/runtime/wire/read-answers.ts';

const RUNS = { numRuns: 2_000, seed: 20_260_101 };

const use = { memoryBytes: 1, exchangeBytes: 2, varBytes: 3 };
const fact = { module: 'm', name: 'n', kind: 'function', type: '() -> ()', callable: true };
const modules = [{ name: 'main', imports: [fact], exports: [fact] }];
const error = { code: 'TRAP', message: 'm', detail: 'd', exitCode: 1, wasmStack: ['f'] };

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
    const good = { ok: true, output: new Uint8Array(4), use };
    checkReader((value) => readCallAnswer(value, 1_000), fc.oneof(spoiled(good), spoiled({ ok: false, error, use })));
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
    const answer = { ok: true, output: new Uint8Array(new ArrayBuffer(2_000), 0, 1), use };
    assert.throws(() => readCallAnswer(answer, 1_000), MalformedAnswer);
  });

  it('an output in memory that the worker can still write to is refused', () => {
    const { buffer } = new WebAssembly.Memory({ initial: 1, maximum: 1, shared: true });
    assert.throws(
      () => readCallAnswer({ ok: true, output: new Uint8Array(buffer, 0, 8), use }, 1 << 20),
      MalformedAnswer,
    );
  });

  it('M6: long texts are cut, and long lists refused', () => {
    const answer = readCallAnswer({ ok: false, error: { code: 'TRAP', message: 'x'.repeat(1 << 20) }, use: null }, 10);
    assert.isFalse(answer.ok);
    if (!answer.ok) assert.isAtMost(answer.error.message.length, 65_537);
    const wasmStack = new Array(101).fill('f');
    assert.throws(() => readCallAnswer({ ok: false, error: { ...error, wasmStack }, use: null }, 10), MalformedAnswer);
  });

  for (const code of ['constructor', '__proto__', 'toString', 'NO_SUCH_CODE', '', 5, null]) {
    it(`P1: an error of code ${JSON.stringify(code)} is refused`, () => {
      assert.throws(() => readCallAnswer({ ok: false, error: { ...error, code }, use: null }, 10), MalformedAnswer);
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
