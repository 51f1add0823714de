// Checks what `createHost` is given, once, before anything is opened.

import type { Capability } from './capabilities/capability.ts';
import { defaultCapabilities } from './capabilities/defaults.ts';
import { withRelay } from './capabilities/relayed.ts';
import { ClocheError } from './errors.ts';
import { checkedPoints, type ExtensionPoint } from './extensions/extension-points.ts';
import { checkedLimits, type HostOptions, type Limits, oneOf, wholeNumber } from './options.ts';
import { checkedPolicy } from './permissions/grants.ts';

const LOG_LEVELS = ['trace', 'debug', 'info', 'warn', 'error', 'off'] as const;
const HOST_CALL_WAYS = ['auto', 'jspi', 'atomics', 'service-worker', 'none'] as const;

/** What a host was made with, checked and complete. */
export interface CheckedOptions {
  readonly limits: Limits;
  readonly capabilities: readonly Capability[];
  readonly policy: ReadonlyMap<string, unknown>;
  readonly storage: string;
  readonly live: number;
  readonly idleMs: number;
  readonly logLevel: NonNullable<HostOptions['logLevel']>;
  readonly hostCalls: NonNullable<HostOptions['hostCalls']>;
  readonly serviceWorker: string | URL | undefined;
  readonly disabled: boolean;
  readonly extensionPoints: ReadonlyMap<string, ExtensionPoint>;
}

/** @throws {ClocheError} OPTION_INVALID for what is unknown or out of range. */
export function checkedOptions(options: HostOptions): CheckedOptions {
  const storage = options.storage ?? 'cloche';
  if (!/^[A-Za-z0-9_-]{1,64}$/.test(storage)) {
    throw new ClocheError('OPTION_INVALID', 'Expected `storage` to be 1 to 64 letters, digits, "_" or "-"');
  }
  const capabilities = withRelay(options.capabilities ?? defaultCapabilities({ storage }), options.relay);
  return {
    limits: checkedLimits(options.limits),
    capabilities: [...capabilities],
    policy: checkedPolicy(options.policy, capabilities),
    storage,
    live: wholeNumber('live', options.live ?? 8, 1, 64),
    idleMs: wholeNumber('idleMs', options.idleMs ?? 30_000, 1_000, 2_147_483_647),
    logLevel: oneOf('logLevel', options.logLevel ?? 'info', LOG_LEVELS),
    hostCalls: oneOf('hostCalls', options.hostCalls ?? 'auto', HOST_CALL_WAYS),
    serviceWorker: options.serviceWorker,
    disabled: (options.disabled ?? false) || isSafeMode(),
    extensionPoints: checkedPoints(options.extensionPoints),
  };
}

/** A plugin may break the very page on which an admin would remove it: `?plugins=off` in its address always works. */
function isSafeMode(): boolean {
  return new URLSearchParams(globalThis.location?.search).get('plugins') === 'off';
}
