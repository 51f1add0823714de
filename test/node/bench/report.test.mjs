import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { toPlot } from '../../../scripts/bench/plot.mjs';
import { withResults } from '../../../scripts/bench/save.mjs';
import { toComparison, toTable } from '../../../scripts/bench/table.mjs';

/** @typedef {import('../../../scripts/bench/rows.mjs').Report} Report */

/** @returns {Report} */
function report() {
  return {
    engine: 'chromium',
    version: 'Chrome/1 <beta>',
    rows: [
      {
        id: 'small',
        name: 'small call',
        unit: 'ms',
        against: 'sdk',
        goals: [
          { isolation: 'process', against: 'sdk', bound: 12 },
          { isolation: 'origin', against: 'sdk', engine: 'firefox', bound: 15 },
          { isolation: 'origin', against: 'sdk', engine: 'chromium', bound: 18 },
        ],
        samples: { process: [1, 1, 2], origin: [0.5], sdk: [10], quickjs: [0.1] },
        longTaskMs: 0,
      },
      {
        id: 'host',
        name: 'host call',
        unit: 'ms',
        floor: 'two round trips',
        against: 'floor',
        goals: [{ isolation: 'origin', against: 'floor', bound: 2 }],
        samples: { origin: [1], floor: [0.25] },
      },
      {
        id: 'cold',
        name: 'cold start',
        unit: 'ms',
        against: 'sdk',
        goals: [{ isolation: 'process', bound: 60 }],
        samples: { process: [50], origin: [40], sdk: [30] },
        longTaskMs: 63,
      },
    ],
  };
}

/** Cells of the row that begins so. */
function cells(/** @type {string} */ table, /** @type {string} */ name) {
  const line = table.split('\n').find((text) => text.startsWith(`| ${name}`)) ?? '';
  return line.split('|').map((cell) => cell.trim());
}

describe('the table', () => {
  const table = toTable(report());

  it('shows median and 95th percentile of each side, and what was not measured', () => {
    assert.deepEqual(cells(table, 'small call').slice(1, 7), [
      'small call',
      '1 (1.9) ms',
      '0.5 (0.5) ms',
      '10 (10) ms',
      '0.1 (0.1) ms',
      '-',
    ]);
  });

  it('says of each isolation whether it meets its goal, in this engine', () => {
    const [process, origin] = cells(table, 'small call').slice(7);
    assert.equal(process, '10× as fast as the SDK; goal 12×: missed');
    assert.equal(origin, '20× as fast as the SDK; goal 18×: met');
    assert.deepEqual(cells(table, 'host call').slice(7, 9), ['-', '4× the floor; goal 2×: missed']);
    assert.equal(cells(table, 'cold start')[7], '0.6× as fast as the SDK; goal 60 ms: met');
  });

  it('tells the longest task of the page, none from unknown', () => {
    assert.deepEqual(
      ['small call', 'host call', 'cold start'].map((name) => cells(table, name).at(-2)),
      ['none', '-', '63 ms'],
    );
  });

  it('has a column for a library without isolations, and none for sides that nobody measured', () => {
    const [row] = report().rows;
    if (!row) throw new Error('Expected a row');
    const old = toTable({ engine: 'firefox', version: '1', rows: [{ ...row, samples: { default: [1], sdk: [5] } }] });
    assert.deepEqual(cells(old, 'p50').slice(1, -1), ['p50 (p95)', 'Cloche', 'SDK', 'beside', 'longest task']);
    assert.equal(cells(old, 'small call')[4], '5× as fast as the SDK');
  });
});

describe('the comparison of two commits', () => {
  /** @returns {Report} */
  const launch = (/** @type {Record<string, number[]>} */ samples) => {
    const { rows, ...facts } = report();
    return { ...facts, rows: rows.slice(0, 1).map((row) => ({ ...row, samples })) };
  };

  it('compares each isolation with itself', () => {
    const samples = {
      'before process': [4, 4],
      'before origin': [2, 2],
      'after process': [6, 6],
      'after origin': [2, 2],
    };
    const table = toComparison([launch(samples), launch(samples)]);
    const expected = ['small call, `process`', '4 ms', '6 ms', '1.50×', '1.50 to 1.50', 'slower'];
    assert.deepEqual(cells(table, 'small call, `process`').slice(1, -1), expected);
    assert.equal(cells(table, 'small call, `origin`').at(-2), 'noise');
  });

  it('compares both with a commit that has no isolations yet', () => {
    const table = toComparison([launch({ 'before default': [4], 'after process': [4], 'after origin': [2] })]);
    assert.equal(cells(table, 'small call, `process`').at(-2), 'noise');
    assert.equal(cells(table, 'small call, `origin`').at(-2), 'faster');
  });
});

describe('the plot', () => {
  const plot = toPlot([report(), { ...report(), engine: 'firefox' }]);
  const bars = [...plot.matchAll(/<title>(.*?): (.*?)<\/title><rect class="(\w+)" x="([\d.]+)".*? width="([\d.]+)"/g)];

  it('says each ratio, with the goal on the same scale', () => {
    assert.deepEqual(
      bars.slice(0, 5).map(([, isolation, text]) => [isolation, text]),
      [
        ['process', '10× faster, goal 12× faster'],
        ['origin', '20× faster, goal 18× faster'],
        ['origin', '4× slower, goal 2× slower'],
        ['process', '1.67× slower, goal 2× slower'],
        ['origin', '1.33× slower'],
      ],
    );
  });

  it('draws bars by the logarithm, of the same scale in each engine', () => {
    const widths = bars.map((bar) => Number(bar[5]));
    const byFour = widths[2] ?? 0;
    assert.ok(Math.abs((widths[0] ?? 0) / byFour - Math.log(10) / Math.log(4)) < 0.01);
    assert.deepEqual(widths.slice(0, 5), widths.slice(5));
  });

  it('has colours of its own for dark pages, and escapes what it is given', () => {
    assert.match(plot, /@media \(prefers-color-scheme: dark\)/);
    assert.ok(plot.includes('Chrome/1 &lt;beta&gt;'));
    assert.ok(!plot.includes('<beta>'));
    assert.ok(!/NaN|undefined|Infinity/.test(plot));
  });
});

describe('saving', () => {
  it('replaces what stands between the markers and nothing else', () => {
    const text = 'before\n<!-- results:start -->\nstale\n<!-- results:end -->\nafter\n';
    const saved = withResults(text, [report()], 'a machine');
    assert.ok(saved.startsWith('before\n<!-- results:start -->\nMeasured on a machine.'));
    assert.ok(saved.endsWith('\n<!-- results:end -->\nafter\n'));
    assert.ok(saved.includes('](results.svg)') && saved.includes('### Chrome/1') && !saved.includes('stale'));
    assert.equal(withResults(saved, [report()], 'a machine'), saved);
  });

  it('refuses a text without markers', () => {
    assert.throws(() => withResults('nothing', [report()], ''), /results:start/);
  });
});
