// `npm run size`: what a page downloads, and whether it is still within the budget.
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { ensureDependencies, root } from './setup.mjs';

/** Budgets in bytes, gzipped at level 9. Raising one is a decision, so it needs a commit here. */
const BUDGETS = new Map([
  ['cloche.js', 90_000],
  ['index.js', 90_000],
  ['cloche-sw.js', 3_000],
]);

const dist = join(root, 'dist');
if ([...BUDGETS.keys()].some((name) => !existsSync(join(dist, name)))) {
  ensureDependencies();
  const { buildOutputs } = await import('./build.mjs');
  await buildOutputs(['library', 'script', 'service-worker']);
}

const chunks = existsSync(join(dist, 'chunks'))
  ? readdirSync(join(dist, 'chunks')).map((name) => `chunks/${name}`)
  : [];
const names = [...BUDGETS.keys(), ...chunks.filter((name) => name.endsWith('.js'))];
const rows = names.map((name) => {
  const bytes = readFileSync(join(dist, name));
  const gzipped = gzipSync(bytes, { level: 9 }).length;
  const budget = BUDGETS.get(name);
  return {
    name,
    raw: bytes.length,
    gzipped,
    budget,
    over: budget !== undefined && gzipped > budget,
  };
});

const width = Math.max(...names.map((name) => name.length));
console.log(`${'file'.padEnd(width)} ${'raw'.padStart(11)} ${'gzipped'.padStart(11)} ${'budget'.padStart(11)}`);
for (const { name, raw, gzipped, budget, over } of rows) {
  const cells = [raw, gzipped, budget].map((bytes) => format(bytes).padStart(11));
  console.log(`${name.padEnd(width)} ${cells.join(' ')}${over ? '  over budget' : ''}`);
}
process.exitCode = rows.some(({ over }) => over) ? 1 : 0;

/** @param {number | undefined} bytes */
function format(bytes) {
  return bytes === undefined ? '-' : bytes.toLocaleString('en-US');
}
