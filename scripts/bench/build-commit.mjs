// The library of another commit, built by that commit's own scripts in a worktree of its own.
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, realpathSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { isInstalled, root } from '../setup.mjs';

/**
 * @param {string} commit any name that git knows
 * @returns {{ folder: string, name: string, remove: () => void }} `folder` has its `dist/`
 */
export function buildCommit(commit) {
  const folder = realpathSync(mkdtempSync(join(tmpdir(), 'cloche-bench-')));
  const modules = join(folder, 'node_modules');
  const remove = () => {
    process.off('exit', remove);
    // First of all: what it points to is ours.
    rmSync(modules, { force: true, recursive: true });
    git('worktree', 'remove', '--force', folder);
  };
  // Also when it is interrupted, which by itself ends a process without an exit.
  process.on('exit', remove);
  for (const signal of ['SIGINT', 'SIGTERM']) process.once(signal, () => process.exit(1));
  git('worktree', 'add', '--quiet', '--detach', folder, commit);
  try {
    console.log(`Building ${commit}`);
    // Ours, unless that commit was built with others: then it installs its own.
    const lock = readFileSync(join(folder, 'package-lock.json'), 'utf8');
    if (isInstalled(lock)) symlinkSync(join(root, 'node_modules'), modules, 'junction');
    else run(folder, 'npm', 'ci', '--no-audit', '--no-fund');
    run(folder, process.execPath, 'scripts/build.mjs', 'library');
    return { folder, name: git('-C', folder, 'log', '-1', '--format=%h %s'), remove };
  } catch (error) {
    remove();
    throw error;
  }
}

/** @param {string[]} args */
function git(...args) {
  return execFileSync('git', args, { cwd: root, encoding: 'utf8' }).trim();
}

/**
 * @param {string} folder
 * @param {string} command
 * @param {string[]} args
 */
function run(folder, command, ...args) {
  // npm is a .cmd file on Windows, which only a shell can start.
  const shell = process.platform === 'win32' && command === 'npm';
  execFileSync(command, args, { cwd: folder, shell, stdio: ['ignore', 'inherit', 'inherit'] });
}
