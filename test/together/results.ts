// What the tests of a suite have come to, as the runner reads it.

export interface TestResult {
  readonly name: string;
  readonly passed: boolean;
  readonly skipped: boolean;
  readonly duration?: number | undefined;
  readonly error?: TestError | undefined;
}

export interface SuiteResult {
  readonly name: string;
  readonly suites: readonly SuiteResult[];
  readonly tests: readonly TestResult[];
}

/** What is thrown cannot leave the page as it is. */
interface TestError {
  readonly name?: string | undefined;
  readonly message: string;
  readonly stack?: string | undefined;
  readonly expected?: unknown;
  readonly actual?: unknown;
}

/** A hook is told of where it has failed, beside the tests that could not run. */
export function resultOf(suite: Mocha.Suite): SuiteResult {
  return {
    name: suite.title,
    suites: suite.suites.map(resultOf),
    tests: [
      ...suite.tests.map(told),
      ...hooksOf(suite).flatMap(({ title, err }) => (err ? [failure(title, err)] : [])),
    ],
  };
}

export function failure(name: string, error: unknown): TestResult {
  return { name, passed: false, skipped: false, error: errorOf(error) };
}

export function hasPassed({ suites, tests }: SuiteResult): boolean {
  return suites.every(hasPassed) && tests.every(({ passed, skipped }) => passed || skipped);
}

function told(test: Mocha.Test): TestResult {
  return {
    name: test.title,
    passed: test.isPassed(),
    skipped: test.isPending(),
    duration: test.duration,
    error: test.err && errorOf(test.err),
  };
}

/** Mocha has no name for them that is public. */
function hooksOf(suite: Mocha.Suite): (Mocha.Hook & { err?: Error })[] {
  const { _beforeAll, _beforeEach, _afterEach, _afterAll } = suite as unknown as Record<string, Mocha.Hook[]>;
  return [_beforeAll, _beforeEach, _afterEach, _afterAll].flatMap((hooks) => hooks ?? []);
}

function errorOf(error: unknown): TestError {
  const { name, message = String(error), stack, expected, actual } = Object(error) as Partial<TestError>;
  return { name, message, stack, expected, actual };
}
