// Calls a capability in its Windshift form as a plugin does: JSON in, JSON out, and errors as the plugin hears them.

import type { Capability } from '../../src/capabilities/capability.ts';
import { ClocheError, type ErrorCode } from '../../src/errors.ts';
import { type CallFacts, callFunction, functionOf } from './call.ts';

/** The answer as it stands; null for offset 0. */
export async function askWindshift(
  capability: Capability,
  name: string,
  request: string | Uint8Array,
  facts: CallFacts = {},
): Promise<string | null> {
  const payload = typeof request === 'string' ? new TextEncoder().encode(request) : request;
  try {
    return textOf(await callFunction(capability, name, [payload], { ...facts, dialect: 'windshift' }));
  } catch (error) {
    if (error instanceof ClocheError) return toldOf(capability, name, error);
    throw error;
  }
}

/** What the plugin hears of a failure of the host, such as a missing grant. */
export function whenFailed(
  capability: Capability,
  name: string,
  code: ErrorCode,
  message: string,
): Promise<string | null> {
  return toldOf(capability, name, new ClocheError(code, message));
}

async function toldOf(capability: Capability, name: string, error: ClocheError): Promise<string | null> {
  return textOf(await functionOf(capability, name, 'windshift')?.failed?.(error));
}

function textOf(answer: unknown): string | null {
  return answer === null ? null : new TextDecoder('utf-8', { ignoreBOM: true }).decode(answer as Uint8Array);
}
