import { relative } from 'node:path';

/**
 * What a file has come to in a browser, or in Node.
 * @typedef {object} Outcome
 * @property {string} file
 * @property {string} where the browser's name, or Node
 * @property {number} passed
 * @property {string[]} failures what failed: the titles of tests, or what happened to the file
 */

/**
 * Prints what a file has come to in a browser as soon as it has ended: each failure with file, test name and browser, then
 * one line for the file.
 * @param {string} root
 * @param {import('@web/test-runner-core').TestSession} session
 * @returns {Outcome}
 */
export function report(root, session) {
  const file = relative(root, session.testFile);
  const where = session.browser.name;
  const at = `${file} in ${where}`;
  const tests = session.testResults ? [...flatten(session.testResults)] : [];
  const failed = tests.filter(({ test }) => !test.passed && !test.skipped);
  const passed = tests.filter(({ test }) => test.passed && !test.skipped).length;
  for (const { path, test } of failed) printFailure(`${at}: ${path}`, test.error);
  const failures = failed.map(({ path }) => path);
  // A file that never came to its tests (a syntax error, a crash, no browser) is one failure. Errors
  // of hooks stand here too, next to the tests that could not run.
  if (failures.length === 0 && (session.errors.length > 0 || !session.passed)) {
    failures.push(session.errors.length > 0 ? 'outside of a test' : 'the file did not end');
    if (session.errors.length === 0) printFailure(`${at}: the file did not end`, undefined);
  }
  for (const error of session.errors) printFailure(`${at}: outside of a test`, error);
  for (const url of session.request404s) console.log(`    not found: ${url}`);
  if (failures.length > 0) {
    for (const log of session.logs) console.log('    log:', ...log);
  }
  const outcome = { file, where, passed, failures };
  printOutcome(outcome);
  return outcome;
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
 * @param {import('@web/test-runner-core').TestSuiteResult} suite
 * @param {string} prefix
 * @returns {Generator<{ path: string, test: import('@web/test-runner-core').TestResult }>}
 */
export function* flatten(suite, prefix = '') {
  const path = [prefix, suite.name].filter(Boolean).join(' › ');
  for (const test of suite.tests) {
    yield { path: [path, test.name].filter(Boolean).join(' › '), test };
  }
  for (const inner of suite.suites) yield* flatten(inner, path);
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
