// What is not stored yet, within a bound: host calls that are alike are one entry with a count. What is done for each host call
// is done here, so it is little.

import type { HostCallRecord } from '../events.ts';
import {
  type ActEntry,
  countOf,
  type HostCallEntry,
  type KillEntry,
  type Loss,
  lossOf,
  type NewEntry,
  NO_LOSS,
  plus,
} from './audit-entry.ts';

/** Of each kind. A second has as many different calls as plugins have functions, entries and outcomes. */
const MOST = 2_000;
/** Of those that could not be stored, and wait for the next attempt. */
const MOST_WAITING = 10_000;

type Folded = { -readonly [K in keyof Omit<HostCallEntry, 'order'>]: HostCallEntry[K] };

export class AuditBuffer {
  readonly #calls = new Map<string, Folded>();
  #fresh: NewEntry[] = [];
  /** Of those that are told one by one, by kind. */
  readonly #single = { act: 0, kill: 0 };
  #waiting: NewEntry[] = [];
  #lost = NO_LOSS;

  /** Entries that wait to be stored. */
  get size(): number {
    return this.#waiting.length + this.#fresh.length;
  }

  /** What was lost since it was last taken. */
  get lost(): Loss {
    return this.#lost;
  }

  call(record: HostCallRecord): void {
    const { leasedCalls, durationMs, requestBytes, answerBytes, time } = record;
    const key = keyOf(record);
    const known = this.#calls.get(key);
    const count = leasedCalls ?? 1;
    if (known) {
      known.count = countOf(known.count, count);
      known.until = time;
      known.durationMs += durationMs;
      known.longestMs = Math.max(known.longestMs, durationMs);
      known.requestBytes += requestBytes;
      known.answerBytes += answerBytes;
      return;
    }
    if (this.#calls.size >= MOST) {
      this.#lost = plus(this.#lost, { entries: 1, calls: count });
      return;
    }
    const entry = folded(record, count);
    this.#calls.set(key, entry);
    this.#fresh.push(entry);
  }

  /** What is told by itself, and not with others that are alike. */
  add(entry: Omit<ActEntry, 'order'> | Omit<KillEntry, 'order'>): void {
    if (this.#single[entry.kind] >= MOST) {
      this.#lost = plus(this.#lost, { entries: 1, calls: 0 });
      return;
    }
    this.#single[entry.kind]++;
    this.#fresh.push(entry);
  }

  /** All that waits, in its order, and what was lost; it is the caller's from now on. */
  take(): { entries: readonly NewEntry[]; lost: Loss } {
    const taken = { entries: [...this.#waiting, ...this.#fresh], lost: this.#lost };
    this.#calls.clear();
    this.#fresh = [];
    Object.assign(this.#single, { act: 0, kill: 0 });
    this.#waiting = [];
    this.#lost = NO_LOSS;
    return taken;
  }

  /** It could not be stored: the oldest go where it is too much. */
  giveBack({ entries, lost }: { entries: readonly NewEntry[]; lost: Loss }): void {
    const all = [...entries, ...this.#waiting];
    const gone = all.slice(0, Math.max(0, all.length - MOST_WAITING));
    this.#waiting = all.slice(gone.length);
    this.#lost = plus(plus(this.#lost, lost), lossOf(gone));
  }
}

function folded(record: HostCallRecord, count: number): Folded {
  const { time, plugin, capability, name, outcome, decision } = record;
  const { durationMs, requestBytes, answerBytes, leasedCalls } = record;
  return {
    kind: 'call',
    time,
    until: time,
    plugin,
    capability,
    name,
    outcome,
    ...(decision && { decision }),
    count,
    durationMs,
    longestMs: durationMs,
    requestBytes,
    answerBytes,
    ...(leasedCalls !== undefined && { byWorker: true as const }),
  };
}

/** No part but the last, an entry of a grant, has a line break in it. */
function keyOf({ plugin, capability, name, outcome, decision, leasedCalls }: HostCallRecord): string {
  const own = `${plugin}\n${capability}\n${name}\n${outcome}\n${leasedCalls === undefined}`;
  return decision ? `${own}\n${decision.decidedBy}\n${decision.rule}\n${decision.entry}` : own;
}
