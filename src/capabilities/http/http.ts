// Capability `http`: requests within what was granted. The functions for it are the dialects'.

import { checkType, givenOptions } from '../../util/given-options.ts';
import { loadChunk } from '../../util/load-chunk.ts';
import { type Capability, defineCapability } from '../capability.ts';
import type { HttpService } from '../services.ts';
import { httpScopeRule } from './scope-rule.ts';
import type { HttpSender } from './send.ts';

export interface HttpOptions {
  /** Takes the place of the page's `fetch`; must honour `signal` and `redirect`. @default fetch */
  fetch?: typeof fetch;
  /** Whether `http_headers` tells plugins the headers of an answer; natively they are off too (EX42). @default false */
  responseHeaders?: boolean;
}

/**
 * HTTP for plugins, from the page and under its CORS and CSP rules, without cookies, referrer, cache
 * and redirects. The result is packed as `answer.ts` says; answers with 4xx and 5xx are answers.
 *
 * Scope: `{ allow: string[], methods?: string[] }`, the entries as in `permissions/host-pattern.ts`.
 *
 * Where it differs from native hosts: redirects fail (there they lead anywhere), GET and HEAD take no
 * body, and headers that browsers keep for themselves are dropped, with a line in the log at `debug`.
 *
 * Not covered: a name that is allowed and resolves to a private address (DNS rebinding). Browsers
 * protect against it in part; a relay that resolves and pins does in full.
 *
 * What it serves throws PERMISSION_DENIED when grant or policy do not cover the request, HTTP_FAILED
 * when it is not valid, or gets no answer within `httpTimeoutMs` and `httpResponseBytes`, and RATE_LIMITED above
 * `httpPerMinute`.
 */
export function http(options: HttpOptions = {}): Capability {
  const given = givenOptions<HttpOptions>('`http()`', options, { fetch: true, responseHeaders: true });
  const { fetch: fetcher = (...args) => fetch(...args), responseHeaders = false } = given;
  checkType('fetch', fetcher, 'function');
  checkType('responseHeaders', responseHeaders, 'boolean');
  let sender: HttpSender | undefined;
  const send: HttpService['send'] = async (...asked) => {
    const { HttpSender } = await loadChunk(() => import('./send.ts'));
    sender ??= new HttpSender(fetcher);
    return sender.send(...asked);
  };
  return defineCapability({
    name: 'http',
    risk: 'high',
    askedBy: 'manifest',
    scope: httpScopeRule,
    functions: {},
    services: { http: { send, responseHeaders } },
  });
}
