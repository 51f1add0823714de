// Capability `http`: requests within what was granted. The functions for it are the dialects'.

import { openRelay } from '../../relay/relay.ts';
import { checkType, givenOptions } from '../../util/given-options.ts';
import { loadChunk } from '../../util/load-chunk.ts';
import { type Capability, defineCapability } from '../capability.ts';
import type { RelayedOptions } from '../server/relayed.ts';
import type { HttpService } from '../services.ts';
import { takesRelay } from '../with-relay.ts';
import { httpScopeRule } from './scope-rule.ts';
import type { HttpSender } from './send.ts';
import { checkedVia, type HttpVia } from './via.ts';

export interface HttpOptions extends RelayedOptions {
  /** Takes the place of the page's `fetch`; must honour `signal` and `redirect`. @default fetch */
  fetch?: typeof fetch;
  /** Whether `http_headers` tells plugins the headers of an answer; natively they are off too (EX42). @default false */
  responseHeaders?: boolean;
  /** Which way requests go, unless `via` of the policy or of a plugin's grant says another. @default 'auto' */
  via?: HttpVia;
}

/**
 * HTTP for plugins, by the relay or from the page. The result is packed as `answer.ts` says; answers with 4xx and 5xx are answers.
 *
 * Scope: `{ allow: string[], methods?: string[] }`, the entries as in `host-pattern.ts`.
 *
 * By the relay: it checks the request again by its own grant, follows redirects as far as every grant allows, reaches public
 * addresses only, and puts in the secrets that it keeps for the plugin.
 *
 * From the page: under its CORS and CSP rules, without cookies, referrer, cache and redirects; GET and HEAD take no body, and
 * headers that browsers keep for themselves are dropped, with a line in the log at `debug`. Not covered: a name that is allowed
 * and resolves to a private address (DNS rebinding), against which browsers protect in part.
 *
 * What it serves throws PERMISSION_DENIED when grant or policy do not cover the request, HTTP_FAILED
 * when it is not valid, or gets no answer within `httpTimeoutMs` and `httpResponseBytes`, and RATE_LIMITED above
 * `httpPerMinute`; NEEDS_SERVER where it is to go by a relay and there is none.
 * @throws {ClocheError} OPTION_INVALID when an option is not valid
 */
export function http(options: HttpOptions = {}): Capability {
  const given = givenOptions<HttpOptions>('`http()`', options, {
    fetch: true,
    responseHeaders: true,
    via: true,
    relay: true,
  });
  const { fetch: fetcher = (...args) => fetch(...args), responseHeaders = false } = given;
  checkType('fetch', fetcher, 'function');
  checkType('responseHeaders', responseHeaders, 'boolean');
  const via = checkedVia('via', given.via ?? 'auto');
  const relay = given.relay && openRelay(given.relay);
  let sender: HttpSender | undefined;
  const send: HttpService['send'] = async (...asked) => {
    const { HttpSender } = await loadChunk(() => import('./send.ts'));
    sender ??= new HttpSender(fetcher, { via, relay });
    return sender.send(...asked);
  };
  const capability = defineCapability({
    name: 'http',
    risk: 'high',
    askedBy: 'manifest',
    scope: httpScopeRule,
    functions: {},
    services: { http: { send, responseHeaders } },
  });
  return takesRelay(capability, (hosts) => (relay ? capability : http({ ...given, relay: hosts })));
}
