// What a caller may say of one call.

import { checkSignal, givenOptions, type KeysOf, wholeNumber } from '../../util/given-options.ts';

export interface CallOptions {
  signal?: AbortSignal;
  /** Lower than the plugin's `timeoutMs`, or it has no effect. */
  timeoutMs?: number;
  /** Handed to host functions as `context.context`; never reaches the worker. */
  context?: unknown;
}

const CALL_KEYS: KeysOf<CallOptions> = { signal: true, timeoutMs: true, context: true };

/** A copy of the options of a call. @throws {ClocheError} OPTION_INVALID for an unknown one, and out of range */
export function givenCall(place: string, given: unknown): CallOptions {
  const options = givenOptions(`\`${place}\``, given, CALL_KEYS);
  checkSignal(options.signal);
  if (options.timeoutMs !== undefined) wholeNumber('timeoutMs', options.timeoutMs, 1, 600_000);
  return options;
}
