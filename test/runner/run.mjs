import { relative } from 'node:path';
import { startTestRunner } from '@web/test-runner';
import { SESSION_STATUS } from '@web/test-runner-core';
import { createConfig, root } from './config.mjs';
import { PageLauncher } from './page-launcher.mjs';
import { failedFiles, report, tally } from './reporter.mjs';
import { Times } from './times.mjs';

/** More than these cannot be accidents. */
const MOST_RERUN = 6;

/**
 * Runs the browser tests and returns the sums over browsers. A few files that failed run once more, each alone, and the
 * output says so: a browser that loses a thread, and a deadline on a machine that was busy, are not the fault of what is tested,
 * and whoever reads the log sees which files need a look.
 * @param {import('./config.mjs').Choice} choice
 */
export async function runBrowsers(choice) {
  const passed = await run(choice);
  const again = failedFiles.splice(0);
  if (choice.files || again.length === 0 || again.length > MOST_RERUN) return summed(passed);
  let allPassed = true;
  for (const { file, browser, ...counted } of again) {
    console.log(`Running again, once: ${file} in ${browser}`);
    tally.passed -= counted.passed;
    tally.failed -= counted.failed;
    if (!(await run({ browsers: [browser.toLowerCase()], files: [file] }))) allPassed = false;
  }
  return summed(allPassed);
}

/**
 * A browser that could not start leaves no test behind that could have failed.
 * @param {boolean} passed
 */
function summed(passed) {
  return !passed && tally.failed === 0 ? { ...tally, failed: 1 } : tally;
}

/**
 * @param {import('./config.mjs').Choice} choice
 * @returns {Promise<boolean>} whether all passed
 */
async function run(choice) {
  const times = choice.times ? new Times(root) : undefined;
  const runner = await startTestRunner({
    config: createConfig(choice, times?.config),
    readCliArgs: false,
    readFileConfig: false,
    autoExitProcess: false,
  });
  if (!runner) throw new Error('Expected the test runner to start, it did not');
  runner.sessions.on('session-status-updated', (session) => {
    times?.note(session);
    if (session.status !== SESSION_STATUS.FINISHED) return;
    end(session);
    const unfinished = [...runner.sessions.all()].filter(({ status }) => status !== SESSION_STATUS.FINISHED);
    if (new Set(unfinished.map(({ browser }) => browser)).size <= 1) choice.whenOneIsLeft?.();
  });
  const passed = await new Promise((done) => runner.on('stopped', done));
  times?.print();
  return passed;
}

/**
 * A page without results has crashed or hangs, and what it has left behind would be met by the next one.
 * @param {import('@web/test-runner-core').TestSession} session
 */
function end(session) {
  if (!session.testResults && session.browser instanceof PageLauncher) {
    session.browser.replace(`lost the page of ${relative(root, session.testFile)}`);
  }
  report(root, session);
}
