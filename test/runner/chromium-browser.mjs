import { BrowserProcess } from './browser-process.mjs';
import { launchOptions } from './launch-options.mjs';

/** What a page sees of it is about 800 by 600. */
const WINDOW = '--window-size=800,744';

/**
 * Chromium, driven by the three addresses with which it opens and closes tabs. Nobody attaches to a page: with a debugger
 * each frame and each worker waits until that has looked at it, which no user's does.
 * @param {Parameters<typeof launchOptions>[1]} [options]
 * @returns {Promise<import('./page-launcher.mjs').DrivenBrowser>}
 */
export async function startChromium(options) {
  const { executablePath = '', args = [] } = launchOptions('chromium', options);
  const browser = new BrowserProcess(executablePath, (profile) => [
    ...args.filter((flag) => flag !== 'about:blank'),
    WINDOW,
    `--user-data-dir=${profile}`,
    '--remote-debugging-port=0',
    // A window's first tab: it stays, as closing the last one would end the browser.
    'about:blank',
  ]);
  const [, origin = ''] = await browser.said(/^DevTools listening on ws:\/\/([^/]+)\//);
  const ask = async (/** @type {string} */ path, method = 'GET') => {
    const response = await fetch(`http://${origin}${path}`, { method });
    const text = await response.text();
    if (!response.ok) throw new Error(`Expected Chromium to answer ${path}, got ${response.status}: ${text}`);
    return text;
  };
  return {
    open: async (url) => JSON.parse(await ask(`/json/new?${encodeURIComponent(url)}`, 'PUT')).id,
    close: async (page) => void (await ask(`/json/close/${page}`)),
    kill: () => {
      browser.kill();
      return browser.gone;
    },
    get lastLines() {
      return browser.lastLines;
    },
    get ended() {
      return browser.ended;
    },
  };
}
