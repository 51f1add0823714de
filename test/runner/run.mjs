import { relative } from 'node:path';
import { startTestRunner } from '@web/test-runner';
import { SESSION_STATUS } from '@web/test-runner-core';
import { createConfig, root } from './config.mjs';
import { PageLauncher } from './page-launcher.mjs';
import { report } from './reporter.mjs';
import { Times } from './times.mjs';

/** @typedef {import('./reporter.mjs').Outcome} Outcome */

/**
 * Runs files in browsers.
 * @param {import('./config.mjs').Choice} choice
 * @returns {Promise<Outcome[]>} one for each file and browser
 */
export async function runInBrowsers(choice) {
  const times = choice.times ? new Times(root) : undefined;
  const runner = await startTestRunner({
    config: createConfig(choice, times?.config),
    readCliArgs: false,
    readFileConfig: false,
    autoExitProcess: false,
  });
  if (!runner) throw new Error('Expected the test runner to start, it did not');
  /** @type {Outcome[]} */
  const outcomes = [];
  runner.sessions.on('session-status-updated', (session) => {
    times?.note(session);
    if (session.status !== SESSION_STATUS.FINISHED) return;
    outcomes.push(end(session));
    const unfinished = [...runner.sessions.all()].filter(({ status }) => status !== SESSION_STATUS.FINISHED);
    if (new Set(unfinished.map(({ browser }) => browser)).size <= 1) choice.whenOneIsLeft?.();
  });
  const passed = await new Promise((done) => runner.on('stopped', done));
  times?.print();
  // A browser that could not start leaves no file behind that could have failed.
  if (!passed && outcomes.every(({ failures }) => failures.length === 0)) {
    outcomes.push({
      file: 'all',
      where: (choice.browsers ?? []).join(', '),
      passed: 0,
      failures: ['nothing could run'],
    });
  }
  return outcomes;
}

/**
 * A page without results has crashed or hangs, and what it has left behind would be met by the next one.
 * @param {import('@web/test-runner-core').TestSession} session
 */
function end(session) {
  if (!session.testResults && session.browser instanceof PageLauncher) {
    session.browser.replace(`lost the page of ${relative(root, session.testFile)}`);
  }
  return report(root, session);
}
