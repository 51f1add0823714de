// The limits as a person edits them: a name, and a unit that keeps the numbers short.

import type { Limits } from '../../../src/limits.ts';

export interface LimitField {
  readonly name: keyof Limits;
  readonly label: string;
  readonly unit: string;
  /** Bytes or milliseconds in one unit. */
  readonly scale: number;
}

const KIB = 1 << 10;
const MIB = 1 << 20;

/** Those that a plugin meets first. */
export const MAIN_FIELDS: readonly LimitField[] = [
  { name: 'timeoutMs', label: 'Time of a call', unit: 'ms', scale: 1 },
  { name: 'memoryBytes', label: 'Memory', unit: 'MiB', scale: MIB },
  { name: 'exchangeBytes', label: 'Input and output', unit: 'MiB', scale: MIB },
  { name: 'varBytes', label: 'Vars', unit: 'KiB', scale: KIB },
  { name: 'storageBytes', label: 'Storage', unit: 'KiB', scale: KIB },
];

export const OTHER_FIELDS: readonly LimitField[] = [
  { name: 'startTimeoutMs', label: 'Time to start', unit: 'ms', scale: 1 },
  { name: 'busyMsPerMinute', label: 'Computing', unit: 'ms/min', scale: 1 },
  { name: 'tableElements', label: 'Table elements', unit: '', scale: 1 },
  { name: 'queuedCalls', label: 'Calls that wait', unit: '', scale: 1 },
  { name: 'httpResponseBytes', label: 'HTTP response', unit: 'KiB', scale: KIB },
  { name: 'httpInFlight', label: 'HTTP at once', unit: '', scale: 1 },
  { name: 'httpPerMinute', label: 'HTTP requests', unit: 'a min', scale: 1 },
  { name: 'httpTimeoutMs', label: 'HTTP time', unit: 'ms', scale: 1 },
  { name: 'logLines', label: 'Log lines', unit: 'a min', scale: 1 },
  { name: 'logLineBytes', label: 'Log line', unit: 'bytes', scale: 1 },
];
