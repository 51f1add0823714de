// Every option of Cloche with its default, range and example: this file is the reference.

import type { Capability } from './capabilities/capability.ts';
import { ClocheError } from './errors.ts';
import type { ExtensionPoint } from './extensions/points.ts';
import type { HostCallWay, LogLevel } from './runtime/wire/protocol.ts';
import { checkSignal, checkType, entriesOf, givenOptions, type KeysOf } from './util/given-options.ts';

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
  /** Extism vars in bytes: for each, key + value + 48. 0 switches vars off. @default 1048576 (1 MiB) */
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
  /** HTTP requests a minute, in each tab; then RATE_LIMITED, or 429 for Windshift. 0 to 100000. @default 300, 5 a second */
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

/** What a user grants: see `permissions/grants.ts`. */
export type Grant = 'manifest' | 'all' | 'none' | Readonly<Record<string, unknown>>;

export interface HostOptions {
  /** @example { timeoutMs: 2_000, memoryBytes: 32 << 20 } */
  limits?: Partial<Limits>;
  /**
   * What plugins can be granted at all. To add some, or to take one away, start from `defaultCapabilities()`.
   * @default defaultCapabilities({ storage })
   */
  capabilities?: readonly Capability[];
  /** A server for what no page can do; it serves those of the `capabilities` that need one and have none. @default none */
  relay?: RelayOptions;
  /** The most that any plugin gets, by capability; `false` forbids one. @example { http: { allow: ['*.example.com'] } } */
  policy?: Readonly<Record<string, unknown>>;
  /** Name of the databases; two hosts of one name share their plugins. In IndexedDB, see `host.environment.storage`. @default 'cloche' */
  storage?: string;
  /** Sandboxes that may live at once; the one idle longest sleeps first. 1 to 64. @default 8 */
  live?: number;
  /** Idle ms before a sandbox is put to sleep. 1000 and up. @default 30000 */
  idleMs?: number;
  /** What plugins log below this level is dropped in the worker. @default 'info' */
  logLevel?: LogLevel | 'off';
  /** How guests wait for the page. @default 'auto': JSPI, then atomics, then the service worker */
  hostCalls?: 'auto' | HostCallWay;
  /** Switches the whole plugin system off: what is installed is listed and nothing runs. `?plugins=off` in the address of
   * the page does the same. @default false */
  disabled?: boolean;
  /**
   * Where plugins can add something to this app, by name; `host.extensions()` lists what they add.
   * @default { 'admin.tab': {} }, which is always there @example { 'item.panel': { schema: v.object({ … }) } }
   */
  extensionPoints?: Readonly<Record<string, ExtensionPoint>>;
  /** URL of `cloche-sw.js` on the page's own origin, for engines without JSPI. @default none */
  serviceWorker?: string | URL;
}

/** The app's server that speaks `docs/relay.openapi.yaml`. */
export interface RelayOptions {
  /** `/v1/<function>` is added to it. https, or http on this machine. @example 'https://example.com/relay' */
  url: string | URL;
  /**
   * Sent with each request, a token for example; a function is asked before each attempt. They go to the relay only, and
   * never reach a worker, a frame, a log or an error. What the function throws is reported to the page.
   * @default none @example async () => ({ Authorization: `Bearer ${await token()}` })
   */
  headers?: HeadersInit | (() => HeadersInit | Promise<HeadersInit>);
  /** Takes the place of the page's `fetch`; must honour `signal` and `redirect`. @default fetch */
  fetch?: typeof fetch;
}

export interface InstallOptions {
  /** @default 'manifest': what the manifest asks for, never more than the policy */
  grant?: Grant;
  /** Lower than the host's, or they have no effect. */
  limits?: Partial<Limits>;
  /** Config of the plugin; each key replaces the manifest's. */
  config?: Readonly<Record<string, string>>;
  /**
   * Takes the place of an installed plugin of the same id: `'keep'`, or true, is an update, with its data and all that
   * was set for it; `'wipe'` deletes both. @default false
   */
  replace?: boolean | 'keep' | 'wipe';
  /**
   * What it begins with where its id is free: nothing, or with `'keep'` the data that the last plugin of this id left,
   * whoever's that was. @default 'empty'
   */
  data?: 'empty' | 'keep';
  /** Id of the plugin, whatever its manifest says. @default the manifest's, else made from the name or the hash */
  id?: string;
  /** Aborts fetching and starting. */
  signal?: AbortSignal;
}

export interface CallOptions {
  signal?: AbortSignal;
  /** Lower than the plugin's `timeoutMs`, or it has no effect. */
  timeoutMs?: number;
  /** Handed to host functions as `context.context`; never reaches the worker. */
  context?: unknown;
}

const INSTALL_KEYS: KeysOf<InstallOptions> = {
  grant: true,
  limits: true,
  config: true,
  replace: true,
  data: true,
  id: true,
  signal: true,
};

const CALL_KEYS: KeysOf<CallOptions> = { signal: true, timeoutMs: true, context: true };

/** A copy of the options of `install` or `open`. @throws {ClocheError} OPTION_INVALID for an unknown one */
export function givenInstall(place: 'install' | 'open', given: unknown): InstallOptions {
  const options = givenOptions(`\`${place}\``, given, INSTALL_KEYS);
  checkSignal(options.signal);
  return options;
}

/** A copy of the options of a call. @throws {ClocheError} OPTION_INVALID for an unknown one, and out of range */
export function givenCall(place: string, given: unknown): CallOptions {
  const options = givenOptions(`\`${place}\``, given, CALL_KEYS);
  checkSignal(options.signal);
  if (options.timeoutMs !== undefined) wholeNumber('timeoutMs', options.timeoutMs, 1, 600_000);
  return options;
}

/** Whether data is to go with its plugin. @throws {ClocheError} OPTION_INVALID for anything but `{ wipe?: boolean }` */
export function givenWipe(place: string, given: unknown): boolean {
  const { wipe = false } = givenOptions<{ wipe: boolean }>(`\`${place}\``, given, { wipe: true });
  checkType('wipe', wipe, 'boolean');
  return wipe;
}

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

/** @throws {ClocheError} OPTION_INVALID unless `value` is a whole number from `min` to `max`. */
export function wholeNumber(name: string, value: unknown, min: number, max: number): number {
  if (typeof value === 'number' && Number.isSafeInteger(value) && value >= min && value <= max) return value;
  throw new ClocheError(
    'OPTION_INVALID',
    `Expected \`${name}\` to be a whole number from ${min} to ${max}, got \`${String(value)}\` (${typeof value})`,
  );
}

/** @throws {ClocheError} OPTION_INVALID unless `config` is an object of strings. */
export function checkedConfig(config: unknown = {}): ReadonlyMap<string, string> {
  const entries = entriesOf('config', config);
  if (entries.every(([, value]) => typeof value === 'string')) return new Map(entries as [string, string][]);
  throw new ClocheError('OPTION_INVALID', 'Expected `config` to be an object of strings');
}

/** First part of the databases' names. @throws {ClocheError} OPTION_INVALID for what is not fit for one */
export function storageName(value: unknown = 'cloche'): string {
  if (typeof value === 'string' && /^[A-Za-z0-9_-]{1,64}$/.test(value)) return value;
  throw new ClocheError('OPTION_INVALID', 'Expected `storage` to be 1 to 64 letters, digits, "_" or "-"');
}

/** @throws {ClocheError} OPTION_INVALID unless `value` is one of the words. */
export function oneOf<T extends string>(name: string, value: unknown, words: readonly T[]): T {
  const found = words.find((word) => word === value);
  if (found !== undefined) return found;
  const given = typeof value === 'string' ? JSON.stringify(value.slice(0, 60)) : typeof value;
  throw new ClocheError('OPTION_INVALID', `Expected \`${name}\` to be one of ${words.join(', ')}, got ${given}`);
}

export function isLimit(name: string): name is keyof Limits {
  return Object.hasOwn(LIMITS, name);
}

/** The lowest and the highest value that a limit may have. */
export function limitRange(name: keyof Limits): [number, number] {
  const [, min, max] = LIMITS[name];
  return [min, max];
}
