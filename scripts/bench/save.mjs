// Writes bench/README.md and bench/results.svg.
import { execFileSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { cpus, totalmem, type } from 'node:os';
import { join } from 'node:path';
import { root } from '../setup.mjs';
import { toPlot } from './plot.mjs';
import { toTable } from './table.mjs';

const START = '<!-- results:start -->';
const END = '<!-- results:end -->';

/**
 * @param {import('./rows.mjs').Report[]} reports
 * @param {string} [runs] samples a side, where not as many as each row says
 */
export function save(reports, runs) {
  const file = join(root, 'bench/README.md');
  writeFileSync(
    file,
    withResults(
      readFileSync(file, 'utf8'),
      reports,
      machine() + (runs === undefined ? '' : `; ${runs} samples a side`),
    ),
  );
  writeFileSync(join(root, 'bench/results.svg'), toPlot(reports));
  // The linter wants tables in its own form.
  execFileSync('npx', ['biome', 'format', '--write', file], { cwd: root, stdio: 'ignore' });
}

/**
 * Replaces what stands between the markers.
 * @param {string} text
 * @param {import('./rows.mjs').Report[]} reports
 * @param {string} measuredOn
 */
export function withResults(text, reports, measuredOn) {
  const [start, end] = [text.indexOf(START), text.indexOf(END)];
  if (start < 0 || end < start) throw new Error(`Expected ${START} and ${END} in bench/README.md`);
  const plot = '![Cloche beside the SDK or the floor, with the goals; the figures are in the tables](results.svg)';
  const parts = reports.map((report) => `### ${report.version}\n\n${toTable(report)}`);
  const body = [`Measured on ${measuredOn}.`, plot, ...parts].join('\n\n');
  return `${text.slice(0, start)}${START}\n${body}\n${text.slice(end)}`;
}

function machine() {
  const cores = cpus();
  const gigabytes = Math.round(totalmem() / 2 ** 30);
  const model = cores[0]?.model.trim() || 'an unnamed processor';
  return `${model}, ${cores.length} cores, ${gigabytes} GiB, ${type()}`;
}
