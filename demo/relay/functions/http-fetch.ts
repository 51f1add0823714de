// `http_fetch`: a request to another server, by the grant that the relay has for the plugin and by what the page has for it, with
// secrets that never leave this side.

import * as v from 'valibot';
import type { HostEntry } from '../../../src/capabilities/http/host-pattern.ts';
import { checkRequest } from '../../../src/capabilities/http/request.ts';
import { decideHttp, type HttpScope } from '../../../src/capabilities/http/scope.ts';
import { httpScopeRule } from '../../../src/capabilities/http/scope-rule.ts';
import { ClocheError, messageOf } from '../../../src/errors.ts';
import { fromBase64, toBase64 } from '../../../src/util/base64.ts';
import type { HttpGrant } from '../config.ts';
import { type Exchange, exchange, type PluginAnswer } from '../http/exchange.ts';
import type { PluginRequest } from '../http/redirect.ts';
import { RequestFailure } from '../http/request-failure.ts';
import { Secrets } from '../http/secrets.ts';
import type { Upstream } from '../http/upstream.ts';
import { Problem } from '../problem.ts';
import type { Result } from '../protocol.ts';
import { Turns } from '../turns.ts';
import {
  type Call,
  decode,
  defineFunction,
  failed,
  integer,
  type RelayFunction,
  text,
  textMap,
} from './relay-function.ts';

interface FetchSettings {
  readonly innerHosts: readonly HostEntry[];
  /** Requests at once. */
  readonly atOnce: number;
  readonly maxBytes: number;
}

const Request = v.object({
  method: text,
  url: text,
  headers: textMap,
  body: text,
  timeout_ms: integer,
  within: v.nullish(v.array(v.unknown()), []),
});

const DEFAULT_TIMEOUT_MS = 5_000;
/** Of what is left of the call: the rest is for the way back. */
const SHARE = 0.95;

/** They change nothing, so they may be sent again: https://www.rfc-editor.org/rfc/rfc9110#section-9.2.1 */
const SAFE: ReadonlySet<string> = new Set(['GET', 'HEAD', 'OPTIONS']);

export function httpFetch(upstream: Upstream, { innerHosts, atOnce, maxBytes }: FetchSettings): RelayFunction {
  const turns = new Turns(atOnce);
  /** Made once for each grant. */
  const secretsOf = new WeakMap<HttpGrant, Secrets>();

  return defineFunction({
    name: 'http_fetch',
    capability: 'http',
    prepare(args, grant, call) {
      const asked = decode(Request, args);
      if (!asked) throw new Problem('bad_request', 'The arguments are not those of http_fetch');
      const request = requestIn(asked);
      const scopes = [grant.scope, ...asked.within.map(scopeOf)];
      for (const scope of scopes) checkGranted(request, scope, call);

      const secrets = secretsOf.get(grant) ?? new Secrets(grant.secrets);
      secretsOf.set(grant, secrets);
      const run = (): Promise<Result> => {
        const timeoutMs = Math.min(
          asked.timeout_ms > 0 ? asked.timeout_ms : DEFAULT_TIMEOUT_MS,
          call.deadline.leftMs() * SHARE,
        );
        const { origin: ownOrigin = '' } = call;
        return resultOf(
          request,
          { upstream, scopes, ownOrigin, innerHosts, secrets, maxBytes, timeoutMs: Math.floor(timeoutMs) },
          call,
        );
      };
      // With an override header a server may take it for another method.
      return { kind: request.methods.every((method) => SAFE.has(method)) ? 'read' : 'effect', turns, run };
    },
  });
}

async function resultOf(request: PluginRequest, asked: Exchange, call: Call): Promise<Result> {
  try {
    return written(await exchange(request, asked));
  } catch (error) {
    if (!(error instanceof RequestFailure)) throw error;
    const { secrets } = asked;
    // A redirect may lead to a host that has one in its name.
    call.note(secrets.hide(error.reason));
    return failed(secrets.hide(error.heard));
  }
}

/** Empty fields are left out, as Go does. */
function written({ status, headers, body }: PluginAnswer): Result {
  return {
    status,
    ...(headers.size > 0 && { headers: Object.fromEntries(headers) }),
    ...(body.byteLength > 0 && { body: toBase64(body) }),
  };
}

/** @throws {Problem} BAD_REQUEST */
function requestIn({ url, method, headers, body }: v.InferOutput<typeof Request>): PluginRequest {
  const bytes = fromBase64(body);
  if (!bytes) throw new Problem('bad_request', 'body: Expected base64');
  try {
    return checkRequest({ url, method: method === '' ? 'GET' : method, headers }, bytes);
  } catch (error) {
    throw badRequest(error);
  }
}

/** @throws {Problem} BAD_REQUEST for what cannot be read: nothing is allowed by it. */
function scopeOf(value: unknown, index: number): HttpScope {
  try {
    return httpScopeRule.parse(value, `within[${index}]`) as HttpScope;
  } catch (error) {
    throw badRequest(error);
  }
}

function badRequest(error: unknown): Problem {
  if (error instanceof ClocheError) return new Problem('bad_request', messageOf(error).slice(0, 300));
  throw error;
}

/** @throws {Problem} FORBIDDEN */
function checkGranted({ url, methods }: PluginRequest, scope: HttpScope, call: Call): void {
  const { allowed, rule } = decideHttp(scope, { url, methods }, call.origin ?? '');
  if (allowed) return;
  call.note(`grant: it does not cover ${url.host} (${rule})`);
  throw new Problem('forbidden', `The relay's grant for this plugin does not cover ${url.origin}, or the method`);
}
