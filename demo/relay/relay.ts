// The relay as a web-standard handler: the order of its checks, from the cheapest and most general to the call itself.
// Nothing of Node in here: what only Node can do comes in as parts.

import { type Context, Hono } from 'hono';
import { bodyLimit } from 'hono/body-limit';
import { cors } from 'hono/cors';
import { createAnswers } from './answers.ts';
import { type AuditLine, beginLine } from './audit.ts';
import { readBody } from './body.ts';
import { type Caller, createCallers } from './callers.ts';
import type { RelayConfig } from './config.ts';
import type { Database } from './database.ts';
import { Deadline } from './deadline.ts';
import { sha256Hex } from './digest.ts';
import { type Commands, cliExec } from './functions/cli-exec.ts';
import { createComment } from './functions/create-comment.ts';
import type { RelayFunction } from './functions/relay-function.ts';
import { type Git, scmCreateBranch } from './functions/scm-create-branch.ts';
import { scmCreateItemLink } from './functions/scm-create-item-link.ts';
import { type Mailer, smtpSend } from './functions/smtp-send.ts';
import { createOnce } from './once.ts';
import { Problem } from './problem.ts';
import { type CallBody, LONGEST_DEADLINE_MS, PROTOCOL, readKey } from './protocol.ts';
import type { Rate } from './rate.ts';
import { sortedJson } from './sorted-json.ts';

export interface RelayParts {
  /** With its tables made, see `createTables`. */
  readonly database: Database;
  /** A function whose part is missing is not offered. */
  readonly mailer?: Mailer;
  readonly commands?: Commands;
  readonly git?: Git;
  /** Hears of each call that has ended. */
  audit(line: AuditLine): void;
  /** Hears what went wrong inside; callers are only told that something did. */
  report(error: unknown): void;
  /** Gets work that may outlive its request: a server waits for it before it ends, a worker passes it to `waitUntil`. */
  outlives?(work: Promise<void>, context: Context): void;
  /** Aborted when no more calls should be taken. */
  readonly stopping?: AbortSignal;
}

interface Environment {
  Variables: { line: AuditLine; outcome: string; caller: Caller; fn: RelayFunction };
}

/**
 * Serves the protocol of `docs/relay.openapi.yaml` under `/v1`.
 * @param config As `readRelayConfig` returned it.
 */
export function createRelay(config: RelayConfig, parts: RelayParts): Hono<Environment> {
  const { limits } = config;
  const callers = createCallers(config.callers);
  const functions = offered(config, parts);
  const answers = createAnswers(parts.database, { sharedDatabase: config.sharedDatabase, report: parts.report });
  const once = createOnce(answers, parts.report);
  let inFlight = 0;

  const app = new Hono<Environment>();
  app.onError((error) => {
    if (error instanceof Problem) return error.toResponse();
    parts.report(error);
    return new Problem('internal').toResponse();
  });
  app.notFound(() => new Problem('not_found').toResponse());

  app.use(async (c, next) => {
    await next();
    c.header('Cache-Control', 'no-store');
    c.header('X-Content-Type-Options', 'nosniff');
  });

  app.use('/v1/:function', async (c, next) => {
    if (c.req.method !== 'POST') return next();
    const { line, end } = beginLine();
    c.set('line', line);
    await next();
    parts.audit(end(c.error ? codeOf(c.error) : c.get('outcome')));
  });

  app.use(async (c, next) => {
    const origin = c.req.header('Origin');
    if (origin !== undefined && !callers.knowOrigin(origin)) throw new Problem('forbidden', 'Not from this origin');
    await next();
  });
  app.use(
    cors({
      origin: (origin) => origin,
      allowMethods: ['GET', 'POST'],
      allowHeaders: ['Authorization', 'Content-Type', 'Idempotency-Key'],
      exposeHeaders: ['Retry-After'],
      maxAge: 600,
    }),
  );

  app.use(async (_, next) => {
    if (parts.stopping?.aborted) throw new Problem('unavailable', 'The relay is stopping', 1);
    await next();
  });

  app.get('/v1/health', (c) => c.json({ protocol: PROTOCOL, status: 'ok', functions: [...functions.keys()] }));

  app.post(
    '/v1/:function',
    async (c, next) => {
      const caller = await callers.identify(c.req.header('Authorization'));
      c.get('line').caller = caller.name;
      caller.checkOrigin(c.req.header('Origin'));
      const fn = functions.get(c.req.param('function'));
      if (!fn) throw new Problem('not_found');
      c.get('line').function = fn.name;
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
    bodyLimit({
      maxSize: limits.bodyBytes,
      onError: () => {
        throw new Problem('payload_too_large', `The body has more than ${limits.bodyBytes} bytes`);
      },
    }),
    async (c) => {
      const bytes = await c.req.arrayBuffer().catch(() => {
        throw new Problem('bad_request', 'The body broke off');
      });
      const body = readBody(c.req.header('Content-Type'), bytes);
      c.get('line').plugin = body.plugin.id;
      return answerCall(c, body);
    },
  );
  return app;

  async function answerCall(c: Context<Environment>, body: CallBody): Promise<Response> {
    const { caller, fn } = c.var;
    const key = readKey(c.req.header('Idempotency-Key'));
    if (key === undefined) throw new Problem('bad_request', 'Expected Idempotency-Key: a UUID of version 4');
    if (body.capability !== fn.capability) {
      throw new Problem('bad_request', `${fn.name} belongs to the capability ${fn.capability}`);
    }
    const plugin = caller.plugin(body.plugin.id);
    if (!plugin) throw new Problem('forbidden', 'The relay has no grant for this plugin');
    if (plugin.rate) take(plugin.rate);

    using deadline = new Deadline(Math.min(body.deadlineMs, LONGEST_DEADLINE_MS));
    const call = { id: crypto.randomUUID(), key, plugin: body.plugin, deadline };
    const ref = { id: call.id, caller: caller.name, key, hash: await hashOf(fn, body) };
    const work = Promise.resolve(fn.prepare(body.arguments, plugin.grant, call)).then((prepared) =>
      once(ref, call, prepared),
    );
    // Its error is this request's to answer; here only its end counts.
    const ended = work.then(
      () => undefined,
      () => undefined,
    );
    parts.outlives?.(ended, c);
    const { result, repeated } = await deadline.within(work);
    c.set('outcome', `${repeated ? 'repeated ' : ''}${JSON.parse(result).status}`);
    return c.body(`{"result":${result}}`, 200, { 'Content-Type': 'application/json' });
  }
}

function offered(config: RelayConfig, { mailer, commands, git }: RelayParts): Map<string, RelayFunction> {
  const { limits, repositories } = config;
  const functions = [
    mailer && smtpSend(mailer, limits.recipients),
    commands && cliExec(commands, config.commands, limits.commandsInFlight),
    createComment(),
    git && scmCreateBranch(git, repositories),
    scmCreateItemLink((id) => Object.hasOwn(repositories, id)),
  ];
  return new Map(functions.filter((fn) => fn !== undefined).map((fn) => [fn.name, fn]));
}

/** Of all that makes two requests the same call: not the deadline, which shrinks with each attempt. */
function hashOf(fn: RelayFunction, { plugin, arguments: args }: CallBody): Promise<string> {
  return sha256Hex(sortedJson([fn.name, plugin, args]));
}

function take(rate: Rate): void {
  const seconds = rate.take();
  if (seconds > 0) throw new Problem('rate_limited', undefined, seconds);
}

function codeOf(error: Error): string {
  return error instanceof Problem ? error.code : 'internal';
}
