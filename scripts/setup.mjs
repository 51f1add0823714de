// What a fresh clone lacks. Node built-ins only: this runs before anything is installed.
import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { findBrowser, installFolder } from '../test/runner/find-browser.mjs';

/** The repository's folder. */
export const root = resolve(import.meta.dirname, '..');

/** Debian's names, which are also the names of the packages. */
const DEBIAN = { chromium: 'chromium', firefox: 'firefox-esr' };
const DOWNLOADS = { chromium: 'chrome@stable', firefox: 'firefox@stable' };

/**
 * Runs a command to its end with its output on ours, and throws when it fails.
 * @param {string} command
 * @param {string[]} args
 * @param {NodeJS.ProcessEnv} [env]
 */
export function run(command, args, env = {}) {
  const { status, error } = spawnSync(command, args, {
    cwd: root,
    stdio: ['ignore', 'inherit', 'inherit'],
    env: { ...process.env, ...env },
    // npm and npx are .cmd files on Windows, which only a shell can start.
    shell: process.platform === 'win32',
  });
  if (error) throw error;
  if (status !== 0) throw new Error(`${command} ${args.join(' ')} ended with ${status}`);
}

/** Installs the locked dependencies when there are none, or others than the lock file names. */
export function ensureDependencies() {
  if (isInstalled(readFileSync(join(root, 'package-lock.json'), 'utf8'))) return;
  console.log('Installing dependencies');
  run('npm', ['ci', '--no-audit', '--no-fund']);
}

/**
 * Whether node_modules has all that a lock file names. Versions and not file times: a checkout touches the lock file
 * without changing it, and a needless `npm ci` would pull node_modules from under a running dev server.
 * @param {string} lock
 */
export function isInstalled(lock) {
  const file = join(root, 'node_modules/.package-lock.json');
  const installed = existsSync(file) ? packagesOf(readFileSync(file, 'utf8')) : {};
  return Object.entries(packagesOf(lock)).every(
    ([path, { version, optional }]) => !path || optional || installed[path]?.version === version,
  );
}

/**
 * @param {string} lock
 * @returns {Record<string, { version?: string, optional?: boolean }>}
 */
function packagesOf(lock) {
  return JSON.parse(lock).packages;
}

/**
 * Installs the browsers that the machine does not have.
 * @param {import('../test/runner/find-browser.mjs').Installable[]} browsers
 */
export function ensureBrowsers(browsers) {
  const missing = browsers.filter((browser) => !findBrowser(browser));
  if (missing.length === 0) return;
  console.log(`Installing ${missing.join(' and ')}`);
  if (process.getuid?.() === 0 && existsSync('/usr/bin/apt-get')) {
    const quiet = { DEBIAN_FRONTEND: 'noninteractive' };
    run('apt-get', ['update'], quiet);
    const packages = missing.map((browser) => DEBIAN[browser]);
    run('apt-get', ['install', '-y', '--no-install-recommends', ...packages], quiet);
    return;
  }
  for (const browser of missing) {
    // Comes with puppeteer-core, so its version is the locked one.
    run('npx', ['@puppeteer/browsers', 'install', DOWNLOADS[browser], '--path', installFolder]);
  }
}
