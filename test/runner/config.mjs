import { resolve } from 'node:path';
import { createCanaryPlugin } from './canary-plugin.mjs';
import { isolate } from './isolation.mjs';
import { chromium, firefox, webkit } from './launchers.mjs';
import { createViteServer } from './vite-server.mjs';

export const root = resolve(import.meta.dirname, '../..');
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
 * @property {string[] | undefined} [files] globs from the repository's folder
 * @property {boolean | undefined} [times] whether to print where the time went
 * @property {() => void} [whenOneIsLeft] called each time a file ends while at most one browser has files left
 */

/** The browsers of a run when none is named: WebKitGTK only exists on Linux, so it is optional. */
export function defaultBrowsers() {
  return webkit.isInstalled() ? ['chromium', 'firefox', 'webkit'] : ['chromium', 'firefox'];
}

/**
 * The configuration of one run.
 * @param {Choice} choice
 * @param {import('./times.mjs').Times['config']} [timed]
 * @returns {import('@web/test-runner').TestRunnerConfig}
 */
export function createConfig({ browsers = defaultBrowsers(), files } = {}, timed = undefined) {
  const chosen = browsers.map((name) => {
    const launcher = launchers.get(name);
    if (!launcher) throw new Error(`Expected one of ${[...launchers.keys()]}, got ${name}`);
    return launcher;
  });
  const vite = createViteServer(root);
  const created = chosen.map((launcher) => launcher.create());
  const [first] = chosen;
  // A browser of its own, so that what runs once need not wait for the rest of the first.
  const once = files || !first ? [] : ['createForLogic' in first ? first.createForLogic() : first.create()];
  return {
    rootDir: root,
    browsers: [...created, ...once],
    groups: groupsOf(files, created, once),
    // Two at a time fit two cores; a third would stretch the time bounds that tests assert. It starts when one has ended.
    concurrentBrowsers: 2,
    concurrency: 1,
    browserStartTimeout: 60_000,
    // A page is there within a second or two; one that is not was never opened, and its browser is replaced.
    testsStartTimeout: 30_000,
    testsFinishTimeout: 240_000,
    testFramework: { config: { ui: 'bdd', timeout: 20_000 } },
    // Needed only by the runner's own pages: everything else is answered by Vite.
    nodeResolve: true,
    middleware: [isolate, vite.middleware],
    plugins: [vite.plugin, createCanaryPlugin(root), ...(timed?.plugins ?? [])],
    ...(timed && { testRunnerHtml: timed.testRunnerHtml }),
    // What has ended is reported by whoever runs this, at once.
    reporters: [],
  };
}

/**
 * What is asked for by name runs in each browser. Browsers start in the order of the groups, two at a time: the one of what
 * runs once, which takes longest, comes first, so that it is not alone at the end.
 * @param {string[] | undefined} files
 * @param {import('@web/test-runner').TestRunnerConfig['browsers']} browsers
 * @param {import('@web/test-runner').TestRunnerConfig['browsers']} once
 */
function groupsOf(files, browsers = [], once = []) {
  const inOrder = browsers.toReversed();
  if (files) return [{ name: 'chosen', files: [...files, '!test/node/**'], browsers: inOrder }];
  const others = ONCE.map((pattern) => `!${pattern}`);
  return [
    { name: 'logic', files: ONCE, browsers: once },
    { name: 'platform', files: ['test/**/*.test.ts', '!test/node/**', ...others], browsers: inOrder },
  ];
}
