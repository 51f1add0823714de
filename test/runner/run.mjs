import { startTestRunner } from '@web/test-runner';
import { SESSION_STATUS } from '@web/test-runner-core';
import { createConfig } from './config.mjs';
import { PageLauncher } from './page-launcher.mjs';
import { byThemselves, filesOf } from './pages.mjs';
import { report } from './reporter.mjs';
import { Times } from './times.mjs';

/** @typedef {import('./reporter.mjs').Outcome} Outcome */
/** @typedef {import('@web/test-runner-core').TestSession} TestSession */

/** As many are run again, file by file. Where more are lost, it is no file's fault. */
const MOST_LOST = 3;

/**
 * Runs files in browsers.
 * @param {import('./config.mjs').Choice} choice
 * @returns {Promise<Outcome[]>} one for each file and browser
 */
export async function runInBrowsers(choice) {
  const times = choice.times ? new Times() : undefined;
  const runner = await startTestRunner({
    config: createConfig(choice),
    readCliArgs: false,
    readFileConfig: false,
    autoExitProcess: false,
  });
  if (!runner) throw new Error('Expected the test runner to start, it did not');
  /** @type {Outcome[]} */
  const outcomes = [];
  /** @type {TestSession[]} */
  const lost = [];
  runner.sessions.on('session-status-updated', (session) => {
    times?.note(session);
    if (session.status !== SESSION_STATUS.FINISHED) return;
    if (!session.testResults) replaceBrowser(session);
    if (!session.testResults && filesOf(session).length > 1 && lost.length < MOST_LOST) lost.push(session);
    else outcomes.push(...report(session));
    const unfinished = [...runner.sessions.all()].filter(({ status }) => status !== SESSION_STATUS.FINISHED);
    if (new Set(unfinished.map(({ browser }) => browser)).size <= 1) choice.whenOneIsLeft?.();
  });
  const passed = await new Promise((done) => runner.on('stopped', done));
  times?.print();
  for (const session of lost) outcomes.push(...(await oneByOne(session)));
  // A browser that could not start leaves no file behind that could have failed.
  if (!passed && lost.length === 0 && outcomes.every(({ failures }) => failures.length === 0)) {
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
 * @param {TestSession} session
 */
function replaceBrowser(session) {
  const { browser } = session;
  if (browser instanceof PageLauncher) browser.replace(`lost the page of ${filesOf(session).join(', ')}`);
}

/**
 * For files whose page was lost: which of them it was shows where each has a page of its own.
 * @param {TestSession} session
 */
function oneByOne(session) {
  const files = filesOf(session);
  const browser = session.browser.name;
  console.log(`\nA page of ${files.length} files was lost in ${browser}; each of them runs by itself`);
  for (const { message } of session.errors) console.log(`    ${message}`);
  return runInBrowsers({ browsers: [browser.toLowerCase()], pages: byThemselves(files) });
}
