// Pages that several files share: which do, and what becomes of each file whatever the others of its page do.
import assert from 'node:assert/strict';
import { before, describe, it, mock } from 'node:test';
import { isAlone, pagesOf } from '../runner/pages.mjs';
import { runInBrowsers } from '../runner/run.mjs';

describe('the files of a page', () => {
  const named = (/** @type {string} */ folder, /** @type {number} */ count) =>
    Array.from({ length: count }, (_, at) => `test/${folder}/${String(at).padStart(2, '0')}.test.ts`);

  it('are those of one folder of the tests and of the folders in it', () => {
    const [a, b, deep] = [named('a', 2), named('b', 1), named('a/deep', 1)];
    assert.deepEqual(pagesOf([...a, ...deep, ...b]), [[...a, ...deep], b]);
  });

  it('are twelve at most, as evenly as they can', () => {
    const files = named('a', 25);
    assert.deepEqual(pagesOf(files), [files.slice(0, 9), files.slice(9, 17), files.slice(17)]);
  });

  it('are one alone where it says so, or is isolated', () => {
    const [shared = '', ...alone] = ['test/a/a.test.ts', 'test/a/b.isolated.test.ts', 'test/host/leaks.test.ts'];
    assert.deepEqual([shared, ...alone].map(isAlone), [false, true, true]);
    assert.deepEqual(pagesOf([...alone, shared]), [[shared], ...alone.map((file) => [file])]);
  });
});

describe('a page of several files', () => {
  const files = (/** @type {string[]} */ ...names) => names.map((name) => `test/fixtures/runner/${name}.ts`);
  /** @type {Map<string, import('../runner/reporter.mjs').Outcome[]>} */
  const outcomes = new Map();
  /** @type {string[]} */
  const said = [];

  before(async () => {
    const log = mock.method(console, 'log', (/** @type {unknown[]} */ ...all) => void said.push(all.join(' ')));
    const pages = [
      files('leaves-a-global', 'is-not-loaded', 'fails', 'has-no-test', 'passes'),
      files('loses-its-page', 'passes'),
    ];
    for (const outcome of await runInBrowsers({ browsers: ['chromium'], pages })) {
      const name = outcome.file.slice('test/fixtures/runner/'.length, -'.ts'.length);
      outcomes.set(name, [...(outcomes.get(name) ?? []), outcome]);
    }
    log.mock.restore();
  });

  const come = (/** @type {string} */ name) =>
    outcomes.get(name)?.map(({ passed, failures }) => ({ passed, failures }));

  it('has one fail by its name that leaves something behind', () => {
    assert.deepEqual(come('leaves-a-global'), [{ passed: 1, failures: ['leaves the page as it was'] }]);
  });

  it('has one fail by its name that cannot be loaded', () => {
    assert.deepEqual(come('is-not-loaded'), [{ passed: 0, failures: ['is loaded'] }]);
  });

  it('has one fail that has no test', () => {
    assert.deepEqual(come('has-no-test'), [{ passed: 0, failures: ['the file has no test'] }]);
  });

  it('names the tests and the hooks that fail', () => {
    const failures = [
      'a suite › fails',
      'another › is not reached',
      'another › "before all" hook for "is not reached"',
    ];
    assert.deepEqual(come('fails'), [{ passed: 0, failures }]);
  });

  it('runs file by file when it is lost, and has the others pass then as beside those that fail', () => {
    assert.match(said.join('\n'), /^A page of 2 files was lost in Chromium; each of them runs by itself$/m);
    assert.deepEqual(come('loses-its-page'), [{ passed: 0, failures: ['outside of a test'] }]);
    const passed = { passed: 1, failures: [] };
    assert.deepEqual(come('passes'), [passed, passed]);
  });
});
