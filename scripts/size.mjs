// `npm run size`: what a page downloads, and whether it is still within the budget.
import { existsSync, readFileSync } from 'node:fs';
import { join, posix } from 'node:path';
import { gzipSync } from 'node:zlib';
import { ensureDependencies, root } from './setup.mjs';

/**
 * Budgets in bytes, gzipped at level 9, of an entry with the chunks that it always loads and no entry before it does.
 * Raising one is a decision, so it needs a commit here.
 */
const BUDGETS = new Map([
  ['cloche.js', 85_000],
  // The same in two files, as the elements share one of them.
  ['index.js', 86_000],
  // In two files likewise, as the elements of the admin page share one of them.
  ['elements.js', 27_600],
  ['admin.js', 44_500],
  ['palette.js', 9_050],
  ['tasks.js', 6_000],
  ['databases.js', 7_000],
  ['cloche-sw.js', 3_000],
]);

/**
 * The same of all late chunks together that hold anything of `src/dialects/`, but for those of one dialect alone. What reads
 * manifests and stored records is among them, 3.6 kB.
 */
const DIALECTS_BUDGET = 24_000;

/** What the page runs of the first plugin of a dialect, and of no other. */
const OWN_BUDGETS = new Map([
  // A fifth of it holds channels and buffers in the page, and comes with the first plugin that shares them.
  ['nev', 12_600],
  // A third of it fills in templates, a fifth checks signed tokens: each comes with the first of them.
  ['windmill', 38_500],
]);

/** Late chunks by their names: what the worker of a dialect runs, and what assembles text of WebAssembly. */
const CHUNK_BUDGETS = new Map([
  ['nev.worker', 26_800],
  ['assembler', 240_000],
]);

const dist = join(root, 'dist');
if ([...BUDGETS.keys()].some((name) => !existsSync(join(dist, name)))) {
  ensureDependencies();
  const { buildOutputs } = await import('./build.mjs');
  await buildOutputs(['library', 'script', 'service-worker']);
}
// Late, as it may have been installed a moment ago.
const { parse } = await import('es-module-lexer');

/** @type {Set<string>} */
const counted = new Set();
/** @type {Set<string>} */
const later = new Set();
const rows = [...BUDGETS].map(([name, budget]) => rowOf(name, take(name), budget));
for (const name of later) {
  const files = take(name);
  if (files.length > 0) rows.push(rowOf(`${name}, when needed`, files));
}
for (const [name, budget] of OWN_BUDGETS) rows.push(rowOf(name, [...later].filter(isOwn(name)), budget));
for (const [name, budget] of CHUNK_BUDGETS) {
  rows.push(
    rowOf(
      name,
      [...later].filter((chunk) => chunk.includes(`/${name}-`)),
      budget,
    ),
  );
}
const shared = [...later].filter(
  (chunk) => isOfDialects(chunk) && ![...OWN_BUDGETS.keys()].some((name) => isOwn(name)(chunk)),
);
rows.push(rowOf('other dialects', shared, DIALECTS_BUDGET));

const width = Math.max(...rows.map(({ name }) => name.length));
console.log(`${'file'.padEnd(width)} ${'raw'.padStart(11)} ${'gzipped'.padStart(11)} ${'budget'.padStart(11)}`);
for (const { name, raw, gzipped, budget, over } of rows) {
  const cells = [raw, gzipped, budget].map((bytes) => format(bytes).padStart(11));
  console.log(`${name.padEnd(width)} ${cells.join(' ')}${over ? '  over budget' : ''}`);
}
process.exitCode = rows.some(({ over }) => over) ? 1 : 0;

/**
 * A file and what it imports, as far as no file before has brought it; what it may load later is only noted.
 * @param {string} name
 * @returns {string[]}
 */
function take(name) {
  if (counted.has(name)) return [];
  counted.add(name);
  const [imports] = parse(readFileSync(join(dist, name), 'utf8'), name);
  const files = imports.flatMap(({ type, specifier }) => {
    if (!specifier?.startsWith('.')) return [];
    const file = posix.join(posix.dirname(name), specifier);
    if (type !== 'dynamic') return take(file);
    later.add(file);
    return [];
  });
  return [name, ...files];
}

/** @param {string} chunk */
function isOfDialects(chunk) {
  return sourcesOf(chunk).some((source) => source.includes('src/dialects/'));
}

/**
 * All its files that are a dialect's are of this one.
 * @param {string} name
 * @returns {(chunk: string) => boolean}
 */
function isOwn(name) {
  return (chunk) => {
    const ofDialects = sourcesOf(chunk).filter((source) => source.includes('src/dialects/'));
    return ofDialects.length > 0 && ofDialects.every((source) => source.includes(`src/dialects/${name}/`));
  };
}

/**
 * @param {string} chunk
 * @returns {string[]}
 */
function sourcesOf(chunk) {
  const map = join(dist, `${chunk}.map`);
  return existsSync(map) ? JSON.parse(readFileSync(map, 'utf8')).sources : [];
}

/**
 * @param {string} name
 * @param {string[]} files
 * @param {number} [budget]
 */
function rowOf(name, files, budget) {
  const contents = files.map((file) => readFileSync(join(dist, file)));
  const raw = sum(contents.map((bytes) => bytes.length));
  const gzipped = sum(contents.map((bytes) => gzipSync(bytes, { level: 9 }).length));
  return { name, raw, gzipped, budget, over: budget !== undefined && gzipped > budget };
}

/** @param {number[]} numbers */
function sum(numbers) {
  return numbers.reduce((total, number) => total + number, 0);
}

/** @param {number | undefined} bytes */
function format(bytes) {
  return bytes === undefined ? '-' : bytes.toLocaleString('en-US');
}
