// Browser tests. `npm test` runs everything; one file in one browser, quickly:
//   npm test -- --browser chromium --files test/foo.test.ts
//   npx wtr                  (the same suites, with BROWSER=firefox FILES='test/a*.test.ts' to narrow)
// Browsers are `chromium`, `firefox` and `webkit`; several are separated by commas. CHROME_PATH and
// FIREFOX_PATH name an executable where the usual places have none.
import { defaultReporter } from '@web/test-runner';
import { createConfig } from './test/runner/config.mjs';

const list = (/** @type {string | undefined} */ value) => (value ? value.split(',') : undefined);

export default {
  ...createConfig({ browsers: list(process.env.BROWSER), files: list(process.env.FILES) }),
  reporters: [defaultReporter()],
};
