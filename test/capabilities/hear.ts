// Calls a relayed function as the host does, and gives what the plugin hears: its answer, or what stands for a failure.

import type { Capability } from '../../src/capabilities/capability.ts';
import { ClocheError, type ErrorCode } from '../../src/errors.ts';
import type { RelayOptions } from '../../src/relay/relay-options.ts';
import { type CallFacts, callFunction, functionOf } from './call.ts';

export interface Heard {
  /** JSON, or null for offset 0. */
  readonly text: string | null;
  /** As the event `hostcall` has it. */
  readonly outcome: 'ok' | ErrorCode;
  /** For the log of the admin. */
  readonly message: string | undefined;
}

export async function hearAll(
  capability: Capability,
  name: string,
  request: string | object,
  facts: CallFacts = {},
): Promise<Heard> {
  const payload = new TextEncoder().encode(typeof request === 'string' ? request : JSON.stringify(request));
  try {
    return { text: textOf(await callFunction(capability, name, [payload], facts)), outcome: 'ok', message: undefined };
  } catch (thrown) {
    if (!(thrown instanceof ClocheError)) throw thrown;
    return { text: await whenFailed(capability, name, thrown), outcome: thrown.code, message: thrown.message };
  }
}

/** Only what the plugin hears. */
export async function hear(...args: Parameters<typeof hearAll>): Promise<string | null> {
  return (await hearAll(...args)).text;
}

export async function whenFailed(capability: Capability, name: string, error: ClocheError): Promise<string | null> {
  return textOf(await functionOf(capability, name)?.failed?.(error));
}

function textOf(answer: unknown): string | null {
  return answer === null ? null : new TextDecoder('utf-8', { ignoreBOM: true }).decode(answer as Uint8Array);
}

export interface Sent {
  plugin: unknown;
  claims?: unknown;
  capability: string;
  deadlineMs: number;
  arguments: unknown;
}

/** A relay that answers every call with this result, and notes what it was sent. */
export function answering(value: unknown): { relay: RelayOptions; sent: Sent[]; urls: string[] } {
  const sent: Sent[] = [];
  const urls: string[] = [];
  const relay: RelayOptions = {
    url: 'https://relay.example',
    fetch: async (input, init) => {
      urls.push(String(input));
      sent.push(JSON.parse(String(init?.body)) as Sent);
      return Response.json({ result: value });
    },
  };
  return { relay, sent, urls };
}

/** The same as the option of a capability, for tests that do not look at what was sent. */
export function served(value: unknown): { relay: RelayOptions } {
  return { relay: answering(value).relay };
}
