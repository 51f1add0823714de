// What a first `npm run relay` makes: a configuration for development, and a random token for it. Mails become files, only pages of
// localhost may call, and nothing leaves this machine but requests of plugins to public hosts.

import { execFileSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { sha256Hex } from '../digest.ts';

export interface Development {
  readonly configFile: string;
  readonly token: string;
}

const PRIVATE = { mode: 0o600 } as const;

/** Makes what is missing in `folder`; what is there stays as it is. */
export async function prepareDevelopment(folder: string): Promise<Development> {
  const configFile = join(folder, 'relay.json');
  const tokenFile = join(folder, 'token');
  // Mails, comments and what commands print are nobody else's on this machine either.
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  if (!existsSync(configFile)) {
    const token = randomBytes(32).toString('base64url');
    writeFileSync(tokenFile, `${token}\n`, PRIVATE);
    const config = developmentConfig(await sha256Hex(token), makeRepository(folder));
    writeFileSync(configFile, `${JSON.stringify(config, null, 2)}\n`, PRIVATE);
  }
  return { configFile, token: readFileSync(tokenFile, 'utf8').trim() };
}

/** Its paths are relative to its folder, which may be moved. */
function developmentConfig(tokenSha256: string, repository: string | undefined): object {
  return {
    listen: { host: '127.0.0.1', port: 8787 },
    callers: [
      {
        name: 'development',
        tokenSha256: [tokenSha256],
        origins: ['http://localhost:*', 'http://127.0.0.1:*'],
        rate: { perMinute: 120_000, burst: 2_000 },
        plugins: {
          '*': {
            mail: { from: 'Development relay <relay@example.com>', to: ['*'] },
            commands: ['node-version'],
            comments: { items: 'all', authors: 'all' },
            scm: { repositories: 'all' },
            http: { allow: ['*'] },
          },
        },
      },
    ],
    commands: { 'node-version': { program: process.execPath, args: ['--version'], workingDir: '.' } },
    repositories: repository === undefined ? {} : { 1: { name: 'example/repository', path: repository } },
    items: [{ id: 1, title: 'An item to comment on' }],
    authors: [{ id: 1, name: 'An author' }],
  };
}

/** An empty repository in `folder` with a branch `main`: its name there, or undefined where git is not installed. */
function makeRepository(folder: string): string | undefined {
  const path = 'repository.git';
  const git = (args: string[], input = '') =>
    execFileSync('git', args, { cwd: folder, input, encoding: 'utf8' }).trim();
  try {
    git(['--version']);
  } catch {
    console.warn('git was not found: scm_create_branch has no repository to work on');
    return undefined;
  }
  git(['init', '--quiet', '--bare', '--initial-branch=main', path]);
  const tree = git(['-C', path, 'mktree']);
  const author = ['-c', 'user.name=Relay', '-c', 'user.email=relay@example.com'];
  const commit = git([...author, '-C', path, 'commit-tree', tree, '-m', 'Begin']);
  git(['-C', path, 'update-ref', 'refs/heads/main', commit]);
  return path;
}
