// A relay on loopback with real parts, and a client that says everything by hand, also what a real one never would.

import assert from 'node:assert/strict';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { type AddressInfo, createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createClient } from '@libsql/client';
import { sha256Hex } from '../../../demo/relay/digest.ts';
import { type RelayServer, startServer } from '../../../demo/relay/node/server.ts';
import { readServerConfig } from '../../../demo/relay/node/server-config.ts';

export const TOKEN = 'a-token-of-the-app';
export const OTHER_TOKEN = 'a-token-of-another-app';
export const ORIGIN = 'https://app.example.com';

export interface Answer {
  readonly status: number;
  readonly headers: Headers;
  /** Of a result or a problem; a test that reads a field of the other form finds `undefined`. */
  readonly body: { readonly result: Readonly<Record<string, unknown>> } & Readonly<Record<string, unknown>>;
  readonly text: string;
}

export interface Sending {
  readonly token?: string | null;
  readonly key?: string | null;
  readonly plugin?: { readonly id: unknown; readonly version: unknown };
  readonly claims?: unknown;
  readonly capability?: string;
  readonly deadlineMs?: unknown;
  readonly headers?: Record<string, string>;
  /** In place of the whole body. */
  readonly body?: NonNullable<RequestInit['body']>;
  readonly signal?: AbortSignal;
}

export interface RelayUnderTest {
  readonly folder: string;
  readonly server: RelayServer;
  call(fn: string, args: unknown, sending?: Sending): Promise<Answer>;
  request(path: string, init?: RequestInit): Promise<Answer>;
  query(sql: string): Promise<readonly Record<string, unknown>[]>;
  /** Lines that are there, oldest first. */
  audit(): Record<string, unknown>[];
  readonly reports: unknown[];
  /** Stops this one and starts another on the same folder. */
  restart(): Promise<RelayUnderTest>;
  /** Stops it and removes its folder. */
  end(): Promise<void>;
}

const CAPABILITIES: Record<string, string> = {
  smtp_send: 'mail',
  cli_exec: 'commands',
  create_comment: 'comments',
  scm_create_branch: 'scm',
  scm_create_item_link: 'scm',
  http_fetch: 'http',
};

/** One caller, with a plugin `standup` that may do everything, unless `changes` say otherwise. */
export async function startRelay(changes: Record<string, unknown> = {}): Promise<RelayUnderTest> {
  const folder = mkdtempSync(join(tmpdir(), 'relay-test-'));
  writeFileSync(join(folder, 'relay.json'), JSON.stringify({ ...(await testConfig()), ...changes }));
  return open(folder);
}

export async function testConfig() {
  return {
    listen: { port: 0 },
    audit: 'audit.log',
    drainMs: 5_000,
    callers: [
      {
        name: 'app',
        tokenSha256: [await sha256Hex(TOKEN)],
        origins: [ORIGIN],
        rate: { perMinute: 1_000_000, burst: 100_000 },
        plugins: { standup: EVERYTHING },
      },
    ],
    items: [
      { id: 1, title: 'One' },
      { id: 2, title: 'Two' },
    ],
    authors: [{ id: 7, name: 'Seven' }],
  };
}

export const EVERYTHING = {
  mail: { from: 'Standup <standup@example.com>', to: ['*@example.com', 'ann@partner.example'] },
  commands: [],
  comments: { items: 'all', authors: 'all' },
  scm: { repositories: 'all' },
  http: { allow: ['*', 'http://127.0.0.1', 'localhost'] },
} as const;

async function open(folder: string): Promise<RelayUnderTest> {
  const reports: unknown[] = [];
  const config = readServerConfig(join(folder, 'relay.json'), {});
  const server = await startServer(config, (error) => reports.push(error));
  const request = async (path: string, init?: RequestInit) => toAnswer(await fetch(server.url + path, init));
  return {
    folder,
    server,
    reports,
    request,
    call: (fn, args, sending = {}) => request(`/v1/${fn}`, toInit(fn, args, sending)),
    async query(sql) {
      const client = createClient({ url: config.database.url });
      try {
        return (await client.execute(sql)).rows as unknown as Record<string, unknown>[];
      } finally {
        client.close();
      }
    },
    audit: () =>
      readFileSync(config.audit, 'utf8')
        .trim()
        .split('\n')
        .map((line) => JSON.parse(line)),
    async restart() {
      await server.stop();
      return open(folder);
    },
    async end() {
      await server.stop();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

export function toInit(fn: string, args: unknown, sending: Sending): RequestInit {
  const { token = TOKEN, key = crypto.randomUUID(), plugin = { id: 'standup', version: '1.0.0' } } = sending;
  const { capability = CAPABILITIES[fn], deadlineMs = 5_000, claims, signal } = sending;
  const headers = new Headers({ 'Content-Type': 'application/json', ...sending.headers });
  if (token !== null) headers.set('Authorization', `Bearer ${token}`);
  if (key !== null) headers.set('Idempotency-Key', key);
  const body = sending.body ?? JSON.stringify({ plugin, claims, capability, deadlineMs, arguments: args });
  return {
    method: 'POST',
    headers,
    body,
    ...(signal && { signal }),
    ...(body instanceof ReadableStream && { duplex: 'half' }),
  };
}

async function toAnswer(response: Response): Promise<Answer> {
  const text = await response.text();
  const isJson = response.headers.get('Content-Type')?.includes('json');
  return { status: response.status, headers: response.headers, text, body: isJson ? JSON.parse(text) : {} };
}

/** A script for a command that says `begun` by a file and ends when there is another: no test waits for a time. */
export function holdingCommand(folder: string) {
  const [begun, release] = [
    join(folder, `begun-${crypto.randomUUID()}`),
    join(folder, `release-${crypto.randomUUID()}`),
  ];
  return {
    script: `const fs = require('fs');
      fs.writeFileSync(${JSON.stringify(begun)}, '');
      const timer = setInterval(() => fs.existsSync(${JSON.stringify(release)}) && clearInterval(timer), 10);`,
    begun: () => until(() => existsSync(begun)),
    release: () => writeFileSync(release, ''),
  };
}

/** Waits for a condition, and fails after 20 s. */
export async function until(condition: () => boolean): Promise<void> {
  const end = performance.now() + 20_000;
  while (!condition()) {
    assert.ok(performance.now() < end, 'waited 20 s in vain');
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
}

/** A port that was free a moment ago. */
export async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  return port;
}

export function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}
