import { startChromium } from './chromium-browser.mjs';
import { startFirefox } from './firefox-browser.mjs';
import { PageLauncher } from './page-launcher.mjs';
import { isWebKitInstalled, startWebKit } from './webkit-browser.mjs';

export const chromium = {
  create: () => new PageLauncher('Chromium', () => startChromium()),
  /** For tests that no process has a say in: a process for each frame takes a sixth of their time. */
  createForLogic: () => new PageLauncher('Chromium', () => startChromium({ framesShareProcess: true })),
};
export const firefox = { create: () => new PageLauncher('Firefox', startFirefox) };
export const webkit = { isInstalled: isWebKitInstalled, create: () => new PageLauncher('WebKit', startWebKit) };
