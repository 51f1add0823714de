import puppeteer from 'puppeteer-core';
import { findBrowser } from './find-browser.mjs';

/** Nothing but the tests may use the network, or a count of requests would mean nothing. */
const QUIET = [
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
];

/**
 * How Chromium and Firefox are launched by tests and benchmarks alike.
 * @param {'chromium' | 'firefox'} browser
 * @returns {import('puppeteer-core').LaunchOptions}
 */
export function launchOptions(browser) {
  const executablePath = findBrowser(browser);
  if (!executablePath) {
    throw new Error(`Expected an installed ${browser}, found none on the path`);
  }
  if (browser === 'firefox') return { browser: 'firefox', executablePath, headless: true };
  return {
    browser: 'chrome',
    executablePath,
    headless: true,
    ignoreDefaultArgs: true,
    args: chromiumFlags(),
  };
}

/**
 * Puppeteer turns IsolateSandboxedIframes off, so a sandboxed frame would share the page's
 * process, which no user's browser does. Its other defaults are kept.
 */
function chromiumFlags() {
  // Chromium refuses its own sandbox to root, which is who runs tests in containers.
  const root = process.getuid?.() === 0 ? ['--no-sandbox'] : [];
  return puppeteer
    .defaultArgs({ browser: 'chrome', headless: true, args: [...QUIET, ...root] })
    .map((flag) => (flag.startsWith('--disable-features=') ? flag.replace(/,?IsolateSandboxedIframes/, '') : flag));
}
