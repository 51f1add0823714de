// Where a run's time goes: per browser and per file, split into opening the page, loading modules and running tests.
import { relative } from 'node:path';
import { SESSION_STATUS } from '@web/test-runner-core';
import { flatten } from './reporter.mjs';

/** Told by the page when its modules are there and mocha begins. */
const LOADED = '/__loaded';

/** A test that takes longer is named. */
const SLOW_MS = 700;

/** The page of a timed run: it says when mocha starts, which the runner does not. */
const PAGE = (/** @type {string} */ framework) => `<!doctype html>
<html><head></head><body>
<script>
  const started = performance.now();
  Object.defineProperty(window, '__WTR_MOCHA_RUNNER__', {
    set() { fetch('${LOADED}' + location.search, { method: 'POST', keepalive: true }); },
  });
</script>
<script type="module" src="${framework}"></script>
</body></html>`;

/** @typedef {{ file: string, browser: string, begun: number, opened: number, loaded: number, ended: number, closed: number, tests: { path: string, test: import('@web/test-runner-core').TestResult }[] }} Row */

/** Collects the times of one run. */
export class Times {
  /** @type {Map<string, Row>} */
  #rows = new Map();
  #root;

  /** @param {string} root */
  constructor(root) {
    this.#root = root;
  }

  /** What a configuration needs besides, so that pages tell when they are loaded. */
  get config() {
    return { testRunnerHtml: PAGE, plugins: [this.#plugin] };
  }

  /** @param {import('@web/test-runner-core').TestSession} session */
  note(session) {
    const now = performance.now();
    const row = this.#rows.get(session.id) ?? {
      file: relative(this.#root, session.testFile),
      browser: session.browser.name,
      begun: now,
      opened: 0,
      loaded: 0,
      ended: 0,
      closed: 0,
      tests: [],
    };
    this.#rows.set(session.id, row);
    if (session.status === SESSION_STATUS.INITIALIZING) row.begun = now;
    if (session.status === SESSION_STATUS.TEST_STARTED) row.opened = now;
    if (session.status === SESSION_STATUS.TEST_FINISHED) row.ended = now;
    if (session.status === SESSION_STATUS.FINISHED) row.closed = now;
    if (session.status === SESSION_STATUS.FINISHED && session.testResults)
      row.tests = [...flatten(session.testResults)];
  }

  /** @type {import('@web/test-runner').TestRunnerPlugin} */
  #plugin = {
    name: 'cloche:times',
    serve: (context) => {
      if (context.path !== LOADED) return undefined;
      const row = this.#rows.get(context.URL.searchParams.get('wtr-session-id') ?? '');
      if (row) row.loaded = performance.now();
      return { body: '', type: 'text' };
    },
  };

  /** Prints the sum of each browser, then every file of it, slowest first. */
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
        console.log(line(parts(row), row.file));
        for (const { path, test } of row.tests) {
          if ((test.duration ?? 0) >= SLOW_MS) console.log(`${line([test.duration ?? 0], '')}        ${path}`);
        }
      }
    }
  }
}

/** @param {Row} row */
const total = (row) => row.closed - row.begun;

/** @param {Row} row */
const parts = (row) => [
  total(row),
  row.opened - row.begun,
  row.loaded - row.opened,
  row.ended - row.loaded,
  row.closed - row.ended,
];

/** @param {number[]} times @param {string} label */
const line = (times, label) => `${times.map((time) => (time / 1000).toFixed(2).padStart(7)).join(' ')}  ${label}`;
