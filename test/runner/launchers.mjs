import { chromeLauncher } from '@web/test-runner-chrome';
import puppeteer from 'puppeteer-core';
import { launchOptions } from './launch-options.mjs';
import { isInstalled, WebKitLauncher } from './webkit-launcher.mjs';

/** @param {'chromium' | 'firefox'} browser */
const byPuppeteer = (browser) =>
  chromeLauncher({ puppeteer, launchOptions: launchOptions(browser), concurrency: 1 });

export const chromium = { create: () => byPuppeteer('chromium') };
export const firefox = { create: () => byPuppeteer('firefox') };
/** WebKitGTK has no puppeteer protocol, only WebDriver. */
export const webkit = { isInstalled, create: () => new WebKitLauncher() };
