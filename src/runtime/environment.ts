// What the engine and the page can do, and which way of waiting follows from it.

import type { StoragePlace } from '../database/open-database.ts';
import { ClocheError, messageOf } from '../errors.ts';
import { dispose } from '../util/dispose.ts';
import { openCell } from './isolation/cell.ts';
import { openSameOrigin } from './isolation/same-origin.ts';
import type { WorkerHost } from './isolation/worker-host.ts';
import type { AnswerChannel } from './wait/answer-channel.ts';
import { openServiceWorker } from './wait/service-worker-channel.ts';
import { openSharedMemory } from './wait/shared-memory-channel.ts';
import type { HostCallWay, WaitSetup } from './wire/protocol.ts';

/** What `host.environment` says. */
export interface Environment extends StoragePlace, IsolationFacts {}

/** What of it the engine and the page decide. */
export interface IsolationFacts {
  /** How a plugin waits for a host function. `none`: plugins run, and host functions that must wait fail by name. */
  readonly hostCalls: HostCallWay;
  /** Where workers live. `same-origin` only where the engine can wait nowhere else. */
  readonly isolation: 'opaque-origin' | 'same-origin' | 'none';
  /** One sentence: why it is so. */
  readonly reason: string;
}

/** How sandboxes of a host are made. */
export interface Isolation {
  readonly environment: IsolationFacts;
  openWorkerHost(): Promise<WorkerHost>;
  openAnswerChannel(): AnswerChannel;
}

/** What was asked for; see `HostOptions`. */
export interface IsolationOptions {
  readonly hostCalls: 'auto' | HostCallWay;
  readonly serviceWorker: string | URL | undefined;
}

/** Never throws for a missing feature: it says so, and what needs the feature fails with a code that names it. */
export async function chooseIsolation({ hostCalls: wanted, serviceWorker }: IsolationOptions): Promise<Isolation> {
  const missing = missingBasics();
  if (missing) return unusable(missing);
  if (wanted === 'none') return withoutHostCalls('the host was made with `hostCalls: "none"`');

  const refusals: string[] = [];
  if (wanted === 'auto' || wanted === 'jspi') {
    if (hasJspi()) return withJspi();
    refusals.push('the engine has no JSPI');
  }
  if (wanted === 'auto' || wanted === 'atomics') {
    if (globalThis.crossOriginIsolated && typeof SharedArrayBuffer === 'function') return withAtomics(refusals);
    refusals.push('the page is not cross-origin isolated, so it has no shared memory');
  }
  if (wanted === 'auto' || wanted === 'service-worker') {
    if (serviceWorker === undefined) {
      refusals.push('no `serviceWorker` was given');
    } else {
      try {
        return await withServiceWorker(serviceWorker, refusals);
      } catch (thrown) {
        refusals.push(`the service worker did not start (${messageOf(thrown)})`);
      }
    }
  }
  return withoutHostCalls(refusals.join(', and '));
}

/** Of a host whose plugins are switched off as a whole: nothing is opened, and nothing asks for it. */
export function switchedOff(): Isolation {
  return unusable('plugins are switched off here as a whole');
}

function hasJspi(): boolean {
  return 'Suspending' in WebAssembly && 'promising' in WebAssembly;
}

function missingBasics(): string | undefined {
  if (typeof document === 'undefined') return 'there is no document to keep a frame in';
  if (typeof WebAssembly === 'undefined') return 'the engine has no WebAssembly';
  if (typeof Worker === 'undefined') return 'the engine has no workers';
  return undefined;
}

function withJspi(): Isolation {
  return {
    environment: {
      hostCalls: 'jspi',
      isolation: 'opaque-origin',
      reason:
        'The engine can suspend WebAssembly (JSPI), so plugins live in an opaque origin and wait without blocking.',
    },
    openWorkerHost: () => openCell(),
    openAnswerChannel: () => unblocked({ way: 'jspi' }),
  };
}

function withAtomics(refusals: readonly string[]): Isolation {
  return {
    environment: {
      hostCalls: 'atomics',
      isolation: 'same-origin',
      reason: sentence(
        refusals,
        'plugins wait on shared memory, which exists only in workers of the page’s own origin',
      ),
    },
    openWorkerHost: () => openSameOrigin(),
    openAnswerChannel: openSharedMemory,
  };
}

async function withServiceWorker(url: string | URL, refusals: readonly string[]): Promise<Isolation> {
  const channel = await openServiceWorker(url);
  return {
    environment: {
      hostCalls: 'service-worker',
      isolation: 'same-origin',
      reason: sentence(refusals, 'plugins wait for a request that the page’s service worker answers'),
    },
    openWorkerHost: () => openSameOrigin(),
    openAnswerChannel: channel.open,
  };
}

function withoutHostCalls(why: string): Isolation {
  return {
    environment: {
      hostCalls: 'none',
      isolation: 'opaque-origin',
      reason: sentence([why], 'plugins run, and host functions that must wait fail with HOST_CALLS_UNAVAILABLE'),
    },
    openWorkerHost: () => openCell(),
    openAnswerChannel: () => unblocked({ way: 'none' }),
  };
}

function unusable(why: string): Isolation {
  const refuse = (): never => {
    throw new ClocheError('START_FAILED', `No plugin can run here: ${why}`);
  };
  return {
    environment: { hostCalls: 'none', isolation: 'none', reason: `No plugin can run here: ${why}.` },
    openWorkerHost: () => Promise.resolve().then(refuse),
    openAnswerChannel: refuse,
  };
}

function unblocked(setup: WaitSetup): AnswerChannel {
  return { setup, answer: () => undefined, more: () => undefined, [dispose]: () => undefined };
}

function sentence(refusals: readonly string[], then: string): string {
  const why = refusals.join(', and ');
  return why === ''
    ? `${then.charAt(0).toUpperCase()}${then.slice(1)}.`
    : `${why.charAt(0).toUpperCase()}${why.slice(1)}; ${then}.`;
}
