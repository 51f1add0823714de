// The files of test/node. Each runs in a process of its own and is taken from one queue, by as many lanes as the browsers of a
// run leave cores for.
import { spawn } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { printOutcome } from './reporter.mjs';

/** @typedef {import('./reporter.mjs').Outcome} Outcome */

export class NodeTests {
  /** @type {string[]} */
  #waiting;
  /** @type {Promise<void>[]} */
  #lanes = [];
  /** @type {Outcome[]} */
  #outcomes = [];
  #root;

  /** @param {string} root */
  constructor(root) {
    this.#root = root;
    this.#waiting = filesIn(root);
  }

  /** Begins to run files, one after another, beside what other lanes run. */
  addLane() {
    this.#lanes.push(this.#work());
  }

  /** Resolves with what each file has come to when all have ended. */
  async end() {
    await Promise.all(this.#lanes);
    return this.#outcomes;
  }

  async #work() {
    for (let file = this.#waiting.shift(); file !== undefined; file = this.#waiting.shift()) {
      this.#outcomes.push(await runInNode(this.#root, file));
    }
  }
}

/**
 * What drives browsers takes longest, and comes first.
 * @param {string} root
 */
function filesIn(root) {
  const files = readdirSync(join(root, 'test/node'), { recursive: true, encoding: 'utf8' })
    .filter((name) => /\.test\.(?:ts|mjs)$/.test(name))
    .map((name) => join('test/node', name))
    .sort();
  const drives = (/** @type {string} */ file) => /in-each-browser/.test(readFileSync(join(root, file), 'utf8'));
  return [...files.filter(drives), ...files.filter((file) => !drives(file))];
}

/**
 * Runs a file and prints what it has come to. One that ends without a test, or with another status than its tests say, has
 * failed.
 * @param {string} root
 * @param {string} file
 * @returns {Promise<Outcome>}
 */
export async function runInNode(root, file) {
  const { output, status } = await runNode(root, ['--import', 'tsx', '--test-reporter=tap', file]);
  const count = (/** @type {string} */ word) => Number(new RegExp(`^# ${word} (\\d+)$`, 'm').exec(output)?.[1] ?? 0);
  const failures = failedTests(output);
  if (failures.length === 0 && (status !== 0 || count('tests') === 0)) failures.push(`the file ended with ${status}`);
  if (failures.length > 0) console.log(output);
  const outcome = { file, where: 'Node', passed: count('pass'), failures };
  printOutcome(outcome);
  return outcome;
}
/**
 * @param {string} root
 * @param {string[]} args
 * @returns {Promise<{ output: string, status: number | null }>}
 */
function runNode(root, args) {
  const child = spawn(process.execPath, args, { cwd: root, stdio: ['ignore', 'pipe', 'pipe'] });
  let output = '';
  for (const stream of [child.stdout, child.stderr]) stream.setEncoding('utf8').on('data', (text) => (output += text));
  return new Promise((done, failed) => {
    child.once('error', failed);
    child.once('close', (status) => done({ output, status }));
  });
}

/**
 * The titles of what failed, without the suites that failed with them.
 * @param {string} tap
 * @returns {string[]}
 */
function failedTests(tap) {
  const failures = tap.matchAll(/^ *not ok \d+ - (.*)\n *---\n(?: *(?!\.\.\.).*\n)*? *failureType: '(\w+)'/gm);
  return [...failures].filter(([, , why]) => why !== 'subtestsFailed').map(([, title = '']) => title);
}
