/** @typedef {import('@web/test-runner-core').BrowserLauncher} BrowserLauncher */

/**
 * A browser as the runner drives it: it opens a page and closes it again, and nothing listens in on what the page does.
 * @typedef {object} DrivenBrowser
 * @property {(url: string) => Promise<string>} open resolves with the page's id once the browser has begun to load it
 * @property {(page: string) => Promise<void>} close
 * @property {() => Promise<unknown>} kill resolves when it has gone with all that it left behind
 * @property {string[]} lastLines what it wrote last
 * @property {string | undefined} ended how its process ended, if it has
 */

/** A browser closes a page in this time, or does not answer any more. */
const ANSWER_MS = 20_000;

/**
 * Runs test pages in one browser, and replaces the browser when it no longer answers.
 * @implements {BrowserLauncher}
 */
export class PageLauncher {
  type = 'driven';
  concurrency = 1;
  /** @type {Map<string, { url: string, page: string }>} */
  #sessions = new Map();
  /** @type {Promise<DrivenBrowser> | undefined} */
  #browser;
  #start;
  #answerMs;

  /** @param {string} name @param {() => Promise<DrivenBrowser>} start @param {number} [answerMs] */
  constructor(name, start, answerMs = ANSWER_MS) {
    this.#answerMs = answerMs;
    this.name = name;
    this.#start = start;
  }

  /** @param {string} sessionId @param {string} url */
  async startSession(sessionId, url) {
    const page = await this.#open(url).catch(async (error) => {
      await this.replace(`could not open a page: ${error instanceof Error ? error.message : error}`);
      return this.#open(url);
    });
    this.#sessions.set(sessionId, { url, page });
  }

  /** @param {string} sessionId */
  isActive(sessionId) {
    return this.#sessions.has(sessionId);
  }

  /** @param {string} sessionId */
  getBrowserUrl(sessionId) {
    return this.#sessions.get(sessionId)?.url;
  }

  /** @param {string} sessionId */
  async stopSession(sessionId) {
    const { page = '' } = this.#sessions.get(sessionId) ?? {};
    this.#sessions.delete(sessionId);
    const browser = await this.#browser;
    await within(this.#answerMs, Promise.resolve(browser?.close(page))).catch((error) =>
      this.replace(`could not close a page: ${error}`),
    );
    return {};
  }

  /**
   * Ends the browser, so that the next page opens in another, and says why, with the last lines that it wrote.
   * @param {string} why
   */
  async replace(why) {
    const starting = this.#browser;
    // It is replaced already, when closing its page has failed before.
    if (!starting) return;
    this.#browser = undefined;
    const browser = await starting.catch(() => undefined);
    const lines = browser?.lastLines ?? [];
    console.log(
      `\n${this.name} ${why}${browser?.ended ? ` (ended with ${browser.ended})` : ''}; replaced. It wrote last:`,
    );
    console.log(lines.map((line) => `    ${line}`).join('\n') || '    nothing');
    await browser?.kill();
  }

  async startDebugSession() {
    throw new Error(`${this.name} has no debug session here; open the address of the test in a window instead`);
  }

  async stop() {
    const browser = await this.#browser?.catch(() => undefined);
    await browser?.kill();
  }

  /** @param {string} url */
  async #open(url) {
    this.#browser ??= this.#start();
    const browser = await this.#browser;
    return within(this.#answerMs, browser.open(url));
  }
}

/**
 * @template T
 * @param {number} ms
 * @param {Promise<T>} promise
 * @returns {Promise<T>}
 */
function within(ms, promise) {
  /** @type {NodeJS.Timeout | undefined} */
  let timer;
  const late = new Promise((_, reject) => {
    timer = setTimeout(() => reject(new Error(`no answer within ${ms} ms`)), ms);
  });
  return Promise.race([promise, /** @type {Promise<never>} */ (late)]).finally(() => clearTimeout(timer));
}
