// Bytes from the network, and from whatever holds bytes, under a cap that is kept while reading (M7).

import { ClocheError, messageOf } from '../errors.ts';
import { joined, readCapped } from '../util/capped-body.ts';
import { within } from '../util/time/deadline.ts';
import { tooLarge } from './own-source.ts';

export type Bytes = Uint8Array<ArrayBuffer>;

export interface FetchOptions {
  /** Most bytes; more is PACKAGE_REJECTED. */
  maxBytes: number;
  signal?: AbortSignal | undefined;
  method?: 'GET' | 'POST';
  headers?: ReadonlyMap<string, string>;
  /** @default the browser's */
  cache?: RequestCache;
}

/**
 * Fetches a file of a plugin. Redirects are followed, since release pages answer with one; nothing of
 * the user goes along: no cookies, no referrer.
 * @throws {ClocheError} FETCH_FAILED, PACKAGE_REJECTED when it is too large, ABORTED
 */
export async function fetchBytes(url: string, options: FetchOptions): Promise<{ bytes: Bytes; url: string }> {
  throwIfAborted(options.signal);
  const stalled = new AbortController();
  let response: Response;
  try {
    const answer = fetch(url, {
      method: options.method ?? 'GET',
      headers: [...(options.headers ?? [])],
      ...(options.cache && { cache: options.cache }),
      credentials: 'omit',
      redirect: 'follow',
      referrerPolicy: 'no-referrer',
      signal: options.signal ? AbortSignal.any([options.signal, stalled.signal]) : stalled.signal,
    });
    response = await unlessStalled(answer, url);
  } catch (cause) {
    stalled.abort(cause);
    throwIfAborted(options.signal);
    if (cause instanceof ClocheError) throw cause;
    throw failed(url, `could not be fetched (${messageOf(cause)}); check the URL, CORS and the network`, cause);
  }
  return { bytes: await readResponse(response, options), url: response.url || url };
}

/**
 * The body of a response, stopped at the first byte over the cap.
 * @throws {ClocheError} FETCH_FAILED, PACKAGE_REJECTED, ABORTED; SOURCE_INVALID when it was read before
 */
export async function readResponse(response: Response, options: FetchOptions): Promise<Bytes> {
  const place = response.url || 'the given response';
  if (response.bodyUsed || response.body?.locked)
    throw new ClocheError('SOURCE_INVALID', 'The body of the response was read before');
  if (!response.ok) {
    await response.body?.cancel();
    throw failed(place, problemOf(response));
  }
  const announced = announcedLength(response);
  if (announced !== undefined && announced > options.maxBytes) {
    await response.body?.cancel();
    throw tooLarge(shownUrl(place), options.maxBytes);
  }
  const bytes = await readStream(response.body, place, options);
  if (announced !== undefined && !isEncoded(response) && bytes.length !== announced) {
    throw failed(place, `announced ${announced} bytes and sent ${bytes.length}`);
  }
  return bytes;
}

function problemOf({ type, status }: Response): string {
  if (type === 'opaque') return 'is opaque: fetch it with CORS';
  return status === 0 ? `has no answer, and is of type "${type}"` : `answered ${status}`;
}

async function readStream(
  body: ReadableStream<Bytes> | null,
  place: string,
  { maxBytes, signal }: FetchOptions,
): Promise<Bytes> {
  try {
    // Told to a signal that is aborted already, it lets the body go as well.
    const chunks = await readCapped(body, maxBytes, {
      signal,
      async next(waiting) {
        const step = await unlessStalled(waiting, place);
        // Of a response that the app has made.
        if (!step.done && !(step.value instanceof Uint8Array)) {
          throw failed(place, 'is a stream of something other than bytes');
        }
        return step;
      },
    });
    throwIfAborted(signal);
    if (!chunks) throw tooLarge(shownUrl(place), maxBytes);
    return joined(chunks);
  } catch (cause) {
    throwIfAborted(signal);
    throw cause instanceof ClocheError ? cause : failed(place, `broke off (${messageOf(cause)})`, cause);
  }
}

/** A server that goes silent must not keep an installation waiting for ever. */
const STALL_MS = 30_000;

/** @throws {ClocheError} FETCH_FAILED where nothing comes for half a minute */
export function unlessStalled<T>(step: Promise<T>, place: string): Promise<T> {
  return within(step, STALL_MS, () => failed(place, `sent nothing for ${STALL_MS / 1_000} s`));
}

export function throwIfAborted(signal: AbortSignal | undefined): void {
  if (signal?.aborted) throw new ClocheError('ABORTED', 'Reading was aborted', { cause: signal.reason });
}

/** A URL as messages may carry it: a query often holds a token. */
export function shownUrl(url: string): string {
  if (!URL.canParse(url)) return url;
  const { protocol, host, pathname } = new URL(url);
  return protocol === 'data:' ? 'data:…' : `${protocol}//${host}${pathname}`.slice(0, 200);
}

function failed(place: string, problem: string, cause?: unknown): ClocheError {
  return new ClocheError('FETCH_FAILED', `${shownUrl(place)} ${problem}`, { cause });
}

function announcedLength(response: Response): number | undefined {
  const text = response.headers.get('content-length');
  return text !== null && /^\d{1,15}$/.test(text) ? Number(text) : undefined;
}

/** The announced length counts encoded bytes; across origins the encoding is hidden, so it may be there. */
function isEncoded(response: Response): boolean {
  return response.type === 'cors' || response.headers.has('content-encoding');
}
