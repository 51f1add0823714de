// Runs files of tests in this page, one after another, each with a Mocha of its own. What a file leaves behind, the next would
// meet, so it fails.

import { afterFiles, afterTests, inTurn } from './hooks.ts';
import { failure, hasPassed, resultOf, type SuiteResult, type TestResult } from './results.ts';
import { leftBehind, type Surroundings, surroundings } from './surroundings.ts';

interface TestFile {
  readonly file: string;
  load(): Promise<unknown>;
  /** May leave behind what it likes: no other comes after it. */
  readonly isAlone: boolean;
}

/** How long its modules took to load and its tests to run, in ms. */
interface FileResult extends SuiteResult {
  readonly loading: number;
  readonly running: number;
}

/** All is told at the end. */
class Silent extends Mocha.reporters.Base {}

/** @returns what a session of the runner ends with */
export async function runFiles(files: readonly TestFile[], options: Mocha.MochaOptions): Promise<object> {
  const suites: FileResult[] = [];
  for (const file of files) suites.push(await runFile(file, options));
  return { passed: suites.every(hasPassed), testResults: { name: '', suites, tests: [] } };
}

async function runFile({ file, load, isAlone }: TestFile, options: Mocha.MochaOptions): Promise<FileResult> {
  const mocha = new Mocha({
    ...options,
    reporter: Silent,
    rootHooks: { afterEach: () => inTurn(afterTests), afterAll: () => inTurn(afterFiles) },
  });
  // From here on `describe` and its like are of this file.
  mocha.suite.emit('pre-require', globalThis, file, mocha);
  const begun = performance.now();
  try {
    await load();
  } catch (error) {
    return {
      name: file,
      suites: [],
      tests: [failure('is loaded', error)],
      loading: performance.now() - begun,
      running: 0,
    };
  }
  // What the sources leave in a page when they are loaded is there once, whoever loads them.
  const before = isAlone ? undefined : surroundings();
  const loaded = performance.now();
  await new Promise((done) => mocha.run(done));
  const running = performance.now() - loaded;
  const { suites, tests } = resultOf(mocha.suite);
  const left = before ? tidied(before) : [];
  return { name: file, suites, tests: [...tests, ...left], loading: loaded - begun, running };
}

function tidied(before: Surroundings): TestResult[] {
  const left = leftBehind(before, surroundings());
  if (left.length === 0) return [];
  const why = `it has left behind, see ALONE in test/runner/pages.mjs: ${left.join(', ')}`;
  return [failure('leaves the page as it was', new Error(why))];
}
