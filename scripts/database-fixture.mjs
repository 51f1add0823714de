// Keeps what this version stores in a file that later versions have to open. Needed when a record changes:
//   node scripts/database-fixture.mjs <name>       writes test/fixtures/database/<name>.json
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import puppeteer from 'puppeteer-core';
import { createServer } from 'vite';
import { findBrowser } from '../test/runner/find-browser.mjs';
import { root } from './setup.mjs';

const [name] = process.argv.slice(2);
if (!name) throw new Error('Expected a name for the fixture');
const executablePath = findBrowser('chromium');
if (!executablePath) throw new Error('Expected Chromium; name one with CHROME_PATH');

const server = await createServer({
  root,
  configFile: join(root, 'vite.config.ts'),
  mode: 'test',
  logLevel: 'error',
  server: { host: 'localhost', watch: null, hmr: false },
});
// Chromium refuses its own sandbox to root, and does not start at all without this.
const args = process.getuid?.() === 0 ? ['--no-sandbox', '--disable-gpu'] : [];
const browser = await puppeteer.launch({ executablePath, args, headless: true });
try {
  await server.listen();
  const page = await browser.newPage();
  const failed = new Promise((_, reject) => page.once('pageerror', reject));
  await page.goto(new URL('test/fixtures/database/write.html', server.resolvedUrls?.local[0]).href);
  // Vite may reload the page once, when it has bundled what the page imports.
  await Promise.race([page.waitForFunction('window.written', { timeout: 60_000 }), failed]);
  const text = await page.evaluate('window.written');
  writeFileSync(join(root, `test/fixtures/database/${name}.json`), `${text}\n`);
} finally {
  await browser.close();
  await server.close();
}
