// The limits of a plugin, with their defaults and ranges: this file is the reference.

import { givenOptions, wholeNumber } from './util/given-options.ts';

/** Limits of one plugin. The host sets them for all; a manifest or `install` may only lower them. */
export interface Limits {
  /** Wall-clock time of a call in ms. @default 5000 */
  timeoutMs: number;
  /** Compiling and instantiating, in ms. @default 10000 */
  startTimeoutMs: number;
  /** Linear memory of each module in bytes, rounded down to pages of 64 KiB. @default 67108864 (64 MiB) */
  memoryBytes: number;
  /** Pages that each linear memory may grow beyond what it starts with, within `memoryBytes`. @default 65535 */
  growthPages: number;
  /** Elements of each table. @default 100000 */
  tableElements: number;
  /**
   * Input, output, and what host calls carry, all together, in bytes: an echo of half of it just fits. Over it a call
   * ends with OUTPUT_TOO_LARGE or OUT_OF_MEMORY, unless the plugin looks whether it got its memory. @default 16777216 (16 MiB)
   */
  exchangeBytes: number;
  /** Vars of an instance in bytes: for each, key + value + 48. 0 switches vars off. @default 1048576 (1 MiB) */
  varBytes: number;
  /** One module in bytes. @default 33554432 (32 MiB) */
  moduleBytes: number;
  /** One package in bytes, packed or unpacked. @default 33554432 (32 MiB) */
  packageBytes: number;
  /** What a plugin may store in bytes, keys included. @default 5242880 (5 MiB) */
  storageBytes: number;
  /** Body of an HTTP response in bytes, decoded. @default 10485760 (10 MiB) */
  httpResponseBytes: number;
  /** HTTP requests under way. @default 6 */
  httpInFlight: number;
  /** HTTP requests a minute, in each tab; then RATE_LIMITED, or what the dialect says for it. 0 to 100000. @default 300, 5 a second */
  httpPerMinute: number;
  /** One HTTP request in ms. @default 10000 */
  httpTimeoutMs: number;
  /** Log lines a minute; then one line says how many were cut. @default 1000 */
  logLines: number;
  /** One log line in bytes; longer ones are cut. @default 8192 */
  logLineBytes: number;
  /** Calls that may wait for the one that runs; more are refused with BUSY. @default 64 */
  queuedCalls: number;
  /** Computing time a minute in ms, host calls not counted; then RATE_LIMITED. @default 45000 */
  busyMsPerMinute: number;
}

/** `[default, lowest, highest]` of each limit. */
const LIMITS: { readonly [K in keyof Limits]: readonly [number, number, number] } = {
  timeoutMs: [5_000, 1, 600_000],
  startTimeoutMs: [10_000, 1, 600_000],
  memoryBytes: [64 << 20, 65_536, 4_294_901_760],
  growthPages: [65_535, 0, 65_535],
  tableElements: [100_000, 0, 10_000_000],
  exchangeBytes: [16 << 20, 65_536, 1 << 30],
  varBytes: [1 << 20, 0, 1 << 30],
  moduleBytes: [32 << 20, 8, 1 << 30],
  packageBytes: [32 << 20, 8, 1 << 30],
  storageBytes: [5 << 20, 0, 1 << 30],
  httpResponseBytes: [10 << 20, 0, 1 << 30],
  httpInFlight: [6, 1, 100],
  httpPerMinute: [300, 0, 100_000],
  httpTimeoutMs: [10_000, 1, 600_000],
  logLines: [1_000, 0, 100_000],
  logLineBytes: [8_192, 64, 1 << 20],
  queuedCalls: [64, 0, 10_000],
  busyMsPerMinute: [45_000, 1, 60_000],
};

/** The limits of a host that was given none. */
export const DEFAULT_LIMITS: Limits = Object.fromEntries(
  Object.entries(LIMITS).map(([name, [value]]) => [name, value]),
) as unknown as Limits;

/**
 * Limits as they were given: checked, and without those that were left open.
 * @throws {ClocheError} OPTION_INVALID for an unknown limit and for a value that is not a whole number in its range.
 */
export function givenLimits(given: unknown): Partial<Limits> {
  const limits = givenOptions<Limits>('`limits`', given, LIMITS);
  for (const [name, value] of Object.entries(limits)) wholeNumber(name, value, ...limitRange(name as keyof Limits));
  return limits;
}

/** As {@link givenLimits}, with the defaults for the others. */
export function checkedLimits(given: unknown): Limits {
  return { ...DEFAULT_LIMITS, ...givenLimits(given) };
}

/** The lower of each pair: a plugin never gets more than its host allows. */
export function lowerLimits(host: Limits, asked: Partial<Limits>): Limits {
  const limits = { ...host };
  for (const name of Object.keys(limits) as (keyof Limits)[]) {
    const value = asked[name];
    if (value !== undefined) limits[name] = Math.min(limits[name], value);
  }
  return limits;
}

export function isLimit(name: string): name is keyof Limits {
  return Object.hasOwn(LIMITS, name);
}

/** The lowest and the highest value that a limit may have. */
export function limitRange(name: keyof Limits): [number, number] {
  const [, min, max] = LIMITS[name];
  return [min, max];
}
