// Runs the benchmarks one after another and hands the rows to scripts/bench.mjs.

import { hostCall } from './host-call.ts';
import { kvBatch } from './kv.ts';
import { largeInput } from './large-input.ts';
import { restart } from './restart.ts';
import type { Row } from './row.ts';
import { smallCall } from './small-call.ts';

interface Bench {
  done: boolean;
  rows: Row[];
  error?: string;
}

const bench: Bench = { done: false, rows: [] };
Object.assign(window, { __bench: bench });

const BENCHMARKS = new Map<string, () => Promise<Row | Row[]>>([
  ['a small call', smallCall],
  ['a large input', largeInput],
  ['a host call', hostCall],
  ['the key-value store', kvBatch],
  ['a restart, which takes minutes', restart],
]);

function show(id: string, text: string): void {
  const element = document.getElementById(id);
  if (element) element.textContent = text;
}

try {
  if (!crossOriginIsolated) throw new Error('Expected a cross-origin isolated page: `runInWorker` needs one');
  for (const [name, run] of BENCHMARKS) {
    show('now', `Measuring ${name}`);
    bench.rows.push(...[await run()].flat());
    show('rows', JSON.stringify(bench.rows, null, 2));
  }
  show('now', 'Done');
  bench.done = true;
} catch (thrown) {
  bench.error = thrown instanceof Error ? `${thrown.message}\n${thrown.stack}` : String(thrown);
  show('now', bench.error);
}
