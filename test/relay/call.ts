// Calls a relay as a capability does, with an answer of one text.

import { openRelay } from '../../src/relay/relay.ts';
import type { RelayCall } from '../../src/relay/relay-call.ts';
import { RelayError } from '../../src/relay/relay-error.ts';
import type { RelayOptions } from '../../src/relay/relay-options.ts';
import { type JsonValue, memberOf } from '../../src/util/json/json-value.ts';

interface NoteCall extends Partial<RelayCall<string>> {
  fn?: string;
}

/** @param options those of a scripted relay may hold more, which no relay takes */
export function callRelay({ url, headers, fetch }: RelayOptions, call: NoteCall = {}): Promise<string> {
  return openRelay({ url, ...(headers && { headers }), ...(fetch && { fetch }) }).call({
    capability: 'notes',
    fn: 'note',
    plugin: { id: 'tester', version: '1.2.3' },
    args: '{"text":"hi"}',
    read: noteIn,
    once: false,
    signal: new AbortController().signal,
    remainingMs: 60_000,
    ...call,
  });
}

function noteIn(result: JsonValue): string | undefined {
  const note = memberOf(result, 'note');
  return note?.kind === 'string' && note.text !== '' ? note.text : undefined;
}

/** @throws when the call succeeds, or fails with anything else. */
export async function failureOf(options: RelayOptions, call?: NoteCall): Promise<RelayError> {
  try {
    await callRelay(options, call);
  } catch (thrown) {
    if (thrown instanceof RelayError) return thrown;
    throw thrown;
  }
  throw new Error('Expected the relay to fail');
}

/** Options whose fetch tells when a relay is asked. */
function counting(url: string) {
  const times: number[] = [];
  const waiting = new Map<number, () => void>();
  return {
    times,
    untilAsked(count: number): Promise<void> {
      return times.length >= count ? Promise.resolve() : new Promise((resolve) => waiting.set(count, resolve));
    },
    options: {
      url,
      fetch(input: RequestInfo | URL, init?: RequestInit) {
        times.push(performance.now());
        waiting.get(times.length)?.();
        return fetch(input, init);
      },
    },
  };
}

/** What is said at last of a relay that fails again and again, when the call ends in its last attempt of so many. */
export async function failureAfter(attempts: number, url: string, headers: HeadersInit = {}) {
  const { times, untilAsked, options } = counting(url);
  const call = new AbortController();
  const failure = failureOf({ ...options, headers }, { signal: call.signal });
  await untilAsked(attempts);
  call.abort();
  return { failure: await failure, times };
}

/** A relay that is no more than a body. */
export function bodied(start: (body: ReadableStreamDefaultController<Uint8Array>, signal: AbortSignal) => void) {
  return {
    url: 'https://relay.example',
    fetch: async (_: unknown, init?: RequestInit) => {
      const signal = init?.signal ?? AbortSignal.abort();
      const body = new ReadableStream<Uint8Array>({ start: (controller) => start(controller, signal) });
      return new Response(body, { headers: { 'Content-Type': 'application/json' } });
    },
  };
}
