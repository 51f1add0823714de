import { spawn } from 'node:child_process';
import { mkdtempSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { cpuMsOf } from './cpu-time.mjs';

/** So many of its last lines are shown when a browser is lost. */
const KEPT_LINES = 25;

/** A browser has said where it listens by then, or never will. */
const START_MS = 30_000;

/** @type {Set<BrowserProcess>} */
const alive = new Set();

/** A process of its own group outlives this one, unless told. */
process.on('exit', () => {
  for (const browser of alive) browser.kill();
});
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, () => process.exit(1));

/** A browser, or the driver that starts one, with a profile that goes with it and the last lines that it wrote. */
export class BrowserProcess {
  /** A new folder, removed when the process has ended. */
  profile = mkdtempSync(join(tmpdir(), 'cloche-test-'));
  /** @type {string[]} */
  #lines = [];
  /** @type {Set<(line: string) => void>} */
  #listeners = new Set();
  /** @type {string | undefined} */
  #ended;
  #child;
  /** @type {PromiseWithResolvers<undefined>} */
  #gone = withResolvers();

  /** @param {string} executable @param {(profile: string) => string[]} argumentsIn */
  constructor(executable, argumentsIn) {
    const child = spawn(executable, argumentsIn(this.profile), { detached: true, stdio: ['ignore', 'pipe', 'pipe'] });
    this.#child = child;
    for (const stream of [child.stdout, child.stderr]) {
      createInterface({ input: stream }).on('line', (line) => this.#hear(line));
    }
    child.once('error', (error) => this.#end(error.message));
    child.once('exit', (code, signal) => this.#end(signal ? `signal ${signal}` : `exit code ${code}`));
    alive.add(this);
  }

  /** How it ended; undefined while it runs. */
  get ended() {
    return this.#ended;
  }

  /** Its last lines, oldest first. */
  get lastLines() {
    return [...this.#lines];
  }

  /**
   * The first line from now on that matches.
   * @param {RegExp} pattern
   * @returns {Promise<RegExpExecArray>}
   */
  async said(pattern) {
    /** @type {PromiseWithResolvers<RegExpExecArray>} */
    const { promise, resolve, reject } = withResolvers();
    const fail = () => reject(new Error(`Expected a line like ${pattern}, got ${this.#lines.join('\n')}`));
    const timer = setTimeout(fail, START_MS);
    const listener = (/** @type {string} */ line) => {
      const match = pattern.exec(line);
      if (match) resolve(match);
    };
    this.#listeners.add(listener);
    this.#child.once('exit', fail);
    this.#child.once('error', fail);
    return promise.finally(() => {
      clearTimeout(timer);
      this.#listeners.delete(listener);
    });
  }

  /** Resolves when the process has ended and its profile is removed. */
  get gone() {
    return this.#gone.promise;
  }

  /** CPU time in ms of it and all that it has started, on Linux. */
  get cpuMs() {
    return this.#child.pid === undefined ? 0 : cpuMsOf(this.#child.pid);
  }

  /** Ends the process with all that it has started. */
  kill() {
    if (this.#ended === undefined) this.#killGroup();
  }

  #killGroup() {
    if (this.#child.pid === undefined) return;
    try {
      process.kill(-this.#child.pid, 'SIGKILL');
    } catch {
      // Nobody is left in the group, which is what is wanted.
    }
  }

  /** @param {string} line */
  #hear(line) {
    this.#lines.push(line);
    if (this.#lines.length > KEPT_LINES) this.#lines.shift();
    for (const listener of this.#listeners) listener(line);
  }

  /** @param {string} how */
  async #end(how) {
    if (this.#ended !== undefined) return;
    this.#ended = how;
    alive.delete(this);
    // What it has started may outlive it for a moment, and write to the profile.
    this.#killGroup();
    await rm(this.profile, { recursive: true, force: true, maxRetries: 10 }).catch((error) => {
      console.log(`${this.profile} stays: ${error.message}`);
    });
    this.#gone.resolve(undefined);
  }
}

/**
 * `Promise.withResolvers`, which Node 20 lacks.
 * @template T
 * @returns {PromiseWithResolvers<T>}
 */
function withResolvers() {
  /** @type {(value: T | PromiseLike<T>) => void} */
  let resolve = () => undefined;
  /** @type {(reason?: unknown) => void} */
  let reject = () => undefined;
  const promise = /** @type {Promise<T>} */ (
    new Promise((...settle) => {
      [resolve, reject] = settle;
    })
  );
  return { promise, resolve, reject };
}
