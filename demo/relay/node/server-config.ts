// The configuration of a relay on a server of its own: `config.ts` and where it listens, stores and logs.

import { readFileSync } from 'node:fs';
import { dirname, isAbsolute, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import * as v from 'valibot';
import { readConfig, relayFields } from '../config.ts';

const ServerConfig = v.strictObject({
  ...relayFields,
  listen: v.optional(
    v.strictObject({
      /** @default the loopback interface; put a server with TLS before it to go further */
      host: v.optional(v.string(), '127.0.0.1'),
      /** 0 is any free one. */
      port: v.optional(v.pipe(v.number(), v.integer(), v.minValue(0), v.maxValue(65_535)), 8787),
    }),
    {},
  ),
  database: v.optional(
    v.strictObject({
      /** `file:relay.db`, or a libSQL server by `libsql:`, `https:` or `http:`. RELAY_DATABASE_URL goes before it. */
      url: v.optional(
        v.pipe(v.string(), v.regex(/^(?:file|libsql|https?|wss?):./, 'Expected a file or libSQL URL')),
        'file:relay.db',
      ),
      /** RELAY_DATABASE_TOKEN goes before it. */
      authToken: v.optional(v.string()),
    }),
    {},
  ),
  /** Without it, mails are kept as files in `outbox`. */
  smtp: v.optional(
    v.strictObject({
      /** RELAY_SMTP_URL goes before it. */
      url: v.pipe(v.string(), v.regex(/^smtps?:\/\/./, 'Expected an SMTP URL')),
      connections: v.optional(v.pipe(v.number(), v.integer(), v.minValue(1), v.maxValue(100)), 16),
    }),
  ),
  /** A PostgreSQL server for databases of plugins. Without it there are none. */
  sql: v.optional(
    v.strictObject({
      /** Of a role that may create roles and databases. RELAY_SQL_URL goes before it. */
      url: v.pipe(v.string(), v.regex(/^postgres(?:ql)?:\/\/./, 'Expected a PostgreSQL URL')),
      /**
       * What passwords of plugins' roles are made of: the same for all relays of one server. RELAY_SQL_SECRET goes before it.
       * @default the URL, where it has a password; else one that is made up at each start
       */
      secret: v.optional(v.pipe(v.string(), v.minLength(16, 'Expected at least 16 characters'))),
      /** Of one plugin at a time, of each browser's installation or of all, as its grant says. */
      connections: v.optional(v.pipe(v.number(), v.integer(), v.minValue(1), v.maxValue(100)), 4),
      /** Of all plugins at a time; below what the server allows. */
      totalConnections: v.optional(v.pipe(v.number(), v.integer(), v.minValue(1), v.maxValue(10_000)), 64),
      /** Of all plugins; each takes some 8 MB at first. */
      databases: v.optional(v.pipe(v.number(), v.integer(), v.minValue(1), v.maxValue(100_000)), 1_000),
      /** What one may have on the disk, in bytes. A statement that writes more is ended a moment later; cleaning up may take as much again. */
      databaseBytes: v.optional(v.pipe(v.number(), v.integer(), v.minValue(16 << 20)), 256 << 20),
      /** Of an answer, in bytes, whatever a page asks for. */
      answerBytes: v.optional(v.pipe(v.number(), v.integer(), v.minValue(1_024), v.maxValue(64 << 20)), 16 << 20),
      /** A transaction that nothing is heard of for so long is rolled back, in ms. */
      silentMs: v.optional(v.pipe(v.number(), v.integer(), v.minValue(100), v.maxValue(600_000)), 10_000),
    }),
  ),
  outbox: v.optional(v.string(), 'outbox'),
  /** `stdout`, or a file that lines are added to. */
  audit: v.optional(v.string(), 'stdout'),
  /** How long calls that run may take to end when the server stops, in ms. */
  drainMs: v.optional(v.pipe(v.number(), v.integer(), v.minValue(0), v.maxValue(600_000)), 30_000),
  /** Made when they are missing; comments and links need some. */
  items: v.optional(
    v.array(v.strictObject({ id: v.pipe(v.number(), v.safeInteger(), v.minValue(1)), title: v.string() })),
    [],
  ),
  authors: v.optional(
    v.array(v.strictObject({ id: v.pipe(v.number(), v.safeInteger(), v.minValue(1)), name: v.string() })),
    [],
  ),
});

export type ServerConfig = v.InferOutput<typeof ServerConfig>;

/**
 * Reads a configuration file. Paths in it are relative to its folder; secrets may come from the environment: `{ "env": "NAME" }`
 * stands for the value of that variable, wherever a text may stand.
 * @throws {Error} that names the file, and every field that is wrong.
 */
export function readServerConfig(file: string, env: NodeJS.ProcessEnv = process.env): ServerConfig {
  const config = readConfig(ServerConfig, parse(file, env));
  const folder = dirname(resolve(file));
  for (const [name, { program }] of Object.entries(config.commands)) {
    if (!isAbsolute(program)) throw new Error(`${file}: commands.${name}.program: Expected an absolute path`);
  }
  const smtpUrl = env.RELAY_SMTP_URL || config.smtp?.url;
  return {
    ...config,
    database: {
      url: inFolder(folder, env.RELAY_DATABASE_URL || config.database.url),
      authToken: env.RELAY_DATABASE_TOKEN || config.database.authToken,
    },
    sql: config.sql && {
      ...config.sql,
      url: env.RELAY_SQL_URL || config.sql.url,
      secret: env.RELAY_SQL_SECRET || config.sql.secret,
    },
    smtp: smtpUrl === undefined ? undefined : { connections: 16, ...config.smtp, url: smtpUrl },
    outbox: resolve(folder, config.outbox),
    audit: config.audit === 'stdout' ? 'stdout' : resolve(folder, config.audit),
    commands: mapValues(config.commands, (entry) => ({ ...entry, workingDir: resolve(folder, entry.workingDir) })),
    repositories: mapValues(config.repositories, (entry) => ({
      ...entry,
      path: entry.path && resolve(folder, entry.path),
    })),
  };
}

function parse(file: string, env: NodeJS.ProcessEnv): unknown {
  try {
    return JSON.parse(readFileSync(file, 'utf8'), (_, value: unknown) => withVariable(value, env));
  } catch (error) {
    throw new Error(`${file} cannot be read: ${error instanceof Error ? error.message : error}`);
  }
}

function withVariable(value: unknown, env: NodeJS.ProcessEnv): unknown {
  const isReference = typeof value === 'object' && value !== null && 'env' in value && Object.keys(value).length === 1;
  if (!isReference || typeof value.env !== 'string') return value;
  const text = env[value.env];
  if (text === undefined) throw new Error(`the variable ${value.env} is not set`);
  return text;
}

function inFolder(folder: string, url: string): string {
  return url.startsWith('file:') ? pathToFileURL(resolve(folder, url.slice('file:'.length))).href : url;
}

function mapValues<T, U>(record: Record<string, T>, change: (value: T) => U): Record<string, U> {
  return Object.fromEntries(Object.entries(record).map(([key, value]) => [key, change(value)]));
}
