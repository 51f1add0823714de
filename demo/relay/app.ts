// What every request of the relay meets, whatever it asks for: an audit line, problems for errors, origins, a stop.

import { Hono } from 'hono';
import { cors } from 'hono/cors';
import { type AuditLine, beginLine } from './audit.ts';
import type { Caller, Callers } from './callers.ts';
import type { RelayFunction } from './functions/relay-function.ts';
import { Problem } from './problem.ts';

export interface AppParts {
  /** Hears of each call that has ended. */
  audit(line: AuditLine): void;
  /** Hears what went wrong inside; callers are only told that something did. */
  report(error: unknown): void;
  /** Aborted when no more calls should be taken. */
  readonly stopping?: AbortSignal;
}

export interface Environment {
  Variables: {
    /** Of a call, to be filled in as it becomes known who asks for what. */
    line: AuditLine;
    /** Of a call that was answered with a result. */
    outcome: string;
    caller: Caller;
    fn: RelayFunction;
  };
}

export function createApp(callers: Callers, { audit, report, stopping }: AppParts): Hono<Environment> {
  const app = new Hono<Environment>();
  app.onError((error) => {
    if (error instanceof Problem) return error.toResponse();
    report(error);
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
    audit(end(c.error ? codeOf(c.error) : c.get('outcome')));
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
    if (stopping?.aborted) throw new Problem('unavailable', 'The relay is stopping', 1);
    await next();
  });
  return app;
}

function codeOf(error: Error): string {
  return error instanceof Problem ? error.code : 'internal';
}
