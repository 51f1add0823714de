import { readdirSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join, resolve } from 'node:path';
import { createFilter } from 'vite';
import { createCanaryPlugin } from './canary-plugin.mjs';
import { isolate } from './isolation.mjs';
import { chromium, firefox, webkit } from './launchers.mjs';
import { byThemselves, groupsOf, pagesOf } from './pages.mjs';
import { createViteServer } from './vite-server.mjs';

export const root = resolve(import.meta.dirname, '../..');

/** The Mocha of the runner, by itself: which files it runs, and how, is said by the page. */
const MOCHA = createRequire(createRequire(import.meta.url).resolve('@web/test-runner')).resolve(
  '@web/test-runner-mocha/dist/standalone.js',
);

const launchers = new Map(Object.entries({ chromium, firefox, webkit }));

/**
 * What an engine has no say in runs in the first browser only: pure logic, and what hosts decide and show, over storage, workers,
 * frames and dialogs that are tested in each. A test with a column in `test/helpers/engine.ts` is never among them.
 */
const ONCE = [
  'test/readme.test.ts',
  'test/util/{json,text}/*.test.ts',
  'test/components/{attacks,wasi}.test.ts',
  'test/dialects/recognise.test.ts',
  'test/dialects/{cloche,extism,fake}/*.test.ts',
  'test/dialects/nev/{app-resources,lifecycle,nev,wasi}.test.ts',
  'test/dialects/windmill/*.test.ts',
  'test/dialects/windshift/*.test.ts',
  'test/dialects/windshift/go/*.test.ts',
  'test/permissions/grants.test.ts',
  'test/capabilities/capability.test.ts',
  'test/capabilities/http/{by-relay,http-request-by-relay,reference-relay}.test.ts',
  'test/capabilities/log/*.test.ts',
  'test/capabilities/server/*.test.ts',
  'test/extensions/{claims,contributions,deliver,own-page,routes}.test.ts',
  'test/frames/inline/{attribute,caps,imports,rewrite-location,script-parser}.test.ts',
  'test/package/{read-package,zip}.test.ts',
  'test/relay/{answers,options}.test.ts',
  'test/runtime/guest-contract.test.ts',
  'test/runtime/wire/read-answers.test.ts',
  'test/sql/{hostile,pglite-contract}.test.ts',
  'test/host/{errors,extensions,instances,missing-imports,relay,wat}.test.ts',
  'test/host/{config,decisions,windshift}/*.test.ts',
  'test/audit/*.test.ts',
  'test/tasks/*.test.ts',
  'test/trust/{blocklist,trust}.test.ts',
  'test/workers/extism/abi-{manifest,output-error,start,vars-config}.test.ts',
  'test/workers/extism/{kernel*,reserved-names}.test.ts',
  'test/workers/host-calls/jspi.test.ts',
  'test/workers/wasi/preview1-answers.test.ts',
  'test/workers/wasm/reader.test.ts',
  'test/plugins/{case,checksum,standup,tracker}.test.ts',
  'test/elements/{extension-bridge,extension-height,extension-queue,extension-toasts,format,limit-bar,mark}.test.ts',
  'test/elements/{state,tokens}.test.ts',
  'test/elements/shown/*.test.ts',
  'test/elements/admin/{admin,audit,config,consent-shown,frameworks,hostile,plugin,roles,take-over}.test.ts',
  'test/demo/{app-states,call-form,editor,examples,inspector,output,plugin-head,plugin-list,reading}.test.ts',
  'test/demo/{real-host,result,route-form}.test.ts',
  'test/demo/{session,sources,taken-id,theme-switch,typed-form,workbench}.test.ts',
];

/**
 * @typedef {object} Choice
 * @property {string[] | undefined} [browsers]
 * @property {string[] | undefined} [files] globs from the repository's folder: each file has a page of its own
 * @property {string[][] | undefined} [pages] the files of each page, by name
 * @property {boolean | undefined} [times] whether to print where the time went
 * @property {() => void} [whenOneIsLeft] called each time a page ends while at most one browser has files left
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
export function createConfig({
  browsers = defaultBrowsers(),
  files,
  pages = files && byThemselves(testFiles(files)),
} = {}) {
  const chosen = browsers.map((name) => {
    const launcher = launchers.get(name);
    if (!launcher) throw new Error(`Expected one of ${[...launchers.keys()]}, got ${name}`);
    return launcher;
  });
  const vite = createViteServer(root);
  const created = chosen.map((launcher) => launcher.create());
  const [first] = chosen;
  // A browser of its own, so that what runs once need not wait for the rest of the first.
  const once = pages || !first ? [] : ['createForLogic' in first ? first.createForLogic() : first.create()];
  return {
    rootDir: root,
    browsers: [...created, ...once],
    groups: groupsIn(pages, created, once),
    // Two at a time fit two cores; a third would stretch the time bounds that tests assert. It starts when one has ended.
    concurrentBrowsers: 2,
    concurrency: 1,
    browserStartTimeout: 60_000,
    // A page is there within a second or two; one that is not was never opened, and its browser is replaced.
    testsStartTimeout: 30_000,
    testsFinishTimeout: 240_000,
    testFramework: { path: MOCHA, config: { ui: 'bdd', timeout: 20_000 } },
    // Needed only by the runner's own pages: everything else is answered by Vite.
    nodeResolve: true,
    middleware: [isolate, vite.middleware],
    plugins: [vite.plugin, createCanaryPlugin(root)],
    // What has ended is reported by whoever runs this, at once.
    reporters: [],
  };
}

/**
 * What is asked for runs in each browser. Browsers start in the order of the groups, two at a time: the one of what runs once,
 * which takes longest, comes first, so that it is not alone at the end.
 * @param {string[][] | undefined} pages
 * @param {import('@web/test-runner').TestRunnerConfig['browsers']} browsers
 * @param {import('@web/test-runner').TestRunnerConfig['browsers']} once
 */
function groupsIn(pages, browsers = [], once = []) {
  const inOrder = browsers.toReversed();
  if (pages) return groupsOf(pages, inOrder);
  return [...groupsOf(pagesOf(testFiles(ONCE)), once), ...groupsOf(pagesOf(testFiles(['test/**'], ONCE)), inOrder)];
}

/**
 * @param {string[]} patterns
 * @param {string[]} [others] which are left out
 */
function testFiles(patterns, others = []) {
  const isMeant = createFilter(patterns, ['test/node/**', ...others], { resolve: root });
  return readdirSync(join(root, 'test'), { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.test.ts'))
    .map((name) => `test/${name}`)
    .filter((file) => isMeant(join(root, file)))
    .sort();
}
