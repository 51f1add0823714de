// What the audit is made of: one line of JSON each.

import type { ErrorCode } from '../errors.ts';
import type { CallDecision } from '../events.ts';
import type { ActName } from './act.ts';

interface Entry {
  /** Its place in the log, whatever clocks do: the larger was written later, in whichever tab; -1 of what went before all of it. */
  readonly order: number;
  /** Milliseconds since 1970, by the clock of then; 0 of what is gone, where nobody knows. */
  readonly time: number;
}

/** Host calls that are alike, of one second or less. */
export interface HostCallEntry extends Entry {
  readonly kind: 'call';
  readonly plugin: string;
  readonly capability: string;
  readonly name: string;
  readonly outcome: 'ok' | ErrorCode;
  /** Which rule said yes or no; absent where the capability was granted, and no rule of it has looked at the call. */
  readonly decision?: CallDecision;
  /** How many. */
  readonly count: number;
  /** When the last of them came; `time` is of the first. */
  readonly until: number;
  /** Of all of them together. */
  readonly durationMs: number;
  readonly longestMs: number;
  readonly requestBytes: number;
  readonly answerBytes: number;
  /** The plugin's worker has answered them, and this is its own word; see `HostCallRecord.leasedCalls`. */
  readonly byWorker?: true;
}

/** What a person did, or tried to. */
export interface ActEntry extends Entry {
  readonly kind: 'act';
  readonly act: ActName;
  /** Undefined where the app does not say. */
  readonly who?: string;
  /** Undefined where no package was read. */
  readonly plugin?: string;
  readonly outcome: 'ok' | ErrorCode | 'failed';
  /** Names and choices: never what was set as config. */
  readonly detail?: Readonly<Record<string, string | readonly string[]>>;
}

/** A worker that was ended for what its plugin did. */
export interface KillEntry extends Entry {
  readonly kind: 'kill';
  readonly plugin: string;
  /** Why: the limit that ended it, or what its worker broke. */
  readonly code: ErrorCode;
  /** The same in words. */
  readonly message: string;
  /** Of the call that it was ended in; absent between two, and at a start. */
  readonly exportName?: string;
  /** How long the call or the start had run, in ms; 0 between two calls. */
  readonly afterMs: number;
}

/**
 * What the log had and has no more. `bound`: it was the oldest. `memory`: it could not be stored in time. `unreadable`: what is
 * stored is no entry.
 */
export interface DroppedEntry extends Entry {
  readonly kind: 'dropped';
  readonly reason: 'bound' | 'memory' | 'unreadable';
  readonly entries: number;
  /** Host calls in them. */
  readonly calls: number;
}

export type AuditEntry = HostCallEntry | ActEntry | KillEntry | DroppedEntry;

/** Before it has its place in the log. */
export type NewEntry =
  | Omit<HostCallEntry, 'order'>
  | Omit<ActEntry, 'order'>
  | Omit<KillEntry, 'order'>
  | Omit<DroppedEntry, 'order'>;

/** Entries that are gone. */
export interface Loss {
  readonly entries: number;
  readonly calls: number;
}

export const NO_LOSS: Loss = { entries: 0, calls: 0 };

export function plus(a: Loss, b: Loss): Loss {
  return { entries: countOf(a.entries, b.entries), calls: countOf(a.calls, b.calls) };
}

/** Both together. A worker may say any number of its calls: what is no count any more would make its whole batch unreadable. */
export function countOf(a: number, b: number): number {
  return Math.min(a + b, Number.MAX_SAFE_INTEGER);
}

/** What is lost with these: with one that tells of a loss, that loss. */
export function lossOf(entries: readonly NewEntry[]): Loss {
  return entries.reduce((sum, entry) => plus(sum, lostWith(entry)), NO_LOSS);
}

function lostWith(entry: NewEntry): Loss {
  if (entry.kind === 'dropped') return entry;
  return { entries: 1, calls: entry.kind === 'call' ? entry.count : 0 };
}
