// Where a run's time goes: per browser, page and file, split into opening the page, loading modules and running tests.
import { SESSION_STATUS } from '@web/test-runner-core';
import { filesOf } from './pages.mjs';
import { testsOf } from './reporter.mjs';

/** A test that takes longer is named. */
const SLOW_MS = 700;

/**
 * A file of a page, as that has told of it.
 * @typedef {import('@web/test-runner-core').TestSuiteResult & { loading: number, running: number }} TimedFile
 */

/**
 * A page.
 * @typedef {{ label: string, browser: string, begun: number, opened: number, ended: number, closed: number, files: TimedFile[] }} Row
 */

/** Collects the times of one run. */
export class Times {
  /** @type {Map<string, Row>} */
  #rows = new Map();
  /** @param {import('@web/test-runner-core').TestSession} session */
  note(session) {
    const now = performance.now();
    const [first = '', ...others] = filesOf(session);
    const row = this.#rows.get(session.id) ?? {
      label: others.length > 0 ? `${first} and ${others.length} more` : first,
      browser: session.browser.name,
      begun: now,
      opened: 0,
      ended: 0,
      closed: 0,
      files: [],
    };
    this.#rows.set(session.id, row);
    if (session.status === SESSION_STATUS.INITIALIZING) row.begun = now;
    if (session.status === SESSION_STATUS.TEST_STARTED) row.opened = now;
    if (session.status === SESSION_STATUS.TEST_FINISHED) row.ended = now;
    if (session.status !== SESSION_STATUS.FINISHED) return;
    row.closed = now;
    row.files = /** @type {TimedFile[]} */ (session.testResults?.suites ?? []);
  }

  /** Prints the sum of each browser, then every page of it, slowest first, with its files. */
  print() {
    const rows = [...this.#rows.values()].filter((row) => row.closed > 0);
    for (const browser of new Set(rows.map((row) => row.browser))) {
      const own = rows.filter((row) => row.browser === browser).sort((a, b) => total(b) - total(a));
      console.log(`\nTIMES ${browser}: seconds in all, opening, loading, running, closing`);
      console.log(
        line(
          own.map(parts).reduce((sum, next) => sum.map((value, at) => value + (next[at] ?? 0))),
          'together',
        ),
      );
      for (const row of own) {
        console.log(line(parts(row), row.label));
        for (const file of row.files) {
          if (row.files.length > 1)
            console.log(line([file.loading + file.running, 0, file.loading, file.running, 0], `  ${file.name}`));
          for (const { path, test } of testsOf(file)) {
            if ((test.duration ?? 0) >= SLOW_MS) console.log(`${line([test.duration ?? 0], '')}        ${path}`);
          }
        }
      }
    }
  }
}

/** @param {Row} row */
const total = (row) => row.closed - row.begun;

/** @param {Row} row */
const parts = (row) => {
  const loading = row.files.reduce((sum, file) => sum + file.loading, 0);
  return [total(row), row.opened - row.begun, loading, row.ended - row.opened - loading, row.closed - row.ended];
};

/** @param {number[]} times @param {string} label */
const line = (times, label) => `${times.map((time) => (time / 1000).toFixed(2).padStart(7)).join(' ')}  ${label}`;
