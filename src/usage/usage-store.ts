// What plugins have done, by installation, in a database of its own: all tabs add to one record each.

import type { StoredKey } from '../database/indexed-db.ts';
import { openDatabase } from '../database/open-database.ts';
import { emptyDurations } from '../runtime/call-durations.ts';
import { isPlainObject } from '../util/given-options.ts';

/** Sums since counting began. */
export interface UsageRecord {
  /** When counting began, in ms since 1970. */
  readonly since: number;
  readonly calls: number;
  readonly failures: number;
  /** By error code. */
  readonly kills: ReadonlyMap<string, number>;
  readonly hostCalls: number;
  readonly denied: number;
  /** Counts by length, see `runtime/call-durations.ts`. */
  readonly durations: readonly number[];
  /** Of one module with the most, in bytes. */
  readonly peakMemoryBytes: number;
  /** When the last call ended, in ms since 1970; 0 before the first. */
  readonly lastCallAt: number;
  /** How long the last start took, in ms; undefined before the first. */
  readonly startMs: number | undefined;
  /** The newest of its kills. */
  readonly lastKill: LastKill | undefined;
}

export interface LastKill {
  /** Code of the error. */
  readonly code: string;
  /** Milliseconds since 1970. */
  readonly time: number;
  /** The export that ran, in the plugin's own words; undefined while starting and between two calls. */
  readonly exportName: string | undefined;
}

export function noUsage(since: number): UsageRecord {
  return {
    since,
    calls: 0,
    failures: 0,
    kills: new Map(),
    hostCalls: 0,
    denied: 0,
    durations: emptyDurations(),
    peakMemoryBytes: 0,
    lastCallAt: 0,
    startMs: undefined,
    lastKill: undefined,
  };
}

/** @param newer of the two: its last call and start count */
export function plusUsage(older: UsageRecord, newer: UsageRecord): UsageRecord {
  const kills = new Map(older.kills);
  for (const [code, count] of newer.kills) kills.set(code, (kills.get(code) ?? 0) + count);
  return {
    since: Math.min(older.since, newer.since),
    calls: older.calls + newer.calls,
    failures: older.failures + newer.failures,
    kills,
    hostCalls: older.hostCalls + newer.hostCalls,
    denied: older.denied + newer.denied,
    durations: older.durations.map((count, at) => count + (newer.durations[at] ?? 0)),
    peakMemoryBytes: Math.max(older.peakMemoryBytes, newer.peakMemoryBytes),
    lastCallAt: Math.max(older.lastCallAt, newer.lastCallAt),
    startMs: newer.startMs ?? older.startMs,
    lastKill: newer.lastKill ?? older.lastKill,
  };
}

export class UsageStore {
  readonly #database;

  constructor(storage: string) {
    this.#database = openDatabase(storage, `${storage}-usage`, 'usage');
  }

  /** @throws {ClocheError} STORAGE_FAILED; nothing was added then */
  add(records: ReadonlyMap<string, UsageRecord>): Promise<void> {
    return this.#database.transact('readwrite', async (objects) => {
      for (const [installation, record] of records) {
        const before = readUsage(await objects.get(keyOf(installation)));
        const { kills, ...sum } = before ? plusUsage(before, record) : record;
        objects.put({ ...sum, kills: [...kills] }, keyOf(installation));
      }
    });
  }

  /** Undefined where nothing was counted, and for what cannot be read. @throws {ClocheError} STORAGE_FAILED */
  get(installation: string): Promise<UsageRecord | undefined> {
    return this.#database.transact('readonly', async (objects) => readUsage(await objects.get(keyOf(installation))));
  }

  /** @throws {ClocheError} STORAGE_FAILED */
  forget(installation: string): Promise<void> {
    return this.#database.transact('readwrite', async (objects) => objects.delete(keyOf(installation)));
  }

  close(): void {
    this.#database.close();
  }
}

function keyOf(installation: string): StoredKey {
  return ['usage', installation];
}

/** Any script of the origin may have written it. */
function readUsage(stored: unknown): UsageRecord | undefined {
  if (!isPlainObject(stored)) return undefined;
  const { since, calls, failures, hostCalls, denied, peakMemoryBytes, lastCallAt, startMs } = stored;
  const [kills, durations] = [readKills(stored.kills), readDurations(stored.durations)];
  const numbers = { since, calls, failures, hostCalls, denied, peakMemoryBytes, lastCallAt };
  if (!kills || !durations || !areCounts(numbers)) return undefined;
  return {
    ...numbers,
    kills,
    durations,
    startMs: isCount(startMs) ? startMs : undefined,
    lastKill: readKill(stored.lastKill),
  };
}

function readKill(stored: unknown): LastKill | undefined {
  if (!isPlainObject(stored)) return undefined;
  const { code, time, exportName } = stored;
  if (typeof code !== 'string' || !isCount(time)) return undefined;
  return { code, time, exportName: typeof exportName === 'string' ? exportName : undefined };
}

function areCounts<Name extends string>(numbers: Record<Name, unknown>): numbers is Record<Name, number> {
  return Object.values(numbers).every(isCount);
}

function isCount(value: unknown): value is number {
  return typeof value === 'number' && Number.isFinite(value) && value >= 0;
}

function readKills(stored: unknown): ReadonlyMap<string, number> | undefined {
  if (!Array.isArray(stored)) return undefined;
  const isPair = (pair: unknown): pair is [string, number] =>
    Array.isArray(pair) && typeof pair[0] === 'string' && isCount(pair[1]);
  return stored.every(isPair) ? new Map(stored) : undefined;
}

function readDurations(stored: unknown): readonly number[] | undefined {
  const { length } = emptyDurations();
  return Array.isArray(stored) && stored.length === length && stored.every(isCount) ? [...stored] : undefined;
}
