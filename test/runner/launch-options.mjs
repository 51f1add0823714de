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

const ISOLATION = /,?IsolateSandboxedIframes/;

/**
 * How Chromium and Firefox are launched by tests and benchmarks alike.
 * @param {'chromium' | 'firefox'} browser
 * @param {{ framesShareProcess?: boolean }} [options] whether Chromium's sandboxed frames live in the process of their page,
 * which no user's do
 * @returns {import('puppeteer-core').LaunchOptions}
 */
export function launchOptions(browser, { framesShareProcess = false } = {}) {
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
    args: chromiumFlags(framesShareProcess),
  };
}

/**
 * Puppeteer turns IsolateSandboxedIframes off, so a sandboxed frame would share the page's process. Its other defaults are kept.
 * @param {boolean} framesShareProcess
 */
function chromiumFlags(framesShareProcess) {
  // Chromium refuses its own sandbox to root, which is who runs tests in containers.
  const root = process.getuid?.() === 0 ? ['--no-sandbox'] : [];
  const flags = puppeteer.defaultArgs({ browser: 'chrome', headless: true, args: [...QUIET, ...root] });
  if (framesShareProcess) return flags;
  return flags.map((flag) => (flag.startsWith('--disable-features=') ? flag.replace(ISOLATION, '') : flag));
}
