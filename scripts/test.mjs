// Everything `npm test` needs, then every suite in every browser, then `N passed, N failed`.
//   npm test -- --browser chromium --files test/foo.test.ts     (both may be given several times)
//   npm test -- --node                                          (only the tests that run in Node)
//   npm test -- --built                                         (all, with the dist/ that was built a moment ago)
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { installable } from '../test/runner/find-browser.mjs';
import { NodeTests } from '../test/runner/node-tests.mjs';
import { printSums } from '../test/runner/reporter.mjs';
import { withSecondRuns } from '../test/runner/second-runs.mjs';
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
/** @type {import('../test/runner/reporter.mjs').Outcome[]} */
const outcomes = [];
// A broken build is a failure, but what does not need it can still be tested.
await prepare().catch((error) => {
  console.log('FAIL building what the tests load\n', error);
  outcomes.push({ file: 'the build', where: 'Node', passed: 0, failures: ['building what the tests load'] });
});
const whole = !options.browser && !options.files;
// One lane fits beside two browsers, which wait for much of their time; a second one takes the core of one that has ended.
const inNode = whole ? new NodeTests(root) : undefined;
inNode?.addLane();
if (browsers.length > 0) {
  const { runInBrowsers } = await import('../test/runner/run.mjs');
  const whenOneIsLeft = once(() => inNode?.addLane());
  outcomes.push(...(await runInBrowsers({ browsers, files: options.files, times: options.times, whenOneIsLeft })));
} else inNode?.addLane();
if (inNode) outcomes.push(...(await inNode.end()));
const { passed, failed } = printSums(whole ? await withSecondRuns(root, outcomes) : outcomes);
// Zero tests is a broken run, not a green one.
process.exit(failed === 0 && passed > 0 ? 0 : 1);

/** Builds what tests load as a user would. A narrowed run uses what is there, as does one that is told so. */
async function prepare() {
  const narrowed = options.browser || options.files || options.node;
  const { buildPlugins, buildTestPlugins } = await import('./build-plugins.mjs');
  // No user loads them, and a look at their dates is quick.
  await buildTestPlugins();
  if ((narrowed || options.built) && existsSync(join(root, 'dist/cloche.js'))) return;
  const { buildOutputs } = await import('./build.mjs');
  await buildPlugins();
  if (existsSync(join(root, 'src/index.ts'))) await buildOutputs(['script', 'library', 'package', 'types', 'cli']);
  if (existsSync(join(root, 'workers/service-worker.ts'))) await buildOutputs(['service-worker']);
}

/**
 * @param {() => void} run
 * @returns {() => void}
 */
function once(run) {
  let hasRun = false;
  return () => {
    if (!hasRun) run();
    hasRun = true;
  };
}
