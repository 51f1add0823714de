// The client of version 1 of the relay protocol, `docs/relay.openapi.yaml`: one call, in as many attempts as are safe.
//
//   POST <url>/v1/<function>    Idempotency-Key: <UUID, the same for each attempt>    and the app's headers
//   { "plugin": { "id", "version" }, "claims": { "userId", … } where the app gave some, "capability", "deadlineMs": what is left when it is sent, "arguments": { … } }
//   200 { "result": { … } }     or application/problem+json (https://www.rfc-editor.org/rfc/rfc9457) with a code
//
// Who calls is stamped here, from what the host knows; a plugin gives arguments and nothing else.

import { dispose } from '../util/dispose.ts';
import { JsonError, type JsonValue, memberOf, textsIn } from '../util/json/json-value.ts';
import { Deadline } from '../util/time/deadline.ts';
import { ask, attempt, type RelayAnswer } from './attempt.ts';
import type { RelayCall, RelayRequest } from './relay-call.ts';
import { isLate, RelayError } from './relay-error.ts';
import { relayError } from './relay-failures.ts';
import type { CheckedRelay } from './relay-options.ts';

/** Kept back, so that the plugin hears of the relay rather than of a host function that is late. */
const SHARE = 0.95;
const FIRST_WAIT_MS = 100;
const LONGEST_WAIT_MS = 2_000;

/** @throws {RelayError} RELAY_FAILED */
export async function callRelay<R>(relay: CheckedRelay, call: RelayCall<R>): Promise<R> {
  const over = new AbortController();
  const end = (): void => over.abort();
  // Its parts may have taken a while to load, so what is left by now counts.
  const outer = Deadline.of(call.signal);
  const deadline = new Deadline(Math.min(outer?.leftMs ?? Infinity, call.remainingMs) * SHARE, end, outer);
  call.signal.addEventListener('abort', end);
  if (call.signal.aborted) end();
  try {
    return readResult(await answerTo(relay, call, deadline, over.signal), relay.base, call);
  } finally {
    deadline[dispose]();
    call.signal.removeEventListener('abort', end);
  }
}

const offered = new WeakMap<CheckedRelay, ReadonlySet<string>>();

/** See `Relay.offers`. @throws {RelayError} RELAY_FAILED */
export async function relayOffers(relay: CheckedRelay, fn: string, signal: AbortSignal): Promise<boolean> {
  try {
    const known = offered.get(relay) ?? (await functionsOf(relay, signal));
    offered.set(relay, known);
    return known.has(fn);
  } catch (thrown) {
    if (thrown instanceof RelayError && thrown.again) return true;
    throw thrown;
  }
}

async function functionsOf(relay: CheckedRelay, signal: AbortSignal): Promise<ReadonlySet<string>> {
  const { json } = await ask(relay, { name: 'health', init: (headers) => ({ headers }), signal });
  const functions = memberOf(json, 'functions');
  if (functions?.kind !== 'array') throw relayError('shape', relay.base);
  return new Set(functions.items.flatMap((name) => (name.kind === 'string' ? [name.text] : [])));
}

async function answerTo(
  relay: CheckedRelay,
  { capability, fn, plugin: { id, version }, claims, args, once, answerBytes }: RelayRequest,
  deadline: Deadline,
  signal: AbortSignal,
): Promise<RelayAnswer> {
  const key = crypto.randomUUID();
  const body = (): string => {
    const deadlineMs = Math.max(1, Math.floor(deadline.leftMs));
    const envelope = JSON.stringify({ plugin: { id, version }, claims, capability, deadlineMs });
    return `${envelope.slice(0, -1)},"arguments":${args}}`;
  };
  let earlier: RelayError | undefined;
  for (let count = 0; ; count++) {
    try {
      return await attempt(relay, { fn, key, body, signal, mostBytes: answerBytes });
    } catch (thrown) {
      // An attempt that is cut short by the end of the call says less than the one before it.
      if (earlier && isLate(thrown)) throw earlier;
      if (!(thrown instanceof RelayError) || !thrown.again || once) throw thrown;
      earlier = thrown;
      const waitMs = (thrown.retryAfterMs ?? 0) + backoffMs(count);
      if (waitMs >= deadline.leftMs) throw thrown;
      await pause(waitMs, signal);
    }
  }
}

/** Doubles with each attempt, and varies by half, so that clients who failed together do not come back together. */
function backoffMs(count: number): number {
  return Math.min(FIRST_WAIT_MS * 2 ** count, LONGEST_WAIT_MS) * (0.5 + Math.random() / 2);
}

/** Ends early with the signal: then the next attempt says so. */
function pause(ms: number, signal: AbortSignal): Promise<void> {
  if (signal.aborted) return Promise.resolve();
  const { promise, resolve } = Promise.withResolvers<void>();
  const timer = setTimeout(resolve, ms);
  signal.addEventListener('abort', () => {
    clearTimeout(timer);
    resolve();
  });
  return promise;
}

function readResult<R>({ json, secrets }: RelayAnswer, base: string, call: RelayCall<R>): R {
  const result = memberOf(json, 'result');
  if (!result) throw relayError('shape', base);
  // All of it, since nobody knows here what of it the plugin hears.
  for (const text of textsIn(result)) {
    if (secrets.some((secret) => text.includes(secret))) throw relayError('secret', base);
  }
  const read = accepted(result, base, call);
  if (read === undefined) throw relayError('shape', base);
  return read;
}

function accepted<R>(result: JsonValue, base: string, call: RelayCall<R>): R | undefined {
  try {
    return call.read(result);
  } catch (cause) {
    if (cause instanceof JsonError) throw relayError('shape', base, { cause });
    throw cause;
  }
}
