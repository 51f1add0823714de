// Checks what `createHost` is given, once, before anything is opened.

import { type Capability, checkedCapabilities } from '../capabilities/capability.ts';
import { defaultCapabilities } from '../capabilities/defaults.ts';
import { withRelay } from '../capabilities/with-relay.ts';
import { storageName } from '../database/storage-name.ts';
import type { Dialect, Dialects } from '../dialects/dialect.ts';
import { DEFAULT_DIALECTS } from '../dialects/index.ts';
import { ClocheError } from '../errors.ts';
import { checkedPoints, type ExtensionPoint } from '../extensions/points.ts';
import { checkedLimits, type Limits } from '../limits.ts';
import { type HostOptions, pluginIsolation } from '../options.ts';
import { checkedPolicy } from '../permissions/grants.ts';
import type { IsolationChoice } from '../runtime/environment.ts';
import { LOG_LEVELS } from '../runtime/wire/log-level.ts';
import { checkType, givenOptions, type KeysOf, oneOf, read, wholeNumber } from '../util/given-options.ts';

/**
 * Chromium has room for 125 memories in a process, and a plugin takes two; what is left is for a spare, for plugins of several
 * modules, and in a compartment for the app's own.
 */
const MOST_LIVE = 60;
const HOST_CALL_WAYS = ['auto', 'jspi', 'atomics', 'service-worker', 'none'] as const;

/** What a host was made with, checked and complete. */
export interface CheckedOptions {
  readonly limits: Limits;
  readonly capabilities: readonly Capability[];
  readonly dialects: Dialects;
  readonly policy: ReadonlyMap<string, unknown>;
  /** A copy, which is checked when what reads it is there; undefined without. */
  readonly trust: unknown;
  /** A copy, likewise; undefined or false without. */
  readonly audit: unknown;
  readonly usage: boolean | undefined;
  readonly ask: HostOptions['ask'];
  readonly verifyLicense: HostOptions['verifyLicense'];
  readonly storage: string;
  readonly live: number;
  readonly idleMs: number;
  readonly logLevel: NonNullable<HostOptions['logLevel']>;
  readonly hostCalls: NonNullable<HostOptions['hostCalls']>;
  readonly isolation: IsolationChoice;
  readonly requireOwnProcess: boolean;
  readonly serviceWorker: string | URL | undefined;
  readonly disabled: boolean;
  readonly extensionPoints: ReadonlyMap<string, ExtensionPoint>;
}

const KEYS: KeysOf<HostOptions> = {
  limits: true,
  capabilities: true,
  dialects: true,
  relay: true,
  policy: true,
  trust: true,
  audit: true,
  usage: true,
  ask: true,
  verifyLicense: true,
  storage: true,
  live: true,
  idleMs: true,
  logLevel: true,
  hostCalls: true,
  isolation: true,
  requireOwnProcess: true,
  disabled: true,
  extensionPoints: true,
  serviceWorker: true,
};

/** @throws {ClocheError} OPTION_INVALID for what is unknown or out of range. */
export function checkedOptions(given: unknown): CheckedOptions {
  const options = givenOptions('`createHost`', given, KEYS);
  checkType('disabled', options.disabled, 'boolean');
  checkType('usage', options.usage, 'boolean');
  checkType('ask', options.ask, 'function');
  checkType('verifyLicense', options.verifyLicense, 'function');
  const { live = 8, idleMs = 30_000, logLevel = 'info', hostCalls = 'auto' } = options;
  const isolation = pluginIsolation(options);
  const storage = storageName(options.storage);
  const { capabilities: offered = defaultCapabilities({ storage }) } = options;
  const capabilities = withRelay(checkedCapabilities(offered), options.relay);
  return {
    limits: checkedLimits(options.limits),
    capabilities: [...capabilities],
    dialects: checkedDialects(options.dialects),
    policy: checkedPolicy(options.policy, capabilities),
    trust: read('`trust`', () => structuredClone(options.trust)),
    audit: read('`audit`', () => (isObject(options.audit) ? { ...options.audit } : options.audit)),
    usage: options.usage,
    ask: options.ask,
    verifyLicense: options.verifyLicense,
    storage,
    live: wholeNumber('live', live, 1, MOST_LIVE),
    idleMs: wholeNumber('idleMs', idleMs, 1_000, 2_147_483_647),
    logLevel: oneOf('logLevel', logLevel, [...LOG_LEVELS, 'off']),
    hostCalls: oneOf('hostCalls', hostCalls, HOST_CALL_WAYS),
    isolation: isolation === 'own-process' ? 'process' : isolation,
    requireOwnProcess: isolation === 'own-process',
    serviceWorker: options.serviceWorker,
    disabled: options.disabled || isSafeMode(),
    extensionPoints: checkedPoints(options.extensionPoints),
  };
}

/** @throws {ClocheError} OPTION_INVALID for what is not a list of dialects, and for two of one name */
function checkedDialects(given: unknown): Dialects {
  if (given === undefined) return DEFAULT_DIALECTS;
  const dialects: readonly unknown[] = Array.isArray(given) ? [...given] : [undefined];
  if (!dialects.every(isDialect)) {
    throw new ClocheError(
      'OPTION_INVALID',
      'Expected `dialects` to be an array of dialects, as `await defaultDialects()` gives',
    );
  }
  const names = dialects.map(({ name }) => name);
  const twice = names.find((name, index) => names.indexOf(name) < index);
  if (twice === undefined) return { bare: [], all: async () => dialects };
  throw new ClocheError('OPTION_INVALID', `Two of the \`dialects\` have the name \`${twice}\``);
}

function isDialect(value: unknown): value is Dialect {
  if (!isObject(value)) return false;
  const { name, label, marks, recognise } = value as Partial<Dialect>;
  const isNamed = typeof name === 'string' && /^[a-z0-9-]{1,64}$/.test(name);
  return isNamed && typeof label === 'string' && typeof marks === 'string' && typeof recognise === 'function';
}

function isObject(value: unknown): value is object {
  return typeof value === 'object' && value !== null;
}

/** A plugin may break the very page on which an admin would remove it: `?plugins=off` in its address always works. */
function isSafeMode(): boolean {
  return new URLSearchParams(globalThis.location?.search).get('plugins') === 'off';
}
