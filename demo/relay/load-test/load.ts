// Many clients at once, a restart in the middle, and at the end a comparison: what the clients were told against what the mail server,
// the database and the upstream server got. Nothing that was promised may be missing, nothing may be there twice.

import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { createClient } from '@libsql/client';
import { sha256Hex } from '../digest.ts';
import { ask, type Ended } from './client.ts';
import { type CountingUpstream, startCountingUpstream } from './counting-upstream.ts';
import { startMailCounter } from './mail-counter.ts';
import { startRelayProcess } from './relay-process.ts';

export interface LoadOptions {
  readonly concurrency: number;
  readonly seconds: number;
  /** How the relay is ended in the middle: SIGTERM as a deployment does, SIGKILL as a crash does. */
  readonly signal: 'SIGTERM' | 'SIGKILL';
  /** What clients do, in equal shares. @default all of it */
  readonly kinds?: readonly Kind[];
}

export const KINDS = ['mails', 'comments', 'requests'] as const;
export type Kind = (typeof KINDS)[number];

export interface Figures {
  readonly calls: number;
  readonly callsPerSecond: number;
  readonly mails: Tally;
  readonly comments: Tally;
  /** By `http_fetch`, GET and POST by turns. */
  readonly requests: Tally & {
    /** A client was told something else than the upstream server had answered to it. */
    readonly foreign: number;
  };
  /** Calls that took more than one attempt. */
  readonly repeated: number;
  /** In ms, of all calls. */
  readonly latency: { readonly p50: number; readonly p95: number; readonly p99: number; readonly most: number };
  /** From the signal to the next relay that listens, in ms. */
  readonly restartMs: number;
  readonly exitCode: number | null;
}

export interface Tally {
  /** How often clients were told what. */
  readonly told: Readonly<Record<string, number>>;
  /** How many there are in the end. */
  readonly arrived: number;
  /** A client was told `ok`, and it is not there. */
  readonly lost: number;
  /** It is there more than once. */
  readonly doubled: number;
  /** It is there, and nobody was told `ok`. Only right where the outcome is unknown. */
  readonly untold: number;
}

interface Call {
  readonly key: string;
  readonly ended: Ended;
}

const TOKEN = 'a-token-for-load';

export async function runLoad({ concurrency, seconds, signal, kinds = KINDS }: LoadOptions): Promise<Figures> {
  const folder = mkdtempSync(join(tmpdir(), 'relay-load-'));
  const mailServer = await startMailCounter();
  const upstream = await startCountingUpstream();
  const configFile = await writeConfig(folder, mailServer.url, upstream.url);
  let relay = await startRelayProcess(configFile);
  const { url } = relay;
  try {
    const calls: Record<Kind, Call[]> = { mails: [], comments: [], requests: [] };
    const call: Record<Kind, (key: string) => Promise<Ended>> = {
      mails: (key) => sendMail(url, key),
      comments: (key) => comment(url, key),
      requests: (key) => request(url, upstream, key),
    };
    const startedAt = performance.now();
    const until = startedAt + seconds * 1_000;
    const clients = Array.from({ length: concurrency }, (_, i) => {
      const kind = kinds[i % kinds.length] as Kind;
      return repeat(until, calls[kind], call[kind]);
    });

    await delay((seconds * 1_000) / 2);
    const stoppedAt = performance.now();
    const exitCode = await relay.end(signal);
    relay = await startRelayProcess(configFile);
    const restartMs = performance.now() - stoppedAt;

    await Promise.all(clients);
    const tookSeconds = (performance.now() - startedAt) / 1_000;
    await relay.end('SIGTERM');
    const all = KINDS.flatMap((kind) => calls[kind]);
    return {
      calls: all.length,
      callsPerSecond: Math.round(all.length / tookSeconds),
      mails: compare(calls.mails, mailServer.counts),
      comments: compare(calls.comments, await countComments(folder)),
      requests: { ...compare(calls.requests, upstream.counts), foreign: foreignIn(calls.requests, upstream) },
      repeated: all.filter(({ ended }) => ended.attempts > 1).length,
      latency: latencyOf(all),
      restartMs: Math.round(restartMs),
      exitCode,
    };
  } finally {
    relay.child.kill('SIGKILL');
    await Promise.all([mailServer.close(), upstream.close()]);
    rmSync(folder, { recursive: true, force: true });
  }
}

async function repeat(until: number, calls: Call[], call: (key: string) => Promise<Ended>): Promise<void> {
  while (performance.now() < until) {
    const key = crypto.randomUUID();
    calls.push({ key, ended: await call(key) });
  }
}

function sendMail(url: string, key: string): Promise<Ended> {
  const args = { to: ['ann@example.com'], subject: 'Load', text: `Mail ${key}` };
  return ask({ url, token: TOKEN, fn: 'smtp_send', capability: 'mail', key, args });
}

function comment(url: string, key: string): Promise<Ended> {
  const args = { item_id: 1, author_id: 1, content: key };
  return ask({ url, token: TOKEN, fn: 'create_comment', capability: 'comments', key, args });
}

function request(url: string, upstream: CountingUpstream, key: string): Promise<Ended> {
  const method = key < '8' ? 'GET' : 'POST';
  const args = {
    method,
    url: `${upstream.url}/${key}`,
    ...(method === 'POST' && { body: btoa(key) }),
    timeout_ms: 30_000,
  };
  return ask({ url, token: TOKEN, fn: 'http_fetch', capability: 'http', key, args });
}

function foreignIn(calls: readonly Call[], { answerFor }: CountingUpstream): number {
  return calls.filter(({ key, ended }) => ended.outcome === 'ok' && atob(String(ended.result.body)) !== answerFor(key))
    .length;
}

function compare(calls: readonly Call[], arrived: ReadonlyMap<string, number>): Tally {
  const told: Record<string, number> = {};
  for (const { ended } of calls) told[ended.outcome] = (told[ended.outcome] ?? 0) + 1;
  const promised = new Set(calls.filter(({ ended }) => ended.outcome === 'ok').map(({ key }) => key));
  return {
    told,
    arrived: [...arrived.values()].reduce((sum, count) => sum + count, 0),
    lost: [...promised].filter((key) => !arrived.has(key)).length,
    doubled: [...arrived.values()].filter((count) => count > 1).length,
    untold: [...arrived.keys()].filter((key) => !promised.has(key)).length,
  };
}

/** How often each key, which is the text of its comment, is in the database. */
async function countComments(folder: string): Promise<Map<string, number>> {
  const client = createClient({ url: `file:${join(folder, 'relay.db')}` });
  const { rows } = await client.execute('SELECT content, count(*) AS count FROM comments GROUP BY content');
  client.close();
  return new Map(rows.map((row) => [/"text":"([^"]+)"/.exec(String(row.content))?.[1] ?? '', Number(row.count)]));
}

function latencyOf(calls: readonly Call[]): Figures['latency'] {
  const sorted = calls.map(({ ended }) => ended.ms).sort((one, other) => one - other);
  const at = (share: number) => Math.round(sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? 0);
  return { p50: at(0.5), p95: at(0.95), p99: at(0.99), most: at(1) };
}

async function writeConfig(folder: string, smtpUrl: string, upstreamUrl: string): Promise<string> {
  const configFile = join(folder, 'relay.json');
  const config = {
    // The same port after the restart: clients know no other.
    listen: { port: await freePort() },
    smtp: { url: smtpUrl },
    innerHosts: [upstreamUrl],
    audit: 'audit.log',
    callers: [
      {
        name: 'load',
        tokenSha256: [await sha256Hex(TOKEN)],
        origins: [],
        rate: { perMinute: 10_000_000, burst: 100_000 },
        plugins: {
          load: {
            mail: { from: 'load@example.com', to: ['*@example.com'] },
            comments: { items: 'all', authors: 'all' },
            http: { allow: [upstreamUrl] },
          },
        },
      },
    ],
    items: [{ id: 1, title: 'An item' }],
    authors: [{ id: 1, name: 'An author' }],
  };
  writeFileSync(configFile, JSON.stringify(config));
  return configFile;
}

async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  await new Promise((resolve) => server.close(resolve));
  if (address === null || typeof address === 'string') throw new Error('A TCP server has no port');
  return address.port;
}
