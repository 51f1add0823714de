// A PostgreSQL server of Debian's, on loopback, with a folder of its own. Started as the user `postgres` where the tests run as root, whom
// it does not serve.

import { spawn, spawnSync } from 'node:child_process';
import { chmodSync, existsSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pg from 'pg';
import { freePort } from '../relay/relay-under-test.ts';

export interface PostgresServer {
  readonly url: string;
  stop(): Promise<void>;
}

const FOLDER = '/usr/lib/postgresql';

/** Where its programs are; undefined where it is not installed. */
export function postgresPrograms(): string | undefined {
  if (!existsSync(FOLDER)) return undefined;
  const folders = readdirSync(FOLDER).map((version) => join(FOLDER, version, 'bin'));
  return folders.filter((folder) => existsSync(join(folder, 'initdb'))).at(-1);
}

export async function startPostgresServer(programs: string): Promise<PostgresServer> {
  const folder = mkdtempSync(join(tmpdir(), 'postgres-test-'));
  const isRoot = process.getuid?.() === 0;
  const as = (program: string, args: readonly string[]): [string, string[]] =>
    isRoot ? ['runuser', ['-u', 'postgres', '--', program, ...args]] : [program, [...args]];
  if (isRoot) spawnSync('chown', ['postgres', folder]);
  else chmodSync(folder, 0o700);
  const data = join(folder, 'data');
  const { status, stderr } = spawnSync(
    ...as(join(programs, 'initdb'), [
      '-D',
      data,
      '-U',
      'postgres',
      '--auth=trust',
      '--no-sync',
      '--encoding=UTF8',
      '--locale=C',
    ]),
    { encoding: 'utf8', cwd: folder },
  );
  if (status !== 0) throw new Error(`initdb ended with ${status}: ${stderr}`);
  const port = await freePort();
  const [program, args] = as(join(programs, 'postgres'), [
    '-D',
    data,
    '-p',
    String(port),
    '-k',
    folder,
    '-c',
    'listen_addresses=127.0.0.1',
    '-c',
    'fsync=off',
  ]);
  const server = spawn(program, args, { stdio: 'ignore', cwd: folder });
  const ended = new Promise<void>((resolve) => server.once('exit', () => resolve()));
  const url = `postgres://postgres@127.0.0.1:${port}/postgres`;
  await reachable(url);
  return {
    url,
    async stop() {
      const pidFile = spawnSync(...as(join(programs, 'pg_ctl'), ['-D', data, '-m', 'immediate', 'stop']), {
        cwd: folder,
      });
      if (pidFile.status !== 0) server.kill('SIGKILL');
      await ended;
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

async function reachable(url: string): Promise<void> {
  const end = performance.now() + 30_000;
  for (;;) {
    const client = new pg.Client({ connectionString: url });
    try {
      await client.connect();
      await client.end();
      return;
    } catch (error) {
      if (performance.now() > end) throw error;
      await new Promise((wake) => setTimeout(wake, 50));
    }
  }
}
