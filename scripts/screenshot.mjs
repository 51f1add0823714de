// Takes the pictures of the README: the playground as a first visit finds it, light and dark.
//   node scripts/screenshot.mjs
import { mkdirSync, statSync } from 'node:fs';
import { join, relative } from 'node:path';
import puppeteer from 'puppeteer-core';
import { createServer } from 'vite';
import { findBrowser } from '../test/runner/find-browser.mjs';
import { buildPlugins } from './build-plugins.mjs';
import { root } from './setup.mjs';

const folder = join(root, 'docs');
const viewport = { width: 1440, height: 900 };
const flags = [
  // Chromium refuses its own sandbox to root, and does not start at all without this.
  ...(process.getuid?.() === 0 ? ['--no-sandbox'] : []),
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
];

/** Evaluated in the page: whether the first run is shown. */
const hasAnswered = `document.querySelector('playground-app')
  ?.shadowRoot?.querySelector('playground-workbench')
  ?.shadowRoot?.querySelector('playground-result')
  ?.shadowRoot?.querySelector('h2')
  ?.textContent.startsWith('Answered')`;

const executablePath = findBrowser('chromium');
if (!executablePath) throw new Error('Expected Chromium; name one with CHROME_PATH');

await buildPlugins();
mkdirSync(folder, { recursive: true });
const server = await createServer({
  root,
  configFile: join(root, 'vite.config.ts'),
  mode: 'playground',
  logLevel: 'error',
  // A file that is saved meanwhile must not reload the page under the camera.
  server: { host: 'localhost', watch: null, hmr: false },
});
const browser = await puppeteer.launch({ executablePath, args: flags, headless: true });
try {
  await server.listen();
  const url = server.resolvedUrls?.local[0];
  if (!url) throw new Error('Expected the server to have a URL');
  // Vite bundles dependencies when a page first asks for them, and then reloads it.
  await visit(url, 'light');
  for (const scheme of /** @type {const} */ (['light', 'dark'])) {
    const path = join(folder, `playground-${scheme}.png`);
    await visit(url, scheme, path);
    console.log(`${relative(root, path)}, ${Math.round(statSync(path).size / 1024)} KiB`);
  }
} finally {
  await browser.close();
  await server.close();
}

/**
 * Opens the playground as a stranger would, with empty storage, and waits for the first answer.
 * @param {string} url
 * @param {'light' | 'dark'} scheme
 * @param {string} [path]
 */
async function visit(url, scheme, path) {
  const context = await browser.createBrowserContext();
  try {
    const page = await context.newPage();
    await page.setViewport(viewport);
    await page.emulateMediaFeatures([{ name: 'prefers-color-scheme', value: scheme }]);
    await page.goto(url);
    await page.waitForFunction(hasAnswered, { polling: 100, timeout: 60_000 });
    if (path) await page.screenshot({ path: /** @type {`${string}.png`} */ (path) });
  } finally {
    await context.close();
  }
}
