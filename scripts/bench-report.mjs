// How benchmark results are shown, on the terminal and in bench/README.md.
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { cpus, totalmem, type } from 'node:os';
import { join } from 'node:path';
import { root } from './setup.mjs';

/**
 * @typedef {object} Row
 * @property {string} name what is measured
 * @property {number} cloche
 * @property {number | null} other what it is compared with
 * @property {number | null} ratio
 * @property {string | number | null} target
 * @property {string} unit
 * @typedef {object} Report
 * @property {string} version browser and version
 * @property {Row[]} rows
 */

const START = '<!-- results:start -->';
const END = '<!-- results:end -->';
const HEADER = ['measured', 'Cloche', 'other', 'ratio', 'target'];

/**
 * A Markdown table that is also readable on a terminal.
 * @param {Row[]} rows
 */
export function toTable(rows) {
  const cells = rows.map(({ name, cloche, other, ratio, target, unit }) => [
    name,
    `${number(cloche)} ${unit}`,
    other === null || other === undefined ? '-' : `${number(other)} ${unit}`,
    ratio === null || ratio === undefined ? '-' : `${number(ratio)}×`,
    String(target ?? '-'),
  ]);
  const widths = HEADER.map((title, i) => Math.max(title.length, ...cells.map((row) => (row[i] ?? '').length)));
  const line = (/** @type {string[]} */ row) =>
    `| ${row.map((cell, i) => (i === 0 ? cell.padEnd(widths[i] ?? 0) : cell.padStart(widths[i] ?? 0))).join(' | ')} |`;
  const rule = `|${widths.map((width, i) => (i === 0 ? '-'.repeat(width + 2) : `${'-'.repeat(width + 1)}:`)).join('|')}|`;
  return [line(HEADER), rule, ...cells.map(line)].join('\n');
}

/**
 * Replaces what stands between the markers of bench/README.md.
 * @param {Report[]} reports
 */
export function saveReport(reports) {
  const file = join(root, 'bench/README.md');
  const text = existsSync(file) ? readFileSync(file, 'utf8') : `# Benchmarks\n\n${START}\n${END}\n`;
  const [start, end] = [text.indexOf(START), text.indexOf(END)];
  if (start < 0 || end < start) throw new Error(`Expected ${START} and ${END} in bench/README.md`);
  const parts = reports.map(({ version, rows }) => `### ${version}\n\n${toTable(rows)}`);
  const body = [`Measured on ${machine()}.`, ...parts].join('\n\n');
  writeFileSync(file, `${text.slice(0, start)}${START}\n${body}\n${text.slice(end)}`);
}

function machine() {
  const cores = cpus();
  const gigabytes = Math.round(totalmem() / 2 ** 30);
  const model = cores[0]?.model.trim() || 'an unnamed processor';
  return `${model}, ${cores.length} cores, ${gigabytes} GiB, ${type()}`;
}

/** @param {number} value */
function number(value) {
  return value.toLocaleString('en-US', { maximumSignificantDigits: 3 });
}
