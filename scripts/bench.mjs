// `npm run bench`: the benchmark page in headless Chromium and Firefox. The page sets
// `window.__bench = { done, rows: { name, cloche, other, ratio, target, unit }[], error? }`.
//   npm run bench -- --browser chromium     one browser only
//   npm run bench -- --save                 write the table into bench/README.md
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { installable } from '../test/runner/find-browser.mjs';
import { saveReport, toTable } from './bench-report.mjs';
import { ensureBrowsers, ensureDependencies, root } from './setup.mjs';

/** Ten minutes: benchmarks on a slow machine take long, a hanging page must still end. */
const DEADLINE_MS = 600_000;

const { values: options } = parseArgs({
  options: {
    browser: { type: 'string', multiple: true },
    save: { type: 'boolean', default: false },
  },
});
const browsers = installable.filter((name) => options.browser?.includes(name) ?? true);
if (!existsSync(join(root, 'bench/index.html'))) throw new Error('Expected bench/index.html');

ensureDependencies();
ensureBrowsers(browsers);
const { buildOutputs } = await import('./build.mjs');
const { buildPlugins } = await import('./build-plugins.mjs');
await buildPlugins();
await buildOutputs(['library', 'script', 'service-worker']);

const server = await serve();
const reports = [];
try {
  // One after the other: two browsers at once would measure each other.
  for (const browser of browsers) {
    const report = await measure(browser, `${server.url}bench/index.html`);
    console.log(`\n${report.version}\n\n${toTable(report.rows)}`);
    reports.push(report);
  }
} finally {
  await server.close();
}
if (options.save) saveReport(reports);

/** Serves the repository with the headers that give the page precise timers and shared memory. */
async function serve() {
  const { createServer } = await import('vite');
  const vite = await createServer({
    root,
    configFile: join(root, 'vite.config.ts'),
    mode: 'test',
    logLevel: 'warn',
    server: {
      host: 'localhost',
      hmr: false,
      watch: null,
      headers: {
        'Cross-Origin-Opener-Policy': 'same-origin',
        'Cross-Origin-Embedder-Policy': 'require-corp',
        'Cross-Origin-Resource-Policy': 'cross-origin',
      },
    },
  });
  await vite.listen();
  return { url: vite.resolvedUrls?.local[0] ?? '', close: () => vite.close() };
}

/**
 * @param {import('../test/runner/find-browser.mjs').Installable} name
 * @param {string} url
 * @returns {Promise<import('./bench-report.mjs').Report>}
 */
async function measure(name, url) {
  const { default: puppeteer } = await import('puppeteer-core');
  const { launchOptions } = await import('../test/runner/launch-options.mjs');
  const browser = await puppeteer.launch({
    ...launchOptions(name),
    protocolTimeout: DEADLINE_MS,
  });
  try {
    const page = await browser.newPage();
    page.on('pageerror', (error) => console.error(`${name}: ${error}`));
    await page.goto(url);
    await page.waitForFunction('window.__bench?.done || window.__bench?.error', {
      timeout: DEADLINE_MS,
      polling: 500,
    });
    const { rows, error } = /** @type {{ rows: import('./bench-report.mjs').Row[], error?: string }} */ (
      await page.evaluate('window.__bench')
    );
    if (error) throw new Error(`The benchmark page failed in ${name}: ${error}`);
    return { version: await browser.version(), rows };
  } finally {
    await browser.close();
  }
}
