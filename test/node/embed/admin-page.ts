// The admin page of demo/embed in a real browser, used as a person would: by mouse and keyboard, also in the plugin's
// own page two frames down.

/// <reference lib="dom" />
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { resolve } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import type { Browser, BrowserContext, Frame, KeyInput, Page } from 'puppeteer-core';
import { startCanary } from '../../runner/canary.mjs';
import { clickIn, PATIENCE_MS } from '../point.ts';

export const ROOT = resolve(import.meta.dirname, '../../..');
const AXE = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');

export interface AdminServer {
  readonly origin: string;
  stop(): Promise<unknown>;
}

/** The repository as a static host serves it. */
export function startServer(): Promise<AdminServer> {
  return startCanary(ROOT);
}

export class AdminPage {
  readonly page: Page;
  /** What went wrong in the page itself. */
  readonly errors: string[] = [];
  readonly #context: BrowserContext;
  readonly #origin: string;

  private constructor(page: Page, context: BrowserContext, origin: string) {
    this.page = page;
    this.#context = context;
    this.#origin = origin;
    page.on('pageerror', (error) => this.errors.push(String(error)));
  }

  /** Opens it with empty storage. */
  static async open(browser: Browser, { origin }: AdminServer): Promise<AdminPage> {
    const context = await browser.createBrowserContext();
    const page = await context.newPage();
    page.setDefaultTimeout(PATIENCE_MS);
    // High enough for both of its columns: what is pressed must not have to be scrolled to first.
    await page.setViewport({ width: 1280, height: 1600 });
    const admin = new AdminPage(page, context, origin);
    await admin.visit();
    return admin;
  }

  async visit(query = ''): Promise<void> {
    await this.page.goto(`${this.#origin}/static/demo/embed/admin.html${query}`);
    await this.until(() => document.querySelector('#none:not([hidden]), #plugins li, #failure:not([hidden])') !== null);
  }

  close(): Promise<void> {
    return this.#context.close();
  }

  /**
   * Installs standup from its URL and allows what it asks for.
   * @param answer to the question about data that another of its id has left, where that is asked
   */
  async install(answer?: string): Promise<Frame> {
    await this.click('#install button');
    if (answer !== undefined) {
      await this.clickButton(answer);
      await this.says('#installing', 'is installed.');
    }
    await this.until(() => document.querySelector('#refused:not(:empty), [data-key="standup allow"]') !== null);
    const refusal = await this.textOf('#refused');
    if (refusal) throw new Error(refusal);
    await this.click('[data-key="standup allow"]');
    await this.says('#plugins summary', 'What it may do');
    return this.frame();
  }

  /** The plugin's own page, once it shows what it has. */
  async frame(): Promise<Frame> {
    const end = performance.now() + PATIENCE_MS;
    while (performance.now() < end) {
      for (const frame of this.page.frames()) {
        if (await isReady(frame)) return frame;
      }
      await pause(50);
    }
    throw new Error('Expected the page of standup to be shown');
  }

  /** The plugin's own page that comes in the place of one that goes, as with another host. */
  async frameAfter(before: Frame): Promise<Frame> {
    for (const end = performance.now() + PATIENCE_MS; !before.detached; await pause(50)) {
      if (performance.now() > end) throw new Error('Expected the page of standup to be replaced');
    }
    return this.frame();
  }

  async click(selector: string): Promise<void> {
    await clickIn(this.page.mainFrame(), selector);
  }

  /**
   * A button of the app or of Cloche's elements, through shadow trees, by its words. Dialogs for plugins take no answer
   * in their first half second, so that nobody presses what was not there a moment ago.
   */
  async clickButton(words: string): Promise<void> {
    await this.click(`:scope >>> button:not([aria-disabled="true"])::-p-text(${words})`);
  }

  async textOf(selector: string): Promise<string> {
    return this.page.$eval(selector, (element) => element.textContent?.replace(/\s+/g, ' ').trim() ?? '');
  }

  async says(selector: string, text: string): Promise<void> {
    await saysIn(this.page.mainFrame(), selector, text);
  }

  /** A toast that the plugin's page asked for. */
  async toasts(text: string): Promise<void> {
    await this.page.waitForSelector(`:scope >>> cloche-plugin-toasts >>> ::-p-text(${text})`, { visible: true });
  }

  async until<A extends unknown[]>(holds: (...given: A) => unknown, ...given: A): Promise<void> {
    await this.page.waitForFunction(holds as (...given: unknown[]) => unknown, { polling: 50 }, ...given);
  }

  async press(...keys: KeyInput[]): Promise<void> {
    for (const key of keys) await this.page.keyboard.press(key);
  }

  /** What axe finds in the page itself, and in the plugin's page. */
  async violations(): Promise<string[]> {
    const found: string[] = [];
    for (const target of [this.page.mainFrame(), await this.frame()]) {
      await target.evaluate(AXE);
      found.push(...((await target.evaluate(RUN_AXE)) as string[]));
    }
    return found;
  }
}

export async function saysIn(frame: Frame, selector: string, text: string): Promise<void> {
  await frame.waitForFunction(
    (one: string, words: string) => document.querySelector(one)?.textContent?.includes(words),
    { polling: 50, timeout: PATIENCE_MS },
    selector,
    text,
  );
}

/** Evaluated in a document; each frame is looked at by itself. */
const RUN_AXE = `axe.run(document, {
  iframes: false,
  runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'],
}).then(({ violations }) => violations.flatMap(({ id, nodes }) =>
  nodes.map((node) => id + ': ' + node.target.join(' ') + ' ' + node.failureSummary)))`;

async function isReady(frame: Frame): Promise<boolean> {
  try {
    return await frame.evaluate(() => document.querySelector('#content:not([hidden]) #entry') !== null);
  } catch {
    // A frame that is gone, or not there yet, is not the one.
    return false;
  }
}
