// Runs the rows one after another and hands what it measures to scripts/bench/page.mjs. Of the address it takes `row`, as
// often as there are rows to run (all), `runs`, and `before`: the library to compare with, and nothing else beside it.

import { builtLibrary } from './library.ts';
import { ROWS } from './rows/index.ts';
import { type Libraries, type Measured, type RunOptions, runRow } from './run.ts';

interface Bench {
  done: boolean;
  rows: Measured[];
  error?: string;
}

const bench: Bench = { done: false, rows: [] };
Object.assign(window, { __bench: bench });

const given = new URLSearchParams(location.search);
const before = given.get('before');
const wanted = given.getAll('row');
const runs = given.get('runs');
const options: RunOptions = { runs: runs === null ? undefined : Number(runs), beside: before === null };

function show(id: string, text: string): void {
  const element = document.getElementById(id);
  if (element) element.textContent = text;
}

async function libraries(): Promise<Libraries> {
  const built = await builtLibrary();
  return before === null ? { '': built } : { before: await builtLibrary(before), after: built };
}

try {
  if (!crossOriginIsolated) throw new Error('Expected a cross-origin isolated page: `runInWorker` needs one');
  const measured = await libraries();
  for (const row of ROWS.filter(({ id }) => wanted.length === 0 || wanted.includes(id))) {
    show('now', `Measuring ${row.name}`);
    const result = await runRow(row, measured, options);
    if (result) bench.rows.push(result);
    show('rows', JSON.stringify(bench.rows, null, 2));
  }
  show('now', 'Done');
  bench.done = true;
} catch (thrown) {
  bench.error = thrown instanceof Error ? `${thrown.message}\n${thrown.stack}` : String(thrown);
  show('now', bench.error);
}
