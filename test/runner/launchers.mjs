import { chromeLauncher } from '@web/test-runner-chrome';
import puppeteer from 'puppeteer-core';
import { launchOptions } from './launch-options.mjs';
import { isInstalled, WebKitLauncher } from './webkit-launcher.mjs';

/** @param {'chromium' | 'firefox'} browser */
const byPuppeteer = (browser) =>
  chromeLauncher({
    // Only `launch` of it is used; the runner's type asks for the module's namespace.
    puppeteer: /** @type {typeof import('puppeteer-core')} */ (/** @type {unknown} */ (puppeteer)),
    launchOptions: launchOptions(browser),
    concurrency: 1,
  });

export const chromium = { create: () => byPuppeteer('chromium') };
export const firefox = { create: () => byPuppeteer('firefox') };
/** WebKitGTK has no puppeteer protocol, only WebDriver. */
export const webkit = { isInstalled, create: () => new WebKitLauncher() };
