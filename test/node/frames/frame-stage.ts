// A plugin's page in a real browser, driven from outside: dialogs of the browser and real clicks are out of reach for
// tests that run in a page.

/// <reference lib="dom" />
import { createServer as createHttpServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { resolve } from 'node:path';
import type { Browser, Dialog, Frame, Page } from 'puppeteer-core';
import { createServer, type ViteDevServer } from 'vite';

/** Empty pages with what drives them. */
const PAGES = new Map([
  ['/page', '/test/frames/driven-page.ts'],
  ['/host', '/test/host/driven-host.ts'],
]);
const ROOT = resolve(import.meta.dirname, '../../..');

/** The sources as the tests in browsers load them, and an empty page. */
export async function startSources(): Promise<{ origin: string; stop(): Promise<void> }> {
  const vite: ViteDevServer = await createServer({
    root: ROOT,
    configFile: resolve(ROOT, 'vite.config.ts'),
    mode: 'test',
    appType: 'custom',
    logLevel: 'error',
    server: { middlewareMode: true, hmr: false, ws: false, watch: null },
  });
  const server: Server = createHttpServer((request, response) => {
    const script = PAGES.get(request.url ?? '');
    if (script) {
      const html = `<!doctype html><body></body><script type="module" src="${script}"></script>`;
      response.setHeader('Content-Type', 'text/html').end(html);
    } else vite.middlewares.handle(request, response, () => response.writeHead(404).end());
  });
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  return {
    origin: `http://localhost:${(server.address() as AddressInfo).port}`,
    async stop() {
      server.closeAllConnections();
      server.close();
      await vite.close();
    },
  };
}

/** What the host in the page has heard. */
export interface Heard {
  readonly messages: unknown[];
  readonly failures: string[];
  readonly links: string[];
  readonly warnings: string[];
}

/** What test/frames/driven-page.ts leaves in its window. */
interface Driven {
  readonly heard: Heard;
  show(html: string, modals: boolean): Promise<void>;
}

export class FrameStage {
  readonly page: Page;
  readonly dialogs: Dialog[] = [];

  private constructor(page: Page) {
    this.page = page;
    page.on('dialog', (dialog) => this.dialogs.push(dialog));
  }

  static async open(browser: Browser, origin: string, html: string, modals: boolean): Promise<FrameStage> {
    const page = await browser.newPage();
    const stage = new FrameStage(page);
    await page.goto(`${origin}/page`);
    await page.waitForFunction('window.show !== undefined', { polling: 50 });
    await page.evaluate((source, isOpen) => (window as unknown as Driven).show(source, isOpen), html, modals);
    return stage;
  }

  heard(): Promise<Heard> {
    return this.page.evaluate(() => (window as unknown as Driven).heard);
  }

  /** The frame of the plugin's page, within the outer one. */
  inner(): Promise<Frame> {
    return this.until('the inner frame', async () =>
      this.page.frames().find((frame) => frame.parentFrame()?.parentFrame() === this.page.mainFrame()),
    );
  }

  async until<T>(what: string, find: () => Promise<T | undefined> | T | undefined, ms = 15_000): Promise<T> {
    for (const end = Date.now() + ms; Date.now() < end; ) {
      const found = await find();
      if (found !== undefined) return found;
      await new Promise((done) => setTimeout(done, 50));
    }
    throw new Error(`Expected ${what} within ${ms} ms`);
  }
}
