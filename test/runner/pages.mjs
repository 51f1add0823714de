// Which files of tests share a page: to open one and to load the sources costs half a second of a core.

/** Files, and folders of them, that have a page each. All others share pages, and fail where they leave anything behind. */
const ALONE = [
  // Whole pages of apps, and what those store.
  'embed/',
  // A database stays open until it has been idle for a while, whoever has closed the host.
  'sql/',
  'dialects/windmill/databases.test.ts',
  'plugins/ledger.test.ts',
  // What counts all that a page has open, or how long it takes to draw.
  'host/leaks.test.ts',
  'demo/frame-times.test.ts',
  // What a library leaves in a page for good: React, Vue, CodeMirror.
  'elements/admin/frameworks.test.ts',
  'demo/editor.test.ts',
  // What registers a service worker, and what asks for all that can reach the network.
  'host/host-calls.service-worker.test.ts',
  'host/isolation.test.ts',
  'frames/attacks.test.ts',
  // What floods or kills, and what takes time into its hand or measures it.
  'host/limits.test.ts',
  'host/limits-time.test.ts',
  'host/late-deadlines.test.ts',
  'host/lifecycle.test.ts',
  'host/frame-removed.test.ts',
  'host/decisions/limits-time.test.ts',
  'host/decisions/limits.test.ts',
  'runtime/',
  'frames/plugin-frame.test.ts',
  'components/component.test.ts',
  'components/attacks.test.ts',
  'dialects/nev/background.test.ts',
  'dialects/windshift/functions/http-fetch.test.ts',
  'extensions/schedules.test.ts',
  'tasks/',
  // What waits for the focus, and what writes megabytes.
  'elements/extension-attacks.test.ts',
  'registry/large-files.test.ts',
].map((name) => `test/${name}`);

/** So that a page that is lost costs little, and none comes near the time that it may take. */
const MOST_TOGETHER = 12;

/** A page is isolated or is not, and what is said of it is its own. */
const ISOLATED = /\.isolated\.test\.ts$/;

/** @param {string} file */
export const isAlone = (file) => ISOLATED.test(file) || ALONE.some((name) => file.startsWith(name));

/**
 * The files of each page: those of one folder of `test/` share some, as evenly as they can. All come in the order of their
 * names, so that those that flood and kill do not come one after another.
 * @param {readonly string[]} files
 * @returns {string[][]}
 */
export function pagesOf(files) {
  const alone = files.filter(isAlone);
  const sharing = files.filter((file) => !isAlone(file));
  const folders = new Set(sharing.map(folderOf));
  return [
    ...byThemselves(alone),
    ...[...folders].flatMap((folder) => inParts(sharing.filter((file) => folderOf(file) === folder))),
  ].sort();
}

/** @param {readonly string[]} files */
export const byThemselves = (files) => files.map((file) => [file]);

/**
 * A group of the runner for each page: its name says which files it has, and the file that the runner knows is the first.
 * @param {readonly string[][]} pages
 * @param {import('@web/test-runner-core').BrowserLauncher[]} browsers
 * @returns {import('@web/test-runner-core').TestRunnerGroupConfig[]}
 */
export function groupsOf(pages, browsers) {
  return pages.map((files) => ({
    name: files.join(' '),
    files: files.slice(0, 1),
    browsers,
    testRunnerHtml: (framework) => htmlOf(files, framework),
  }));
}

/** @param {import('@web/test-runner-core').TestSession} session */
export const filesOf = (session) => session.group.name.split(' ');

/** @param {string} file */
const folderOf = (file) => file.split('/').slice(0, -1).slice(0, 2).join('/');

/** @param {string[]} files */
function inParts(files) {
  const parts = Math.ceil(files.length / MOST_TOGETHER);
  const startOf = (/** @type {number} */ part) => Math.ceil((part * files.length) / parts);
  return Array.from({ length: parts }, (_, part) => files.slice(startOf(part), startOf(part + 1)));
}

/**
 * The first file is loaded by the address that the runner has the page fetch ahead. Files are loaded from here, since Vite
 * would bring its client into every page with a module that loads what it is told.
 * @param {readonly string[]} files
 * @param {string} framework
 */
function htmlOf(files, framework) {
  const told = files.map((file) => ({ file, url: `/${file}`, isAlone: isAlone(file) }));
  return `<!DOCTYPE html><html><head></head><body><script type="module">
import '${framework}';
import { getConfig, sessionFailed, sessionFinished } from '/node_modules/@web/test-runner-core/browser/session.js';
const { testFile, testFrameworkConfig } = await getConfig();
const [first, ...others] = ${JSON.stringify(told)};
const files = [{ ...first, url: testFile }, ...others].map((file) => ({ ...file, load: () => import(file.url) }));
import('/test/together/run-files.ts')
  .then(({ runFiles }) => runFiles(files, testFrameworkConfig))
  .then(sessionFinished, sessionFailed);
</script></body></html>`;
}
