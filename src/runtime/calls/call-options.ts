// What a caller may say of one call.

import { checkSignal, checkType, givenOptions, type KeysOf, wholeNumber } from '../../util/given-options.ts';

export interface CallOptions {
  signal?: AbortSignal;
  /** Lower than the plugin's `timeoutMs`, or it has no effect. */
  timeoutMs?: number;
  /** Handed to host functions as `context.context`; never reaches the worker. */
  context?: unknown;
}

export interface InputOptions extends CallOptions {
  /**
   * Whether the input's `ArrayBuffer` is handed over rather than copied: it is empty afterwards, however the call ends. Bytes
   * must be all of their buffer. @default false
   */
  transfer?: boolean;
}

/** For options that a call has among others. */
export const CALL_KEYS: KeysOf<CallOptions> = { signal: true, timeoutMs: true, context: true };
const INPUT_KEYS: KeysOf<InputOptions> = { ...CALL_KEYS, transfer: true };

/** A copy of the options of a call. @throws {ClocheError} OPTION_INVALID for an unknown one, and out of range */
export function givenCall(place: string, given: unknown): CallOptions {
  return checkedCall(givenOptions(`\`${place}\``, given, CALL_KEYS));
}

/** As {@link givenCall}, for a call with an input. */
export function givenInputCall(place: string, given: unknown): InputOptions {
  const options = givenOptions(`\`${place}\``, given, INPUT_KEYS);
  checkType('transfer', options.transfer, 'boolean');
  return checkedCall(options);
}

/** The same options. @throws {ClocheError} OPTION_INVALID out of range */
export function checkedCall<T extends CallOptions>(options: T): T {
  checkSignal(options.signal);
  if (options.timeoutMs !== undefined) wholeNumber('timeoutMs', options.timeoutMs, 1, 600_000);
  return options;
}
