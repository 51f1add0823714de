// Checks how an app reaches its relay. Headers stay in this closure: nothing here ends up in an error's message.

import { ClocheError } from '../errors.ts';

import { checkType, givenOptions } from '../util/given-options.ts';

/** The app's server that speaks `docs/relay.openapi.yaml`. */
export interface RelayOptions {
  /** `/v1/<function>` is added to it. https, or http on this machine. @example 'https://example.com/relay' */
  url: string | URL;
  /**
   * Sent with each request, a token for example; a function is asked before each attempt. They go to the relay only, and
   * never reach a worker, a frame, a log or an error. What the function throws is reported to the page.
   * @default none @example async () => ({ Authorization: `Bearer ${await token()}` })
   */
  headers?: HeadersInit | (() => HeadersInit | Promise<HeadersInit>);
  /** Takes the place of the page's `fetch`; must honour `signal` and `redirect`. @default fetch */
  fetch?: typeof fetch;
}

export interface CheckedRelay {
  /** Without a slash at its end. */
  readonly base: string;
  readonly fetcher: typeof fetch;
  /** A fresh copy. Rejects with whatever the app's function throws. */
  headers(): Promise<Headers>;
}

const LOOPBACK = /^(?:(?:.+\.)?localhost|127(?:\.\d+){3}|\[::1\])$/;

/** @throws {ClocheError} OPTION_INVALID */
export function checkedRelay(given: RelayOptions): CheckedRelay {
  const options = givenOptions<RelayOptions>('`relay`', given, { url: true, headers: true, fetch: true });
  const { url, headers = {}, fetch: fetcher } = options;
  checkType('relay.fetch', fetcher, 'function');
  // Copied, so that what is checked here is what is sent.
  const fixed = typeof headers === 'function' ? undefined : checkedHeaders(headers);
  return {
    base: checkedBase(url),
    fetcher: fetcher ?? ((...args) => fetch(...args)),
    headers: async () => new Headers(fixed ?? (typeof headers === 'function' ? await headers() : headers)),
  };
}

function checkedBase(given: unknown): string {
  const text = given instanceof URL ? given.href : given;
  if (typeof text !== 'string' || !URL.canParse(text, globalThis.location?.href)) throw invalid('url', 'to be a URL');
  const url = new URL(text, globalThis.location?.href);
  if (url.protocol !== 'https:' && !(url.protocol === 'http:' && LOOPBACK.test(url.hostname))) {
    throw invalid('url', 'to be https, or http on this machine: requests carry your headers');
  }
  if (url.username !== '' || url.password !== '' || url.search !== '' || url.hash !== '') {
    throw invalid('url', 'to have no user name, password, query or fragment; secrets belong into `relay.headers`');
  }
  return url.origin + url.pathname.replace(/\/+$/, '');
}

function checkedHeaders(given: HeadersInit): Headers {
  try {
    return new Headers(given);
  } catch {
    // Its message would quote the value.
    throw invalid('headers', 'to be names and values of HTTP headers, or a function that gives them');
  }
}

function invalid(name: string, expected: string): ClocheError {
  return new ClocheError('OPTION_INVALID', `Expected \`relay.${name}\` ${expected}`);
}
