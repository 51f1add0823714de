// The admin page of demo/embed in a real browser, used as a person would: by mouse and keyboard, also in the plugin's
// own page two frames down.

/// <reference lib="dom" />
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { resolve } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import type { Browser, BrowserContext, Frame, KeyInput, Page } from 'puppeteer-core';
import type {} from '../../../src/elements/admin/index.ts';
import type { Host } from '../../../src/index.ts';
import { startCanary } from '../../runner/canary.mjs';
import { clickIn, fillIn, goneFrom, LOOK_MS, PATIENCE_MS, shownIn } from '../point.ts';

export const ROOT = resolve(import.meta.dirname, '../../..');
const AXE = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');
const STANDUP = '../../plugins/standup/dist/standup.zip';

/** A consent that takes an answer: in its first half second it does not, so that nobody presses what was not there a moment ago. */
const READY = ':scope >>> dialog[open]:not(:has([inert])):has(.no)';

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
    // What is pressed must not have to be scrolled to first.
    await page.setViewport({ width: 1280, height: 1600 });
    const admin = new AdminPage(page, context, origin);
    await admin.visit();
    return admin;
  }

  /** @param rest of the address: a query, and a place after the `#` */
  async visit(rest = ''): Promise<void> {
    const url = `${this.#origin}/static/demo/embed/admin.html${rest}`;
    // An address that differs after the `#` alone loads no page.
    if (this.page.url().split('#')[0] === url.split('#')[0]) await this.page.goto('about:blank');
    await this.page.goto(url);
    await this.until(() => document.querySelector('cloche-admin')?.host !== undefined);
  }

  /** Gives the page a host with a relay in place of the one that it has. */
  async useRelay(url: string, token: string): Promise<void> {
    await this.page.evaluate(
      async (module, to, secret) => {
        const { createHost } = (await import(module)) as typeof import('../../../src/index.ts');
        const admin = document.querySelector('cloche-admin');
        if (!admin) throw new Error('Expected the admin element');
        const before = admin.host as Host | undefined;
        const relay = {
          url: to,
          headers() {
            return { Authorization: `Bearer ${secret}` };
          },
        };
        admin.host = await createHost({ storage: 'orchard', relay });
        await before?.close();
      },
      `${this.#origin}/static/dist/index.js`,
      url,
      token,
    );
  }

  close(): Promise<void> {
    return this.#context.close();
  }

  /** Shows what a package asks for. */
  async fetch(url = STANDUP): Promise<void> {
    await fillIn(this.page.mainFrame(), ':scope >>> input[name=url]', url);
    await this.clickButton('Fetch');
  }

  /** Presses a button of the consent. */
  async answer(words: string): Promise<void> {
    await this.choose(`button::-p-text(${words})`);
  }

  /** Presses something in the consent, once it takes that. */
  async choose(selector: string): Promise<void> {
    await this.click(`${READY} ${selector}`);
  }

  /** Waits until the consent takes an answer. */
  async isAsked(): Promise<void> {
    await this.shows(`${READY} .no`);
  }

  /** Installs standup with all that it needs, and opens its page. */
  async install(): Promise<Frame> {
    await this.fetch();
    await this.answer('Install');
    await this.openTab('Stand-up');
    return this.frame();
  }

  async openTab(label: string): Promise<void> {
    await this.click(`:scope >>> [role=tab]::-p-text(${label})`);
  }

  /** The plugin's own page, once it shows what it has. */
  async frame(): Promise<Frame> {
    const end = performance.now() + PATIENCE_MS;
    while (performance.now() < end) {
      for (const frame of this.page.frames()) {
        if (await isReady(frame)) return frame;
      }
      await pause(LOOK_MS);
    }
    throw new Error('Expected the page of standup to be shown');
  }

  /** The plugin's own page that comes in the place of one that goes, as with another host. */
  async frameAfter(before: Frame): Promise<Frame> {
    for (const end = performance.now() + PATIENCE_MS; !before.detached; await pause(LOOK_MS)) {
      if (performance.now() > end) throw new Error('Expected the page of standup to be replaced');
    }
    return this.frame();
  }

  async click(selector: string): Promise<void> {
    await clickIn(this.page.mainFrame(), selector);
  }

  /** A button of Cloche's elements, through shadow trees, by its words. */
  async clickButton(words: string): Promise<void> {
    await this.click(`:scope >>> button:not([aria-disabled="true"])::-p-text(${words})`);
  }

  /** Waits until a text is seen, in whatever element of the page. */
  async sees(text: string): Promise<void> {
    await this.shows(`:scope >>> ::-p-text(${text})`);
  }

  async shows(selector: string): Promise<void> {
    await shownIn(this.page.mainFrame(), selector);
  }

  /** Waits until no dialog is open. */
  async isDecided(): Promise<void> {
    await goneFrom(this.page.mainFrame(), ':scope >>> dialog[open]');
  }

  /** All that the admin element shows, through its shadow trees. */
  async shown(): Promise<string> {
    return (await this.page.evaluate(SHOWN)) as string;
  }

  /** A toast that the plugin's page asked for. */
  async toasts(text: string): Promise<void> {
    await this.shows(`:scope >>> cloche-plugin-toasts >>> ::-p-text(${text})`);
  }

  async until<A extends unknown[]>(holds: (...given: A) => unknown, ...given: A): Promise<void> {
    await this.page.waitForFunction(holds as (...given: unknown[]) => unknown, { polling: LOOK_MS }, ...given);
  }

  async press(...keys: KeyInput[]): Promise<void> {
    for (const key of keys) await this.page.keyboard.press(key);
  }

  /** What axe finds in the page itself, and in the plugin's page where that is shown. */
  async violations(...frames: Frame[]): Promise<string[]> {
    const found: string[] = [];
    for (const target of [this.page.mainFrame(), ...frames]) {
      await target.evaluate(AXE);
      found.push(...((await target.evaluate(RUN_AXE)) as string[]));
    }
    return found;
  }
}

export async function saysIn(frame: Frame, selector: string, text: string): Promise<void> {
  await frame.waitForFunction(
    (one: string, words: string) => document.querySelector(one)?.textContent?.includes(words),
    { polling: LOOK_MS, timeout: PATIENCE_MS },
    selector,
    text,
  );
}

/** Evaluated in the page. */
const SHOWN = `(() => {
  const textOf = (node) => {
    if (node instanceof Text) return node.data;
    if (node instanceof HTMLSlotElement) return node.assignedNodes().map(textOf).join(' ');
    const hasBox = !(node instanceof Element) || getComputedStyle(node).display !== 'contents';
    if (hasBox && node instanceof Element && !node.checkVisibility()) return '';
    return [...(node.shadowRoot ?? node).childNodes].map(textOf).join(' ');
  };
  return textOf(document.querySelector('cloche-admin')).replace(/\\s+/g, ' ').trim();
})()`;

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
