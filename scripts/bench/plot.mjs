// The ratios as bars, in SVG: to the right Cloche is faster than what it is beside, to the left slower. Pure.
import { goalOf, NAMES, number, OURS } from './rows.mjs';
import { median } from './statistics.mjs';

/**
 * @typedef {import('./rows.mjs').Measured} Measured
 * @typedef {import('./rows.mjs').Report} Report
 */

const WIDTH = 840;
const LEFT = 290;
const RIGHT = 110;
const TOP = 44;
const BAR = 9;
const GAP = 3;
const PANEL_HEAD = 52;

/** A file of its own, shown by an <img>: it follows the reader's colour scheme by itself. */
const STYLE = `
  svg { --surface: #ffffff; --ink: #1f2328; --muted: #59636e; --line: #d1d9e0; --process: #1f6feb; --origin: #bc4c00; }
  @media (prefers-color-scheme: dark) {
    svg { --surface: #0d1117; --ink: #f0f6fc; --muted: #9198a1; --line: #3d444d; --process: #58a6ff; --origin: #f0883e; }
  }
  text { font: 12px system-ui, -apple-system, 'Segoe UI', 'Liberation Sans', sans-serif; fill: var(--ink); }
  .title { font-size: 14px; font-weight: 600; }
  .muted { fill: var(--muted); font-size: 11px; }
  .value { font-size: 10px; }
  .surface { fill: var(--surface); }
  .line { stroke: var(--line); }
  .one { stroke: var(--muted); }
  .process, .default { fill: var(--process); }
  .origin { fill: var(--origin); }
  .goal { stroke: var(--ink); stroke-width: 2; }`;

/** @param {readonly Report[]} reports */
export function toPlot(reports) {
  const panels = reports.map((report) => ({
    version: report.version,
    bars: report.rows.flatMap((row) => barsOf(row, report.engine)),
  }));
  const shown = panels.flatMap(({ bars }) => bars);
  const scale = scaleOf(shown.flatMap(({ times, goal }) => (goal === undefined ? [times] : [times, goal])));
  const parts = [];
  let top = TOP;
  for (const { version, bars } of panels) {
    const { svg, height } = panel(version, bars, scale, top);
    parts.push(svg);
    top += height;
  }
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${WIDTH} ${top}" width="${WIDTH}" height="${top}" role="img" aria-labelledby="title">
<title id="title">How many times as fast as the SDK, or as the floor, Cloche is</title>
<style>${STYLE}
</style>
<rect class="surface" width="${WIDTH}" height="${top}"/>
${legend(shown)}
${parts.join('\n')}
</svg>
`;
}

/**
 * @typedef {object} Bar
 * @property {string} row
 * @property {string} beside
 * @property {string} isolation
 * @property {number} times as fast; below 1 slower
 * @property {number | undefined} goal on the same scale
 */

/**
 * @param {Measured} row
 * @param {import('./rows.mjs').Engine} engine
 * @returns {Bar[]}
 */
function barsOf(row, engine) {
  const { against, samples } = row;
  const theirs = against && samples[against];
  if (!theirs) return [];
  return OURS.flatMap((isolation) => {
    const ours = samples[isolation];
    if (!ours) return [];
    const goal = goalOf(row, isolation, engine);
    const beside = against === 'floor' ? (row.floor ?? 'the floor') : `the ${NAMES[against]}`;
    return {
      row: row.name,
      beside,
      isolation,
      times: median(theirs) / median(ours),
      goal: goal && onScale(goal, against, median(theirs)),
    };
  });
}

/**
 * @param {import('./rows.mjs').Goal} goal
 * @param {import('./rows.mjs').Beside} against what the bar is against
 * @param {number} theirs
 * @returns {number | undefined} undefined for a goal against something else
 */
function onScale(goal, against, theirs) {
  if (goal.against === undefined) return theirs / goal.bound;
  if (goal.against !== against) return undefined;
  return against === 'floor' ? 1 / goal.bound : goal.bound;
}

/**
 * Logarithmic, from one power of 4 to another, 1 among them.
 * @param {readonly number[]} values
 */
function scaleOf(values) {
  const low = Math.min(-1, ...values.map((value) => Math.floor(Math.log2(value) / 2)));
  const high = Math.max(1, ...values.map((value) => Math.ceil(Math.log2(value) / 2)));
  const width = WIDTH - LEFT - RIGHT;
  const ticks = Array.from({ length: high - low + 1 }, (_, i) => 4 ** (low + i));
  const at = (/** @type {number} */ value) => round(LEFT + ((Math.log2(value) / 2 - low) / (high - low)) * width);
  return { ticks, at };
}

/**
 * @param {string} version
 * @param {readonly Bar[]} bars
 * @param {ReturnType<typeof scaleOf>} scale
 * @param {number} top
 */
function panel(version, bars, { ticks, at }, top) {
  const rows = [...new Set(bars.map(({ row, beside }) => `${row}\n${beside}`))];
  let y = top + PANEL_HEAD;
  const drawn = [];
  for (const row of rows) {
    const own = bars.filter((bar) => `${bar.row}\n${bar.beside}` === row);
    const height = Math.max(28, own.length * (BAR + GAP));
    drawn.push(label(row, y), ...own.map((bar, i) => drawBar(bar, at, y + i * (BAR + GAP))));
    y += height + 10;
  }
  const bottom = y - 4;
  const grid = ticks.map((tick) => {
    const [x, name] = [at(tick), tick < 1 ? `${1 / tick}× slower` : tick === 1 ? 'equal' : `${tick}× faster`];
    return `<line class="${tick === 1 ? 'one' : 'line'}" x1="${x}" x2="${x}" y1="${top + PANEL_HEAD - 8}" y2="${bottom}"/>
<text class="muted" x="${x}" y="${top + PANEL_HEAD - 14}" text-anchor="middle">${name}</text>`;
  });
  const svg = `<text class="title" x="16" y="${top + 20}">${escaped(version)}</text>
${[...grid, ...drawn].join('\n')}`;
  return { svg, height: bottom - top + 20 };
}

/**
 * @param {string} row
 * @param {number} y
 */
function label(row, y) {
  const [name = '', beside = ''] = row.split('\n');
  return `<text x="16" y="${y + 9}">${escaped(name)}</text>
<text class="muted" x="16" y="${y + 23}">beside ${escaped(beside)}</text>`;
}

/**
 * @param {Bar} bar
 * @param {(value: number) => number} at
 * @param {number} y
 */
function drawBar({ isolation, times, goal }, at, y) {
  const [from, to] = [at(Math.min(1, times)), at(Math.max(1, times))];
  const text = times < 1 ? `${number(1 / times)}× slower` : `${number(times)}× faster`;
  const rest =
    goal === undefined ? '' : `, goal ${goal < 1 ? `${number(1 / goal)}× slower` : `${number(goal)}× faster`}`;
  const mark =
    goal === undefined
      ? ''
      : `<line class="goal" x1="${at(goal)}" x2="${at(goal)}" y1="${y - 2}" y2="${y + BAR + 2}"/>`;
  // Beside the bar and its mark, away from the middle.
  const edge =
    times < 1 ? Math.min(from, goal === undefined ? from : at(goal)) : Math.max(to, goal === undefined ? to : at(goal));
  const [x, anchor] = times < 1 ? [edge - 5, 'end'] : [edge + 5, 'start'];
  return `<g><title>${isolation}: ${text}${rest}</title><rect class="${isolation}" x="${from}" y="${y}" width="${Math.max(1, round(to - from))}" height="${BAR}" rx="2"/>
${mark}<text class="value" x="${round(x)}" y="${y + BAR - 1}" text-anchor="${anchor}">${text}</text></g>`;
}

/** @param {readonly Bar[]} bars */
function legend(bars) {
  const shown = OURS.filter((isolation) => bars.some((bar) => bar.isolation === isolation));
  const keys = shown.map((isolation, i) => {
    const x = 16 + i * 130;
    const name = (NAMES[isolation] ?? isolation).replaceAll('`', '');
    return `<rect class="${isolation}" x="${x}" y="18" width="12" height="${BAR}" rx="2"/><text x="${x + 18}" y="27">${name}</text>`;
  });
  const x = 22 + shown.length * 130;
  keys.push(`<line class="goal" x1="${x}" x2="${x}" y1="15" y2="30"/><text x="${x + 10}" y="27">goal</text>`);
  return keys.join('\n');
}

/** @param {number} value */
function round(value) {
  return Math.round(value * 10) / 10;
}

/** @param {string} text */
function escaped(text) {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;');
}
