// Creates branches with git itself: on a repository of this machine in one step, on a remote by fetching one commit and
// pushing it under the new name. Names are checked before they come here, and none can be taken for an option.

import { existsSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { execa } from 'execa';
import { type Git, GitFailure } from '../functions/scm-create-branch.ts';

/** A git that takes longer is ended. */
const LONGEST_MS = 120_000;

/** What git and ssh need of the relay's environment; the rest may hold secrets. */
const VARIABLES = ['PATH', 'HOME', 'USERPROFILE', 'SystemRoot', 'TMPDIR', 'TEMP', 'SSH_AUTH_SOCK', 'XDG_CONFIG_HOME'];

/** @param report Hears git's own words, which name paths and URLs and are not for plugins. */
export function createGit(report: (error: unknown) => void): Git {
  return {
    async createBranch({ path, url }, branch, base) {
      if (path !== undefined) await createHere(path, branch, base);
      else if (url !== undefined) await createThere(url, branch, base);
    },
  };

  async function createHere(path: string, branch: string, base: string | undefined): Promise<void> {
    if (!existsSync(path)) throw new GitFailure('the repository is missing on the relay');
    const listing = ['for-each-ref', '--format=%(HEAD)%(refname)', 'refs/heads/'];
    const lines = await git(path, 'git cannot read the repository', ...listing);
    const from = choose(branch, base, {
      heads: new Set(lines.split('\n').map((line) => shortName(line.slice(1)))),
      head: shortName(/^\*(.*)$/m.exec(lines)?.[1] ?? ''),
    });
    // Git fails, too, when the branch came up a moment ago.
    await git(path, 'git refused it', 'branch', '--no-track', branch, `refs/heads/${from}`);
  }

  async function createThere(url: string, branch: string, base: string | undefined): Promise<void> {
    const scratch = await mkdtemp(join(tmpdir(), 'relay-git-'));
    try {
      const from = choose(branch, base, await look(scratch, url));
      await git(scratch, 'git cannot make a folder to work in', 'init', '--bare', '--quiet');
      const source = ['--quiet', '--depth=1', '--no-tags', url, `refs/heads/${from}`];
      await git(scratch, 'the base branch cannot be fetched', 'fetch', ...source);
      await push(scratch, url, branch);
    } finally {
      await rm(scratch, { recursive: true, force: true });
    }
  }

  async function push(scratch: string, url: string, branch: string): Promise<void> {
    // An empty lease says that the branch must not exist.
    const lease = `--force-with-lease=refs/heads/${branch}:`;
    const args = ['--porcelain', lease, url, `FETCH_HEAD:refs/heads/${branch}`];
    const said = await git(scratch, 'the repository did not take it', 'push', ...args).catch(async (error) => {
      // A push that broke off may have arrived. One whose branch is not there has not.
      if (!(await look(scratch, url)).heads.has(branch)) throw error;
      throw new Error('A push failed, and yet the branch is there', { cause: error });
    });
    if (!said.includes('[new branch]')) throw new GitFailure('it exists already');
  }

  async function look(folder: string, url: string): Promise<Branches> {
    const listing = ['--symref', url, 'HEAD', 'refs/heads/*'];
    const lines = (await git(folder, 'the repository cannot be reached', 'ls-remote', ...listing)).split('\n');
    const head = lines.map((line) => /^ref: (\S+)\tHEAD$/.exec(line)?.[1]).find((ref) => ref !== undefined);
    return { head: shortName(head ?? ''), heads: new Set(lines.map((line) => shortName(line.split('\t')[1] ?? ''))) };
  }

  /**
   * @throws {GitFailure} with `reason` when git says no; anything else when it was ended before it said something.
   */
  async function git(folder: string, reason: string, ...args: string[]): Promise<string> {
    const ended = await execa('git', args, {
      cwd: folder,
      env: environment(),
      extendEnv: false,
      stdin: 'ignore',
      reject: false,
      timeout: LONGEST_MS,
      // Ctrl-C in a terminal ends its whole group: git would break off while the relay still waits for it.
      detached: true,
      windowsHide: true,
    });
    if (ended.exitCode === 0) return ended.stdout;
    if (ended.code === 'ENOENT') throw new GitFailure('git is not installed on the relay');
    const failure = new Error(`git ${args[0]} ended with ${ended.exitCode ?? ended.signal}: ${ended.stderr}`);
    if (ended.exitCode === undefined) throw failure;
    report(failure);
    throw new GitFailure(reason);
  }
}

interface Branches {
  readonly heads: ReadonlySet<string>;
  /** The default branch, or empty. */
  readonly head: string;
}

/** The branch to start from. */
function choose(branch: string, base: string | undefined, { heads, head }: Branches): string {
  const from = base ?? (head === '' ? 'main' : head);
  if (heads.has(branch)) throw new GitFailure('it exists already');
  if (!heads.has(from)) throw new GitFailure(`base branch not found: ${from}`);
  return from;
}

function environment(): Record<string, string | undefined> {
  const inherited = VARIABLES.map((name) => [name, process.env[name]]);
  return { ...Object.fromEntries(inherited), LC_ALL: 'C', GIT_TERMINAL_PROMPT: '0' };
}

function shortName(ref: string): string {
  return ref.replace(/^refs\/heads\//, '');
}
