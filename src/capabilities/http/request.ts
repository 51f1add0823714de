// What a guest hands to `http_request`, checked and copied before anything is sent.
//
// The contract (EX40): JSON of `url`, `method` (GET when absent) and
// `headers` (text by name); other keys are an error. The JS SDK reads `header` in place of `headers`.

import { ClocheError, messageOf } from '../../errors.ts';
import { utf8Bytes, visibleText } from '../../util/text/visible-text.ts';
import { parseRequestUrl } from './request-url.ts';
import { REFUSED_METHODS } from './scope-rule.ts';

export interface CheckedRequest {
  readonly url: URL;
  readonly method: string;
  /** The method, and those that an override header asks a server to take in its place. */
  readonly methods: readonly string[];
  readonly headers: Headers;
  readonly body: Uint8Array<ArrayBuffer> | null;
  /** Names of headers that browsers do not let a page send. */
  readonly dropped: readonly string[];
}

const KEYS: ReadonlySet<string> = new Set(['url', 'method', 'headers', 'header']);
const METHOD = /^[A-Z][A-Z-]{0,19}$/;
const MAX_HEADERS = 64;
export const MAX_HEADER_BYTES = 16_384;

/** https://fetch.spec.whatwg.org/#forbidden-request-header: fetch drops them without a word. */
const FORBIDDEN_HEADERS: ReadonlySet<string> = new Set(
  `accept-charset accept-encoding access-control-request-headers access-control-request-method
   access-control-request-private-network connection content-length cookie cookie2 date dnt expect
   host keep-alive origin referer set-cookie te trailer transfer-encoding upgrade via`.split(/\s+/),
);
const FORBIDDEN_PREFIXES = ['proxy-', 'sec-'];

/** Headers by which many servers take another method than the one that was sent. */
const OVERRIDES = ['x-http-method', 'x-http-method-override', 'x-method-override'];

/** @throws {ClocheError} HTTP_FAILED with what is wrong. */
export function checkRequest(value: unknown, body: Uint8Array): CheckedRequest {
  const { url, method, headers } = readFields(value);
  const checked = checkHeaders(headers);
  const upper = method.toUpperCase();
  const methods = [upper, ...overridesIn(checked.headers)];
  for (const name of methods) {
    if (!METHOD.test(name)) throw failed(`"${visibleText(name, 60)}" is not an HTTP method`);
    if (REFUSED_METHODS.has(name)) throw failed(`No browser sends ${name}`);
  }
  if (body.byteLength > 0 && (upper === 'GET' || upper === 'HEAD')) {
    throw failed(`Browsers cannot send a body with ${upper}; use POST, or leave the body empty`);
  }
  return {
    url: parseRequestUrl(url),
    method: upper,
    methods,
    ...checked,
    body: body.byteLength > 0 ? new Uint8Array(body) : null,
  };
}

function readFields(value: unknown): { url: string; method: string; headers: object } {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    throw failed('The request is not a JSON object');
  }
  const fields = new Map(Object.entries(value));
  for (const key of fields.keys()) {
    if (!KEYS.has(key)) throw failed(`The request has an unknown key "${visibleText(key, 60)}"`);
  }
  const url = fields.get('url');
  const method = fields.get('method') ?? 'GET';
  const headers = fields.get('headers') ?? fields.get('header') ?? {};
  if (typeof url !== 'string') throw failed('`url` of the request is not a string');
  if (typeof method !== 'string') throw failed('`method` of the request is not a string');
  if (typeof headers !== 'object' || Array.isArray(headers)) {
    throw failed('`headers` of the request is not an object');
  }
  return { url, method, headers };
}

function checkHeaders(given: object): { headers: Headers; dropped: string[] } {
  const entries = Object.entries(given);
  if (entries.length > MAX_HEADERS) throw failed(`The request has over ${MAX_HEADERS} headers`);
  const headers = new Headers();
  const dropped: string[] = [];
  let bytes = 0;
  for (const [name, value] of entries) {
    if (typeof value !== 'string') throw failed(`Header "${visibleText(name, 60)}" is not a string`);
    bytes += utf8Bytes(name) + utf8Bytes(value);
    if (bytes > MAX_HEADER_BYTES) {
      throw failed(`The headers of the request are over ${MAX_HEADER_BYTES} bytes`);
    }
    if (isForbidden(name)) dropped.push(visibleText(name, 60));
    else append(headers, name, value);
  }
  return { headers, dropped };
}

function append(headers: Headers, name: string, value: string): void {
  try {
    headers.append(name, value);
  } catch (cause) {
    // The value may be a secret and stays out of the message.
    throw failed(`Header "${visibleText(name, 60)}" is not valid`, cause);
  }
}

function isForbidden(name: string): boolean {
  const lower = name.toLowerCase();
  return FORBIDDEN_HEADERS.has(lower) || FORBIDDEN_PREFIXES.some((prefix) => lower.startsWith(prefix));
}

function overridesIn(headers: Headers): string[] {
  return OVERRIDES.flatMap((name) => headers.get(name)?.split(',') ?? [])
    .map((method) => method.trim().toUpperCase())
    .filter((method) => method !== '');
}

function failed(message: string, cause?: unknown): ClocheError {
  return new ClocheError('HTTP_FAILED', message, cause === undefined ? {} : { detail: messageOf(cause) });
}
