// `npm run bench`: the benchmark page in headless Chromium and Firefox.
//   npm run bench -- --browser chromium     one browser only
//   npm run bench -- --row restart          one row only; several may be named
//   npm run bench -- --runs 5               so many samples a side, whatever the row says
//   npm run bench -- --save                 write table and plot into bench/
//   npm run bench -- --compare <commit>     what is built now beside that commit, in turn; `--launches` browsers (4)
import { parseArgs } from 'node:util';
import { installable } from '../test/runner/find-browser.mjs';
import { buildCommit } from './bench/build-commit.mjs';
import { measure, serve } from './bench/page.mjs';
import { save } from './bench/save.mjs';
import { toComparison, toTable } from './bench/table.mjs';
import { ensureBrowsers, ensureDependencies } from './setup.mjs';

const { values: options } = parseArgs({
  options: {
    browser: { type: 'string', multiple: true },
    row: { type: 'string', multiple: true, default: [] },
    runs: { type: 'string' },
    save: { type: 'boolean', default: false },
    compare: { type: 'string' },
    launches: { type: 'string', default: '4' },
  },
});
const browsers = installable.filter((name) => options.browser?.includes(name) ?? true);
if (options.save && (options.row.length > 0 || options.compare !== undefined))
  throw new Error('Expected `--save` without `--row` and `--compare`: it saves all');
if (options.runs !== undefined) checkCount('--runs', options.runs);
checkCount('--launches', options.launches);

ensureDependencies();
ensureBrowsers(browsers);
const { buildOutputs } = await import('./build.mjs');
const { buildPlugins } = await import('./build-plugins.mjs');
await buildPlugins();
await buildOutputs(['library']);
if (options.compare === undefined) await report();
else await compareWith(options.compare);

async function report() {
  const server = await serve();
  const reports = [];
  try {
    // One after the other: two browsers at once would measure each other.
    for (const browser of browsers) {
      const measured = await measure(browser, server.url + query());
      console.log(`\n${measured.version}\n\n${toTable(measured)}`);
      reports.push(measured);
    }
  } finally {
    await server.close();
  }
  if (options.save) save(reports, options.runs);
}

/** @param {string} commit */
async function compareWith(commit) {
  const before = buildCommit(commit);
  const server = await serve([before.folder]);
  const library = `/@fs/${before.folder.replaceAll('\\', '/').replace(/^\//, '')}/dist/index.js`;
  try {
    for (const browser of browsers) {
      const launches = [];
      for (let i = 0; i < Number(options.launches); i++) {
        launches.push(await measure(browser, server.url + query(library)));
      }
      const [first] = launches;
      console.log(`\n${first?.version}, before: ${before.name}\n\n${toComparison(launches)}`);
    }
  } finally {
    await server.close();
    before.remove();
  }
}

/** @param {string} [before] */
function query(before) {
  const asked = new URLSearchParams(options.row.map((row) => ['row', row]));
  if (options.runs !== undefined) asked.set('runs', options.runs);
  if (before !== undefined) asked.set('before', before);
  return `?${asked}`;
}

/**
 * @param {string} name
 * @param {string} value
 */
function checkCount(name, value) {
  if (!/^[1-9]\d{0,3}$/.test(value))
    throw new Error(`Expected \`${name}\` to be a number from 1 to 9999, got ${value}`);
}
