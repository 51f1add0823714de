// The files of test/node. Each runs in a process of its own and is taken from one queue, by as many lanes as the browsers of a
// run leave cores for.
import { spawn } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

/** More than these cannot be accidents. */
const MOST_RERUN = 6;

/** @typedef {import('./reporter.mjs').Tally} Tally */

export class NodeTests {
  /** @type {string[]} */
  #waiting;
  /** @type {Promise<void>[]} */
  #lanes = [];
  /** @type {{ file: string, outcome: Outcome }[]} */
  #failed = [];
  /** @type {Tally} */
  #tally = { passed: 0, failed: 0 };
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

  /** Resolves with the sums when all files have ended; those that failed have run once more by then, each alone. */
  async end() {
    await Promise.all(this.#lanes);
    const again = this.#failed.splice(0);
    for (const { file, outcome } of again) {
      if (again.length <= MOST_RERUN) {
        console.log(`Running again, once: ${file} in Node`);
        this.#add(file, await runFile(this.#root, file));
      } else this.#add(file, outcome);
    }
    return this.#tally;
  }

  async #work() {
    for (let file = this.#waiting.shift(); file !== undefined; file = this.#waiting.shift()) {
      const outcome = await runFile(this.#root, file);
      if (outcome.failed > 0) {
        console.log(`${outcome.output}\n✗ ${file} in Node: ${outcome.passed} passed`);
        this.#failed.push({ file, outcome });
      } else this.#add(file, outcome);
    }
  }

  /** @param {string} file @param {Outcome} outcome */
  #add(file, { passed, failed, output }) {
    this.#tally.passed += passed;
    this.#tally.failed += failed;
    if (failed > 0) console.log(output);
    console.log(`${failed > 0 ? '✗' : '✓'} ${file} in Node: ${passed} passed`);
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

/** @typedef {Tally & { output: string }} Outcome */

/**
 * A file that ends without a test, or with another status than its tests say, has failed.
 * @param {string} root
 * @param {string} file
 * @returns {Promise<Outcome>}
 */
async function runFile(root, file) {
  const { output, status } = await runNode(root, ['--import', 'tsx', '--test', '--test-reporter=tap', file]);
  const count = (/** @type {string} */ word) => Number(new RegExp(`^# ${word} (\\d+)$`, 'm').exec(output)?.[1] ?? 0);
  const passed = count('pass');
  const failed = count('fail') + count('cancelled');
  const isBroken = failed === 0 && (status !== 0 || count('tests') === 0);
  return { output, passed, failed: isBroken ? 1 : failed };
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
