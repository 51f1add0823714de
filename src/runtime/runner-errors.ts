// How a call or a start of a plugin can fail, in words that name it.

import { ClocheError, type ErrorCode, type ErrorFacts, messageOf } from '../errors.ts';
import { visibleText } from '../util/text/visible-text.ts';
import type { RunningCall } from './calls/running-call.ts';
import type { WireFailure } from './wire/protocol.ts';

/** Longest text of a plugin within a message, in bytes. */
const MESSAGE_BYTES = 2_000;

const WAITED = ': it waited for a host function, and did not return when that was given up';

type Facts = Omit<ErrorFacts, 'plugin'>;

export function pluginError(plugin: string, code: ErrorCode, message: string, facts: Facts = {}): ClocheError {
  return new ClocheError(code, message, { ...facts, plugin });
}

/** The same, which says of which plugin where it is an error of ours. */
export function named<T>(plugin: string, thrown: T): T | ClocheError {
  if (!(thrown instanceof ClocheError) || thrown.plugin !== undefined) return thrown;
  return pluginError(plugin, thrown.code, `Plugin "${plugin}": ${thrown.message}`, thrown);
}

/** What the page did to it counts against nobody: the call is as if it had never been made. */
export function isBlameless(thrown: unknown): boolean {
  return thrown instanceof ClocheError && thrown.code === 'FRAME_REMOVED';
}

export function hostClosed(): ClocheError {
  return new ClocheError('CLOSED', 'The host is closed; make a new one with `createHost`');
}

export function closed(plugin: string): ClocheError {
  return pluginError(plugin, 'CLOSED', `Plugin "${plugin}" is closed`);
}

export function aborted(plugin: string, { reason: cause }: AbortSignal): ClocheError {
  return pluginError(plugin, 'ABORTED', `The call of plugin "${plugin}" was aborted`, { cause });
}

export function switchedOff(plugin: string): ClocheError {
  return pluginError(plugin, 'DISABLED', `Plugin "${plugin}" is switched off; call \`enable()\` first`);
}

export function allSwitchedOff(plugin: string): ClocheError {
  return pluginError(plugin, 'DISABLED', `Plugins are switched off here as a whole, and "${plugin}" with them`);
}

/** @param revoked something that was granted was taken away */
export function ended(plugin: string, why: string, revoked: boolean): ClocheError {
  const what = `Plugin "${plugin}" was ended: ${why}`;
  if (!revoked) return pluginError(plugin, 'ABORTED', what);
  return pluginError(plugin, 'REVOKED', `${what}, and something that it had been granted was taken away`);
}

export function quarantined(plugin: string): ClocheError {
  const what = `Plugin "${plugin}" was ended three times within a minute`;
  return pluginError(plugin, 'QUARANTINED', `${what}; look at its log, then call \`enable()\``);
}

export function reentrant(plugin: string, exportName: string): ClocheError {
  const what = `\`${exportName}\` was called by a host function that plugin "${plugin}" is waiting for`;
  return pluginError(plugin, 'REENTRANT', what);
}

export function inputTooLarge(plugin: string, exportName: string, bytes: number, most: number): ClocheError {
  const allowed = `\`exchangeBytes\` of plugin "${plugin}" allows ${most}`;
  return pluginError(plugin, 'INPUT_TOO_LARGE', `The input of \`${exportName}\` has ${bytes} bytes; ${allowed}`);
}

export function computedTooMuch(plugin: string, ms: number): ClocheError {
  return pluginError(plugin, 'RATE_LIMITED', `Plugin "${plugin}" has computed ${ms} ms in this minute; call it later`);
}

export function otherTabsTooLong(plugin: string): ClocheError {
  return pluginError(plugin, 'BUSY', `Calls of plugin "${plugin}" in other tabs did not end in time`);
}

/** @param waited the guest waited for a host function, and did not return when that was given up */
export function callTooLong(plugin: string, exportName: string, ms: number, waited: boolean): ClocheError {
  const what = `Export \`${exportName}\` of plugin "${plugin}" ran longer than ${ms} ms${waited ? WAITED : ''}`;
  const then = 'its worker was ended, and the next call starts afresh';
  return pluginError(plugin, waited ? 'HOST_TIMEOUT' : 'TIMEOUT', `${what}; ${then}`);
}

/** @param waited as above */
export function startTooLong(plugin: string, ms: number, waited: boolean): ClocheError {
  const what = `Plugin "${plugin}" was not ready after ${ms} ms${waited ? WAITED : ''}`;
  return pluginError(plugin, waited ? 'HOST_TIMEOUT' : 'START_TIMEOUT', `${what}; its worker was ended`);
}

/** @param thrown by what a host function had left to do when the guest had returned */
export function unfinished(plugin: string, thrown: unknown): ClocheError {
  if (thrown instanceof ClocheError) return named(plugin, thrown);
  const message = `What a host function of plugin "${plugin}" had left to do failed: ${messageOf(thrown)}`;
  return pluginError(plugin, 'HOST_FUNCTION_FAILED', message, { cause: thrown });
}

/** What the guest, or the worker on its behalf, said of a failure. */
export function failure(plugin: string, { error }: WireFailure, call: RunningCall): ClocheError {
  const where = call.exportName === undefined ? 'Starting' : `Export \`${call.exportName}\` of`;
  // The words are the plugin's or an engine's; `detail` has them as they came.
  const message = `${where} plugin "${plugin}" failed: ${visibleText(error.message, MESSAGE_BYTES)}`;
  const cause = call.hostFailure;
  if (error.code !== 'HOST_FUNCTION_FAILED' || cause === undefined) {
    return pluginError(plugin, error.code, message, error);
  }
  // What a host function threw never went to the worker; the caller may have it.
  return pluginError(plugin, error.code, `${message}: ${messageOf(cause)}`, { ...error, cause });
}
