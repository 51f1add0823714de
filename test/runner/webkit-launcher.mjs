// WebKitGTK's MiniBrowser, driven by the few WebDriver commands that a test run needs.
import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { createServer } from 'node:net';
import { setTimeout as wait } from 'node:timers/promises';

/** @typedef {import('@web/test-runner-core').BrowserLauncher} BrowserLauncher */

/** The driver answers within a second or two, or not at all. */
const ANSWER_MS = 20_000;

const driverPath = '/usr/bin/WebKitWebDriver';

const CAPABILITIES = {
  capabilities: { alwaysMatch: { 'webkitgtk:browserOptions': { args: ['--automation'] } } },
};

/**
 * One test page at a time, each in a browser of its own: WebKit does not end a wasm loop that calls nothing, and a
 * thread that a test has left spinning goes only with its process.
 * @implements {BrowserLauncher}
 */
export class WebKitLauncher {
  name = 'WebKit';
  type = 'webdriver';
  concurrency = 1;
  /** @type {import('node:child_process').ChildProcess | undefined} */
  #driver;
  #origin = '';
  #base = '';
  #active = '';
  #url = '';

  /** @param {string} sessionId @param {string} url */
  async startSession(sessionId, url) {
    this.#active = sessionId;
    this.#url = url;
    try {
      await this.#open(url);
    } catch (error) {
      console.warn(`WebKit: ${error instanceof Error ? error.message : error}; starting it anew`);
      this.#kill();
      await this.#open(url);
    }
  }

  /** @param {string} sessionId */
  isActive(sessionId) {
    return this.#active === sessionId;
  }

  getBrowserUrl() {
    return this.#url;
  }

  async stopSession() {
    this.#active = '';
    // A browser whose threads spin may not answer any more; its processes can still be ended.
    await this.#command('DELETE', '').catch(() => this.#kill());
    return {};
  }

  async startDebugSession() {
    throw new Error('WebKitGTK has no debug session here; open the page in MiniBrowser instead');
  }

  async stop() {
    this.#kill();
  }

  /** @param {string} url */
  async #open(url) {
    if (!this.#driver) await this.#start();
    const session = await request(this.#origin, 'POST', '/session', CAPABILITIES);
    this.#base = `${this.#origin}/session/${session.sessionId}`;
    await this.#command('POST', '/url', { url });
  }

  /** Ends the driver with its display and browser: they are one process group. */
  #kill() {
    const driver = this.#driver;
    this.#driver = undefined;
    if (driver?.pid === undefined || driver.exitCode !== null || driver.signalCode !== null) return;
    process.kill(-driver.pid, 'SIGKILL');
  }

  async #start() {
    const port = await freePort();
    // Own process group, so that the virtual display and MiniBrowser end with the driver.
    const driver = spawn('xvfb-run', ['-a', driverPath, `--port=${port}`], {
      detached: true,
      stdio: 'ignore',
    });
    this.#driver = driver;
    this.#origin = `http://127.0.0.1:${port}`;
    await waitFor(`${this.#origin}/status`);
  }

  /** @param {string} method @param {string} path @param {unknown} [body] */
  #command(method, path, body) {
    return request(this.#base, method, path, body);
  }
}

/** Whether everything that the launcher starts is installed. */
export function isInstalled() {
  return existsSync(driverPath) && existsSync('/usr/bin/xvfb-run');
}

/** @param {string} base @param {string} method @param {string} path @param {unknown} [body] */
async function request(base, method, path, body) {
  const response = await fetch(base + path, {
    method,
    signal: AbortSignal.timeout(ANSWER_MS),
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  const { value } = /** @type {{ value: Record<string, string> }} */ (await response.json());
  if (!response.ok) throw new Error(`${method} ${path}: ${value?.error}: ${value?.message}`);
  return value;
}

/** @param {string} url */
async function waitFor(url) {
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
