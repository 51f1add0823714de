// The files of test/node. What needs a process of its own has one, others share one, and all are taken from one queue, by as
// many lanes as the browsers of a run leave cores for.
import { spawn } from 'node:child_process';
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { printOutcome } from './reporter.mjs';

/** @typedef {import('./reporter.mjs').Outcome} Outcome */

/**
 * Files, and folders of them, that have a process each: what drives browsers, which takes longest and comes first, then what
 * starts servers or programs, measures, or takes time and globals into its hand. All others share processes, and fail there
 * where they leave anything behind.
 */
const ALONE = [
  'embed/',
  'frames/frames.test.ts',
  'host/host.test.ts',
  'relay/',
  'sql/relay.test.ts',
  'cli/',
  'package.test.ts',
  'pages.test.mjs',
  'tooling.test.mjs',
  'bench/',
  'catalogs/',
  'dialects/windmill/token.test.ts',
  // What sets the one timeout of all deadlines, by a clock of its own too, and what plays a page by its globals.
  'runtime/',
  'util/time/',
  'host/question-queue.test.ts',
  'elements/arming.test.ts',
  'node-tests.test.mjs',
  'page-launcher.test.mjs',
  'components/wasi/drops.test.ts',
  'sql/idb-changes.test.ts',
  'tasks/',
  'util/async/told.test.ts',
].map((name) => `test/node/${name}`);

/** As many start quickly, and leave enough processes for two lanes. */
const MOST_TOGETHER = 20;

/** A process hangs that takes longer, in ms: no file takes half of that on a slow machine. */
const MOST_MS = 240_000;

export class NodeTests {
  /**
   * Files that run in one process.
   * @type {string[][]}
   */
  #waiting;
  /** @type {Promise<void>[]} */
  #lanes = [];
  /** @type {Outcome[]} */
  #outcomes = [];
  #root;

  /** @param {string} root */
  constructor(root) {
    this.#root = root;
    this.#waiting = processesOf(root);
  }

  /** Begins to run files, one process after another, beside what other lanes run. */
  addLane() {
    this.#lanes.push(this.#work());
  }

  /** Resolves with what each file has come to when all have ended. */
  async end() {
    await Promise.all(this.#lanes);
    return this.#outcomes;
  }

  async #work() {
    for (let files = this.#waiting.shift(); files !== undefined; files = this.#waiting.shift()) {
      this.#outcomes.push(...(await runInNode(this.#root, files)));
    }
  }
}

/** @param {string} root */
function processesOf(root) {
  const files = readdirSync(join(root, 'test/node'), { recursive: true, encoding: 'utf8' })
    .filter((name) => /\.test\.(?:ts|mjs)$/.test(name))
    .map((name) => join('test/node', name))
    .sort();
  const processes = ALONE.flatMap((name) => files.filter((file) => file.startsWith(name))).map((file) => [file]);
  const sharing = files.filter((file) => !isAlone(file));
  while (sharing.length > 0) processes.push(sharing.splice(0, MOST_TOGETHER));
  return processes;
}

/** @param {string | undefined} file */
const isAlone = (file) => ALONE.some((name) => file?.startsWith(name));

/**
 * Runs files in one process and prints what each has come to. A file that ends without a test, or with another status than its
 * tests say, has failed.
 * @param {string} root
 * @param {readonly string[]} files
 * @param {number} [mostMs] until the process is killed
 * @returns {Promise<Outcome[]>}
 */
export async function runInNode(root, files, mostMs = MOST_MS) {
  const scripts = isAlone(files[0]) ? files : ['test/runner/node-together.mjs', ...files];
  const { output, status } = await runNode(root, ['--import', 'tsx', '--test-reporter=tap', ...scripts], mostMs);
  const told = isAlone(files[0]) ? new Map([[files[0], output]]) : byFile(output);
  const outcomes = files.map((file) => outcomeOf(file, told.get(file)));
  const hasFailed = outcomes.some(({ failures }) => failures.length > 0);
  if (outcomes.every(({ file }) => told.has(file)) && hasFailed === (status !== 0)) {
    for (const outcome of outcomes) print(outcome, told.get(outcome.file));
    return outcomes;
  }
  if (files.length > 1) return oneByOne(root, files, status, output);
  return outcomes.map((outcome) => {
    const ended = { ...outcome, failures: [...outcome.failures, `the file ended with ${status}`] };
    print(ended, output);
    return ended;
  });
}

/**
 * For files whose process ended early, or with a status that no test accounts for: which of them it was shows where each has a
 * process of its own.
 * @param {string} root
 * @param {readonly string[]} files
 * @param {number | string | null} status
 * @param {string} output
 */
async function oneByOne(root, files, status, output) {
  console.log(`${output}\nA process of ${files.length} files ended with ${status}; each of them runs by itself`);
  const outcomes = [];
  for (const file of files) outcomes.push(...(await runInNode(root, [file])));
  if (outcomes.every(({ failures }) => failures.length === 0)) {
    const failure = `these ended with ${status} together, and pass one by one: ${files.join(' ')}`;
    outcomes.push({ file: 'test/node', where: 'Node', passed: 0, failures: [failure] });
  }
  return outcomes;
}

/**
 * @param {string} file
 * @param {string | undefined} tap
 * @returns {Outcome}
 */
function outcomeOf(file, tap = '') {
  const passed = passedTests(tap);
  const failures = failedTests(tap);
  if (failures.length === 0 && passed === 0 && !/ # SKIP/.test(tap)) failures.push('the file has no test');
  return { file, where: 'Node', passed, failures };
}

/** @param {Outcome} outcome @param {string} [output] */
function print(outcome, output) {
  if (outcome.failures.length > 0) console.log(output);
  printOutcome(outcome);
}

/**
 * What each file has told that has come to its end.
 * @param {string} tap
 * @returns {Map<string | undefined, string>}
 */
function byFile(tap) {
  const parts = tap.split(/^# Subtest: /m).map((part) => /** @type {const} */ ([/^.*/.exec(part)?.[0], part]));
  return new Map(
    parts.filter(([file, part]) =>
      part.split('\n').some((line) => /^(?:not )?ok /.test(line) && line.endsWith(` - ${file}`)),
    ),
  );
}

/**
 * @param {string} root
 * @param {string[]} args
 * @param {number} mostMs
 * @returns {Promise<{ output: string, status: number | string | null }>} the status of its exit, or what has ended it
 */
function runNode(root, args, mostMs) {
  const child = spawn(process.execPath, args, { cwd: root, stdio: ['ignore', 'pipe', 'pipe'] });
  let output = '';
  for (const stream of [child.stdout, child.stderr]) stream.setEncoding('utf8').on('data', (text) => (output += text));
  return new Promise((done, failed) => {
    let hangs = false;
    const late = setTimeout(() => {
      hangs = true;
      child.kill('SIGKILL');
      // What it has started may live on, and hold them open.
      for (const stream of [child.stdout, child.stderr]) stream.destroy();
    }, mostMs);
    child.once('error', failed);
    child.once('close', (status, signal) => {
      clearTimeout(late);
      done({ output, status: hangs ? `${signal} after ${mostMs / 1_000} s` : (status ?? signal) });
    });
  });
}

/**
 * How many tests passed, without suites and what was skipped.
 * @param {string} tap
 */
function passedTests(tap) {
  const passed = tap.matchAll(/^ *ok \d+ - (?!.* # (?:SKIP|TODO)).*\n *---\n((?: *(?!\.\.\.).*\n)*?) *\.\.\.$/gm);
  return [...passed].filter(([, facts]) => !facts?.includes("type: 'suite'")).length;
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
