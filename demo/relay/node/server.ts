// The relay as a server: its parts for Node, and a stop that loses nothing. It takes no more calls, lets those that run
// come to their end, and only then closes what they use.

import { appendFileSync } from 'node:fs';
import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setTimeout as delay } from 'node:timers/promises';
import { createAdaptorServer } from '@hono/node-server';
import { createRelay } from '../relay.ts';
import { createCommands } from './commands.ts';
import { createGit } from './git.ts';
import { openDatabase } from './libsql.ts';
import { createOutboxMailer } from './outbox-mailer.ts';
import type { ServerConfig } from './server-config.ts';
import { createSmtpMailer } from './smtp-mailer.ts';
import { createPostgres } from './sql/postgres.ts';
import { createUpstream } from './upstream.ts';

export interface RelayServer {
  /** Where it listens, without a slash at its end. */
  readonly url: string;
  /**
   * Ends it, in `drainMs` at most.
   * @returns whether every call came to its end; otherwise their commands were killed.
   */
  stop(): Promise<boolean>;
}

/** A body of at most some MiB that takes longer is not sent in good faith. */
const REQUEST_MS = 30_000;
const POLL_MS = 50;

/**
 * @param report Hears what goes wrong inside.
 * @throws {Error} when the port is taken, or the database cannot be opened.
 */
export async function startServer(config: ServerConfig, report: (error: unknown) => void): Promise<RelayServer> {
  const stopping = new AbortController();
  const working = new Set<Promise<void>>();
  const database = await openDatabase(config);
  const commands = createCommands();
  const smtp = config.smtp && createSmtpMailer(config.smtp);
  const upstream = createUpstream();
  const sql = config.sql && createPostgres(config.sql, report);
  const sharedDatabase = config.sharedDatabase || !config.database.url.startsWith('file:');

  const app = createRelay(
    { ...config, sharedDatabase },
    {
      database,
      mailer: smtp ?? createOutboxMailer(config.outbox),
      commands,
      git: createGit(report),
      upstream,
      sql,
      audit: (line) => write(config.audit, JSON.stringify(line)),
      report,
      stopping: stopping.signal,
      outlives(work) {
        working.add(work);
        work.finally(() => working.delete(work));
      },
    },
  );

  const server = createAdaptorServer({
    async fetch(request, env) {
      const response = await app.fetch(request, env);
      // A connection that is kept would keep the server from ending.
      if (stopping.signal.aborted) response.headers.set('Connection', 'close');
      return response;
    },
    serverOptions: { requestTimeout: REQUEST_MS },
  }) as Server;
  await listen(server, config.listen).catch((error) => {
    database.close();
    throw error;
  });

  return {
    url: urlOf(server),
    async stop() {
      stopping.abort();
      const ended = await drained(server, working, config.drainMs);
      commands.killAll();
      server.closeAllConnections();
      smtp?.close();
      await upstream.close();
      await sql?.close();
      database.close();
      return ended;
    },
  };
}

/** Waits until nothing runs. Returns whether that came in time. */
async function drained(server: Server, working: ReadonlySet<unknown>, ms: number): Promise<boolean> {
  const end = performance.now() + ms;
  let closed = false;
  server.close(() => {
    closed = true;
  });
  while (!closed || working.size > 0) {
    if (performance.now() > end) return false;
    await delay(POLL_MS);
    // Node closes only those that are idle when the server is closed.
    server.closeIdleConnections();
  }
  return true;
}

function listen(server: Server, { host, port }: ServerConfig['listen']): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, host, () => {
      server.off('error', reject);
      resolve();
    });
  });
}

function urlOf(server: Server): string {
  const { address, family, port } = server.address() as AddressInfo;
  return `http://${family === 'IPv6' ? `[${address}]` : address}:${port}`;
}

function write(target: string, line: string): void {
  if (target === 'stdout') console.log(line);
  else appendFileSync(target, `${line}\n`);
}
