import { resolve } from 'node:path';
import { createCanaryPlugin } from './canary-plugin.mjs';
import { isolate } from './isolation.mjs';
import { chromium, firefox, webkit } from './launchers.mjs';
import { createReporter } from './reporter.mjs';
import { createViteServer } from './vite-server.mjs';

const root = resolve(import.meta.dirname, '../..');
const launchers = new Map(Object.entries({ chromium, firefox, webkit }));

/**
 * @typedef {object} Choice
 * @property {string[] | undefined} [browsers]
 * @property {string[] | undefined} [files] globs from the repository's folder
 */

/** The browsers of a run when none is named: WebKitGTK only exists on Linux, so it is optional. */
export function defaultBrowsers() {
  return webkit.isInstalled() ? ['chromium', 'firefox', 'webkit'] : ['chromium', 'firefox'];
}

/**
 * The configuration of one run.
 * @param {Choice} choice
 * @returns {import('@web/test-runner').TestRunnerConfig}
 */
export function createConfig({ browsers = defaultBrowsers(), files = ['test/**/*.test.ts'] } = {}) {
  const chosen = browsers.map((name) => {
    const launcher = launchers.get(name);
    if (!launcher) throw new Error(`Expected one of ${[...launchers.keys()]}, got ${name}`);
    return launcher;
  });
  const vite = createViteServer(root);
  return {
    rootDir: root,
    files: [...files, '!test/node/**'],
    browsers: chosen.map((launcher) => launcher.create()),
    // Two at a time fit two cores; a third would stretch the time bounds that tests assert. WebKit
    // is last in the list, so it starts when one of the others has ended.
    concurrentBrowsers: 2,
    concurrency: 1,
    browserStartTimeout: 60_000,
    testsStartTimeout: 60_000,
    testsFinishTimeout: 240_000,
    testFramework: { config: { ui: 'bdd', timeout: 20_000 } },
    // Needed only by the runner's own pages: everything else is answered by Vite.
    nodeResolve: true,
    middleware: [isolate, vite.middleware],
    plugins: [vite.plugin, createCanaryPlugin(root)],
    reporters: [createReporter(root)],
  };
}
