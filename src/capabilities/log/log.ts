// Capability `log`: always granted, and without functions of its own. The log functions of a guest's ABI and the standard output
// of WASI come as messages, so that a guest never waits for its log; a dialect may have a function of its own.

import { LOG_LEVELS } from '../../runtime/wire/log-level.ts';
import type { LogLevel } from '../../runtime/wire/protocol.ts';
import { givenOptions, wholeNumber } from '../../util/given-options.ts';
import { type Capability, defineCapability } from '../capability.ts';
import { sentence } from '../sentences.ts';

export interface LogOptions {
  /** Lines kept a plugin; the oldest go first. 0 to 100,000. @default 500 */
  ring?: number;
}

export interface LogCapability extends Capability {
  readonly name: 'log';
  /** For the host's `LogBook`. */
  readonly ring: number;
}

export const DEFAULT_RING = 500;

/** @throws {ClocheError} OPTION_INVALID unless `ring` is in its range. */
export function log(options: LogOptions = {}): LogCapability {
  const { ring: lines = DEFAULT_RING } = givenOptions<LogOptions>('`log()`', options, { ring: true });
  const ring = wholeNumber('ring', lines, 0, 100_000);
  const capability = defineCapability({
    name: 'log',
    risk: 'low',
    summary: sentence('log', 'Write to its log.'),
    functions: {},
    services: { log: true },
  });
  return { ...capability, name: 'log', ring };
}

/** The lines a plugin keeps under these capabilities. */
export function ringOf(capabilities: readonly Capability[]): number {
  const found = capabilities.find((capability): capability is LogCapability => 'ring' in capability);
  return found?.ring ?? DEFAULT_RING;
}

const LEVELS: readonly (LogLevel | 'off')[] = [...LOG_LEVELS, 'off'];

/** Whether a plugin's line is kept where the host asks for lines from `least` up. */
export function isHeard(level: LogLevel, least: LogLevel | 'off'): boolean {
  return LEVELS.indexOf(level) >= LEVELS.indexOf(least);
}
