// The page of the benchmarks: who serves it, and who opens it.
import { join } from 'node:path';
import { root } from '../setup.mjs';
import { offerProbes } from './probes.mjs';

/** For all rows together: a slow machine takes long, a hanging page must still end. */
const DEADLINE_MS = 3_600_000;

/**
 * Serves the repository with the headers that give the page precise timers and shared memory.
 * @param {readonly string[]} folders served too, as `/@fs/<folder>/…`
 */
export async function serve(folders = []) {
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
      fs: { allow: [root, ...folders] },
      headers: {
        'Cross-Origin-Opener-Policy': 'same-origin',
        'Cross-Origin-Embedder-Policy': 'require-corp',
        'Cross-Origin-Resource-Policy': 'cross-origin',
      },
    },
  });
  await vite.listen();
  return { url: `${vite.resolvedUrls?.local[0] ?? ''}bench/index.html`, close: () => vite.close() };
}

/**
 * One launch of a browser. The page sets `window.__bench = { done, rows, error? }`.
 * @param {import('./rows.mjs').Engine} engine
 * @param {string} url
 * @returns {Promise<import('./rows.mjs').Report>}
 */
export async function measure(engine, url) {
  const { default: puppeteer } = await import('puppeteer-core');
  const { launchOptions } = await import('../../test/runner/launch-options.mjs');
  const browser = await puppeteer.launch({ ...launchOptions(engine), protocolTimeout: DEADLINE_MS });
  try {
    const page = await browser.newPage();
    page.on('pageerror', (error) => console.error(`${engine}: ${error}`));
    await offerProbes(page, engine);
    await page.goto(url);
    await page.waitForFunction('window.__bench?.done || window.__bench?.error', { timeout: DEADLINE_MS, polling: 500 });
    const { rows, error } = /** @type {{ rows: import('./rows.mjs').Measured[], error?: string }} */ (
      await page.evaluate('window.__bench')
    );
    if (error) throw new Error(`The benchmark page failed in ${engine}: ${error}`);
    return { engine, version: await browser.version(), rows };
  } finally {
    await browser.close();
  }
}
