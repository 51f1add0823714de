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
