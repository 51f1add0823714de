import { filesOf } from './pages.mjs';

/**
 * What a file has come to in a browser, or in Node.
 * @typedef {object} Outcome
 * @property {string} file
 * @property {string} where the browser's name, or Node
 * @property {string[]} [page] the files that shared its page
 * @property {number} passed
 * @property {string[]} failures what failed: the titles of tests, or what happened to the file
 */

/**
 * Prints what the files of a page have come to as soon as it has ended: each failure with file, test name and browser, then
 * one line for each file.
 * @param {import('@web/test-runner-core').TestSession} session
 * @returns {Outcome[]}
 */
export function report(session) {
  const outcomes = filesOf(session).map((file) => reportFile(session, file));
  const at = filesOf(session).join(', ');
  for (const error of session.errors) printFailure(`${at} in ${session.browser.name}: outside of a test`, error);
  for (const url of session.request404s) console.log(`    not found: ${url}`);
  if (outcomes.some(({ failures }) => failures.length > 0)) {
    for (const log of session.logs) console.log('    log:', ...log);
  }
  for (const outcome of outcomes) printOutcome(outcome);
  return outcomes;
}

/**
 * @param {import('@web/test-runner-core').TestSession} session
 * @param {string} file
 * @returns {Outcome}
 */
function reportFile(session, file) {
  const where = session.browser.name;
  const results = session.testResults?.suites.find(({ name }) => name === file);
  const tests = results ? testsOf(results) : [];
  const failed = tests.filter(({ test }) => !test.passed && !test.skipped);
  const passed = tests.filter(({ test }) => test.passed && !test.skipped).length;
  for (const { path, test } of failed) printFailure(`${file} in ${where}: ${path}`, test.error);
  const failures = failed.map(({ path }) => path);
  // What happened to the page (a crash, no browser) happened to each of its files.
  if (session.errors.length > 0) failures.push('outside of a test');
  else if (!results) {
    failures.push('the file did not end');
    printFailure(`${file} in ${where}: the file did not end`, undefined);
  } else if (tests.length === 0) failures.push('the file has no test');
  return { file, where, page: filesOf(session), passed, failures };
}

/** @param {Outcome} outcome */
export function printOutcome({ file, where, passed, failures }) {
  console.log(`${failures.length > 0 ? '✗' : '✓'} ${file} in ${where}: ${passed} passed`);
}

/**
 * The last lines of a run: each failure once more, so that nobody looks for it among thousands of lines, then the sums.
 * @param {readonly Outcome[]} outcomes
 * @returns {{ passed: number, failed: number }}
 */
export function printSums(outcomes) {
  for (const { file, where, failures } of outcomes) {
    for (const failure of failures) console.log(`Failed: ${file} in ${where}: ${failure}`);
  }
  const passed = outcomes.reduce((sum, outcome) => sum + outcome.passed, 0);
  const failed = outcomes.reduce((sum, outcome) => sum + outcome.failures.length, 0);
  console.log(`${passed} passed, ${failed} failed`);
  return { passed, failed };
}

/**
 * The tests of a file, each with the titles of the suites that it is in.
 * @param {import('@web/test-runner-core').TestSuiteResult} file
 * @returns {{ path: string, test: import('@web/test-runner-core').TestResult }[]}
 */
export function testsOf({ suites, tests }) {
  const inner = suites.flatMap((suite) =>
    testsOf(suite).map(({ path, test }) => ({ path: `${suite.name} › ${path}`, test })),
  );
  return [...tests.map((test) => ({ path: test.name, test })), ...inner];
}

/** @param {string} title @param {import('@web/test-runner-core').TestResultError | undefined} error */
function printFailure(title, error) {
  console.log(`\nFAIL ${title}`);
  if (!error) return;
  console.log(indent(`${error.name ?? 'Error'}: ${error.message}`));
  if (error.expected !== undefined || error.actual !== undefined) {
    console.log(indent(`expected: ${error.expected}\nactual: ${error.actual}`));
  }
  const stack = (error.stack ?? '').replace(/\?wtr-session-id=[\w-]+/g, '').split('\n');
  console.log(indent(stack.slice(0, 8).join('\n')));
}

/** @param {string} text */
const indent = (text) => text.replace(/^/gm, '    ');
