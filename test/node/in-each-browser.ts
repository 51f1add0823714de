// Suites of what only a driver outside of the page can do, in each browser that has one.

import { describe } from 'node:test';
import puppeteer, { type Browser } from 'puppeteer-core';
import { findBrowser } from '../runner/find-browser.mjs';
import { launchOptions } from '../runner/launch-options.mjs';

const NAMES = ['chromium', 'firefox'] as const;
export type BrowserName = (typeof NAMES)[number];

/** Where what a browser has no say in is seen. */
export const FIRST: BrowserName = 'chromium';

/**
 * Describes the same in each browser. They run side by side, since each mostly waits for a page; what a suite counts must be
 * its own. A browser that is not installed is skipped: `npm test -- --node` installs none.
 */
export function inEachBrowser(
  title: string,
  suite: (name: BrowserName) => void,
  names: readonly BrowserName[] = NAMES,
): void {
  describe(title, { concurrency: names.length }, () => {
    for (const name of names) {
      const skip = findBrowser(name) === undefined && `no ${name} is installed`;
      describe(`in ${name}`, { concurrency: 1, skip }, () => suite(name));
    }
  });
}

export function launch(name: BrowserName): Promise<Browser> {
  return puppeteer.launch(launchOptions(name));
}
