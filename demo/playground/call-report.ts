// One call of a plugin, watched: what came back, what it cost, and how the page felt meanwhile.

import { formatMs } from '../../src/elements/format.ts';
import type { HostCallRecord } from '../../src/events.ts';
import type { Plugin } from '../../src/index.ts';
import { type Failure, hasEndedInstance } from './failure.ts';
import type { FrameReading } from './frame-times.ts';

export interface CallReport {
  /** What was called: an export, or a route. */
  readonly title: string;
  /** Deadline of the call in ms. */
  readonly deadlineMs: number;
  /** Time since the call began, or that it took. */
  readonly elapsedMs: number;
  readonly frameTimes: FrameReading;
  readonly hostCalls: readonly HostCallRecord[];
  readonly outcome: Outcome;
}

export type Outcome =
  | { readonly kind: 'running' }
  | ({ readonly kind: 'answered'; readonly stats: Plugin['stats']['lastCall'] } & Answer)
  | { readonly kind: 'failed'; readonly failure: Failure; readonly ready: Ready };

export interface Answer {
  readonly output: Uint8Array;
  /** Of a route. */
  readonly response?: { readonly status: number; readonly headers: readonly (readonly [string, string])[] };
}

/** Whether the plugin can be called again after its instance has ended. */
export type Ready =
  | { readonly kind: 'never-left' }
  | { readonly kind: 'starting' }
  | { readonly kind: 'ready'; readonly ms: number }
  | { readonly kind: 'not-ready'; readonly reason: string };

/** The one line that says how a call went; also what a screen reader hears. */
export function verdict(report: CallReport): string {
  const { outcome } = report;
  if (outcome.kind === 'running') return 'Running';
  if (outcome.kind === 'answered') {
    const status = outcome.response ? ` ${outcome.response.status}` : '';
    return `Answered${status} in ${formatMs(report.elapsedMs)}`;
  }
  return [ending(outcome.failure, report.elapsedMs), readiness(outcome.ready)].filter(Boolean).join(' ');
}

function ending(failure: Failure, elapsedMs: number): string {
  const time = formatMs(elapsedMs);
  switch (failure.code) {
    case 'TIMEOUT':
      return `Killed at its deadline, after ${time}.`;
    case 'START_TIMEOUT':
      return `Killed while it started, after ${time}.`;
    case 'OUT_OF_MEMORY':
      return `Stopped at its memory limit, after ${time}.`;
    case 'OUTPUT_TOO_LARGE':
      return `Stopped after ${time}: its output did not fit.`;
    case 'ABORTED':
      return `Stopped after ${time}.`;
    case 'TRAP':
      return `The plugin trapped, after ${time}.`;
    case 'PROTOCOL_VIOLATION':
      return `Killed for a message that no worker may send, after ${time}.`;
    default:
      return hasEndedInstance(failure) ? `Ended after ${time}.` : 'The call failed.';
  }
}

function readiness(ready: Ready): string {
  switch (ready.kind) {
    case 'starting':
      return 'Starting again.';
    case 'ready':
      return `Ready again in ${formatMs(ready.ms)}.`;
    case 'not-ready':
      return ready.reason;
    default:
      return '';
  }
}
