import { accessSync, constants, existsSync, readdirSync } from 'node:fs';
import { delimiter, join, resolve } from 'node:path';

const root = resolve(import.meta.dirname, '../..');

/** Where scripts put browsers that the machine does not have. */
export const installFolder = join(root, '.browsers');

/** @typedef {'chromium' | 'firefox'} Installable the browsers that scripts can install */

const KNOWN = {
  chromium: {
    variable: 'CHROME_PATH',
    names: ['chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable', 'chrome'],
    paths: [
      '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
      '/Applications/Chromium.app/Contents/MacOS/Chromium',
      'C:\\Program Files\\Google\\Chrome\\Application\\chrome.exe',
    ],
    installed: /(?:^|[\\/])(?:chrome|chrome\.exe|Google Chrome for Testing)$/,
  },
  firefox: {
    variable: 'FIREFOX_PATH',
    names: ['firefox', 'firefox-esr'],
    paths: ['/Applications/Firefox.app/Contents/MacOS/firefox', 'C:\\Program Files\\Mozilla Firefox\\firefox.exe'],
    installed: /(?:^|[\\/])(?:firefox|firefox\.exe)$/,
  },
};

/** The browsers that the scripts install; WebKitGTK only comes with a Linux distribution. */
export const installable = /** @type {Installable[]} */ (Object.keys(KNOWN));

/**
 * The executable of a browser, or undefined: an environment variable first, then what the machine
 * has, then what the scripts have downloaded.
 * @param {Installable} browser
 * @returns {string | undefined}
 */
export function findBrowser(browser) {
  const { variable, names, paths, installed } = KNOWN[browser];
  const named = process.env[variable];
  if (named) {
    if (!isExecutable(named)) throw new Error(`Expected ${variable} to be executable, got ${named}`);
    return named;
  }
  const folders = (process.env.PATH ?? '').split(delimiter).filter(Boolean);
  const onPath = names.flatMap((name) => folders.map((folder) => join(folder, name)));
  return [...onPath, ...paths].find(isExecutable) ?? findDownloaded(installed);
}

/** @param {RegExp} pattern */
function findDownloaded(pattern) {
  if (!existsSync(installFolder)) return undefined;
  return readdirSync(installFolder, { recursive: true, encoding: 'utf8' })
    .filter((path) => pattern.test(path))
    .map((path) => join(installFolder, path))
    .find(isExecutable);
}

/** @param {string} path */
function isExecutable(path) {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    // Absent or not executable: both mean that the next place is tried.
    return false;
  }
}
