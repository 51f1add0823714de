// A host in a real browser, driven from outside: freezing its tab, and reading its console, are out of reach for tests
// that run in a page.

/// <reference lib="dom" />
import type { Browser, Page } from 'puppeteer-core';

/** What test/host/driven-host.ts leaves in its window. */
interface Driven {
  readonly plugin: {
    readonly stats: { readonly kills: number };
    call(name: string, input: string): Promise<{ text(): string }>;
  };
  openPlugin(timeoutMs: number): Promise<void>;
}

export class DrivenHost {
  readonly page: Page;
  /** What the browser's console has of errors. */
  readonly errors: string[] = [];

  private constructor(page: Page) {
    this.page = page;
    page.on('pageerror', (error) => this.errors.push(String(error)));
  }

  static async open(browser: Browser, origin: string, timeoutMs: number): Promise<DrivenHost> {
    const page = await browser.newPage();
    const driven = new DrivenHost(page);
    await page.goto(`${origin}/host`);
    await page.waitForFunction('window.openPlugin !== undefined', { polling: 50 });
    await page.evaluate((ms) => (window as unknown as Driven).openPlugin(ms), timeoutMs);
    return driven;
  }

  /** Resolves with the output as text, or the code of the error. */
  call(name: string): Promise<string> {
    return this.page.evaluate(
      (exportName) =>
        (window as unknown as Driven).plugin.call(exportName, 'x').then(
          (output) => output.text().replaceAll('\0', ''),
          ({ code }: { code: string }) => code,
        ),
      name,
    );
  }

  kills(): Promise<number> {
    return this.page.evaluate(() => (window as unknown as Driven).plugin.stats.kills);
  }
}
