// Reports as Markdown tables that can also be read on a terminal. Pure.
import { goalOf, isMet, NAMES, number, OURS, SIDES, timesOf } from './rows.mjs';
import { compare, median, quantile } from './statistics.mjs';

/**
 * @typedef {import('./rows.mjs').Measured} Measured
 * @typedef {import('./rows.mjs').Report} Report
 */

/**
 * Medians, with the 95th percentile behind them, and for each isolation what they are beside the others.
 * @param {Report} report
 */
export function toTable({ engine, rows }) {
  const sides = SIDES.filter((side) => rows.some(({ samples }) => samples[side]));
  const ours = OURS.filter((side) => sides.includes(side));
  const head = [
    'p50 (p95)',
    ...sides.map((side) => NAMES[side] ?? side),
    ...ours.map((side) => (side === 'default' ? 'beside' : `\`${side}\` beside`)),
    'longest task',
  ];
  const lines = rows.map((row) => [
    row.name,
    ...sides.map((side) => figure(row, side)),
    ...ours.map((side) => beside(row, side, engine)),
    row.longTaskMs === undefined ? '-' : row.longTaskMs === 0 ? 'none' : `${number(row.longTaskMs)} ms`,
  ]);
  return markdown(head, lines);
}

/**
 * Ratios of what is built now to another commit, from reports of several launches of one browser.
 * @param {readonly Report[]} launches
 */
export function toComparison(launches) {
  const rows = launches[0]?.rows ?? [];
  const head = ['p50', 'before', 'after', 'after / before', '99 % interval', ''];
  const lines = rows.flatMap(({ id, name, unit, samples }) =>
    pairsOf(Object.keys(samples)).map(([isolation, before, after]) => {
      const samplesOf = (/** @type {string} */ side) =>
        launches.map((launch) => launch.rows.find((row) => row.id === id)?.samples[side] ?? []);
      const [befores, afters] = [samplesOf(before), samplesOf(after)];
      const { ratio, low, high, verdict } = compare(befores.map((one, i) => ({ before: one, after: afters[i] ?? [] })));
      return [
        isolation === 'default' ? name : `${name}, \`${isolation}\``,
        `${number(median(befores.flat()))} ${unit}`,
        `${number(median(afters.flat()))} ${unit}`,
        `${ratio.toFixed(2)}×`,
        `${low.toFixed(2)} to ${high.toFixed(2)}`,
        verdict,
      ];
    }),
  );
  return markdown(head, lines);
}

/**
 * Which sides are compared. A version without the option is compared with each isolation of one that has it.
 * @param {readonly string[]} sides `before process`, `after process` …
 * @returns {[isolation: string, before: string, after: string][]}
 */
function pairsOf(sides) {
  const at = (/** @type {string} */ when) => OURS.filter((isolation) => sides.includes(`${when} ${isolation}`));
  const [befores, afters] = [at('before'), at('after')];
  return afters.flatMap((after) => {
    const found = befores.filter((before) => [before, after].includes('default') || before === after);
    return found.map((before) => {
      const isolation = after === 'default' ? before : after;
      return /** @type {[string, string, string]} */ ([isolation, `before ${before}`, `after ${after}`]);
    });
  });
}

/**
 * @param {Measured} row
 * @param {string} side
 */
function figure({ samples, unit }, side) {
  const taken = samples[side];
  return taken ? `${number(median(taken))} (${number(quantile(taken, 0.95))}) ${unit}` : '-';
}

/**
 * @param {Measured} row
 * @param {string} isolation
 * @param {import('./rows.mjs').Engine} engine
 */
function beside(row, isolation, engine) {
  const goal = goalOf(row, isolation, engine);
  const against = goal?.against ?? row.against;
  const times = against && timesOf(row, isolation, against);
  const said = [];
  if (against && times !== undefined) {
    said.push(`${number(times)}× ${against === 'floor' ? 'the floor' : gained(row, against)}`);
  }
  if (goal && row.samples[isolation]) {
    const bound = goal.against ? `${goal.bound}×` : `${number(goal.bound)} ${row.unit}`;
    said.push(`goal ${bound}: ${isMet(row, goal) ? 'met' : 'missed'}`);
  }
  return said.join('; ') || '-';
}

/**
 * @param {Measured} row
 * @param {import('./rows.mjs').Beside} against
 */
function gained({ unit }, against) {
  return `as ${unit === 'ms' ? 'fast' : 'small'} as ${against === 'sdk' ? 'the SDK' : NAMES[against]}`;
}

/**
 * @param {string[]} head
 * @param {string[][]} lines
 */
function markdown(head, lines) {
  const widths = head.map((title, i) => Math.max(title.length, ...lines.map((line) => (line[i] ?? '').length)));
  const row = (/** @type {string[]} */ cells) =>
    `| ${cells.map((cell, i) => (i === 0 ? cell.padEnd(widths[i] ?? 0) : cell.padStart(widths[i] ?? 0))).join(' | ')} |`;
  const rule = `|${widths.map((width, i) => (i === 0 ? '-'.repeat(width + 2) : `${'-'.repeat(width + 1)}:`)).join('|')}|`;
  return [row(head), rule, ...lines.map(row)].join('\n');
}
