// One request to a relay: signed by the app, with nothing of the user's in it, and an answer of bounded size.

import { messageOf } from '../errors.ts';
import { joined, readCapped } from '../util/capped-body.ts';
import { type JsonValue, memberOf, parseJsonValue } from '../util/json/json-value.ts';
import { PRIVATE_REQUEST } from '../util/private-request.ts';
import { RelayError } from './relay-error.ts';
import { failureOf, relayError } from './relay-failures.ts';
import type { CheckedRelay } from './relay-options.ts';

export interface Attempt {
  /** A name of ours: nothing in the URL comes from a plugin. */
  readonly fn: string;
  readonly key: string;
  /** Made once the headers are there, since it says how much time is left. */
  body(): string;
  readonly signal: AbortSignal;
  /** Of its answer. @default {@link MOST_BYTES} */
  readonly mostBytes?: number | undefined;
}

export interface RelayAnswer {
  readonly json: JsonValue;
  /** What of the request must not come back. */
  readonly secrets: readonly string[];
}

/** Two streams of 1 MiB, as a command may write them, with every other character escaped. */
const MOST_BYTES = 8 << 20;
const MOST_PROBLEM_BYTES = 16_384;

/** @throws {RelayError} */
export function attempt(relay: CheckedRelay, { fn, key, body, signal, mostBytes }: Attempt): Promise<RelayAnswer> {
  const init = (headers: Headers): RequestInit => {
    headers.set('Content-Type', 'application/json');
    headers.set('Idempotency-Key', key);
    return { method: 'POST', headers, body: body() };
  };
  return ask(relay, { name: fn, init, signal, mostBytes });
}

interface Asking extends Pick<Attempt, 'signal' | 'mostBytes'> {
  readonly name: string;
  /** @param headers the app's, to be sent */
  init(headers: Headers): RequestInit;
}

/** @throws {RelayError} */
export async function ask(
  relay: CheckedRelay,
  { name, init, signal, mostBytes = MOST_BYTES }: Asking,
): Promise<RelayAnswer> {
  const { base, fetcher } = relay;
  const headers = await signedHeaders(relay, signal);
  const secrets = secretsIn(headers);
  let response: Response | undefined;
  try {
    response = await fetcher(`${base}/v1/${name}`, { ...init(headers), ...PRIVATE_REQUEST, signal });
    return { json: await readAnswer(response, base, signal, mostBytes), secrets };
  } catch (cause) {
    // What is not read would flow on. No abort, which would reach what the page has cloned of an answer that was whole.
    response?.body?.cancel().catch(() => undefined);
    // What is wrong with an answer stays wrong, though time may have run out since.
    if (cause instanceof RelayError) throw cause;
    throw relayError(signal.aborted ? 'late' : 'unreachable', base, { cause });
  }
}

async function signedHeaders({ base, headers }: CheckedRelay, signal: AbortSignal): Promise<Headers> {
  if (signal.aborted) throw relayError('late', base);
  const { promise: over, reject } = Promise.withResolvers<never>();
  const giveUp = (): void => reject(relayError('late', base));
  signal.addEventListener('abort', giveUp);
  try {
    return await Promise.race([headers(), over]);
  } catch (thrown) {
    if (thrown instanceof RelayError) throw thrown;
    // It may quote a token, so neither a plugin nor a log may hear it: it is the page's own, as from an event listener.
    reportError(thrown);
    throw relayError('unsigned', base);
  } finally {
    signal.removeEventListener('abort', giveUp);
  }
}

/** Tokens and the like, by the names that such headers have, without a scheme; short ones would be found anywhere. */
function secretsIn(headers: Headers): string[] {
  return [...headers]
    .filter(([name]) => /auth|token|secret|key|pass|session/.test(name))
    .flatMap(([, value]) => (value.includes(' ') ? value.split(' ').slice(1) : [value]))
    .filter((word) => word.length >= 8);
}

async function readAnswer(
  response: Response,
  base: string,
  signal: AbortSignal,
  mostBytes: number,
): Promise<JsonValue> {
  const type = response.headers.get('Content-Type')?.split(';')[0]?.trim().toLowerCase();
  // A fetch that the app put in place of the browser's may have followed a redirect.
  if (response.redirected) throw relayError('status', base);
  if (response.status !== 200) {
    const problem = type === 'application/problem+json' ? await readProblem(response) : undefined;
    const retryAfterMs = retryAfter(response.headers.get('Retry-After'));
    throw relayError(failureOf(response.status, await codeOf(problem)), base, { retryAfterMs });
  }
  if (type !== 'application/json') throw relayError('content_type', base);
  const json = await readCapped(response.body, mostBytes).catch((cause: unknown) => {
    // Heard before anything else can happen, so the signal tells which of the two came first.
    throw relayError(signal.aborted ? 'late' : 'cut', base, { cause });
  });
  if (!json) throw relayError('oversized', base);
  try {
    return await parseJsonValue(joined(json));
  } catch (cause) {
    // WebKit takes a body that was cut off for a whole one.
    throw relayError(messageOf(cause).startsWith('unexpected end') ? 'cut' : 'not_json', base, { cause });
  }
}

/** Undefined where it is too large or breaks off: its status says enough. */
async function readProblem({ body }: Response): Promise<Uint8Array | undefined> {
  const chunks = await readCapped(body, MOST_PROBLEM_BYTES).catch(() => undefined);
  return chunks && joined(chunks);
}

/** Empty where the document cannot be read: its status says enough. */
async function codeOf(problem: Uint8Array | undefined): Promise<string> {
  try {
    const code = problem && memberOf(await parseJsonValue(problem), 'code');
    return code?.kind === 'string' ? code.text : '';
  } catch {
    return '';
  }
}

/** Seconds, or a date. */
function retryAfter(value: string | null): number | undefined {
  if (value === null) return undefined;
  const ms = /^\d+$/.test(value) ? Number(value) * 1_000 : Date.parse(value) - Date.now();
  return ms > 0 ? ms : undefined;
}
