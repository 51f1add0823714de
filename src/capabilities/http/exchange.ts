// One request and its answer, under the caps on size and time. Nothing here asks who may send what.

import { ClocheError } from '../../errors.ts';
import type { Limits } from '../../limits.ts';
import { joined, readCapped } from '../../util/capped-body.ts';
import { dispose } from '../../util/dispose.ts';
import { PRIVATE_REQUEST } from '../../util/private-request.ts';
import { utf8Bytes } from '../../util/text/visible-text.ts';
import { Deadline } from '../../util/time/deadline.ts';
import type { SecretAccess } from '../host-function.ts';
import { packHttpAnswer } from './answer.ts';
import type { CheckedRequest } from './request.ts';

const MAX_RESPONSE_HEADER_BYTES = 65_536;

const BY_RELAY = 'a relay that offers `http_fetch` needs no CORS headers and follows redirects';

interface ExchangeOptions extends AnswerOptions {
  readonly fetcher: typeof fetch;
}

export interface AnswerOptions {
  /** Whether the plugin may see the headers of the answer. */
  readonly withHeaders: boolean;
  /** Hides what the request carried, and whatever else must not come back. @default nothing */
  readonly redact?: SecretAccess['redact'] | undefined;
}

/**
 * Sends a request with nothing of the user in it, follows no redirect, and packs the answer.
 * @param signal ends it when the plugin's call ends
 * @throws {ClocheError} HTTP_FAILED when there is no answer, or when it is too large or too late.
 */
export async function exchange(
  request: CheckedRequest,
  limits: Pick<Limits, 'httpResponseBytes' | 'httpTimeoutMs'>,
  signal: AbortSignal,
  options: ExchangeOptions,
): Promise<Uint8Array> {
  const { origin } = request.url;
  const abort = new AbortController();
  /** Why it ended before its time: the first reason counts, though the other may come before the request is over. */
  let reason: string | undefined;
  const end = (why: string): void => {
    reason ??= why;
    abort.abort();
  };
  const endWithCall = (): void => end(`The request to ${origin} ended with the plugin's call`);
  const tooLong = `${origin} took longer than ${limits.httpTimeoutMs} ms`;
  const deadline = new Deadline(limits.httpTimeoutMs, () => end(tooLong), Deadline.of(signal));
  signal.addEventListener('abort', endWithCall);
  if (signal.aborted) endWithCall();
  try {
    abort.signal.throwIfAborted();
    const response = await options.fetcher(request.url.href, {
      method: request.method,
      headers: request.headers,
      body: request.body,
      ...PRIVATE_REQUEST,
      signal: abort.signal,
    });
    return await readAnswer(response, origin, limits.httpResponseBytes, options);
  } catch (error) {
    // The body may still be flowing. One that has ended is left alone: scripts of the page, as for session replay, keep
    // clones of responses, and an abort would take those away too.
    abort.abort();
    if (error instanceof ClocheError) throw error;
    // fetch does not tell these apart, so that a page cannot map the user's network.
    const unanswered = 'the network failed, its CORS headers do not let this page read it, or it redirects';
    throw failed(reason ?? `No answer from ${origin}: ${unanswered}; ${BY_RELAY}`, error);
  } finally {
    deadline[dispose]();
    signal.removeEventListener('abort', endWithCall);
  }
}

async function readAnswer(
  response: Response,
  origin: string,
  maxBytes: number,
  options: AnswerOptions,
): Promise<Uint8Array> {
  // A fetch that the app put in place of the browser's may have followed one.
  if (response.redirected) throw failed(`${origin} redirects, which a page does not follow; ${BY_RELAY}`);
  const headers = [...response.headers];
  checkHeaderBytes(headers, origin);
  const body = await readCapped(response.body, maxBytes);
  if (!body) throw tooLarge(origin, maxBytes);
  return packed(response.status, headers, body, options);
}

type HeaderPairs = readonly (readonly [name: string, value: string])[];

/** @throws {ClocheError} HTTP_FAILED */
export function checkHeaderBytes(headers: HeaderPairs, origin: string): void {
  const bytes = headers.reduce((sum, pair) => sum + utf8Bytes(pair.join('')), 0);
  if (bytes > MAX_RESPONSE_HEADER_BYTES) {
    throw failed(`The headers of ${origin} are over ${MAX_RESPONSE_HEADER_BYTES} bytes`);
  }
}

export function tooLarge(origin: string, maxBytes: number): ClocheError {
  return failed(`The answer of ${origin} is over ${maxBytes} bytes`);
}

/** An answer as `answer.ts` packs it, as far as the plugin may see it. */
export function packed(
  status: number,
  headers: HeaderPairs,
  body: readonly Uint8Array[],
  { withHeaders, redact }: AnswerOptions,
): Uint8Array {
  const shown = redact ? headers.map(([name, value]) => [name, redact(value)] as const) : headers;
  // A secret may have come in two pieces.
  const pieces = redact ? [redact(joined(body))] : body;
  return packHttpAnswer(withHeaders ? { status, headers: Object.fromEntries(shown) } : { status }, pieces);
}

function failed(message: string, cause?: unknown): ClocheError {
  return new ClocheError('HTTP_FAILED', message, { cause });
}
