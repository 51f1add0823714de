// Everything `npm test` needs, then every suite in every browser, then `N passed, N failed`.
//   npm test -- --browser chromium --files test/foo.test.ts     (both may be given several times)
//   npm test -- --node                                          (only the tests that run in Node)
//   npm test -- --built                                         (all, with the dist/ that was built a moment ago)
import { spawn } from 'node:child_process';
import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { installable } from '../test/runner/find-browser.mjs';
import { ensureBrowsers, ensureDependencies, root } from './setup.mjs';

const { values: options } = parseArgs({
  options: {
    browser: { type: 'string', multiple: true },
    built: { type: 'boolean', default: false },
    files: { type: 'string', multiple: true },
    node: { type: 'boolean', default: false },
    times: { type: 'boolean', default: false },
  },
});

ensureDependencies();

const { defaultBrowsers } = await import('../test/runner/config.mjs');
const browsers = options.node ? [] : (options.browser ?? defaultBrowsers());
ensureBrowsers(installable.filter((name) => browsers.includes(name)));
const total = { passed: 0, failed: 0 };
// A broken build is a failure, but what does not need it can still be tested.
await prepare().catch((error) => {
  console.log('FAIL building what the tests load\n', error);
  add({ passed: 0, failed: 1 });
});
const whole = !options.browser && !options.files;
/** @type {ReturnType<typeof runInNode> | undefined} */
let inNode;
// The last browser leaves a core to the tests that have no page.
const startInNode = () => {
  if (whole) inNode ??= runInNode();
};
if (browsers.length > 0) {
  const { runBrowsers } = await import('../test/runner/run.mjs');
  add(await runBrowsers({ browsers, files: options.files, times: options.times, whenOneIsLeft: startInNode }));
}
startInNode();
if (inNode) add(await inNode);
console.log(`${total.passed} passed, ${total.failed} failed`);
// Zero tests is a broken run, not a green one.
process.exit(total.failed === 0 && total.passed > 0 ? 0 : 1);

/** @param {{ passed: number, failed: number }} tally */
function add({ passed, failed }) {
  total.passed += passed;
  total.failed += failed;
}

/** Builds what tests load as a user would. A narrowed run uses what is there, as does one that is told so. */
async function prepare() {
  const narrowed = options.browser || options.files || options.node;
  if ((narrowed || options.built) && existsSync(join(root, 'dist/cloche.js'))) return;
  const { buildPlugins } = await import('./build-plugins.mjs');
  const { buildOutputs } = await import('./build.mjs');
  await buildPlugins();
  if (existsSync(join(root, 'src/index.ts'))) await buildOutputs(['script', 'library', 'package', 'types', 'cli']);
  if (existsSync(join(root, 'workers/service-worker.ts'))) await buildOutputs(['service-worker']);
}

/** The tests of scripts and of the relay, which have no page. */
async function runInNode() {
  const folder = join(root, 'test/node');
  const files = existsSync(folder)
    ? readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter((name) => /\.test\.(?:ts|mjs)$/.test(name))
    : [];
  if (files.length === 0) return { passed: 0, failed: 0 };
  const { output, status } = await runNode([
    '--import',
    'tsx',
    '--test',
    // Alone, two at a time, as many as the browsers of a run: each mostly waits for a browser or a server of its own.
    `--test-concurrency=${browsers.length > 0 ? 1 : 2}`,
    '--test-reporter=tap',
    ...files.map((name) => join('test/node', name)),
  ]);
  const count = (/** @type {string} */ word) => Number(new RegExp(`^# ${word} (\\d+)$`, 'm').exec(output)?.[1] ?? 0);
  const tally = { passed: count('pass'), failed: count('fail') + count('cancelled') };
  const broken = status !== 0 && tally.failed === 0;
  if (broken || tally.failed > 0) console.log(output);
  console.log(`${broken || tally.failed > 0 ? '✗' : '✓'} test/node: ${tally.passed} passed`);
  return broken ? { passed: tally.passed, failed: 1 } : tally;
}

/**
 * @param {string[]} args
 * @returns {Promise<{ output: string, status: number | null }>}
 */
function runNode(args) {
  const child = spawn(process.execPath, args, { cwd: root, stdio: ['ignore', 'pipe', 'pipe'] });
  let output = '';
  for (const stream of [child.stdout, child.stderr]) stream.setEncoding('utf8').on('data', (text) => (output += text));
  return new Promise((done, failed) => {
    child.once('error', failed);
    child.once('close', (status) => done({ output, status }));
  });
}
