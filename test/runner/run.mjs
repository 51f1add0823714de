import { startTestRunner } from '@web/test-runner';
import { createConfig } from './config.mjs';
import { tally } from './reporter.mjs';

/**
 * Runs the browser tests once and returns the sums over browsers.
 * @param {import('./config.mjs').Choice} choice
 */
export async function runBrowsers(choice) {
  const runner = await startTestRunner({
    config: createConfig(choice),
    readCliArgs: false,
    readFileConfig: false,
    autoExitProcess: false,
  });
  if (!runner) throw new Error('Expected the test runner to start, it did not');
  const passed = await new Promise((done) => runner.on('stopped', done));
  // A browser that could not start leaves no test behind that could have failed.
  if (!passed && tally.failed === 0) return { ...tally, failed: 1 };
  return tally;
}
