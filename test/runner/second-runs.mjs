import { runInNode } from './node-tests.mjs';

/** @typedef {import('./reporter.mjs').Outcome} Outcome */

/** More than these cannot be accidents. */
const MOST_RERUN = 6;

/**
 * A few files that failed run once more when all has ended, each with those that it shared a page with, one page at a time on a
 * machine that is quiet by then, and the output says so: a browser that loses a thread, and a deadline on a machine that was
 * busy, are not the fault of what is tested, and whoever reads the log sees which files need a look.
 * @param {string} root
 * @param {readonly Outcome[]} outcomes
 * @returns {Promise<Outcome[]>} with what the second run of a file has come to in place of the first
 */
export async function withSecondRuns(root, outcomes) {
  const failed = outcomes.filter(({ file, failures }) => failures.length > 0 && /\.test\.\w+$/.test(file));
  if (failed.length === 0 || failed.length > MOST_RERUN) return [...outcomes];
  const { runInBrowsers } = await import('./run.mjs');
  /** @type {Outcome[]} */
  const second = [];
  const ranAgain = (/** @type {Outcome} */ { file, where }) =>
    second.some((outcome) => outcome.file === file && outcome.where === where);
  for (const outcome of failed) {
    const { file, where, page = [file] } = outcome;
    console.log(`Running again, once: ${file} in ${where}`);
    if (ranAgain(outcome)) continue;
    if (where === 'Node') second.push(...(await runInNode(root, [file])));
    else second.push(...(await runInBrowsers({ browsers: [where.toLowerCase()], pages: [page] })));
  }
  return [...outcomes.filter((outcome) => !ranAgain(outcome)), ...second];
}
