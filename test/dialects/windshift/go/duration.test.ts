import { assert } from 'chai';
import { parseGoDuration } from '../../../../src/dialects/windshift/go/duration.ts';

describe('parseGoDuration', () => {
  const durations: [text: string, ms: number][] = [
    ['0', 0],
    ['-0', 0],
    ['90s', 90_000],
    ['1h30m', 5_400_000],
    ['1.5h', 5_400_000],
    ['.5s', 500],
    ['1.s', 1_000],
    ['+5s', 5_000],
    ['-1.5h', -5_400_000],
    ['100ms', 100],
    ['1µs', 0.001],
    ['1μs', 0.001],
    ['1us', 0.001],
    ['2000000ns', 2],
    ['1m1m', 120_000],
    ['2562047h', 9_223_369_200_000_000 / 1_000],
  ];
  for (const [text, ms] of durations) {
    it(`reads ${text}`, () => {
      const read = parseGoDuration(text);
      assert.approximately('ms' in read ? read.ms : Number.NaN, ms, Math.abs(ms) * 1e-9);
    });
  }

  // Recorded from `time.ParseDuration` of Go 1.26.
  const problems: [text: string, problem: string][] = [
    ['', 'time: invalid duration ""'],
    ['-', 'time: invalid duration "-"'],
    ['s', 'time: invalid duration "s"'],
    ['.', 'time: invalid duration "."'],
    ['.s', 'time: invalid duration ".s"'],
    ['--1s', 'time: invalid duration "--1s"'],
    [' 1s', 'time: invalid duration " 1s"'],
    ['10', 'time: missing unit in duration "10"'],
    ['1.5', 'time: missing unit in duration "1.5"'],
    ['1h5', 'time: missing unit in duration "1h5"'],
    ['1d', 'time: unknown unit "d" in duration "1d"'],
    ['1S', 'time: unknown unit "S" in duration "1S"'],
    ['1s 2s', 'time: unknown unit "s " in duration "1s 2s"'],
    ['1constructor', 'time: unknown unit "constructor" in duration "1constructor"'],
    ['2562048h', 'time: invalid duration "2562048h"'],
  ];
  for (const [text, problem] of problems) {
    it(`says of ${JSON.stringify(text)}: ${problem}`, () => assert.deepEqual(parseGoDuration(text), { problem }));
  }

  it('P3: comes to an end with long nonsense', () => {
    for (const text of ['.'.repeat(255), '1'.repeat(255), `${'1'.repeat(254)}x`]) {
      assert.property(parseGoDuration(text), 'problem', text);
    }
    assert.notProperty(parseGoDuration('1h'.repeat(100)), 'problem');
  });
});
