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
  /** Names of headers that a plugin cannot send this way. */
  readonly dropped: readonly string[];
}

const KEYS: ReadonlySet<string> = new Set(['url', 'method', 'headers', 'header']);
const METHOD = /^[A-Z][A-Z-]{0,19}$/;
const MAX_HEADERS = 64;
export const MAX_HEADER_BYTES = 16_384;

/** Those of the connection and of the coding, which whoever sends a request decides on. */
const SENDERS_OWN =
  /^(?:accept-encoding|connection|content-length|expect|host|keep-alive|te|trailer|transfer-encoding|upgrade|proxy-.*)$/;

/** With those https://fetch.spec.whatwg.org/#forbidden-request-header: fetch drops them without a word. */
const BROWSERS_OWN =
  /^(?:accept-charset|access-control-request-(?:headers|method|private-network)|cookie2?|date|dnt|origin|referer|set-cookie|via|sec-.*)$/;

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
  return {
    url: parseRequestUrl(url),
    method: upper,
    methods,
    ...checked,
    body: body.byteLength > 0 ? new Uint8Array(body) : null,
  };
}

/** The same as a page can send it. @throws {ClocheError} HTTP_FAILED */
export function asBrowsersSend(request: CheckedRequest): CheckedRequest {
  const { method, body } = request;
  if (body && (method === 'GET' || method === 'HEAD')) {
    throw failed(`Browsers cannot send a body with ${method}; use POST, or leave the body empty`);
  }
  const headers = new Headers(request.headers);
  const dropped = [...headers.keys()].filter((name) => BROWSERS_OWN.test(name));
  for (const name of dropped) headers.delete(name);
  return { ...request, headers, dropped: [...request.dropped, ...dropped] };
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
    if (SENDERS_OWN.test(name.toLowerCase())) dropped.push(visibleText(name, 60));
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

function overridesIn(headers: Headers): string[] {
  return OVERRIDES.flatMap((name) => headers.get(name)?.split(',') ?? [])
    .map((method) => method.trim().toUpperCase())
    .filter((method) => method !== '');
}

function failed(message: string, cause?: unknown): ClocheError {
  return new ClocheError('HTTP_FAILED', message, cause === undefined ? {} : { detail: messageOf(cause) });
}
