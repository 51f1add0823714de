import { relative } from 'node:path';

/** @typedef {{ passed: number, failed: number }} Tally */

/** Sums over every run in this process; the script that started the run prints them. */
export const tally = { passed: 0, failed: 0 };

/**
 * Files that failed in a browser, with what they added to the tally.
 * @type {{ file: string, browser: string, passed: number, failed: number }[]}
 */
export const failedFiles = [];

/**
 * Prints what a file has come to in a browser as soon as it has ended: each failure with file, test name and browser, then
 * one line for the file.
 * @param {string} root
 * @param {import('@web/test-runner-core').TestSession} session
 */
export function report(root, session) {
  const file = relative(root, session.testFile);
  const where = `${file} in ${session.browser.name}`;
  const tests = session.testResults ? [...flatten(session.testResults)] : [];
  const failures = tests.filter(({ test }) => !test.passed && !test.skipped);
  const passed = tests.filter(({ test }) => test.passed && !test.skipped).length;
  tally.passed += passed;
  tally.failed += failures.length;
  for (const { path, test } of failures) printFailure(`${where}: ${path}`, test.error);
  // A file that never came to its tests (a syntax error, a crash, no browser) is one failure. Errors
  // of hooks stand here too, next to the tests that could not run.
  const broken = failures.length === 0 && (session.errors.length > 0 || !session.passed);
  if (broken) tally.failed += 1;
  if (broken && session.errors.length === 0) printFailure(`${where}: the file did not end`, undefined);
  const failed = failures.length + (broken ? 1 : 0);
  if (failed > 0) failedFiles.push({ file, browser: session.browser.name, passed, failed });
  for (const error of session.errors) printFailure(`${where}: outside of a test`, error);
  for (const url of session.request404s) console.log(`    not found: ${url}`);
  if (failures.length > 0 || broken) {
    for (const log of session.logs) console.log('    log:', ...log);
  }
  console.log(`${failures.length > 0 || broken ? '✗' : '✓'} ${where}: ${passed} passed`);
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
