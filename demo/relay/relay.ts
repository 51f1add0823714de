// The relay as a web-standard handler: the order of its checks, from the cheapest and most general to the call itself.
// Nothing of Node in here: what only Node can do comes in as parts.

import type { Context, Hono } from 'hono';
import { createAnswers } from './answers.ts';
import { type AppParts, createApp, type Environment } from './app.ts';
import { createBodyReader } from './body.ts';
import { createCallers, type KnownPlugin } from './callers.ts';
import type { RelayConfig } from './config.ts';
import type { Database } from './database.ts';
import { Deadline } from './deadline.ts';
import { sha256Hex } from './digest.ts';
import { type Commands, cliExec } from './functions/cli-exec.ts';
import { createComment } from './functions/create-comment.ts';
import { httpFetch } from './functions/http-fetch.ts';
import type { Call, RelayFunction } from './functions/relay-function.ts';
import { type Git, scmCreateBranch } from './functions/scm-create-branch.ts';
import { scmCreateItemLink } from './functions/scm-create-item-link.ts';
import { type Mailer, smtpSend } from './functions/smtp-send.ts';
import { type SqlSessions, sqlFunctions } from './functions/sql.ts';
import type { Upstream } from './http/upstream.ts';
import { createOnce } from './once.ts';
import { Problem } from './problem.ts';
import { type CallBody, LONGEST_DEADLINE_MS, PROTOCOL, type Result, readKey } from './protocol.ts';
import type { Rate } from './rate.ts';
import { sortedJson } from './sorted-json.ts';

export interface RelayParts extends AppParts {
  /** With its tables made, see `createTables`. */
  readonly database: Database;
  /** A function whose part is missing is not offered. */
  readonly mailer?: Mailer;
  readonly commands?: Commands;
  readonly git?: Git;
  /** Offered where a plugin is granted `http`. */
  readonly upstream?: Upstream;
  /** Where plugins have databases. */
  readonly sql?: SqlSessions | undefined;
  /** Gets work that may outlive its request: a server waits for it before it ends, a worker passes it to `waitUntil`. */
  outlives?(work: Promise<void>, context: Context): void;
}

/**
 * Serves the protocol of `docs/relay.openapi.yaml` under `/v1`.
 * @param config As `readRelayConfig` returned it.
 */
export function createRelay(config: RelayConfig, parts: RelayParts): Hono<Environment> {
  const { limits, sharedDatabase } = config;
  const { database, report } = parts;
  const callers = createCallers(config.callers);
  const functions = offered(config, parts);
  const once = createOnce(createAnswers(database, { sharedDatabase, report }), report);
  const readBody = createBodyReader(limits.bodyBytes);
  let inFlight = 0;

  const app = createApp(callers, parts);
  app.get('/v1/health', (c) => c.json({ protocol: PROTOCOL, status: 'ok', functions: [...functions.keys()] }));
  app.post(
    '/v1/:function',
    async (c, next) => {
      const caller = await callers.identify(c.req.header('Authorization'));
      c.var.line.caller = caller.name;
      caller.checkOrigin(c.req.header('Origin'));
      const fn = functions.get(c.req.param('function'));
      if (!fn) throw new Problem('not_found');
      c.var.line.function = fn.name;
      take(caller.rate);
      c.set('caller', caller);
      c.set('fn', fn);
      await next();
    },
    async (_, next) => {
      if (inFlight >= limits.inFlight) throw new Problem('unavailable', 'The relay is busy', 1);
      inFlight += 1;
      try {
        await next();
      } finally {
        inFlight -= 1;
      }
    },
    async (c) => answerCall(c, await readBody(c)),
  );
  return app;

  async function answerCall(c: Context<Environment>, body: CallBody): Promise<Response> {
    const { caller, fn, line } = c.var;
    line.plugin = body.plugin.id;
    if (body.claims) line.user = body.claims.userId;
    const key = readKey(c.req.header('Idempotency-Key'));
    if (key === undefined) throw new Problem('bad_request', 'Expected Idempotency-Key: a UUID of version 4');
    if (body.capability !== fn.capability) {
      throw new Problem('bad_request', `${fn.name} belongs to the capability ${fn.capability}`);
    }
    const plugin = caller.plugin(body.plugin.id);
    if (!plugin) throw new Problem('forbidden', 'The relay has no grant for this plugin');
    if (plugin.rate) take(plugin.rate);

    using deadline = new Deadline(Math.min(body.deadlineMs, LONGEST_DEADLINE_MS));
    const call: Call = {
      id: crypto.randomUUID(),
      key,
      caller: caller.name,
      plugin: body.plugin,
      deadline,
      origin: c.req.header('Origin'),
      note: (reason) => {
        line.reason = reason;
      },
    };
    const ref = { id: call.id, caller: caller.name, key, hash: await hashOf(fn, body) };
    const work = prepare(fn, body, plugin, call).then((prepared) => once(ref, call, prepared));
    parts.outlives?.(ended(work), c);
    const { result, repeated } = await deadline.within(work);
    c.set('outcome', `${repeated ? 'repeated ' : ''}${outcomeOf(JSON.parse(result))}`);
    return c.body(`{"result":${result}}`, 200, { 'Content-Type': 'application/json' });
  }
}

/** Any answer of another server is one. */
function outcomeOf({ status }: Result): string {
  return typeof status === 'number' ? 'ok' : status;
}

async function prepare(fn: RelayFunction, body: CallBody, { grant }: KnownPlugin, call: Call) {
  return fn.prepare(body.arguments, grant, call);
}

/** When the work is over, however it ended: that is its request's to answer. */
function ended(work: Promise<unknown>): Promise<void> {
  return work.then(
    () => undefined,
    () => undefined,
  );
}

function offered(
  config: RelayConfig,
  { mailer, commands, git, upstream, sql }: RelayParts,
): Map<string, RelayFunction> {
  const { callers, innerHosts, limits, repositories } = config;
  // Where nobody may send requests by it, pages are to go on sending them themselves.
  const isGranted = callers.some(({ plugins }) => Object.values(plugins).some(({ http }) => http));
  const functions = [
    mailer && smtpSend(mailer, limits.recipients),
    commands && cliExec(commands, config.commands, limits.commandsInFlight),
    createComment(),
    git && scmCreateBranch(git, repositories),
    scmCreateItemLink((id) => Object.hasOwn(repositories, id)),
    ...(sql ? sqlFunctions(sql) : []),
    upstream &&
      isGranted &&
      httpFetch(upstream, { innerHosts, atOnce: limits.requestsInFlight, maxBytes: limits.responseBytes }),
  ];
  return new Map(functions.filter((fn) => typeof fn === 'object').map((fn) => [fn.name, fn]));
}

/** Of all that makes two requests the same call: not the deadline, which shrinks with each attempt. */
function hashOf(fn: RelayFunction, { plugin, claims, arguments: args }: CallBody): Promise<string> {
  // As before there were claims, where there are none: an answer from then is still found.
  return sha256Hex(sortedJson(claims ? [fn.name, plugin, args, claims] : [fn.name, plugin, args]));
}

function take(rate: Rate): void {
  const seconds = rate.take();
  if (seconds > 0) throw new Problem('rate_limited', undefined, seconds);
}
