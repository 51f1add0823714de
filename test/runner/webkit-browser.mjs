// WebKitGTK's MiniBrowser, driven by the few WebDriver commands that a test run needs.
import { existsSync } from 'node:fs';
import { createServer } from 'node:net';
import { setTimeout as wait } from 'node:timers/promises';
import { BrowserProcess } from './browser-process.mjs';

/** The driver answers within a second or two, or not at all. */
const ANSWER_MS = 20_000;

const DRIVER = '/usr/bin/WebKitWebDriver';

const CAPABILITIES = {
  capabilities: {
    alwaysMatch: {
      'webkitgtk:browserOptions': {
        args: ['--automation', '--enable-write-console-messages-to-stdout=true'],
      },
    },
  },
};

/** Pages of tests end before the compilers for what runs long have paid off: without them a run takes a tenth less of a core. */
const ENVIRONMENT = ['JSC_useFTLJIT=0', 'JSC_useOMGJIT=0'];

/** Whether everything that is started is installed. */
export function isWebKitInstalled() {
  return existsSync(DRIVER) && existsSync('/usr/bin/xvfb-run');
}

/** A browser whose pages are closed is looked at for so long, in ms, and computes less than so much meanwhile. */
const LOOK_MS = 300;
const CALM_MS = 30;
const MOST_LOOKS = 3;

/**
 * Two browsers take turns, and each page has a window of its own, which is a process of its own: not a tab, which would be
 * hidden. While the one browser runs a page, the other opens the next window. WebKit does not end a wasm loop that calls
 * nothing: a browser that still computes when its page is closed is replaced.
 * @returns {Promise<import('./page-launcher.mjs').DrivenBrowser>}
 */
export async function startWebKit() {
  /** @type {Map<string, Driver>} */
  const open = new Map();
  /** @type {Driver[]} */
  const idle = [];
  const prepare = async () => {
    const idler = idle.pop();
    // A browser whose threads spin may not answer any more; its processes can still be ended.
    if (idler && (await idler.prepare().catch(() => idler.process.kill()))) return idler;
    const driver = await Driver.start();
    await driver.begin();
    return driver;
  };
  let next = prepare();
  /** @type {string[]} */
  let lastLines = [];
  return {
    open: async (url) => {
      const driver = await next;
      await driver.show(url);
      open.set(driver.origin, driver);
      next = prepare();
      // Whoever opens the next page hears of it.
      next.catch(() => undefined);
      return driver.origin;
    },
    close: async (page) => {
      const driver = open.get(page);
      open.delete(page);
      lastLines = driver?.process.lastLines ?? [];
      await driver?.leave().then(
        () => idle.push(driver),
        () => driver.process.kill(),
      );
    },
    kill: async () => {
      const spare = await next.catch(() => undefined);
      const drivers = [...open.values(), ...idle, ...(spare ? [spare] : [])];
      for (const driver of drivers) driver.process.kill();
      await Promise.all(drivers.map((driver) => driver.process.gone));
    },
    get lastLines() {
      return [...open.values()].at(-1)?.process.lastLines ?? lastLines;
    },
    ended: undefined,
  };
}

/** A driver, which has one browser at a time, and that one page beside an empty one. */
class Driver {
  #session = '';
  /** The empty one: a browser ends with its last window. */
  #home = '';

  /** @param {BrowserProcess} process @param {string} origin */
  constructor(process, origin) {
    this.process = process;
    this.origin = origin;
  }

  static async start() {
    const port = await freePort();
    const process = new BrowserProcess('xvfb-run', () => ['-a', 'env', ...ENVIRONMENT, DRIVER, `--port=${port}`]);
    const origin = `http://127.0.0.1:${port}`;
    await answers(`${origin}/status`);
    return new Driver(process, origin);
  }

  async begin() {
    const started = await request(this.origin, 'POST', '/session', CAPABILITIES);
    const { sessionId } = /** @type {{ sessionId: string }} */ (started);
    this.#session = `${this.origin}/session/${sessionId}`;
    this.#home = /** @type {string} */ (await request(this.#session, 'GET', '/window'));
    await this.#openWindow();
  }

  async #openWindow() {
    const opened = await request(this.#session, 'POST', '/window/new', { type: 'window' });
    const { handle } = /** @type {{ handle: string }} */ (opened);
    await request(this.#session, 'POST', '/window', { handle });
  }

  /** @param {string} url */
  async show(url) {
    await request(this.#session, 'POST', '/url', { url });
  }

  async leave() {
    await request(this.#session, 'DELETE', '/window');
    await request(this.#session, 'POST', '/window', { handle: this.#home });
  }

  /** Sees to a window for the next page, in a browser that computes nothing for the last one. Resolves with true. */
  async prepare() {
    if (await this.#isCalm()) {
      await this.#openWindow();
    } else {
      await request(this.#session, 'DELETE', '');
      await this.begin();
    }
    return true;
  }

  async #isCalm() {
    for (let looks = 0; looks < MOST_LOOKS; looks += 1) {
      const before = this.process.cpuMs;
      await wait(LOOK_MS);
      if (this.process.cpuMs - before < CALM_MS) return true;
    }
    return false;
  }
}

/**
 * @param {string} base
 * @param {string} method
 * @param {string} path
 * @param {unknown} [body]
 * @returns {Promise<unknown>} what the command of WebDriver gives
 */
async function request(base, method, path, body) {
  const response = await fetch(base + path, {
    method,
    signal: AbortSignal.timeout(ANSWER_MS),
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  const { value } = /** @type {{ value: unknown }} */ (await response.json());
  if (!response.ok) throw new Error(`${method} ${path}: ${JSON.stringify(value)}`);
  return value;
}

/** @param {string} url */
async function answers(url) {
  for (let left = 100; left > 0; left -= 1) {
    const answer = await fetch(url).catch(() => undefined);
    if (answer?.ok) return;
    await wait(100);
  }
  throw new Error(`Expected WebKitWebDriver to answer at ${url} within 10 s`);
}

/** @returns {Promise<number>} */
function freePort() {
  return new Promise((done, failed) => {
    const server = createServer();
    server.once('error', failed);
    server.listen(0, '127.0.0.1', () => {
      const address = server.address();
      server.close(() => done(typeof address === 'object' && address ? address.port : 0));
    });
  });
}
